// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

#include <cstdlib>
#include <memory>

#include "driver/sqlite/functions/exact_functions.hpp"
#include "driver/sqlite/functions/json_element.hpp"

// An in-memory database, for fuzzers that use SQLite's parser.
namespace fuzz {

struct closer {
    void operator()(sqlite3* s) const { sqlite3_close(s); }

    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};

inline sqlite3* database() {
    static const std::unique_ptr<sqlite3, closer> opened = [] {
        sqlite3* made = nullptr;
        sqlite3_open(":memory:", &made);
        static_cast<void>(gino::sqlite::register_exact_functions(made));
        static_cast<void>(gino::sqlite::register_json_functions(made));
        return std::unique_ptr<sqlite3, closer>(made);
    }();
    return opened.get();
}

inline void require(bool is_right) {
    if (!is_right) {
        std::abort();
    }
}

}  // namespace fuzz
