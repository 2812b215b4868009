// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/sansio/scram_keys.hpp"

#include <gino/core/error.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <utility>

namespace gino::postgresql::sansio {

namespace {

// OpenSSL's configuration may refuse SCRAM's parameters: FIPS forbids short salts, few iterations.
void check_openssl(bool has_succeeded) {
    if (!has_succeeded) {
        throw connection_error(
            errc::authentication_failed, "OpenSSL refuses what SCRAM-SHA-256 needs on this machine"
        );
    }
}

const unsigned char* unsigned_bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

scram_hash hmac(const scram_hash& key, std::string_view text) {
    scram_hash made{};
    unsigned int size = 0;
    const auto* done = HMAC(
        EVP_sha256(),
        key.data(),
        static_cast<int>(key.size()),
        unsigned_bytes(text),
        text.size(),
        made.data(),
        &size
    );
    check_openssl(done != nullptr);
    return made;
}

scram_keys::scram_keys(std::string_view password, std::string_view salt, int iterations)
    : password(password), salt(salt), iterations(iterations) {
    scram_hash salted{};
    const int done = PKCS5_PBKDF2_HMAC(
        password.data(),
        static_cast<int>(password.size()),
        unsigned_bytes(salt),
        static_cast<int>(salt.size()),
        iterations,
        EVP_sha256(),
        static_cast<int>(salted.size()),
        salted.data()
    );
    check_openssl(done == 1);
    client = hmac(salted, "Client Key");
    server = hmac(salted, "Server Key");
    // SaltedPassword is not a member: both keys can be derived from it.
    OPENSSL_cleanse(salted.data(), salted.size());
}

scram_keys::~scram_keys() {
    OPENSSL_cleanse(password.data(), password.size());
    OPENSSL_cleanse(client.data(), client.size());
    OPENSSL_cleanse(server.data(), server.size());
}

std::shared_ptr<const scram_keys> scram_key_cache::keys(
    std::string_view password, std::string_view salt, int iterations
) {
    {
        const std::lock_guard lock(mutex_);
        if (auto found = find(password, salt, iterations)) {
            return found;
        }
    }
    // Without the lock: the computation takes milliseconds, and other sessions need other keys.
    auto made = std::make_shared<const scram_keys>(password, salt, iterations);
    const std::lock_guard lock(mutex_);
    if (auto found = find(password, salt, iterations)) {
        return found;  // another thread has added the same keys meanwhile
    }
    if (kept_.size() == most_keys) {
        kept_.erase(kept_.begin());
    }
    kept_.push_back(made);
    return made;
}

// REQUIRES: the mutex is held.
std::shared_ptr<const scram_keys> scram_key_cache::find(
    std::string_view password, std::string_view salt, int iterations
) const {
    const auto found = std::ranges::find_if(kept_, [&](const auto& one) {
        return one->iterations == iterations && one->salt == salt && one->password == password;
    });
    return found == kept_.end() ? nullptr : *found;
}

std::size_t scram_key_cache::size() const {
    const std::lock_guard lock(mutex_);
    return kept_.size();
}

}  // namespace gino::postgresql::sansio
