# SPDX-License-Identifier: BSD-3-Clause
"""The base of the tests of scripts: a small source tree, and a call of a script on it."""

import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LICENCE = "// SPDX-License-Identifier: BSD-3-Clause\n"


class ScriptTest(unittest.TestCase):
    """A test with an empty folder `tree`."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name).resolve()

    def write(self, name, text):
        file = self.tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def run_script(self, name, *arguments, **environment):
        """Runs scripts/<name>; returns its exit code and its output."""
        result = subprocess.run(
            [ROOT / "scripts" / name, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
            text=True,
            check=False,
        )
        return result.returncode, result.stdout

    def assert_finds(self, result, sentence):
        code, output = result
        self.assertIn(sentence, output)
        self.assertEqual(code, 1, output)

    def assert_clean(self, result):
        code, output = result
        self.assertEqual(code, 0, output)
