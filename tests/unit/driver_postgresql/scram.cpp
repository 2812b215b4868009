// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/sansio/scram.hpp"

#include <gino/core/error.hpp>

#include <gtest/gtest.h>

#include <set>

namespace gino::postgresql::sansio {
namespace {

// The example of RFC 7677, section 3, with PostgreSQL's empty user name.
constexpr const char* nonce = "rOprNGfwEbeRWgbNEkqO";
constexpr const char* challenge =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

scram_key_cache& keys() {
    static scram_key_cache made;
    return made;
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    return text;
}

bool accepts(const std::string& message) {
    scram_client client("pencil", nonce, {}, keys());
    static_cast<void>(client.client_first());
    return client.server_first(message).has_value();
}

TEST(ScramClient, BeginsWithItsNonce) {
    const scram_client client("pencil", nonce, {}, keys());
    EXPECT_EQ(client.client_first(), std::string("n,,n=,r=") + nonce);
}

// The proof and the signature were computed with Python's hashlib from the challenge above.
TEST(ScramClient, ProvesThePasswordAndChecksTheServer) {
    scram_client client("pencil", nonce, {}, keys());
    static_cast<void>(client.client_first());
    const auto proof = client.server_first(challenge);
    EXPECT_EQ(
        proof,
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=qvT2SWdEH5Q06albL+"
        "hjSYuUhCG7VndFyzIb7CK4n9k="
    );
    EXPECT_TRUE(client.server_final("v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg="));
}

TEST(ScramClient, CachesDerivedKeys) {
    scram_key_cache kept;
    for (const auto* iterations : {"i=4096", "i=4096", "i=1", "i=4096"}) {
        scram_client client("pencil", nonce, {}, kept);
        ASSERT_TRUE(client.server_first(changed(challenge, "i=4096", iterations)));
        const bool is_first_salt = std::string(iterations) == "i=4096";
        EXPECT_EQ(
            client.server_final("v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg="), is_first_salt
        );
    }
    EXPECT_EQ(kept.size(), 2U);
}

TEST(ScramKeys, DependOnPasswordSaltAndIterationCount) {
    scram_key_cache kept;
    const auto first = kept.keys("pencil", "salt", 1);
    EXPECT_EQ(kept.keys("pencil", "salt", 1), first);
    for (const auto& other :
         {kept.keys("pencil", "salt", 2),
          kept.keys("pencil", "tlas", 1),
          kept.keys("pen", "salt", 1)}) {
        EXPECT_NE(other->client, first->client);
        EXPECT_NE(other->server, first->server);
    }
    EXPECT_EQ(kept.size(), 4U);
}

TEST(ScramKeys, AreNotCachedWhenOpenSslFails) {
    scram_key_cache kept;
    EXPECT_THROW(static_cast<void>(kept.keys("pencil", "salt", 0)), connection_error);
    EXPECT_EQ(kept.size(), 0U);
}

TEST(ScramKeys, StayWithinTheCacheLimit) {
    scram_key_cache kept;
    for (int i = 1; i < 100; ++i) {
        static_cast<void>(kept.keys("pencil", "salt", i));
    }
    EXPECT_EQ(kept.size(), scram_key_cache::most_keys);
}

TEST(ScramClient, RejectsSignatureThatDoesNotMatch) {
    scram_client client("pencil", nonce, {}, keys());
    static_cast<void>(client.client_first());
    static_cast<void>(client.server_first(challenge));
    EXPECT_FALSE(client.server_final("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
    EXPECT_FALSE(client.server_final("v="));
    EXPECT_FALSE(client.server_final(""));
    EXPECT_FALSE(client.server_final("e=invalid-proof"));
}

TEST(ScramClient, RejectsSignatureBeforeTheChallenge) {
    const scram_client client("pencil", nonce, {}, keys());
    EXPECT_FALSE(client.server_final("v="));
    EXPECT_FALSE(client.server_final(""));
}

TEST(ScramClient, RejectsNonceThatDoesNotExtendItsOwn) {
    EXPECT_TRUE(accepts(challenge));
    EXPECT_FALSE(accepts(changed(challenge, "rOpr", "sOpr")));
    EXPECT_FALSE(accepts(std::string("r=") + nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
    EXPECT_FALSE(accepts("r=,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"));
}

TEST(ScramClient, RejectsInvalidIterationCounts) {
    for (const auto* count : {"0", "-1", "100001", "99999999999999999999", "", "x", "4096x"}) {
        EXPECT_FALSE(accepts(changed(challenge, "i=4096", std::string("i=") + count))) << count;
    }
    EXPECT_TRUE(accepts(changed(challenge, "i=4096", "i=1")));
}

TEST(ScramClient, RejectsSaltThatIsNotBase64) {
    for (const auto* salt : {"", "*", "W22ZaJ0SNY7soEsUEjb6gQ=", "====", "W2 2Z"}) {
        EXPECT_FALSE(accepts(changed(challenge, "W22ZaJ0SNY7soEsUEjb6gQ==", salt))) << salt;
    }
}

TEST(ScramClient, RejectsEveryTruncatedChallenge) {
    const std::string whole = challenge;
    // The last four prefixes have a shorter or empty iteration count, and are not checked here.
    for (std::size_t size = 0; size + 4 < whole.size(); ++size) {
        EXPECT_FALSE(accepts(whole.substr(0, size))) << size;
    }
}

TEST(ScramClient, MakesDifferentNonces) {
    std::set<std::string> made;
    for (int i = 0; i < 100; ++i) {
        const auto fresh = scram_client::make_nonce();
        EXPECT_EQ(fresh.size(), 24U);
        EXPECT_EQ(fresh.find(','), std::string::npos);
        made.insert(fresh);
    }
    EXPECT_EQ(made.size(), 100U);
}

}  // namespace
}  // namespace gino::postgresql::sansio
