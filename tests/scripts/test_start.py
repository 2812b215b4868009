# SPDX-License-Identifier: BSD-3-Clause
"""Tests of ./start, in a tree whose build makes a service that prints its arguments."""

import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from script_test import ROOT, ScriptTest

SERVICE = "build/release/examples/3_apps/debian_packages/debian_packages"
# Like the real service, this script ends with exit code 0 on SIGINT and SIGTERM. It must not use
# bash, which may send SIGINT to itself forever when the signal arrives while it waits for a child.
SERVICE_TEXT = """#!/bin/sh
trap 'echo stopped; exit 0' INT TERM
echo "$PWD: $*"
while :; do sleep 0.05; done
"""


class Start(ScriptTest):
    def setUp(self):
        super().setUp()
        # The account of PostgreSQL needs access to the tree.
        self.tree = pathlib.Path(tempfile.mkdtemp(prefix="gino-test-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.tree)
        self.tree.chmod(0o755)
        shutil.copy(ROOT / "start", self.tree)
        self.script("scripts/install.sh", 'echo "install $*"')
        self.script("bin/cmake", 'echo "cmake $*"')
        self.write(SERVICE, SERVICE_TEXT).chmod(0o755)
        (self.tree / "scripts/databases.sh").symlink_to(ROOT / "scripts/databases.sh")

    def script(self, name, text):
        self.write(name, f"#!/bin/sh\n{text}\n").chmod(0o755)

    def start(self, *options, number=signal.SIGINT):
        """Runs ./start, sends the signal after the service's first line; returns the output."""
        with subprocess.Popen(
            [self.tree / "start", *options],
            cwd="/usr",
            env={"PATH": f"{self.tree}/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            said = []
            for line in process.stdout:
                said.append(line)
                if line.startswith("/usr: "):
                    process.send_signal(number)
            self.assertEqual(process.wait(), 0, said)
        return "".join(said)

    def test_runs_the_service_in_the_working_directory_on_a_file(self):
        said = self.start()

        self.assertIn("install run\n", said)
        self.assertIn("--target debian_packages", said)
        self.assertIn(f"/usr: --url sqlite:///{self.tree}/.run/debian_packages.db\n", said)
        self.assertTrue((self.tree / ".run").is_dir())

    def test_waits_until_the_service_has_stopped(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.assertTrue(self.start(number=number).endswith("stopped\n"))

    def test_passes_other_options_on(self):
        said = self.start("--port", "0", "--input", "a file")

        self.assertIn("debian_packages.db --port 0 --input a file\n", said)

    def test_uses_the_database_of_the_url_option(self):
        for options in (("--url", "sqlite:///a.db"), ("--url=sqlite:///a.db",)):
            self.assertIn(f"/usr: {' '.join(options)}\n", self.start(*options))

    def test_keeps_postgresql_between_runs_and_stops_it(self):
        first = self.start("--with-postgresql")
        second = self.start("--with-postgresql", number=signal.SIGTERM)

        self.assertIn("install postgresql\n", first)
        for said in (first, second):
            self.assertRegex(said, r"/usr: --url postgresql://gino:gino@127.0.0.1:\d+/gino\n")
        self.assertTrue((self.tree / ".run/postgresql/data/PG_VERSION").exists())
        self.assertFalse((self.tree / ".run/postgresql/data/postmaster.pid").exists())

    def test_refuses_two_databases(self):
        result = subprocess.run(
            [self.tree / "start", "--with-postgresql", "--url", "sqlite:///a.db"],
            capture_output=True,
            text=True,
            check=False,
        )

        self.assertEqual(result.returncode, 2)
        self.assertIn("exclude each other", result.stderr)

    def test_returns_the_exit_code_of_a_service_that_fails(self):
        self.script(SERVICE, "exit 3")

        result = subprocess.run(
            [self.tree / "start"],
            env={"PATH": f"{self.tree}/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
            capture_output=True,
            check=False,
        )

        self.assertEqual(result.returncode, 3)


unittest.main()
