# SPDX-License-Identifier: BSD-3-Clause
import json
import subprocess
import unittest

from script_test import LICENCE, ScriptTest

CLEAN = LICENCE + "int answer() {\n    return 42;\n}\n"
SLOPPY = LICENCE + "int *answer() {\n    return 0;\n}\n"


class Tidy(ScriptTest):
    def setUp(self):
        super().setUp()
        self.git("init", "--quiet", "--initial-branch=main")
        self.write(".clang-tidy", "Checks: '-*,modernize-use-nullptr'\nWarningsAsErrors: '*'\n")
        self.write(".gitignore", "/build/\n")
        self.commit_with("src/old.cpp", SLOPPY)
        self.commit_with("src/other.cpp", CLEAN)

    def git(self, *arguments):
        subprocess.run(
            ["git", "-C", self.tree, "-c", "user.name=test", "-c", "user.email=test@localhost", *arguments],
            check=True,
            capture_output=True,
        )

    def commit_with(self, name, text):
        self.write(name, text)
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", name)

    def tidy(self, *options):
        units = [
            {"directory": str(self.tree), "file": str(file), "command": f"g++ -std=c++20 -c {file}"}
            for file in sorted((self.tree / "src").glob("*.cpp"))
        ]
        self.write("build/compile_commands.json", json.dumps(units))
        return self.run_script(
            "tidy.py", "--build", self.tree / "build", *options, self.tree, GINO_TIDY_ALL=""
        )

    def test_checks_changed_files_only(self):
        self.write("src/other.cpp", CLEAN + "// more\n")

        code, output = self.tidy()

        self.assertEqual(code, 0, output)
        self.assertIn("src/other.cpp: clean", output)
        self.assertNotIn("src/old.cpp", output)

    def test_finds_a_mistake_in_a_new_file(self):
        self.write("src/new.cpp", SLOPPY)

        self.assert_finds(self.tidy(), "use nullptr")

    def test_finds_a_mistake_in_the_last_commit(self):
        self.commit_with("src/new.cpp", SLOPPY)

        self.assert_finds(self.tidy(), "src/new.cpp: see below")

    def test_checks_every_file_on_request(self):
        self.assert_finds(self.tidy("--all"), "src/old.cpp: see below")

    def test_reports_the_number_of_skipped_files(self):
        self.write("src/new.cpp", CLEAN + "// more\n" * 10)
        self.write("src/other.cpp", CLEAN + "// more\n")

        code, output = self.tidy("--most", "1")

        self.assertEqual(code, 0, output)
        self.assertIn("src/new.cpp: clean", output)
        self.assertIn("1 more files have changed", output)


unittest.main()
