# SPDX-License-Identifier: BSD-3-Clause
import re
import unittest

from script_test import ROOT, ScriptTest

HEADER = ROOT / "include/gino/core/sqlstate.hpp"


class GenerateSqlstate(ScriptTest):
    def check(self, names):
        """Compares the header with a list of these codes and names."""
        lines = [f"{code}    E    ERRCODE_X    {name}" for code, name in names.items()]
        listed = self.write("errcodes.txt", "Section: Class 00 - All\n" + "\n".join(lines) + "\n")
        return self.run_script("generate_sqlstate.py", "--check", str(listed))

    def names(self):
        """Returns the codes whose names the generator does not prefix."""
        found = dict(re.findall(r'(\w+) = "(\w{5})";', HEADER.read_text(encoding="utf-8")))
        return {code: name for name, code in found.items() if "_routine_" not in name and "warning_" not in name}

    def test_accepts_the_list_of_the_installed_version(self):
        self.assert_clean(self.run_script("generate_sqlstate.py", "--check"))

    def test_accepts_a_list_with_a_missing_or_an_additional_code(self):
        names = self.names()
        del names["23505"]
        names["22P99"] = "found_next_year"

        self.assert_clean(self.check(names))

    def test_finds_a_code_with_another_name(self):
        names = self.names()
        names["23505"] = "same_again"

        self.assert_finds(self.check(names), "23505 is same_again, not unique_violation")

    def test_finds_a_list_of_something_else(self):
        self.assert_finds(self.check({"23505": "unique_violation"}), "hardly any code")


unittest.main()
