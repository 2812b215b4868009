// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/codec/decoder.hpp"

#include <gino/core/error.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "driver/sqlite/codec/row_batch.hpp"

namespace gino::sqlite {
namespace {

/// A sink that copies the fields of all rows.
class copying_sink final : public driver::row_sink {
public:
    void columns(std::span<const column_description> /*c*/, const field_decoder& /*d*/) override {}

    void row(std::span<const driver::field_slice> fields) override {
        std::vector<bytes> copied;
        for (const auto& field : fields) {
            copied.emplace_back(field.data, field.data + field.size);
        }
        rows.push_back(std::move(copied));
    }

    std::vector<std::vector<bytes>> rows;
};

/// A column of the given type kind, with one field that has passed through a row batch.
class one_field {
public:
    template <class Fill>
    one_field(type_kind kind, Fill fill) {
        column_.name = "a";
        column_.kind = kind;
        row_batch batch;
        fill(batch);
        batch.end_row();
        batch.feed(sink_, 1);
    }

    [[nodiscard]] field_view view() const {
        const bytes& content = sink_.rows[0][0];
        return {content.data(), content.size(), column_, decoder()};
    }

    [[nodiscard]] value any() const { return decoder().any(view()); }

private:
    column_description column_;
    copying_sink sink_;
};

one_field integer(std::int64_t number, type_kind kind = type_kind::unknown) {
    return {kind, [number](row_batch& into) { into.add(number); }};
}

one_field real(double number, type_kind kind = type_kind::unknown) {
    return {kind, [number](row_batch& into) { into.add(number); }};
}

one_field text(std::string_view words, type_kind kind = type_kind::unknown) {
    return {kind, [words](row_batch& into) { into.add_text(words.data(), words.size()); }};
}

TEST(RowBatch, FeedsRowsInOrder) {
    row_batch batch;
    for (std::int64_t row = 0; row < 1000; ++row) {
        batch.add(row);
        batch.add_null();
        batch.add_text("", 0);
        batch.end_row();
    }
    copying_sink sink;

    batch.feed(sink, 3);

    ASSERT_EQ(sink.rows.size(), 1000U);
    EXPECT_EQ(sink.rows[999][0].size(), 9U);
    EXPECT_EQ(sink.rows[999][1].size(), 0U);
    EXPECT_EQ(sink.rows[999][2].size(), 1U);
}

TEST(RowBatch, ClearRemovesItsRows) {
    row_batch batch;
    const std::string large(3'000'000, 'x');
    batch.add_text(large.data(), large.size());
    batch.end_row();
    batch.clear();
    EXPECT_EQ(batch.rows(), 0U);
    EXPECT_EQ(batch.size(), 0U);
    batch.add(std::int64_t{1});
    batch.end_row();
    copying_sink sink;

    batch.feed(sink, 1);

    ASSERT_EQ(sink.rows.size(), 1U);
    EXPECT_EQ(sink.rows[0][0].size(), 9U);
}

TEST(SqliteDecoder, ReadsIntegers) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();

    EXPECT_EQ(decoder().integer(integer(most).view()), most);
    EXPECT_TRUE(decoder().boolean(integer(1).view()));
    EXPECT_FALSE(decoder().boolean(integer(0).view()));
    EXPECT_EQ(decoder().floating(integer(-3).view()), -3.0);
    EXPECT_THROW(static_cast<void>(decoder().floating(integer(most).view())), data_error);
    EXPECT_EQ(
        decoder().floating(integer(std::numeric_limits<std::int64_t>::min()).view()),
        -9223372036854775808.0
    );
}

TEST(SqliteDecoder, ReadsDynamicValuesByColumnType) {
    EXPECT_EQ(integer(1, type_kind::boolean).any(), value(true));
    EXPECT_EQ(integer(2, type_kind::boolean).any(), value(std::int64_t{2}));
    EXPECT_EQ(integer(2, type_kind::double_precision).any(), value(2.0));
    EXPECT_EQ(integer(2, type_kind::text).any(), value(std::int64_t{2}));
    EXPECT_EQ(real(0.5, type_kind::integer).any(), value(0.5));
    EXPECT_EQ(text("x", type_kind::integer).any(), value(std::string("x")));
    EXPECT_EQ(text("[1]", type_kind::jsonb).any(), value(json_text{"[1]"}));
    EXPECT_EQ(text("1970-01-02", type_kind::date).any(), value(date(std::chrono::days(1))));
}

TEST(SqliteDecoder, ReadsTimestampsWithAndWithoutOffset) {
    using namespace std::chrono_literals;

    EXPECT_EQ(decoder().instant(text("1970-01-01 00:00:01").view()), timestamptz(1s));
    EXPECT_EQ(decoder().instant(text("1970-01-01 01:00:01+01:00").view()), timestamptz(1s));
    EXPECT_THROW(
        static_cast<void>(decoder().local_time(text("1970-01-01 00:00:01Z").view())), data_error
    );
}

TEST(DeclaredType, IgnoresCaseBlanksAndLength) {
    EXPECT_EQ(kind_of_declaration("varchar(30)"), type_kind::varchar);
    EXPECT_EQ(kind_of_declaration(" Character   Varying (30) "), type_kind::varchar);
    EXPECT_EQ(kind_of_declaration("TIMESTAMP(6) WITH TIME ZONE"), type_kind::timestamptz);
    EXPECT_EQ(kind_of_declaration("timestamp(6)"), type_kind::timestamp);
    EXPECT_EQ(kind_of_declaration("DOUBLE PRECISION"), type_kind::double_precision);
    EXPECT_EQ(kind_of_declaration("BIGINT"), type_kind::bigint);
    EXPECT_EQ(kind_of_declaration("JSONB"), type_kind::jsonb);
    EXPECT_EQ(kind_of_declaration(""), type_kind::unknown);
    EXPECT_EQ(kind_of_declaration("MONEY"), type_kind::unknown);
}

}  // namespace
}  // namespace gino::sqlite
