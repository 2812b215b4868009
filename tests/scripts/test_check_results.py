# SPDX-License-Identifier: BSD-3-Clause
import unittest

from script_test import ScriptTest


class CheckResults(ScriptTest):
    def check(self, *cases):
        report = self.write("results.xml", f"<testsuite>{''.join(cases)}</testsuite>")
        return self.run_script("check_results.py", report)

    def test_is_silent_when_every_test_ran(self):
        result = self.check('<testcase name="a" status="run"/>', '<testcase name="b" status="fail"/>')

        self.assertEqual(result, (0, ""))

    def test_finds_a_skipped_test(self):
        skipped = '<skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>'
        result = self.check(f'<testcase name="listen" status="notrun">{skipped}</testcase>')

        self.assert_finds(result, "did not run: listen (SKIP_REGULAR_EXPRESSION_MATCHED)")

    def test_finds_a_disabled_test(self):
        result = self.check('<testcase name="listen" status="disabled"/>')

        self.assert_finds(result, "did not run: listen (disabled)")


unittest.main()
