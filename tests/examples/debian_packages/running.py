# SPDX-License-Identifier: BSD-3-Clause
"""Runs the program `debian_packages` on a new database, like a user."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

SAMPLE = str(pathlib.Path(__file__).with_name("sample_status"))
PATIENCE = 60  # seconds to wait for an expected event
SKIPPED = 77  # the exit code that CTest shows as a skipped test


class Database:
    """An empty database: a file for `sqlite`, on GINO_TEST_POSTGRESQL's server for `postgresql`."""

    def __init__(self, kind):
        self.kind = kind
        self._folder = tempfile.mkdtemp(prefix="gino-debian-packages-")
        self.url = f"sqlite:///{self._folder}/test.db"
        if kind == "postgresql":
            self._server = os.environ["GINO_TEST_POSTGRESQL"]
            self._name = f"debian_packages_{os.getpid()}_{id(self)}"
            self._sql(f"CREATE DATABASE {self._name}")
            self.url = urllib.parse.urlsplit(self._server)._replace(path=f"/{self._name}").geturl()

    def remove(self):
        if self.kind == "postgresql":
            self._sql(f"DROP DATABASE {self._name} WITH (FORCE)")
        shutil.rmtree(self._folder)

    def _sql(self, statement):
        subprocess.run(["psql", "-Xq", "--dbname", self._server, "--command", statement], check=True)


class Service:
    """The running program, which listens on a free port."""

    def __init__(self, program, url, *options):
        command = [program, "--url", url, "--input", SAMPLE, "--port", "0", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        if not self.address:
            raise AssertionError(f"the service did not start: {self.process.communicate()[1]}")

    def request(self, method, path, body=None):
        """Sends a request; returns status and content."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path.lstrip("/"), content, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as failure:
            return failure.code, failure.read()

    def stop(self, with_signal=signal.SIGTERM):
        """Stops the program by a signal; returns its exit code and its output on stderr."""
        self.process.send_signal(with_signal)
        _, told = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, told

    def kill(self):
        """Kills the process if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class ServiceTest(unittest.TestCase):
    """A test with an empty database; main() sets the program and the kind of database."""

    program = ""
    kind = ""

    def setUp(self):
        self.database = Database(self.kind)
        self.addCleanup(self.database.remove)

    def start(self, *options, url=None):
        service = Service(self.program, url or self.database.url, *options)
        self.addCleanup(service.kill)
        return service


def main():
    """Runs the tests. Arguments: PROGRAM sqlite|postgresql [arguments of unittest]."""
    ServiceTest.program, ServiceTest.kind = sys.argv[1:3]
    if ServiceTest.kind == "postgresql" and not os.environ.get("GINO_TEST_POSTGRESQL"):
        print("SKIPPED: GINO_TEST_POSTGRESQL has no URL of a PostgreSQL; scripts/databases.sh starts one")
        sys.exit(1 if os.environ.get("GINO_TEST_REQUIRE_SERVERS") == "1" else SKIPPED)
    unittest.main(module="__main__", argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
