# SPDX-License-Identifier: BSD-3-Clause
import unittest

from script_test import ROOT, ScriptTest


class FreshDebian(ScriptTest):
    def setUp(self):
        super().setUp()
        # Fake tools: debootstrap creates an empty Debian, and unshare only prints its command.
        self.tool("id", "echo 0")
        self.tool("debootstrap", 'mkdir -p "$4/etc/apt" "$4/root"; echo 0 >"$4/etc/debian_version"; echo "made $*"')
        self.tool("apt-get", 'printf "%s\\n" http://other/x/ http://mirror/debian-security/ http://mirror/debian/')
        self.tool("unshare", 'echo "ran $*"')

    def tool(self, name, script):
        self.write(f"bin/{name}", f"#!/bin/sh\n{script}\n").chmod(0o755)

    def fresh_debian(self, *arguments, **environment):
        path = f"{self.tree}/bin:/usr/bin:/bin"
        environment = {"DEBIAN_MIRROR": "", "PATH": path} | environment
        return self.run_script("fresh_debian.sh", *arguments, **environment)

    def test_uses_the_mirror_of_the_machine(self):
        code, output = self.fresh_debian("trixie", f"{self.tree}/d", "./start", "--help")

        self.assertEqual(code, 0, output)
        self.assertIn(f"trixie {self.tree}/d http://mirror/debian\n", output)
        self.assertTrue(output.rstrip().endswith("./start --help"), output)
        self.assertEqual(
            (self.tree / "d/etc/apt/sources.list").read_text(encoding="utf-8").splitlines(),
            [
                "deb http://mirror/debian trixie main",
                "deb http://mirror/debian trixie-updates main",
                "deb http://mirror/debian-security trixie-security main",
            ],
        )

    def test_uses_the_named_mirror(self):
        code, output = self.fresh_debian("sid", f"{self.tree}/d", DEBIAN_MIRROR="http://other/debian/")

        self.assertEqual(code, 0, output)
        sources = (self.tree / "d/etc/apt/sources.list").read_text(encoding="utf-8")
        self.assertEqual(sources, "deb http://other/debian sid main\n")

    def test_keeps_an_existing_debian(self):
        self.fresh_debian("bookworm", f"{self.tree}/d")

        _, output = self.fresh_debian("bookworm", f"{self.tree}/d")

        self.assertNotIn("made", output)
        self.assertIn("ran", output)

    def test_refuses_a_machine_without_a_mirror(self):
        self.tool("apt-get", "exit 0")

        self.assert_finds(self.fresh_debian("sid", f"{self.tree}/d"), "set DEBIAN_MIRROR")

    def test_refuses_another_release(self):
        self.assert_finds(self.fresh_debian("buster", f"{self.tree}/d"), "no release is called 'buster'")

    def test_no_script_names_a_host_of_packages(self):
        scripts = [ROOT / "check", ROOT / "start", ROOT / ".ci/run", *(ROOT / "scripts").iterdir()]
        named = [s.name for s in scripts if s.is_file() and "debian.org" in s.read_text(encoding="utf-8")]

        self.assertEqual(named, [])


unittest.main()
