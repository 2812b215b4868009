# SPDX-License-Identifier: BSD-3-Clause
import unittest

from script_test import ScriptTest

GOOD = "// Returns the first row of the result, and drops the others.\n"
CODE = "int rows = 0;\n"


class CheckWords(ScriptTest):
    def check(self, header):
        self.write("include/gino/engine/row.hpp", header)
        self.write("src/engine/row.cpp", GOOD + CODE)
        self.write("tests/unit/row.cpp", CODE)
        return self.run_script("check_words.py", self.tree)

    def test_accepts_plain_comments(self):
        self.assert_clean(self.check(GOOD + CODE))

    def test_finds_files_without_comments(self):
        self.assert_finds(self.check(CODE * 10), "public headers: 0.0 % of the lines are comments")

    def test_finds_words_without_a_subject(self):
        self.assert_finds(self.check("// What was met.\n" + CODE), '"what" and its forms are 3333')

    def test_finds_metaphors_at_the_end_of_a_line(self):
        self.assert_finds(self.check(GOOD + "int rows = 0;  // where a row stands\n"), '"stand"')

    def test_does_not_read_code(self):
        self.assert_clean(self.check(GOOD + "int what = 0;\n"))


if __name__ == "__main__":
    unittest.main()
