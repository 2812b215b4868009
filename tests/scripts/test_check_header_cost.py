# SPDX-License-Identifier: BSD-3-Clause
import unittest

from script_test import ScriptTest


class CheckHeaderCost(ScriptTest):
    def check(self, header, budgets):
        self.write("include/gino/gino.hpp", header)
        budgets = self.write("budgets.txt", budgets)
        return self.run_script("check_header_cost.py", "--budgets", budgets, self.tree)

    def test_accepts_a_header_within_its_budget(self):
        code, output = self.check("struct a;\n", "# a comment\ngino/gino.hpp 100 boost/asio/\n")

        self.assertEqual(code, 0, output)
        self.assertIn("of 100 lines", output)

    def test_finds_a_header_that_costs_too_much(self):
        result = self.check("struct a;\n" * 120, "gino/gino.hpp 100 boost/asio/\n")

        self.assert_finds(result, "too many")

    def test_finds_a_forbidden_include(self):
        result = self.check("#include <vector>\n", "gino/gino.hpp 100000 vector\n")

        self.assert_finds(result, "gino/gino.hpp includes vector")

    def test_finds_a_budget_without_its_header(self):
        result = self.check("", "gino/gone.hpp 100 boost/\n")

        self.assert_finds(result, "gino/gone.hpp is in the list, but not in")

    def test_fails_when_the_header_does_not_compile(self):
        result = self.check("#error broken\n", "gino/gino.hpp 100 boost/\n")

        self.assert_finds(result, "gino/gino.hpp does not compile")


unittest.main()
