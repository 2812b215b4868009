# SPDX-License-Identifier: BSD-3-Clause
"""Tests of the page in a browser. Screenshots are written to the folder in the environment variable
SCREENSHOTS.

usage: browser_test.py PROGRAM sqlite|postgresql
"""

import os
import pathlib

import running
from webdriver import Browser

SCREENSHOTS = pathlib.Path(os.environ.get("SCREENSHOTS", "screenshots"))


class Page(running.ServiceTest):
    def setUp(self):
        super().setUp()
        self.service = self.start()
        self.browser = self.enterContext(Browser())
        self.browser.resize(1280, 900)
        self.browser.go(self.service.address)

    def see(self, name):
        self.browser.screenshot(SCREENSHOTS / f"{self.kind}_{name}.png")

    def wait_for_title(self, title):
        self.browser.wait(lambda: self.browser.texts("h1")[:1] == [title], f"the title {title!r}")

    def wait_for_names(self, *names):
        self.browser.wait(lambda: self.browser.texts("#results strong") == list(names), f"packages {names}")

    def wait_for_note(self, text):
        self.browser.wait(lambda: self.browser.texts(".note .text") == [text], f"the note {text!r}")

    def search(self, text):
        field = self.browser.find("#search")
        field.clear()
        field.type(text)

    def click(self, css, text):
        """Clicks the element that has this text."""
        def found():
            return next((one for one in self.browser.find_all(css) if one.text() == text), None)
        self.browser.wait(found, f"{text!r} in {css}").click()

    def test_finds_packages_while_typing(self):
        self.wait_for_names("alpha", "alpha-doc", "g++", "gamma", "libbeta1", "orphan")
        self.see("all")
        self.search("alpha")
        self.wait_for_names("alpha", "alpha-doc")
        self.assertEqual(self.browser.texts("#total"), ["2 packages"])
        self.assertTrue(self.browser.address().endswith("#/search/alpha"))
        self.see("search")
        self.search("g++")
        self.wait_for_names("g++")
        self.search("no such thing")
        self.browser.find(".nothing")

    def test_follows_dependencies_and_goes_back(self):
        self.search("alpha")
        self.wait_for_names("alpha", "alpha-doc")
        self.click("#results strong", "alpha")
        self.wait_for_title("alpha 1:2.0-1")
        self.assertIn("dpkg (>= 1.17)", self.browser.texts("#needs li"))
        self.see("package")
        self.click("#needs a", "libbeta1")
        self.wait_for_title("libbeta1 1.2.3-4+b1")
        self.assertEqual(len(self.browser.texts("#needed-by li")), 3)
        self.click("#maintainer", "Grace Hopper")
        self.wait_for_names("gamma", "libbeta1")
        self.see("maintainer")

        self.browser.back()
        self.wait_for_title("libbeta1 1.2.3-4+b1")
        self.browser.back()
        self.wait_for_title("alpha 1:2.0-1")
        self.browser.back()
        self.wait_for_names("alpha", "alpha-doc")
        self.assertEqual(self.browser.find("#search").property("value"), "alpha")

    def test_adds_edits_and_deletes_notes(self):
        self.browser.go(self.service.address + "#/packages/alpha")
        self.browser.find("#notes textarea").type("Works <b>well</b>.\nSecond line.")
        self.browser.find("#notes input").type("Ada")
        self.click("#notes button", "Add note")
        self.wait_for_note("Works <b>well</b>.\nSecond line.")
        self.assertTrue(self.browser.texts(".note .meta")[0].startswith("Ada, "))
        self.assertEqual(self.browser.find("#notes textarea").property("value"), "")
        self.see("note")

        self.click(".note button", "Edit")
        field = self.browser.find(".note textarea")
        field.clear()
        field.type("Works better.")
        self.click(".note button", "Save")
        self.wait_for_note("Works better.")

        self.browser.go(self.service.address)
        self.wait_for_title("All packages")
        self.browser.back()
        self.wait_for_note("Works better.")
        self.click(".note button", "Delete")
        self.click(".note button", "Really delete?")
        self.browser.wait(lambda: not self.browser.find_all(".note"), "no note")
        self.assertIn(b'"notes":[]', self.service.request("GET", "/packages/alpha")[1])

    def test_shows_the_results_of_the_last_search(self):
        # The responses arrive in the wrong order: the first search takes longer than the second.
        self.wait_for_title("All packages")
        self.browser.run(
            "const original = window.fetch;"
            "window.held = [];"
            "window.fetch = async (path, options) => {"
            "  if (path.includes('search=gam')) {"
            "    await new Promise(resolve => window.held.push(resolve));"
            "    return original(path);"  # without the abort signal, as if the abort came too late
            "  }"
            "  return original(path, options);"
            "};"
        )
        self.search("gam")
        self.browser.wait(lambda: self.browser.run("return window.held.length") == 1, "the first request")
        self.search("alpha-")
        self.wait_for_names("alpha-doc")
        self.browser.run("window.held[0]()")
        self.browser.run("return fetch('/packages?limit=1').then(answer => answer.text())")
        self.assertEqual(self.browser.texts("#results strong"), ["alpha-doc"])

    def test_shows_errors(self):
        self.browser.go(self.service.address + "#/packages/nothing")
        self.assertIn("does not exist", self.browser.find("#problem").text())
        self.service.kill()
        self.search("alpha")
        self.browser.wait(lambda: "cannot be reached" in self.browser.find("#problem").text(), "the problem")
        self.see("problem")

    def test_fits_a_phone_in_dark_mode(self):
        self.browser.resize(390, 844)
        self.browser.color_scheme("dark")
        for address in ("", "#/packages/alpha", "#/maintainers/1"):
            with self.subTest(address):
                self.browser.go(self.service.address + address)
                self.browser.find("main h1")
                self.browser.wait(lambda: self.browser.run("return view.ariaBusy") == "false", "the view")
                width = self.browser.run("return document.documentElement.scrollWidth")
                self.assertLessEqual(width, 390)
                self.see("phone_" + (address.strip("#/").replace("/", "_") or "all"))
        background = self.browser.run("return getComputedStyle(document.body).backgroundColor")
        self.assertEqual(background, "rgb(19, 19, 23)")

    def test_sends_requests_to_its_own_server_only(self):
        self.click("#results strong", "alpha")
        self.wait_for_title("alpha 1:2.0-1")
        loaded = self.browser.run("return performance.getEntriesByType('resource').map(one => one.name)")
        self.assertTrue(loaded)
        self.assertEqual([one for one in loaded if not one.startswith(self.service.address)], [])


if __name__ == "__main__":
    running.main()
