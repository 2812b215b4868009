#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Fails when ctest's report (--output-junit) has a test that did not run; prints nothing otherwise."""

import sys
import xml.etree.ElementTree as xml


def tests_that_did_not_run(report):
    """Yields the names of skipped, disabled and missing tests, with ctest's reasons."""
    for case in xml.parse(report).getroot().iter("testcase"):
        if case.get("status") in ("notrun", "disabled"):
            skipped = case.find("skipped")
            reason = skipped.get("message", "") if skipped is not None else "disabled"
            yield case.get("name"), reason


def main(report):
    did_not_run = list(tests_that_did_not_run(report))
    for name, reason in did_not_run:
        print(f"did not run: {name} ({reason})", file=sys.stderr)
    return 1 if did_not_run else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
