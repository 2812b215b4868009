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

/// SHA-256's.
using scram_hash = std::array<unsigned char, 32>;

/// HMAC-SHA-256.
///
/// @throws connection_error  `errc::authentication_failed`: OpenSSL may not do it.
[[nodiscard]] scram_hash hmac(const scram_hash& key, std::string_view text);

/// What SCRAM makes of a password (RFC 5802, section 3). Who has it can log in, so it is wiped by
/// the destructor.
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

/// Keys that were made before. They cost a millisecond of the event loop for each 4,096 iterations,
/// and a server's salt does not change, so the connections of a driver make them once (RFC 5802,
/// section 5.1, allows that).
///
/// Thread safety: any thread.
class scram_key_cache {
public:
    /// As many are kept: the last ones.
    static constexpr std::size_t most_keys = 8;

    /// @param password  Prepared by SASLprep.
    /// @throws connection_error  `errc::authentication_failed`: OpenSSL may not do it.
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
