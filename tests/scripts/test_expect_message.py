# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the script that runs the tests of tests/compile_fail."""

import subprocess
import unittest

from script_test import LICENCE, ROOT, ScriptTest

SCRIPT = ROOT / "tests/compile_fail/expect_message.cmake"


class ExpectMessage(ScriptTest):
    def check(self, text):
        source = self.write("twin.cpp", LICENCE + text)
        result = subprocess.run(
            ["cmake", "-DCOMPILE=g++;-std=c++20;-fsyntax-only", f"-DSOURCE={source}", "-P", SCRIPT],
            capture_output=True,
            text=True,
            check=False,
        )
        return result.returncode, result.stdout + " ".join(result.stderr.split())

    def test_accepts_an_error_with_the_announced_message(self):
        code, output = self.check('// message: gino: no \\(really\\)\nstatic_assert(0, "gino: no (really)");\n')

        self.assertEqual(code, 0, output)

    def test_fails_when_the_misuse_compiles(self):
        result = self.check("// message: gino: no\nint a;\n")

        self.assert_finds(result, "the misuse compiled; expected an error like: gino: no")

    def test_fails_when_the_compiler_reports_another_message(self):
        result = self.check("// message: gino: no\nint a = nothing;\n")

        self.assert_finds(result, "the misuse was refused, but not with: gino: no")

    def test_fails_without_an_announcement(self):
        self.assert_finds(self.check("int a = nothing;\n"), "it needs one")


unittest.main()
