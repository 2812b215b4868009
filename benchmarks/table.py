#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Prints two files of measurements, gino's and a peer's, as one table.

usage: table.py OURS PEERS
"""

import json
import sys


def read(name):
    with open(name, encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return {(one["statement"], one["step"]): one for one in found}


def main(ours, peers):
    ours, peers = read(ours), read(peers)
    print(f"{'statement':28}{'step':13}{'gino':>10}{'instructions':>14}{'allocations':>13}{'SQLAlchemy':>12}{'ratio':>8}")
    for key, one in ours.items():
        peer = peers.get(key)
        ratio = f"{peer['ns'] / one['ns']:7.0f}x" if peer else ""
        theirs = f"{peer['ns'] / 1000:9.1f} us" if peer else ""
        print(
            f"{key[0]:28}{key[1]:13}{one['ns']:7.0f} ns{one['instructions']:>14}{one['allocations']:>13.0f}{theirs:>12}{ratio:>8}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:3])
