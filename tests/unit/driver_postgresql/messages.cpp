// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/protocol/messages.hpp"

#include <gino/core/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <sys/mman.h>

#include "unit/driver_postgresql/support.hpp"

namespace gino::postgresql::test {
namespace {

using namespace protocol;
using driver::transaction_status;

std::string written(const std::function<void(writer&)>& write) {
    writer to;
    write(to);
    return text_of(to.messages());
}

TEST(SentMessage, StartupHasVersionAndParameters) {
    const auto message = written([](writer& to) {
        write_startup(to, {{"user", "me"}, {"database", "app"}});
    });
    EXPECT_EQ(message, "\0\0\0\x1e\0\3\0\0user\0me\0database\0app\0\0"sv);
}

TEST(SentMessage, SaslInitialHasMechanismAndLength) {
    const auto message = written([](writer& to) { write_sasl_initial(to, "SCRAM", "n,,"); });
    EXPECT_EQ(message, "p\0\0\0\x11SCRAM\0\0\0\0\3n,,"sv);
}

TEST(SentMessage, PasswordDoesNotStayInMemory) {
    writer to;
    write_password(to, "open sesame");
    const auto sent = to.messages();  // a view of the writer's memory
    to.wipe();
    EXPECT_EQ(to.size(), 0U);
    const std::string_view left(reinterpret_cast<const char*>(sent.data()), sent.size());
    EXPECT_EQ(left.find("sesame"), std::string_view::npos);
}

TEST(SentMessage, ParseHasNameTextAndTypes) {
    const std::array<std::uint32_t, 2> types{23, 0};
    const auto message = written([&](writer& to) { write_parse(to, "s", "SELECT 1", types); });
    EXPECT_EQ(message, "P\0\0\0\x19s\0SELECT 1\0\0\2\0\0\0\x17\0\0\0\0"sv);
}

TEST(SentMessage, BindHasFormatsLengthsAndNull) {
    const value seven(std::int64_t{7});
    const value null;
    const std::array<driver::parameter, 2> parameters{
        driver::parameter{.bound = &seven, .type = {.kind = type_kind::integer}},
        driver::parameter{.bound = &null, .type = {.kind = type_kind::text}}};
    const std::array<std::int16_t, 1> formats{1};

    const auto message = written([&](writer& to) { write_bind(to, "", "s", parameters, formats); });

    EXPECT_EQ(
        message, "B\0\0\0\x1f\0s\0\0\2\0\1\0\1\0\2\0\0\0\4\0\0\0\7\xff\xff\xff\xff\0\1\0\1"sv
    );
}

TEST(SentMessage, MatchesTheProtocolByteForByte) {
    EXPECT_EQ(written([](writer& to) { write_sync(to); }), "S\0\0\0\4"sv);
    EXPECT_EQ(written([](writer& to) { write_terminate(to); }), "X\0\0\0\4"sv);
    EXPECT_EQ(written([](writer& to) { write_execute(to, "p", 5); }), "E\0\0\0\x0ap\0\0\0\0\5"sv);
    EXPECT_EQ(written([](writer& to) { write_close(to, 'S', "s"); }), "C\0\0\0\7Ss\0"sv);
    EXPECT_EQ(written([](writer& to) { write_describe_statement(to, "s"); }), "D\0\0\0\7Ss\0"sv);
    EXPECT_EQ(written([](writer& to) { write_query(to, "x"); }), "Q\0\0\0\6x\0"sv);
}

TEST(SentMessage, TooManyParametersAreRefusedBeforeAnythingIsWritten) {
    const value null;
    const std::vector<driver::parameter> parameters(
        65'536, {.bound = &null, .type = {.kind = type_kind::text}}
    );
    writer to;
    EXPECT_THROW(write_bind(to, "", "s", parameters, {}), argument_error);
    EXPECT_EQ(to.size(), 0U);
}

// CVE-2024-27304: a length that overflowed 32 bits allowed an attacker to inject statements.
TEST(SentMessage, IsRefusedBeforeItIsCopiedWhenTooLong) {
    constexpr std::size_t all = (std::size_t{1} << 32U) + 4096;
    void* const memory =
        mmap(nullptr, all, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    for (const std::size_t size :
         {std::size_t{1} << 30U,
          (std::size_t{1} << 31U) - 1,
          (std::size_t{1} << 31U) + 1,
          (std::size_t{1} << 32U) - 1,
          (std::size_t{1} << 32U) + 7,
          all}) {
        writer to;
        write_sync(to);
        to.begin('B');
        EXPECT_THROW(
            to.raw(std::span(static_cast<const std::byte*>(memory), size)), argument_error
        );
        EXPECT_EQ(text_of(to.messages()), "S\0\0\0\4"sv);
        EXPECT_LT(to.size(), 100U);
    }
    munmap(memory, all);
}

TEST(SentMessage, IsDiscardedWholeWhenAValueCannotBeEncoded) {
    const value nul(std::string("a\0b", 3));
    const value large(std::int64_t{1} << 40);
    const value wrong(std::string("x"));
    const std::array<driver::parameter, 3> bad{
        driver::parameter{.bound = &nul, .type = {.kind = type_kind::text}},
        driver::parameter{.bound = &large, .type = {.kind = type_kind::integer}},
        driver::parameter{.bound = &wrong, .type = {.kind = type_kind::boolean}}};
    for (const auto& parameter : bad) {
        writer to;
        write_query(to, "x");
        EXPECT_THROW(write_bind(to, "", "s", std::span(&parameter, 1), {}), argument_error);
        EXPECT_THROW(write_query(to, "a\0b"sv), argument_error);
        write_sync(to);
        EXPECT_EQ(text_of(to.messages()), "Q\0\0\0\6x\0S\0\0\0\4"sv);
    }
}

TEST(SentMessage, CutDiscardsWholeMessages) {
    writer to;
    write_query(to, "x");
    const auto before = to.size();
    write_sync(to);
    to.cut(before);
    EXPECT_EQ(text_of(to.messages()), "Q\0\0\0\6x\0"sv);
}

// Checks that a valid body is accepted, and that every shorter or longer one is refused.
template <class Read>
void expect_only_whole(std::string_view whole, Read read) {
    const auto bytes = bytes_of(whole);
    EXPECT_TRUE(read(std::span<const std::byte>(bytes)));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        // The copy has its own allocation, so that AddressSanitizer detects a read past the end.
        const std::vector<std::byte> cut(
            bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)
        );
        EXPECT_FALSE(read(std::span<const std::byte>(cut))) << size;
    }
    auto longer = bytes;
    longer.push_back(std::byte{'x'});
    EXPECT_FALSE(read(std::span<const std::byte>(longer)));
}

TEST(ReceivedMessage, ErrorHasAllFields) {
    error_fields fields;
    const auto body = bytes_of(
        "SFEHLER\0VERROR\0C23505\0Mtwice\0Dkey\0Hhint\0P12\0sapp\0tusers\0cname\0nuq\0Fx.c\0L1\0Rr\0zz\0\0"sv
    );
    EXPECT_TRUE(read_error(body, fields));
    EXPECT_EQ(fields.severity, "ERROR");
    EXPECT_EQ(fields.sqlstate, "23505");
    EXPECT_EQ(fields.message, "twice");
    EXPECT_EQ(fields.detail, "key");
    EXPECT_EQ(fields.hint, "hint");
    EXPECT_EQ(fields.position, 12);
    EXPECT_EQ(fields.schema, "app");
    EXPECT_EQ(fields.table, "users");
    EXPECT_EQ(fields.column, "name");
    EXPECT_EQ(fields.constraint, "uq");
}

std::string column_of_unique_violation(const std::string& detail) {
    error_fields fields;
    const std::string body = std::string("C23505\0D"sv) + detail;
    EXPECT_TRUE(read_error(bytes_of(body + std::string("\0\0"sv)), fields));
    return fields.column;
}

TEST(ReceivedMessage, UniqueViolationNamesItsColumn) {
    EXPECT_EQ(column_of_unique_violation("Key (name)=(a) already exists."), "name");
    EXPECT_EQ(column_of_unique_violation("Schl\xc3\xbcssel (name)=(a) existiert bereits."), "name");
    EXPECT_EQ(
        column_of_unique_violation(R"(Key ("a ""b"")=(")=(1) already exists.)"), R"(a "b")=()"
    );
    EXPECT_EQ(column_of_unique_violation("Key (name)=(b)=(c)) already exists."), "name");
    EXPECT_EQ(column_of_unique_violation("Key (a, b)=(1, 2) already exists."), "");
    EXPECT_EQ(column_of_unique_violation("Key (lower(name))=(a) already exists."), "");
    EXPECT_EQ(column_of_unique_violation(R"(Key ("open)"), "");
    EXPECT_EQ(column_of_unique_violation("Key ("), "");
    EXPECT_EQ(column_of_unique_violation(""), "");
}

TEST(ReceivedMessage, ErrorMustBeComplete) {
    expect_only_whole("VERROR\0C42601\0Mx\0\0"sv, [](auto body) {
        error_fields fields;
        return read_error(body, fields);
    });
}

TEST(ReceivedMessage, RowDescriptionMustBeComplete) {
    const auto whole = "\0\1id\0\0\0\x40\1\0\2\0\0\0\x17\0\4\xff\xff\xff\xff\0\0"sv;
    std::vector<column> columns;
    EXPECT_TRUE(read_row_description(bytes_of(whole), columns));
    EXPECT_EQ(columns.at(0).name, "id");
    EXPECT_EQ(columns.at(0).table, 0x4001U);
    EXPECT_EQ(columns.at(0).type, 23U);
    expect_only_whole(whole, [](auto body) {
        std::vector<column> into;
        return read_row_description(body, into);
    });
}

TEST(ReceivedMessage, FalseCountsAreRefusedBeforeAllocation) {
    std::vector<column> columns;
    EXPECT_FALSE(read_row_description(bytes_of("\xff\xff"sv), columns));
    EXPECT_FALSE(read_row_description(bytes_of("\x7f\xff"sv), columns));
    EXPECT_LE(columns.capacity(), 1U);
    std::vector<driver::field_slice> fields(1);
    EXPECT_FALSE(read_data_row(bytes_of("\xff\xff"sv), fields));
    EXPECT_FALSE(read_data_row(bytes_of("\0\2\0\0\0\0\0\0\0\0"sv), fields));
    EXPECT_FALSE(read_data_row(bytes_of("\0\1\x7f\xff\xff\xff"sv), fields));
    EXPECT_FALSE(read_data_row(bytes_of("\0\1\xff\xff\xff\xfe"sv), fields));
    EXPECT_FALSE(read_data_row(bytes_of("\0\1\x80\0\0\0"sv), fields));
}

TEST(ReceivedMessage, DataRowMustBeComplete) {
    const auto whole = "\0\3\0\0\0\2ab\xff\xff\xff\xff\0\0\0\0"sv;
    std::vector<driver::field_slice> fields(3);
    const auto body = bytes_of(whole);
    EXPECT_TRUE(read_data_row(body, fields));
    EXPECT_EQ(fields.at(0).size, 2U);
    EXPECT_EQ(fields.at(1).data, nullptr);
    EXPECT_NE(fields.at(2).data, nullptr);
    EXPECT_EQ(fields.at(2).size, 0U);
    expect_only_whole(whole, [](auto bytes) {
        std::vector<driver::field_slice> into(3);
        return read_data_row(bytes, into);
    });
}

TEST(ReceivedMessage, CommandCompleteHasTagAndCount) {
    const auto count_of = [](std::string_view tag) {
        driver::command_result result;
        EXPECT_TRUE(read_command_complete(bytes_of(std::string(tag) + '\0'), result));
        EXPECT_EQ(result.tag, tag);
        return result.affected_rows;
    };
    EXPECT_EQ(count_of("INSERT 0 5"), 5U);
    EXPECT_EQ(count_of("DELETE 1"), 1U);
    EXPECT_EQ(count_of("SELECT 18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(count_of("CREATE TABLE"), 0U);
    EXPECT_EQ(count_of(""), 0U);
    expect_only_whole("DELETE 1\0"sv, [](auto body) {
        driver::command_result result;
        return read_command_complete(body, result);
    });
}

TEST(ReceivedMessage, ParameterStatusMustBeComplete) {
    expect_only_whole("TimeZone\0UTC\0"sv, [](auto body) {
        std::string_view name;
        std::string_view setting;
        return read_parameter_status(body, name, setting);
    });
}

TEST(ReceivedMessage, ReadyForQueryHasThreeStates) {
    transaction_status status = transaction_status::idle;
    EXPECT_TRUE(read_ready(bytes_of("T"), status));
    EXPECT_EQ(status, transaction_status::in_transaction);
    EXPECT_TRUE(read_ready(bytes_of("E"), status));
    EXPECT_EQ(status, transaction_status::failed);
    EXPECT_TRUE(read_ready(bytes_of("I"), status));
    EXPECT_EQ(status, transaction_status::idle);
    EXPECT_FALSE(read_ready(bytes_of("X"), status));
    EXPECT_FALSE(read_ready(bytes_of("II"), status));
    EXPECT_FALSE(read_ready({}, status));
}

}  // namespace
}  // namespace gino::postgresql::test
