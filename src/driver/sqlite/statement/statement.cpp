// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/statement/statement.hpp"

#include <charconv>
#include <iterator>
#include <limits>
#include <utility>

#include "driver/sqlite/codec/decoder.hpp"

namespace gino::sqlite {

namespace {

/// Adds a JSON document that SQLite holds as a number: a column declared as JSON has numeric
/// affinity (SQLite's page "Datatypes In SQLite", "Determination Of Column Affinity"), which
/// converts the text `1.5`.
template <class Number>
void add_number_as_text(Number number, row_batch& into) {
    char digits[32];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    into.add_text(digits, static_cast<std::size_t>(end - digits));
}

bool is_json(type_kind kind) noexcept {
    return kind == type_kind::json || kind == type_kind::jsonb;
}

}  // namespace

outcome statement::prepare(
    sqlite3* database,
    std::string_view sql,
    bool persistent,
    std::string_view& rest,
    std::unique_ptr<statement>& into
) {
    into.reset();
    rest = {};
    // SQLite reads a text up to its first NUL byte: the statement behind it would be lost.
    if (sql.find('\0') != std::string_view::npos) {
        return bad_argument(
            errc::bad_value, "cannot run the statement: its text has a NUL byte, where SQLite ends"
        );
    }
    if (sql.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return bad_argument(
            errc::limit_exceeded, "cannot run the statement: its text is longer than 2 GiB"
        );
    }
    sqlite3_stmt* handle = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v3(
        database,
        sql.data(),
        static_cast<int>(sql.size()),
        persistent ? SQLITE_PREPARE_PERSISTENT : 0U,
        &handle,
        &tail
    );
    if (code != SQLITE_OK) {
        return describe_error(database, code, sql);
    }
    // The tail points behind the first statement; it is in `sql`, so `rest` is as well.
    if (tail != nullptr) {
        rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
    }
    if (handle != nullptr) {
        const std::size_t behind = is_empty_text(rest) ? 0 : rest.size();
        into.reset(new statement(handle, std::string(sql.substr(0, sql.size() - behind))));
    }
    return {};
}

statement::statement(sqlite3_stmt* handle, std::string sql)
    : handle_(handle), sql_(std::move(sql)), words_(read_words(sql_)) {
    // EXPLAIN runs nothing: the verb behind it does not count.
    if (sqlite3_stmt_isexplain(handle) != 0) {
        words_ = {.verb = statement_verb::other, .tag = "EXPLAIN", .marks_session = false};
    }
}

std::shared_ptr<const statement::column_list> statement::columns() {
    // The count of automatic preparations, kept (0) rather than reset. The names that SQLite
    // returns are valid only until the next preparation, so they are copied.
    const int now = sqlite3_stmt_status(handle(), SQLITE_STMTSTATUS_REPREPARE, 0);
    if (columns_ != nullptr && now == prepared_anew_) {
        return columns_;
    }
    auto fresh = std::make_shared<column_list>();
    const int count = sqlite3_column_count(handle());
    fresh->reserve(static_cast<std::size_t>(count));
    for (int place = 0; place < count; ++place) {
        const char* const name = sqlite3_column_name(handle(), place);
        const char* const declared = sqlite3_column_decltype(handle(), place);
        column_description column;
        column.name = name != nullptr ? name : "";
        column.kind = kind_of_declaration(declared != nullptr ? declared : "");
        fresh->push_back(std::move(column));
    }
    columns_ = std::move(fresh);
    prepared_anew_ = now;
    return columns_;
}

bool statement::copy_field(int place, type_kind kind, row_batch& into) const {
    sqlite3_stmt* const from = handle();
    switch (sqlite3_column_type(from, place)) {
        case SQLITE_INTEGER:
            if (is_json(kind)) {
                add_number_as_text(sqlite3_column_int64(from, place), into);
            } else {
                into.add(std::int64_t{sqlite3_column_int64(from, place)});
            }
            return true;
        case SQLITE_FLOAT:
            if (is_json(kind)) {
                add_number_as_text(sqlite3_column_double(from, place), into);
            } else {
                into.add(sqlite3_column_double(from, place));
            }
            return true;
        // The size is read after the content, which may convert the value ("Result Values From A
        // Query"). A null pointer for content that is not empty means that memory is exhausted.
        case SQLITE_TEXT: {
            const auto* const text = sqlite3_column_text(from, place);
            const int size = sqlite3_column_bytes(from, place);
            into.add_text(text, static_cast<std::size_t>(size));
            return text != nullptr;
        }
        case SQLITE_BLOB: {
            const void* const blob = sqlite3_column_blob(from, place);
            const int size = sqlite3_column_bytes(from, place);
            into.add_blob(blob, static_cast<std::size_t>(blob != nullptr ? size : 0));
            return blob != nullptr || size == 0;
        }
        default:
            into.add_null();
            return true;
    }
}

bool statement::copy_row(const column_list& columns, row_batch& into) const {
    int place = 0;
    for (const column_description& column : columns) {
        if (!copy_field(place++, column.kind, into)) {
            return false;
        }
    }
    into.end_row();
    return true;
}

void statement::reset() noexcept {
    // The result repeats the error of the last step, which was reported already.
    sqlite3_reset(handle());
    // sqlite3_reset() keeps the bindings, and values that were bound without a copy are about to be
    // destroyed.
    sqlite3_clear_bindings(handle());
}

}  // namespace gino::sqlite
