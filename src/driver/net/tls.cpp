// SPDX-License-Identifier: BSD-3-Clause
#include "driver/net/tls.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/ip/address.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace gino::net {

namespace {

/// Returns OpenSSL's text of the first error in its queue, and clears the queue. The queue belongs
/// to the thread, not to the session: an error that stays would be reported by another session.
std::string last_problem() {
    const unsigned long code = ERR_get_error();
    ERR_clear_error();
    if (code == 0) {
        return "unknown problem of OpenSSL";
    }
    if (const char* reason = ERR_reason_error_string(code)) {
        return reason;
    }
    char text[256];
    ERR_error_string_n(code, text, sizeof text);
    return text;
}

[[noreturn]] void refuse(const std::string& why) {
    throw connection_error(errc::tls_failed, "TLS: " + why);
}

[[noreturn]] void refuse_file(std::string_view option, const std::string& file) {
    refuse("cannot use " + std::string(option) + " \"" + file + "\": " + last_problem());
}

// A BIO over a descriptor. OpenSSL's own socket BIO calls write(), which raises SIGPIPE when the
// peer has closed the connection; a library must not change the process's handling of signals.

// Reads the number of the descriptor through a pointer to `tls_session::descriptor_`.
int descriptor_of(BIO* bio) {
    return *static_cast<const int*>(BIO_get_data(bio));
}

int write_bio(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    const auto sent = ::send(
        descriptor_of(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT
    );
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        BIO_set_retry_write(bio);
    }
    return static_cast<int>(sent);
}

int read_bio(BIO* bio, char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    const auto got =
        ::recv(descriptor_of(bio), bytes, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        BIO_set_retry_read(bio);
    }
    return static_cast<int>(got);
}

// OpenSSL flushes the BIO during the handshake and fails if that returns 0; this BIO has no buffer.
long control_bio(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// Created once for the process, and never freed: BIOs of other threads may use it until the end.
BIO_METHOD* socket_method() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "gino socket");
        BIO_meth_set_write(made, &write_bio);
        BIO_meth_set_read(made, &read_bio);
        BIO_meth_set_ctrl(made, &control_bio);
        return made;
    }();
    return method;
}

// OpenSSL asks on the terminal for the password of a key unless it has a callback.
int give_key_password(char* into, int size, int /*for_writing*/, void* password) {
    const auto& text = *static_cast<const std::string*>(password);
    const auto length = std::min(text.size(), static_cast<std::size_t>(size));
    std::copy_n(text.data(), length, into);
    return static_cast<int>(length);
}

int number_of_version(const std::string& name) {
    if (name == "TLSv1") {
        return TLS1_VERSION;
    }
    if (name == "TLSv1.1") {
        return TLS1_1_VERSION;
    }
    if (name == "TLSv1.2") {
        return TLS1_2_VERSION;
    }
    return name == "TLSv1.3" ? TLS1_3_VERSION : 0;
}

using context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

// Loads the trusted certificates and the lists of revoked ones, which verification alone uses.
void load_trust(SSL_CTX* into, const tls_options& options) {
    if (options.root_certificate == "system") {
        if (SSL_CTX_set_default_verify_paths(into) != 1) {
            refuse("cannot load the certificates of this machine: " + last_problem());
        }
    } else if (SSL_CTX_load_verify_file(into, options.root_certificate.c_str()) != 1) {
        refuse_file(options.names.root_certificate, options.root_certificate);
    }
    X509_STORE* const store = SSL_CTX_get_cert_store(into);
    if (options.crl.empty() && options.crl_folder.empty()) {
        return;
    }
    if (!options.crl.empty() && X509_STORE_load_file(store, options.crl.c_str()) != 1) {
        refuse_file(options.names.crl, options.crl);
    }
    if (!options.crl_folder.empty() &&
        X509_STORE_load_path(store, options.crl_folder.c_str()) != 1) {
        refuse_file(options.names.crl_folder, options.crl_folder);
    }
    // For all certificates of the chain, not only the server's: a missing list is an error.
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

// Throws if others may read a private key. As in libpq (manual, 34.19.2), a key is readable by its
// owner alone; one that root owns may be readable by its group.
void check_key_file(std::string_view option, const std::string& file) {
    struct stat status {};

    if (::stat(file.c_str(), &status) != 0) {
        refuse(
            "cannot use " + std::string(option) + " \"" + file +
            "\": " + std::system_category().message(errno)
        );
    }
    const mode_t others = status.st_uid == 0 ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    if (!S_ISREG(status.st_mode) || (status.st_mode & others) != 0) {
        refuse(
            std::string(option) + " \"" + file +
            "\" may be read by others; make it 0600 (or 0640 if it is root's)"
        );
    }
}

void load_own_certificate(SSL_CTX* into, const tls_options& options) {
    if (options.certificate.empty()) {
        return;
    }
    if (SSL_CTX_use_certificate_chain_file(into, options.certificate.c_str()) != 1) {
        refuse_file(options.names.certificate, options.certificate);
    }
    const std::string& key = options.key.empty() ? options.certificate : options.key;
    check_key_file(options.names.key, key);
    SSL_CTX_set_default_passwd_cb(into, &give_key_password);
    SSL_CTX_set_default_passwd_cb_userdata(into, const_cast<std::string*>(&options.key_password));
    if (SSL_CTX_use_PrivateKey_file(into, key.c_str(), SSL_FILETYPE_PEM) != 1) {
        refuse_file(options.names.key, key);
    }
    if (SSL_CTX_check_private_key(into) != 1) {
        refuse(
            std::string(options.names.key) + " \"" + key + "\" does not belong to " +
            std::string(options.names.certificate) + " \"" + options.certificate + "\""
        );
    }
    // The password is needed for this call only: the context must not keep a pointer into the
    // options, which may be destroyed before it.
    SSL_CTX_set_default_passwd_cb_userdata(into, nullptr);
}

context make_context(const tls_options& options) {
    context made(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    if (made == nullptr) {
        refuse(last_problem());
    }
    // PostgreSQL needs neither, and both have been attacked: compression by CRIME (CVE-2012-4929),
    // renegotiation by CVE-2009-3555.
    SSL_CTX_set_options(made.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    // A write that is repeated may come from another address: the buffer of messages grows.
    SSL_CTX_set_mode(
        made.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
    );
    SSL_CTX_set_min_proto_version(made.get(), number_of_version(options.min_version));
    SSL_CTX_set_max_proto_version(made.get(), number_of_version(options.max_version));
    if (options.verification != tls_verification::none) {
        load_trust(made.get(), options);
        SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER, nullptr);
    }
    load_own_certificate(made.get(), options);
    return made;
}

bool is_address(const std::string& host) {
    boost::system::error_code failure;
    boost::asio::ip::make_address(host, failure);
    return !failure;
}

// Has the host's name compared with the certificate's names, during the handshake.
void expect_host(SSL* session, const std::string& host) {
    X509_VERIFY_PARAM* const wanted = SSL_get0_param(session);
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int is_set = is_address(host)
                           ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str())
                           : X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size());
    if (is_set != 1) {
        refuse("\"" + host + "\" is no name that a certificate can have");
    }
}

}  // namespace

void tls_session::deleter::operator()(SSL* session) const noexcept {
    SSL_free(session);
}

tls_session::tls_session(const tls_options& options, const std::string& host, int descriptor)
    : descriptor_(descriptor) {
    ERR_clear_error();
    const context made = make_context(options);
    ssl_.reset(SSL_new(made.get()));
    BIO* const bio = BIO_new(socket_method());
    if (ssl_ == nullptr || bio == nullptr) {
        refuse(last_problem());
    }
    BIO_set_data(bio, &descriptor_);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    // SNI has names only (RFC 6066, section 3).
    if (options.sni && !is_address(host)) {
        SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
    }
    if (options.verification == tls_verification::host_name) {
        expect_host(ssl_.get(), host);
    }
    if (!options.application.empty()) {
        // ALPN: each name follows its length, one byte (RFC 7301, section 3.1).
        const std::string protocols =
            static_cast<char>(options.application.size()) + options.application;
        SSL_set_alpn_protos(
            ssl_.get(),
            reinterpret_cast<const unsigned char*>(protocols.data()),
            static_cast<unsigned int>(protocols.size())
        );
    }
    is_verified_ = options.verification != tls_verification::none;
}

tls_session::~tls_session() = default;

tls_session::progress tls_session::handshake() {
    ERR_clear_error();
    const int result = SSL_connect(ssl_.get());
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_NONE:
            return progress::done;
        case SSL_ERROR_WANT_READ:
            return progress::wants_read;
        case SSL_ERROR_WANT_WRITE:
            return progress::wants_write;
        default:
            break;
    }
    // The verification of the certificate has a better text than the alert that follows it.
    const long verdict = SSL_get_verify_result(ssl_.get());
    if (is_verified_ && verdict != X509_V_OK) {
        refuse(
            std::string("the server's certificate is not trusted: ") +
            X509_verify_cert_error_string(verdict)
        );
    }
    const bool has_reason = ERR_peek_error() != 0;
    refuse("no agreement: " + (has_reason ? last_problem() : "the server hung up"));
}

tls_session::outcome tls_session::outcome_of(int result, std::size_t bytes) {
    if (result == 1) {
        return {.state = progress::done, .bytes = bytes};
    }
    const int reason = SSL_get_error(ssl_.get(), result);
    switch (reason) {
        case SSL_ERROR_WANT_READ:
            return {.state = progress::wants_read};
        case SSL_ERROR_WANT_WRITE:
            return {.state = progress::wants_write};
        case SSL_ERROR_ZERO_RETURN:
            return {.state = progress::closed};
        default:
            break;
    }
    // errno is set by the BIO's send() or recv(): 0 after SSL_ERROR_SYSCALL means an end without
    // close_notify.
    if (reason == SSL_ERROR_SYSCALL && errno != 0) {
        throw connection_error(errc::connection_lost, std::system_category().message(errno));
    }
    // Many servers close the connection without close_notify. PostgreSQL's messages carry their
    // lengths, so an end within a message is detected without it.
    const bool is_cut = reason == SSL_ERROR_SYSCALL ||
                        ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    if (is_cut) {
        ERR_clear_error();
        return {.state = progress::closed};
    }
    throw connection_error(errc::connection_lost, "TLS failed: " + last_problem());
}

tls_session::outcome tls_session::read(std::span<std::byte> into) {
    ERR_clear_error();
    errno = 0;
    std::size_t bytes = 0;
    const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
    return outcome_of(result, bytes);
}

tls_session::outcome tls_session::write(std::span<const std::byte> from) {
    ERR_clear_error();
    errno = 0;
    std::size_t bytes = 0;
    const int result = SSL_write_ex(ssl_.get(), from.data(), from.size(), &bytes);
    return outcome_of(result, bytes);
}

std::optional<std::byte> tls_session::peek(bool& is_closed) noexcept {
    ERR_clear_error();
    std::byte one{};
    std::size_t bytes = 0;
    const int result = SSL_peek_ex(ssl_.get(), &one, 1, &bytes);
    if (result == 1) {
        return one;
    }
    is_closed = SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ;
    ERR_clear_error();
    return std::nullopt;
}

void tls_session::shut_down() noexcept {
    // SSL_shutdown() fails before the handshake is finished.
    if (SSL_is_init_finished(ssl_.get()) == 1) {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }
}

std::optional<std::string> tls_session::server_end_point() const {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(
        SSL_get1_peer_certificate(ssl_.get()), &X509_free
    );
    int digest = NID_undef;
    if (certificate == nullptr ||
        OBJ_find_sigid_algs(X509_get_signature_nid(certificate.get()), &digest, nullptr) != 1 ||
        digest == NID_undef) {
        return std::nullopt;
    }
    // RFC 5929, section 4.1: the hash of the signature, but SHA-256 instead of MD5 and SHA-1.
    const bool is_weak = digest == NID_md5 || digest == NID_sha1;
    const EVP_MD* const hash = is_weak ? EVP_sha256() : EVP_get_digestbynid(digest);
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    if (hash == nullptr || X509_digest(certificate.get(), hash, bytes.data(), &size) != 1) {
        return std::nullopt;
    }
    return std::string(reinterpret_cast<const char*>(bytes.data()), size);
}

}  // namespace gino::net
