// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gino::postgresql::sansio {

/// A hash of SHA-256.
using scram_hash = std::array<unsigned char, 32>;

/// Returns HMAC-SHA-256 of a text.
///
/// @throws connection_error  `errc::authentication_failed`: OpenSSL's configuration refuses it.
[[nodiscard]] scram_hash hmac(const scram_hash& key, std::string_view text);

/// The keys that SCRAM derives from a password (RFC 5802, section 3).
///
/// Security: ClientKey alone is sufficient to log in, so the destructor overwrites the password and
/// both keys.
struct scram_keys {
    std::string password;
    std::string salt;
    int iterations;
    scram_hash client{};
    scram_hash server{};

    scram_keys(std::string_view password, std::string_view salt, int iterations);
    scram_keys(const scram_keys&) = delete;
    scram_keys& operator=(const scram_keys&) = delete;
    ~scram_keys();
};

/// A cache of keys. 4,096 iterations block the executor's thread for a millisecond, and the salt of
/// a password does not change, so the connections of a driver derive the keys once (RFC 5802,
/// section 5.1, permits that).
///
/// Thread safety: any thread.
class scram_key_cache {
public:
    /// The number of keys that are kept; the oldest ones are removed first.
    static constexpr std::size_t most_keys = 8;

    /// Returns the cached keys, or derives them.
    ///
    /// @param password  Prepared by SASLprep.
    /// @throws connection_error  `errc::authentication_failed`: OpenSSL's configuration refuses it.
    [[nodiscard]] std::shared_ptr<const scram_keys> keys(
        std::string_view password, std::string_view salt, int iterations
    );

    [[nodiscard]] std::size_t size() const;

private:
    [[nodiscard]] std::shared_ptr<const scram_keys> find(
        std::string_view password, std::string_view salt, int iterations
    ) const;

    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<const scram_keys>> kept_;
};

}  // namespace gino::postgresql::sansio
