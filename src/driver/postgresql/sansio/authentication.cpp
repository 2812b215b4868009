// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/sansio/authentication.hpp"

#include <gino/core/error.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <utility>

#include "core/hexadecimal.hpp"
#include "driver/postgresql/protocol/messages.hpp"

namespace gino::postgresql::sansio {

namespace {

/// The numbers of Authentication messages (manual, 55.7).
enum class request : std::int32_t {
    ok = 0,
    cleartext = 3,
    md5 = 5,
    gss = 7,
    gss_go_on = 8,
    sspi = 9,
    sasl = 10,
    sasl_go_on = 11,
    sasl_final = 12,
};

std::string md5_text(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), bytes.data(), &size, EVP_md5(), nullptr) != 1) {
        throw connection_error(
            errc::authentication_failed, "OpenSSL has no MD5 here: use scram-sha-256"
        );
    }
    std::string digits;
    for (unsigned int i = 0; i < size; ++i) {
        detail::append_hexadecimal(digits, static_cast<std::byte>(bytes[i]));
    }
    return digits;
}

}  // namespace

authentication::authentication(
    const connect_options& options,
    const host_options& host,
    transport_facts transport,
    scram_key_cache& keys
)
    : options_(options), host_(host), transport_(std::move(transport)), keys_(keys) {}

void authentication::refuse(const std::string& what) const {
    throw connection_error(
        errc::authentication_failed,
        "PostgreSQL at " + host_.name() + ", user \"" + options_.user + "\": " + what
    );
}

void authentication::fail_protocol(const std::string& what) const {
    protocol::throw_violation(host_.name(), what);
}

void authentication::check_state(state wanted) const {
    if (state_ != wanted) {
        fail_protocol("a message of authentication out of its turn");
    }
}

// Throws unless `require_auth` allows the method. Called before anything that depends on the
// password is written.
void authentication::check_allowed(std::string_view way) const {
    if (!options_.allowed_authentication.contains(way)) {
        std::string allowed;
        for (const auto& one : options_.allowed_authentication) {
            allowed += (allowed.empty() ? "" : ", ") + one;
        }
        refuse(
            "the server wants to authenticate by " + std::string(way) + "; allowed are " + allowed +
            " (require_auth says which). Better set password_encryption to scram-sha-256, set the "
            "password again, and use scram-sha-256 in pg_hba.conf"
        );
    }
}

void authentication::check_password() const {
    if (host_.password.empty()) {
        refuse(
            "the server wants a password, and there is none: not in the URL, in PGPASSWORD, or in "
            "the password file, which has to be its owner's alone (0600)"
        );
    }
}

void authentication::answer(std::span<const std::byte> body, protocol::writer& to) {
    protocol::reader from(body);
    const auto kind = static_cast<request>(from.int32());
    const auto bytes = from.rest();
    // The messages of SASL are texts without a NUL at the end (manual, 55.7).
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (from.is_bad()) {
        fail_protocol("a malformed message of authentication");
    }
    switch (kind) {
        case request::ok:
            return accept();
        case request::cleartext:
            check_state(state::asked);
            return send_password(to);
        case request::md5:
            check_state(state::asked);
            return send_md5(bytes, to);
        case request::sasl:
            check_state(state::asked);
            return begin_scram(from, to);
        case request::sasl_go_on: {
            check_state(state::challenged);
            const auto proof = scram_->server_first(text);
            if (!proof) {  // `scram_` exists: only begin_scram() leads to `challenged`
                fail_protocol("its SCRAM challenge is malformed or asks for too much");
            }
            protocol::write_sasl_response(to, *proof);
            state_ = state::sent;
            return;
        }
        case request::sasl_final:
            check_state(state::sent);
            // `sent` is also the state after a password or an MD5 hash: no SCRAM then.
            if (!scram_ || !scram_->server_final(text)) {
                fail_protocol("its SCRAM signature is wrong: it does not know the password");
            }
            state_ = state::proved;
            return;
        case request::gss:
        case request::gss_go_on:
        case request::sspi:
            refuse("the server wants GSSAPI or SSPI, which gino does not have");
    }
    refuse(
        "the server wants to authenticate in a way that is not supported (number " +
        std::to_string(static_cast<std::int32_t>(kind)) + " of the protocol)"
    );
}

void authentication::accept() {
    // A server that does not know the password could let the client in after its proof, without
    // the server signature, and read all later queries (RFC 5802, section 3).
    if (scram_) {
        if (state_ != state::proved) {
            fail_protocol("it let us in without proving that it knows the password");
        }
    } else if (!is_password_used_) {
        check_state(state::asked);
        check_allowed("none");
    }
    if (options_.channel_binding == channel_binding_mode::require && !is_bound_) {
        refuse(
            "channel_binding=require, and the server authenticated without it; it needs TLS and a "
            "password stored for scram-sha-256"
        );
    }
    state_ = state::done;
}

void authentication::send_password(protocol::writer& to) {
    check_allowed("password");
    // Encryption alone is not enough: without a verified certificate the peer may be anybody.
    if (!transport_.is_local && !transport_.is_verified) {
        refuse(
            "the server wants the password in clear text, which is sent through a unix socket or "
            "with sslmode=verify-ca or verify-full only"
        );
    }
    check_password();
    protocol::write_password(to, host_.password);
    is_password_used_ = true;
    state_ = state::sent;
}

void authentication::send_md5(std::span<const std::byte> salt, protocol::writer& to) {
    check_allowed("md5");
    check_password();
    if (salt.size() != 4) {
        fail_protocol("an MD5 salt of " + std::to_string(salt.size()) + " bytes");
    }
    // "md5" and md5(md5(password, user), salt) (manual, 55.2.1). The inner hash is as good as the
    // password, so it is overwritten.
    std::string secret = host_.password + options_.user;
    std::string stored = md5_text(secret);
    OPENSSL_cleanse(secret.data(), secret.size());
    stored.append(reinterpret_cast<const char*>(salt.data()), salt.size());
    protocol::write_password(to, "md5" + md5_text(stored));
    OPENSSL_cleanse(stored.data(), stored.size());
    is_password_used_ = true;
    state_ = state::sent;
}

// Chooses the channel binding (RFC 5802, section 6). `not_offered` lets the server detect a man in
// the middle who has removed SCRAM-SHA-256-PLUS from its list.
scram_client::binding authentication::choose_binding(bool is_plus_offered) const {
    using kind = scram_client::binding_kind;
    const bool is_wanted = options_.channel_binding != channel_binding_mode::disable;
    if (!is_wanted || !transport_.is_encrypted || !transport_.server_end_point) {
        return {.kind = kind::none, .data = {}};
    }
    if (!is_plus_offered) {
        return {.kind = kind::not_offered, .data = {}};
    }
    return {.kind = kind::server_end_point, .data = *transport_.server_end_point};
}

void authentication::begin_scram(protocol::reader& from, protocol::writer& to) {
    bool is_offered = false;
    bool is_plus_offered = false;
    // The list of mechanisms ends with an empty name; a list that is cut reads as one too.
    for (auto mechanism = from.string(); !mechanism.empty(); mechanism = from.string()) {
        is_offered = is_offered || mechanism == "SCRAM-SHA-256";
        is_plus_offered = is_plus_offered || mechanism == "SCRAM-SHA-256-PLUS";
    }
    // Servers offer it with TLS only: a man in the middle has removed the TLS of this connection.
    if (is_plus_offered && !transport_.is_encrypted) {
        fail_protocol("it offers SCRAM-SHA-256-PLUS without TLS");
    }
    auto binding = choose_binding(is_plus_offered);
    is_bound_ = binding.kind == scram_client::binding_kind::server_end_point;
    if (options_.channel_binding == channel_binding_mode::require && !is_bound_) {
        refuse(
            "channel_binding=require, but there is none: " +
            std::string(
                transport_.is_encrypted ? "the server offers none, or its certificate's signature "
                                          "has no hash that it could be tied to"
                                        : "the connection has no TLS"
            )
        );
    }
    if (!is_offered && !is_bound_) {
        refuse("the server offers no SCRAM-SHA-256");
    }
    check_allowed("scram-sha-256");
    check_password();
    scram_.emplace(host_.password, scram_client::make_nonce(), std::move(binding), keys_);
    protocol::write_sasl_initial(
        to, is_bound_ ? "SCRAM-SHA-256-PLUS" : "SCRAM-SHA-256", scram_->client_first()
    );
    state_ = state::challenged;
}

}  // namespace gino::postgresql::sansio
