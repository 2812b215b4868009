# SPDX-License-Identifier: BSD-3-Clause
import unittest

from script_test import ScriptTest


class CheckManners(ScriptTest):
    def check(self, line):
        self.write("src/engine/pool/pool.cpp", f"{line}\n")
        return self.run_script("check_manners.py", self.tree)

    def test_accepts_similar_names(self):
        for line in (
            "connection.abort();",
            "void abort();",
            "auto text = std::snprintf(buffer, size, format);",
            'throw_error("call exit() or print to std::cout");',
            "// std::abort() would end the program",
            "socket_exit(1);",
            "random_device rand_;",
        ):
            self.assert_clean(self.check(line))

    def test_finds_output(self):
        for line in ("std::cout << 1;", 'printf("x");', 'std::fprintf(stderr, "x");', "puts(text);"):
            self.assert_finds(self.check(line), "src/engine/pool/pool.cpp:1: ")
            self.assert_finds(self.check(line), "the library does not print")

    def test_finds_calls_that_end_the_program(self):
        for line in ("exit(1);", "std::exit(1);", "std::abort();", "::abort();", "std::terminate();"):
            self.assert_finds(self.check(line), "the library does not end the program")

    def test_finds_thread_local_state(self):
        self.assert_finds(self.check("thread_local int depth = 0;"), "belongs to a coroutine")

    def test_finds_process_wide_state(self):
        self.assert_finds(self.check('setenv("TZ", "UTC", 1);'), "process-wide state")
        self.assert_finds(self.check("sigaction(SIGPIPE, &ignore, nullptr);"), "the program's")

    def test_accepts_a_line_with_a_reason(self):
        self.assert_clean(self.check("thread_local buffer scratch;  // manners: memory only"))


unittest.main()
