# SPDX-License-Identifier: BSD-3-Clause
import unittest

from script_test import LICENCE, ScriptTest

HEADER = "include/gino/engine/pool.hpp"


class CheckDocs(ScriptTest):
    def check(self, name, text):
        self.write(name, text)
        return self.run_script("check_docs.py", self.tree)

    def test_accepts_a_documented_header(self):
        self.write("examples/2_howto/pool.cpp", LICENCE + "// [borrow]\n// [borrow]\n")
        text = LICENCE + (
            "class engine;\n\n"
            "/// A set of connections.\n///\n/// Thread safety: any thread.\n///\n"
            "/// @snippet pool.cpp borrow\n"
            "template <typename Row>\n    requires mapped<Row>\nclass pool {\n};\n\n"
            "namespace detail {\nstruct hidden {\n};\n}  // namespace detail\n"
        )

        self.assert_clean(self.check(HEADER, text))

    def test_finds_a_type_without_a_comment(self):
        text = LICENCE + "/// Something else.\nclass other {};\n\nclass pool {\n};\n"

        self.assert_finds(self.check(HEADER, text), f"{HEADER}:5: pool has no documentation comment")

    def test_finds_a_concept_without_a_comment(self):
        text = LICENCE + "template <typename Value>\nconcept mapped = true;\n"

        self.assert_finds(self.check(HEADER, text), "mapped has no documentation comment")

    def test_finds_a_misspelled_fixed_word(self):
        text = LICENCE + "/// Borrows.\n///\n/// Thread-safety: any thread.\n"

        self.assert_finds(self.check(HEADER, text), "'Thread-safety:' is spelled 'Thread safety:'")

    def test_finds_a_missing_snippet(self):
        self.write("examples/2_howto/pool.cpp", LICENCE)
        text = LICENCE + "/// @snippet pool.cpp borrow\n"

        self.assert_finds(self.check(HEADER, text), "has a snippet [borrow]")

    def test_finds_a_file_without_a_licence(self):
        self.assert_finds(self.check("src/a.cpp", "int a;\n"), "src/a.cpp:1: the file does not start")
        self.assert_finds(self.check("scripts/a.py", "#!/usr/bin/env python3\n"), "its licence")

    def test_finds_characters_beyond_ascii(self):
        result = self.check("docs/a.md", "one\n\N{EN DASH} two\n")

        self.assert_finds(result, "docs/a.md:2: '\N{EN DASH}' is not ASCII")

    def test_finds_a_broken_link(self):
        self.write("docs/b.md", "# here\n")
        text = "[b](b.md#here), [web](https://example.org), [gone](../gone.md)\n"

        result = self.check("docs/a.md", text)

        self.assert_finds(result, "the link to ../gone.md leads nowhere")
        self.assertNotIn("b.md#here", result[1])

    def test_compares_error_codes_with_their_page(self):
        self.write("docs/errors.md", "## closed\n\n## gone\n")
        text = LICENCE + "/// Why.\nenum class errc {\n    closed = 1,\n    timeout,\n};\n"

        result = self.check("include/gino/core/errc.hpp", text)

        self.assert_finds(result, "no entry for the error code timeout")
        self.assert_finds(result, "gone is not an error code")

    def test_compares_the_reliability_page_with_the_tests(self):
        self.write("tests/a.cpp", LICENCE + "TEST_P(Pool, IsFair) {}\n")
        self.write("tests/fuzz/fuzz_url.cpp", LICENCE)

        result = self.check("docs/reliability.md", "`Pool.IsFair`, `fuzz.url`, `Pool.IsGone`, `fuzz.gone`\n")

        self.assert_finds(result, "docs/reliability.md:1: there is no test Pool.IsGone")
        self.assert_finds(result, "there is no test fuzz.gone")
        self.assertNotIn("IsFair", result[1])


unittest.main()
