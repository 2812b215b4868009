// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/sansio/scram.hpp"

#include <gino/core/error.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <idn-free.h>
#include <stringprep.h>
#include <vector>

namespace gino::postgresql::sansio {

namespace {

const unsigned char* unsigned_bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(const unsigned char* bytes, std::size_t size) {
    std::string text(4 * ((size + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size)
    );
    text.resize(static_cast<std::size_t>(length));
    return text;
}

// Returns the bytes of a base64 text, or nothing. OpenSSL returns zero bytes for the padding, so
// they are removed here.
std::optional<std::string> from_base64(std::string_view text) {
    if (text.empty() || text.size() % 4 != 0 || text.size() > 4096) {
        return std::nullopt;
    }
    std::string bytes(text.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(bytes.data()),
        unsigned_bytes(text),
        static_cast<int>(text.size())
    );
    if (length < 0) {
        return std::nullopt;
    }
    const std::size_t padding = text.size() - 1 - text.find_last_not_of('=');
    if (padding > 2) {
        return std::nullopt;
    }
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

// Returns the value of "k=value"; nothing if the part has another key.
std::optional<std::string_view> attribute(std::string_view part, char key) {
    if (part.size() < 2 || part[0] != key || part[1] != '=') {
        return std::nullopt;
    }
    return part.substr(2);
}

std::vector<std::string_view> split(std::string_view message) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t comma = message.find(',');
        parts.push_back(message.substr(0, comma));
        if (comma == std::string_view::npos) {
            return parts;
        }
        message = message.substr(comma + 1);
    }
}

// Prepares a password by SASLprep (RFC 4013), as the server does when a password is set. A password
// that cannot be prepared, because it is no UTF-8 or has forbidden characters, is used unchanged
// (manual, 55.3.1; docs/decisions/0020).
std::string prepare_password(const std::string& password) {
    const auto is_plain = [](char c) { return c > 0x1f && c < 0x7f; };
    if (std::ranges::all_of(password, is_plain)) {
        return password;
    }
    char* prepared = nullptr;
    if (stringprep_profile(password.c_str(), &prepared, "SASLprep", STRINGPREP_NO_UNASSIGNED) !=
        STRINGPREP_OK) {
        return password;
    }
    std::string made(prepared);
    OPENSSL_cleanse(prepared, made.size());
    idn_free(prepared);
    return made.empty() ? password : made;
}

}  // namespace

scram_client::scram_client(
    const std::string& password, std::string nonce, binding tied_to, scram_key_cache& keys
)
    : password_(prepare_password(password)),
      nonce_(std::move(nonce)),
      binding_(std::move(tied_to)),
      keys_(keys) {}

scram_client::~scram_client() {
    OPENSSL_cleanse(password_.data(), password_.size());
}

std::string scram_client::make_nonce() {
    std::array<unsigned char, 18> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw connection_error(errc::authentication_failed, "OpenSSL has no random numbers");
    }
    return base64(bytes.data(), bytes.size());
}

// PostgreSQL uses the user of StartupMessage and ignores the one of SCRAM (manual, 55.3.1), so the
// name is empty.
std::string scram_client::client_first() const {
    return header() + "n=,r=" + nonce_;
}

std::string scram_client::header() const {
    switch (binding_.kind) {
        case binding_kind::none:
            return "n,,";
        case binding_kind::not_offered:
            return "y,,";
        case binding_kind::server_end_point:
            return "p=tls-server-end-point,,";
    }
    return {};
}

std::optional<std::string> scram_client::server_first(std::string_view message) {
    const auto parts = split(message);
    if (parts.size() < 3) {
        return std::nullopt;
    }
    const auto nonce = attribute(parts[0], 'r');
    const auto salt_text = attribute(parts[1], 's');
    const auto iterations_text = attribute(parts[2], 'i');
    // The server's nonce extends the client's: otherwise the message may be of an earlier exchange.
    if (!nonce || !salt_text || !iterations_text || !nonce->starts_with(nonce_) ||
        nonce->size() <= nonce_.size() || nonce->size() > 1024) {
        return std::nullopt;
    }
    const auto salt = from_base64(*salt_text);
    int iterations = 0;
    const auto* end = iterations_text->data() + iterations_text->size();
    const auto parsed = std::from_chars(iterations_text->data(), end, iterations);
    if (!salt || salt->empty() || parsed.ptr != end || parsed.ec != std::errc() || iterations < 1 ||
        iterations > most_iterations) {
        return std::nullopt;
    }

    // RFC 5802, section 3: ClientProof = ClientKey XOR HMAC(H(ClientKey), AuthMessage).
    const auto keys = keys_.keys(password_, *salt, iterations);
    const std::string bound = header() + binding_.data;
    const std::string without_proof =
        "c=" + base64(reinterpret_cast<const unsigned char*>(bound.data()), bound.size()) +
        ",r=" + std::string(*nonce);
    const std::string signed_text =
        "n=,r=" + nonce_ + "," + std::string(message) + "," + without_proof;
    scram_hash stored_key{};
    SHA256(keys->client.data(), keys->client.size(), stored_key.data());
    auto proof = hmac(stored_key, signed_text);
    for (std::size_t i = 0; i < proof.size(); ++i) {
        proof[i] ^= keys->client[i];
    }
    const auto signature = hmac(keys->server, signed_text);
    server_signature_ = base64(signature.data(), signature.size());
    return without_proof + ",p=" + base64(proof.data(), proof.size());
}

bool scram_client::server_final(std::string_view message) const {
    // An error of the server ("e=...") has no signature. Compared in constant time.
    const auto signature = attribute(split(message).front(), 'v');
    return signature && !server_signature_.empty() &&
           signature->size() == server_signature_.size() &&
           CRYPTO_memcmp(signature->data(), server_signature_.data(), signature->size()) == 0;
}

}  // namespace gino::postgresql::sansio
