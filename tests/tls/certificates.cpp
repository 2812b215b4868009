// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <gmock/gmock.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "support/on_every_database.hpp"

// Each sslmode, with valid and invalid certificates of a real server.
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

std::string folder() {
    const char* name = std::getenv("GINO_TEST_TLS");
    return name != nullptr ? name : "";
}

std::string output_of(const std::string& command) {
    std::string output;
    std::array<char, 256> part{};
    FILE* const pipe = popen(command.c_str(), "r");
    while (pipe != nullptr && std::fgets(part.data(), part.size(), pipe) != nullptr) {
        output += part.data();
    }
    if (pipe != nullptr) {
        pclose(pipe);
    }
    return output;
}

class Tls : public gino::testing::on_every_database {
protected:
    void SetUp() override {
        on_every_database::SetUp();
        if (IsSkipped() || HasFatalFailure()) {
            return;
        }
        ASSERT_NE(folder(), "") << "GINO_TEST_TLS is not set: scripts/databases.sh run";
        server_ = gino::read_url(url());
    }

    void TearDown() override {
        if (!folder().empty()) {
            show("good");
        }
        on_every_database::TearDown();
    }

    /// Installs another server certificate, and waits until the server uses it.
    void show(const std::string& name) {
        for (const auto* suffix : {".crt", ".key"}) {
            std::ifstream from(folder() + "/" + name + suffix, std::ios::binary);
            std::ofstream to(folder() + "/server" + suffix, std::ios::binary | std::ios::trunc);
            to << from.rdbuf();
        }
        const std::string wanted =
            output_of("openssl x509 -noout -fingerprint -in " + folder() + "/" + name + ".crt");
        const std::string look =
            "openssl s_client -starttls postgres -connect 127.0.0.1:" +
            std::to_string(*server_.port) +
            " </dev/null 2>/dev/null | openssl x509 -noout -fingerprint 2>/dev/null";
        run([&]() -> gino::awaitable<void> {
            gino::database db;
            co_await db.set_bind(url());
            static_cast<void>(co_await db.all(gino::text("SELECT pg_reload_conf()")));
            co_await db.close();
        });
        for (int i = 0; i < 100 && output_of(look) != wanted; ++i) {
            std::this_thread::sleep_for(20ms);
        }
        ASSERT_EQ(output_of(look), wanted) << name;
    }

    /// Connects, and returns the message of the error, or an empty text.
    std::string problem(
        const std::string& parameters,
        const std::string& user = "gino",
        const std::string& host = ""
    ) {
        std::string message;
        gino::url where = server_;
        where.parameters.clear();
        where.user = user;
        where.password = user;
        where.host = host.empty() ? "localhost" : host;
        std::istringstream list(parameters);
        for (std::string one; std::getline(list, one, '&');) {
            where.parameters.emplace_back(
                one.substr(0, one.find('=')), one.substr(one.find('=') + 1)
            );
        }
        run([&]() -> gino::awaitable<void> {
            try {
                gino::database db;
                co_await db.set_bind(where);
                const auto row = co_await db.one(
                    gino::text("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                );
                is_encrypted = row.get<bool>("ssl");
                version = is_encrypted ? row.get<std::string>("version") : "";
                co_await db.close();
            } catch (const gino::error& e) {
                message = e.what();
                code = e.code();
            }
        });
        return message;
    }

    [[nodiscard]] static std::string trusting(const std::string& mode) {
        return "sslmode=" + mode + "&sslrootcert=" + folder() + "/authority.crt";
    }

    bool is_encrypted = false;
    std::string version;
    gino::errc code{};

private:
    gino::url server_{"postgresql://"};
};

INSTANTIATE_TEST_SUITE_P(, Tls, ::testing::Values("postgresql"), [](const auto& database) {
    return database.param;
});

TEST_P(Tls, AcceptsAValidCertificateInEveryMode) {
    EXPECT_EQ(problem("sslmode=disable"), "");
    EXPECT_FALSE(is_encrypted);
    EXPECT_EQ(problem("sslmode=allow"), "");
    EXPECT_FALSE(is_encrypted);
    for (const auto* mode : {"prefer", "require"}) {
        EXPECT_EQ(problem(std::string("sslmode=") + mode), "") << mode;
        EXPECT_TRUE(is_encrypted) << mode;
    }
    for (const auto* mode : {"require", "verify-ca", "verify-full"}) {
        EXPECT_EQ(problem(trusting(mode)), "") << mode;
        EXPECT_TRUE(is_encrypted) << mode;
        EXPECT_EQ(problem(trusting(mode), "gino", "127.0.0.1"), "") << mode;
    }
    EXPECT_EQ(version, "TLSv1.3");
}

TEST_P(Tls, RefusesInvalidCertificatesWithTheReason) {
    struct bad {
        const char* name;
        const char* reason;
    };

    for (const auto& [name, reason] :
         {bad{"expired", "expired"}, {"early", "not yet valid"}, {"self_signed", "self-signed"}}) {
        show(name);
        EXPECT_EQ(problem("sslmode=require"), "") << name;
        for (const auto* mode : {"verify-ca", "verify-full"}) {
            EXPECT_THAT(problem(trusting(mode)), HasSubstr(reason)) << name << " " << mode;
            EXPECT_EQ(code, gino::errc::tls_failed) << name;
        }
    }
}

TEST_P(Tls, RefusesAnotherHostNameInVerifyFullOnly) {
    show("other_name");
    EXPECT_EQ(problem(trusting("verify-ca")), "");
    EXPECT_THAT(problem(trusting("verify-full")), HasSubstr("hostname mismatch"));
    EXPECT_THAT(problem(trusting("verify-full"), "gino", "127.0.0.1"), HasSubstr("mismatch"));
}

TEST_P(Tls, RefusesARevokedCertificateWithARevocationList) {
    show("revoked");
    EXPECT_EQ(problem(trusting("verify-full")), "");
    const std::string list = "&sslcrl=" + folder() + "/authority.crl";
    EXPECT_THAT(problem(trusting("verify-full") + list), HasSubstr("revoked"));
    show("good");
    EXPECT_EQ(problem(trusting("verify-full") + list), "");
}

TEST_P(Tls, RefusesOurCertificateWithTheSystemAuthorities) {
    EXPECT_THAT(
        problem("sslmode=verify-full&sslrootcert=system"), HasSubstr("certificate is not trusted")
    );
}

TEST_P(Tls, NamesUnreadableFiles) {
    EXPECT_THAT(problem("sslmode=verify-ca&sslrootcert=/nowhere.crt"), HasSubstr("/nowhere.crt"));
    EXPECT_THAT(problem(trusting("verify-ca") + "&sslcrl=/nowhere.crl"), HasSubstr("/nowhere.crl"));
    EXPECT_THAT(problem("sslmode=require&sslcert=/nowhere.pem"), HasSubstr("/nowhere.pem"));
}

TEST_P(Tls, SendsTheClientCertificate) {
    const std::string key = ::testing::TempDir() + "gino_client.key";
    const auto take = [&](const char* name, std::filesystem::perms permissions) {
        std::filesystem::remove(key);
        std::filesystem::copy_file(folder() + "/" + name, key);
        std::filesystem::permissions(key, permissions);
    };
    using std::filesystem::perms;
    const std::string shown =
        trusting("verify-full") + "&sslcert=" + folder() + "/client.crt&sslkey=" + key;
    take("client.key", perms::owner_read);
    EXPECT_EQ(problem(shown, "certified"), "");
    EXPECT_THAT(problem(trusting("verify-full"), "certified"), HasSubstr("certificate"));
    take("client_locked.key", perms::owner_read);
    EXPECT_EQ(problem(shown + "&sslpassword=hush", "certified"), "");
    EXPECT_THAT(problem(shown + "&sslpassword=wrong", "certified"), HasSubstr("sslkey"));
    take("client.key", perms::owner_read | perms::others_read);
    EXPECT_THAT(problem(shown, "certified"), HasSubstr("read by others"));
    take("good.key", perms::owner_read);
    EXPECT_THAT(problem(shown, "certified"), HasSubstr("sslkey"));
    std::filesystem::remove(key);
}

TEST_P(Tls, LimitsTheProtocolVersions) {
    EXPECT_EQ(problem("sslmode=require&ssl_max_protocol_version=TLSv1.2"), "");
    EXPECT_EQ(version, "TLSv1.2");
    EXPECT_EQ(problem("sslmode=require&ssl_min_protocol_version=TLSv1.3"), "");
    EXPECT_EQ(version, "TLSv1.3");
}

TEST_P(Tls, DirectTlsRequiresAServerThatSupportsIt) {
    int version = 0;
    run([&]() -> gino::awaitable<void> {
        gino::database db;
        co_await db.set_bind(url());
        const auto shown = co_await db.one(gino::text("SHOW server_version_num"));
        version = std::stoi(shown.get<std::string>(0));
        co_await db.close();
    });

    const std::string refused = problem("sslmode=require&sslnegotiation=direct");

    if (version >= 170'000) {
        EXPECT_EQ(refused, "");
    } else {
        EXPECT_NE(refused, "");
        EXPECT_EQ(code, gino::errc::tls_failed);
    }
}

TEST_P(Tls, BindsThePasswordToTheChannel) {
    EXPECT_EQ(problem("sslmode=require&channel_binding=require"), "");
    EXPECT_EQ(problem("sslmode=require&channel_binding=disable"), "");
    EXPECT_THAT(problem("sslmode=disable&channel_binding=require"), HasSubstr("no TLS"));
    EXPECT_THAT(
        problem("sslmode=require&channel_binding=require", "encrypted"),
        HasSubstr("authenticated without it")
    );
}

// The signature algorithm of such a certificate defines no hash function for channel binding.
TEST_P(Tls, CannotBindThePasswordWithEd25519) {
    show("ed25519");
    EXPECT_EQ(problem("sslmode=require"), "");
    EXPECT_THAT(
        problem("sslmode=require&channel_binding=require"), HasSubstr("channel_binding=require")
    );
}

TEST_P(Tls, FollowsTheServersRequirement) {
    EXPECT_EQ(problem("sslmode=allow", "encrypted"), "");
    EXPECT_TRUE(is_encrypted);
    EXPECT_EQ(problem("sslmode=prefer", "unencrypted", "127.0.0.1"), "");
    EXPECT_FALSE(is_encrypted);
    EXPECT_NE(problem("sslmode=require", "unencrypted"), "");
    EXPECT_NE(problem("sslmode=disable", "encrypted"), "");
}

TEST_P(Tls, SendsAClearTextPasswordToAVerifiedServerOnly) {
    EXPECT_THAT(problem(trusting("verify-full"), "clear"), HasSubstr("require_auth"));
    EXPECT_THAT(problem("sslmode=require&require_auth=password", "clear"), HasSubstr("clear text"));
    EXPECT_THAT(problem("sslmode=disable&require_auth=password", "clear"), HasSubstr("clear text"));
    EXPECT_EQ(problem(trusting("verify-full") + "&require_auth=password", "clear"), "");
}

TEST_P(Tls, TransfersLargeResultsUnchanged) {
    run([&]() -> gino::awaitable<void> {
        gino::database db;
        co_await db.set_bind(url());
        const std::string text(30'000'000, 'x');
        const auto both =
            gino::select(gino::literal(text), gino::func::length(gino::literal(text)));
        const auto row = co_await db.one(both);
        EXPECT_TRUE(std::get<0>(row) == text);
        const auto numbers = gino::text("SELECT n FROM generate_series(1, 200000) n")
                                 .columns(gino::literal(0).label("n"));
        EXPECT_EQ((co_await db.all(numbers)).size(), 200'000U);
        co_await db.close();
    });
}

}  // namespace
