# SPDX-License-Identifier: BSD-3-Clause
import unittest

from script_test import ScriptTest


class Install(ScriptTest):
    def setUp(self):
        super().setUp()
        # Fake tools: dpkg-query lists INSTALLED, apt-get prints its arguments, and sudo runs only
        # apt-get.
        self.tool("dpkg-query", 'for p in $INSTALLED; do echo "installed $p"; done')
        self.tool("apt-get", 'echo "Setting up apt-get $*"; [ "$1" = update ] || exit "${APT_RESULT:-0}"')
        self.tool("sudo", 'case $1 in apt-get | env) exec "$@" ;; esac')
        self.tool("id", "echo 1000")

    def tool(self, name, script):
        self.write(f"bin/{name}", f"#!/bin/sh\n{script}\n").chmod(0o755)

    def install(self, installed, *arguments, **environment):
        path = f"{self.tree}/bin:/usr/bin:/bin"
        return self.run_script("install.sh", *arguments, PATH=path, INSTALLED=installed, **environment)

    def packages(self, group):
        _, output = self.run_script("install.sh", "--list", group)
        return [line.split(":")[0] for line in output.splitlines()]

    def test_is_silent_when_everything_is_installed(self):
        self.assertEqual(self.install(" ".join(self.packages("run")), "run"), (0, ""))

    def test_installs_missing_packages_and_gives_reasons(self):
        installed = " ".join(set(self.packages("run")) - {"ninja-build", "g++"})

        code, output = self.install(installed, "run")

        self.assertEqual(code, 0, output)
        self.assertIn("Installing 2 Debian packages", output)
        self.assertRegex(output, r"ninja-build +runs the build")
        self.assertRegex(output, r"apt-get install .*--no-install-recommends.* g\+\+ ninja-build\n")

    def test_fails_when_apt_fails(self):
        self.assert_finds(self.install("", "postgresql", APT_RESULT="100"), "apt-get could not install")

    def test_group_check_contains_the_others(self):
        check = set(self.packages("check"))

        self.assertLess({*self.packages("run"), *self.packages("postgresql")}, check)

    def test_refuses_an_unknown_group(self):
        code, output = self.install("", "everything")

        self.assertEqual(code, 2)
        self.assertIn("no group of packages is called 'everything'", output)


unittest.main()
