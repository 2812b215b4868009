# SPDX-License-Identifier: BSD-3-Clause
import unittest

from script_test import ScriptTest


class CheckLayers(ScriptTest):
    def check(self, name, *includes):
        self.write(name, "".join(f"#include {include}\n" for include in includes))
        return self.run_script("check_layers.py", self.tree)

    def test_accepts_allowed_includes(self):
        self.write("include/gino/sql/select.hpp", "#include <gino/types/mapping.hpp>\n")
        self.write("src/sql/select.cpp", '#include "sql/join.hpp"\n#include <vector>\n')
        self.write("src/driver/sqlite/worker.cpp", "#include <sqlite3.h>\n")
        self.write("include/gino/ext/beast.hpp", "#include <boost/beast/http/message.hpp>\n")

        self.assert_clean(self.run_script("check_layers.py", self.tree))

    def test_finds_an_include_of_a_higher_layer(self):
        result = self.check("src/sql/select.cpp", "<gino/engine/engine.hpp>")

        self.assert_finds(result, "src/sql/select.cpp:1: sql may not include engine")

    def test_finds_an_include_of_a_private_header(self):
        result = self.check("src/model/crud.cpp", "<vector>", '"ext/beast/router.hpp"')

        self.assert_finds(result, "src/model/crud.cpp:2: model may not include ext")

    def test_keeps_dialect_and_driver_apart(self):
        result = self.check("src/driver/url.cpp", "<gino/dialect/dialect.hpp>")
        self.assert_finds(result, "driver may not include dialect")

        result = self.check("include/gino/dialect/compiled.hpp", "<gino/driver/url.hpp>")
        self.assert_finds(result, "dialect may not include driver")

    def test_finds_asio_below_the_driver(self):
        result = self.check("include/gino/schema/table.hpp", "<boost/asio/awaitable.hpp>")

        self.assert_finds(result, "boost/asio/awaitable.hpp may be included in")

    def test_finds_sqlite_outside_of_its_folder(self):
        result = self.check("src/driver/postgresql/connection.cpp", "<sqlite3.h>")

        self.assert_finds(result, "sqlite3.h may be included in src/driver/sqlite only")

    def test_finds_libpq(self):
        result = self.check("src/driver/postgresql/connection.cpp", "<libpq-fe.h>")

        self.assert_finds(result, "libpq-fe.h may not be included here")

    def test_finds_expensive_headers_in_public_ones(self):
        for header in ("boost/asio.hpp", "boost/beast/core.hpp", "openssl/ssl.h"):
            result = self.check("include/gino/engine/engine.hpp", f"<{header}>")
            self.assert_finds(result, f"{header} may not be included here")

    def test_finds_a_private_header_without_its_layer(self):
        result = self.check("src/sql/select.cpp", '"join.hpp"')

        self.assert_finds(result, '"join.hpp" is not a path from src/')

    def test_fails_without_sources(self):
        self.assert_finds(self.run_script("check_layers.py", self.tree), "no sources")


unittest.main()
