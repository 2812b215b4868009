# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the program on the command line.

usage: command_line_test.py PROGRAM sqlite|postgresql
"""

import json
import os
import pathlib
import pty
import re
import signal
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
import urllib.parse

import running


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class CommandLine(running.ServiceTest):
    def run_to_its_end(self, *options):
        command = [self.program, "--url", self.database.url, "--input", running.SAMPLE, "--port", "0", *options]
        return subprocess.run(command, capture_output=True, text=True, timeout=running.PATIENCE, check=False)

    def assert_fails(self, result, pattern):
        """Checks that the program prints the error in one line, without a password."""
        self.assertEqual(result.returncode, 1, result)
        self.assertEqual(result.stdout, "")
        last = result.stderr.splitlines()[-1]
        self.assertRegex(last, f"^debian_packages: {pattern}")
        others = [line for line in result.stderr.splitlines()[:-1] if not line.startswith("importing: ")]
        self.assertEqual(others, [])
        self.assertNotIn("secret", result.stderr)

    def test_prints_its_address_and_stops_on_a_signal(self):
        for one in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(one.name):
                service = self.start()
                self.assertRegex(service.address, r"^http://127\.0\.0\.1:[1-9]\d*/$")
                self.assertEqual(service.request("GET", "/")[0], 200)
                code, told = service.stop(one)
                self.assertEqual(code, 0, told)

    def test_listens_on_the_given_port(self):
        port = free_port()
        service = self.start("--port", str(port), "--host", "127.0.0.1")
        self.assertEqual(service.address, f"http://127.0.0.1:{port}/")

    def test_imports_at_the_first_start_only(self):
        _, told = self.start().stop()
        self.assertRegex(told, r"importing: 100 %\nimported 6 packages from .*/sample_status\n$")
        service = self.start()
        self.assertEqual(json.loads(service.request("GET", "/packages")[1])["total"], 6)
        self.assertEqual(service.stop(), (0, ""))

    def test_keeps_notes(self):
        service = self.start()
        service.request("POST", "/packages/alpha/notes", {"text": "kept"})
        service.stop()
        status, content = self.start().request("GET", "/packages/alpha")
        self.assertEqual((status, json.loads(content)["notes"][0]["text"]), (200, "kept"))

    def test_serves_many_requests_with_one_connection(self):
        service = self.start("--pool-size", "1")
        statuses = []

        def ask():
            statuses.append(service.request("GET", "/packages/alpha")[0])

        threads = [threading.Thread(target=ask) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses, [200] * 20)

    def test_draws_a_bar_on_a_terminal(self):
        terminal, end = pty.openpty()
        self.addCleanup(os.close, terminal)
        command = [self.program, "--url", self.database.url, "--input", running.SAMPLE, "--port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=end, text=True)
        os.close(end)
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=running.PATIENCE)
        shown = b""
        while b"imported 6 packages" not in shown:  # a read from a terminal returns the available bytes
            shown += os.read(terminal, 100_000)
        self.assertRegex(shown.decode(), r"\rimporting \[#{40}\] 100 %\r\nimported 6 packages")

    def test_stops_while_it_imports_and_stores_nothing(self):
        with tempfile.NamedTemporaryFile("w", suffix="_many") as many:
            for number in range(60_000):
                many.write(f"Package: p{number}\nVersion: 1\nArchitecture: all\nDepends: p{number - 1 if number else 1}\n\n")
            many.flush()
            command = [self.program, "--url", self.database.url, "--input", many.name, "--port", "0"]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertEqual(process.stderr.readline(), "importing: 0 %\n")
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=running.PATIENCE)
        self.assertEqual(process.returncode, 0, told)
        self.assertTrue(told.endswith("debian_packages: interrupted, nothing was imported\n"), told)
        _, content = self.start().request("GET", "/packages")
        self.assertEqual(json.loads(content)["total"], 6)

    def test_reports_a_damaged_input_with_file_and_line(self):
        with tempfile.NamedTemporaryFile("w", suffix="_damaged") as damaged:
            whole = pathlib.Path(running.SAMPLE).read_text(encoding="utf-8")
            damaged.write(whole[: len(whole) // 2])
            damaged.flush()
            self.assert_fails(self.run_to_its_end("--input", damaged.name), re.escape(damaged.name) + r":\d+: ")
        _, content = self.start().request("GET", "/packages")
        self.assertEqual(json.loads(content)["total"], 6)

    def test_reports_a_missing_input(self):
        self.assert_fails(self.run_to_its_end("--input", "/nowhere/status"), "cannot read /nowhere/status: No such file")

    def test_reports_a_port_that_is_in_use(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.assert_fails(self.run_to_its_end("--port", str(port)), f"cannot listen on 127.0.0.1:{port}: .*in use")

    def test_reports_invalid_urls(self):
        for url, pattern in (
            ("nonsense", ".*URL"),
            ("oracle://me:secret@localhost/app", ".*oracle"),
            ("postgresql://me:secret@localhost:99999/app", ".*port"),
            ("sqlite:////nowhere/at/all.db", ".*/nowhere/at"),
        ):
            with self.subTest(url):
                self.assert_fails(self.run_to_its_end("--url", url), pattern)

    def test_reports_an_unreachable_server(self):
        url = f"postgresql://me:secret@127.0.0.1:{free_port()}/app"
        self.assert_fails(self.run_to_its_end("--url", url), "cannot connect to PostgreSQL at 127.0.0.1:.*refused")

    def test_explains_its_options(self):
        result = self.run_to_its_end("--help")
        self.assertEqual(result.returncode, 0)
        for option in ("--url", "--input", "--port", "--host", "--pool-size", "--help"):
            self.assertIn(option, result.stdout)

    def test_refuses_invalid_options(self):
        for options in (["--prot", "1"], ["--port", "many"], ["--port", "70000"], ["--pool-size", "0"]):
            with self.subTest(options):
                result = self.run_to_its_end(*options)
                self.assertEqual(result.returncode, 2)
                self.assertRegex(result.stderr, f"^debian_packages: .*{options[0]}.*; see --help\n$")


class Proxy(socketserver.ThreadingTCPServer):
    """A proxy that forwards connections to a server; close() closes all of them."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, target, port=0):
        self.target = target
        self.sockets = []
        super().__init__(("127.0.0.1", port), ProxyConnection)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()
        for one in self.sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other end has closed the socket first


class ProxyConnection(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.create_connection(self.server.target) as server:
            self.server.sockets += [self.request, server]
            back = threading.Thread(target=self.copy, args=(server, self.request))
            back.start()
            self.copy(self.request, server)
            back.join()

    @staticmethod
    def copy(source, target):
        try:
            while part := source.recv(65536):
                target.sendall(part)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # close() has closed the socket


class Server(running.ServiceTest):
    """Tests that need a database on a server."""

    def setUp(self):
        if self.kind != "postgresql":
            self.skipTest("a file has no server")
        super().setUp()
        self.parts = urllib.parse.urlsplit(self.database.url)

    def url_with(self, **changes):
        values = {
            "user": self.parts.username,
            "password": self.parts.password,
            "port": self.parts.port or 5432,
            **changes,
        }
        place = f"{values['user']}:{values['password']}@{self.parts.hostname}:{values['port']}"
        return self.parts._replace(netloc=place).geturl()

    def test_reports_a_wrong_password(self):
        command = [self.program, "--url", self.url_with(password="secret"), "--port", "0"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=running.PATIENCE, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"^debian_packages: PostgreSQL at [^\n]* refused user [^\n]*password[^\n]*\n$")
        self.assertNotIn("secret", result.stderr)

    def assert_recovers(self, service):
        """Repeats a request, because the pool's pause may be longer than a request."""
        until = time.monotonic() + running.PATIENCE
        status = None
        while status != 200 and time.monotonic() < until:
            status, _ = service.request("GET", "/packages/alpha")
        self.assertEqual(status, 200)

    def test_answers_503_while_the_server_is_unreachable_and_recovers(self):
        target = (self.parts.hostname, self.parts.port or 5432)
        proxy = Proxy(target)
        port = proxy.server_address[1]
        service = self.start(url=self.url_with(port=port))
        self.assertEqual(service.request("GET", "/packages/alpha")[0], 200)

        proxy.close()
        away = [service.request("GET", "/packages/alpha") for _ in range(3)]
        self.assertEqual(service.request("GET", "/")[0], 200)

        proxy = Proxy(target, port)
        self.addCleanup(proxy.close)
        self.assert_recovers(service)
        self.assertEqual([status for status, _ in away], [503] * 3)
        self.assertIn("error", json.loads(away[0][1]))
        code, told = service.stop()
        self.assertEqual(code, 0)
        self.assertRegex(told, "debian_packages: GET /packages/alpha: .*PostgreSQL")


if __name__ == "__main__":
    running.main()
