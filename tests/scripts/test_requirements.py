# SPDX-License-Identifier: BSD-3-Clause
import subprocess
import unittest

from script_test import ROOT, ScriptTest


class Requirements(ScriptTest):
    def call(self, line):
        """Calls cmake/gino_requirements.cmake; returns CMake's error, or an empty text."""
        script = self.write("call.cmake", f'include("{ROOT}/cmake/gino_requirements.cmake")\n{line}\n')
        result = subprocess.run(["cmake", "-P", script], capture_output=True, text=True, check=False)
        self.assertEqual(result.returncode == 0, not result.stderr, result.stderr)
        return " ".join(result.stderr.split())

    def test_refuses_old_compilers_and_names_the_required_versions(self):
        sentence = "gino needs g++ 12, clang 16, or newer; this is"

        self.assertIn(f"{sentence} GNU 11.4.0", self.call("gino_require_compiler(GNU 11.4.0)"))
        self.assertIn(f"{sentence} Clang 15.0.6", self.call("gino_require_compiler(Clang 15.0.6)"))

    def test_accepts_other_compilers(self):
        for compiler in ("GNU 12.2.0", "GNU 16.1.0", "Clang 16.0.6", "AppleClang 15.0.0", "MSVC 19.3"):
            self.assertEqual(self.call(f"gino_require_compiler({compiler})"), "")

    def test_refuses_old_boost_and_names_the_required_version(self):
        self.assertIn("gino needs Boost 1.81 or newer", self.call("gino_require_boost(1.74.0)"))
        self.assertIn("this is 1.74.0 (Debian 12: libboost1.81-dev", self.call("gino_require_boost(1.74.0)"))
        self.assertIn("none was found", self.call('gino_require_boost("")'))
        self.assertEqual(self.call("gino_require_boost(1.81.0)"), "")
        self.assertEqual(self.call("gino_require_boost(1.92.0)"), "")


unittest.main()
