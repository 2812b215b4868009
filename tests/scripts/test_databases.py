# SPDX-License-Identifier: BSD-3-Clause
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

from script_test import ROOT, ScriptTest

SCRIPT = ROOT / "scripts/databases.sh"


def query(url, sql="SELECT current_user"):
    """Returns the first value of the result, or the error."""
    result = subprocess.run(
        ["psql", "--no-psqlrc", "--tuples-only", "--no-align", f"--dbname={url}", f"--command={sql}"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    return (result.stdout or result.stderr).strip()


class Databases(ScriptTest):
    def setUp(self):
        super().setUp()
        # The account of the server needs access to the folder.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="gino-test-", dir="/tmp"), "server")
        self.folder.parent.chmod(0o755)
        self.addCleanup(self.remove)

    def remove(self):
        self.run_script("databases.sh", "stop", self.folder)
        self.folder.parent.rmdir()

    def start(self):
        self.assert_clean(self.run_script("databases.sh", "start", self.folder))
        lines = (self.folder / "env").read_text().splitlines()
        return dict(line.removeprefix("export ").replace("'", "").split("=", 1) for line in lines)

    def test_serves_its_three_addresses(self):
        urls = self.start()

        self.assertEqual(query(urls["GINO_TEST_POSTGRESQL"]), "gino")
        self.assertEqual(query(urls["GINO_TEST_POSTGRESQL_SOCKET"]), "gino")
        self.assertEqual(query(urls["GINO_TEST_POSTGRESQL_TRUST"]), "trusted")

    def test_requires_the_password(self):
        url = self.start()["GINO_TEST_POSTGRESQL"]

        self.assertIn("password authentication failed", query(url.replace("gino:gino", "gino:x")))

    def test_role_may_create_databases_and_is_no_superuser(self):
        url = self.start()["GINO_TEST_POSTGRESQL"]

        self.assertEqual(query(url, "SHOW is_superuser"), "off")
        self.assertEqual(query(url, "CREATE DATABASE another"), "CREATE DATABASE")
        self.assertEqual(query(url, "CREATE TABLE t()"), "CREATE TABLE")

    def test_keeps_the_data_on_request(self):
        query(self.start()["GINO_TEST_POSTGRESQL"], "CREATE TABLE kept AS SELECT 42 AS answer")
        self.assert_clean(self.run_script("databases.sh", "stop", "--keep", self.folder))

        url = self.start()["GINO_TEST_POSTGRESQL"]

        self.assertEqual(query(url, "SELECT answer FROM kept"), "42")

    def test_stops_without_leftovers(self):
        urls = self.start()
        socket = pathlib.Path(urls["GINO_TEST_POSTGRESQL_SOCKET"].split("host=")[1].split("&")[0])

        self.assert_clean(self.run_script("databases.sh", "stop", self.folder))

        self.assertFalse(self.folder.exists())
        self.assertFalse(socket.exists())
        self.assertIn("refused", query(urls["GINO_TEST_POSTGRESQL"]))

    def test_keeps_folders_of_other_programs(self):
        self.folder.mkdir()
        precious = self.folder / "precious"
        precious.touch()

        for verb in ("start", "stop"):
            code, _ = self.run_script("databases.sh", verb, self.folder)
            self.assertNotEqual(code, 0)
        self.assertTrue(precious.exists())

        precious.unlink()
        self.folder.rmdir()

    def test_runs_a_command_and_returns_its_exit_code(self):
        command = 'psql --no-psqlrc -At "$GINO_TEST_POSTGRESQL" -c "SELECT 6 * 7"; exit 3'

        code, output = self.run_script("databases.sh", "run", self.folder, "--", "sh", "-c", command)

        self.assertEqual((code, output.strip()), (3, "42"))
        self.assertFalse(self.folder.exists())

    def test_forwards_signals_and_stops(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            command = 'trap "exit 7" INT TERM; echo ready; while :; do sleep 0.05; done'
            with subprocess.Popen(
                [SCRIPT, "run", self.folder, "--", "sh", "-c", command], stdout=subprocess.PIPE, text=True
            ) as process:
                self.assertEqual(process.stdout.readline(), "ready\n")
                process.send_signal(number)
                self.assertEqual(process.wait(), 7)
            self.assertFalse(self.folder.exists())


if __name__ == "__main__":
    if not shutil.which("psql"):
        print("SKIPPED: there is no psql; scripts/install.sh postgresql installs it")
        raise SystemExit(77)
    unittest.main()
