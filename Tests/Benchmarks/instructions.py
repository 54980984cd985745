#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a command has come to take more instructions than instructions.txt says.

instructions.py CA-ESCROW [--write]

Instructions are counted by valgrind's callgrind, so the figure is the same on a busy machine as on an idle one. What is
counted are whole commands in the little world of world.sh, without the peers that bench.py measures against. --write puts
today's figures into the file; a figure that has become smaller is told, and is no failure.
"""
import argparse
import pathlib
import sys

from callgrind import counts

FIGURES = pathlib.Path(__file__).with_name("instructions.txt")
# Keys and names are drawn anew each time, and libraries are updated.
TOLERANCE = 0.02


def main():
    options = argparse.ArgumentParser()
    options.add_argument("tool")
    options.add_argument("--write", action="store_true")
    options = options.parse_args()
    known = dict(line.split() for line in FIGURES.read_text().splitlines())
    found, worse = {}, []
    for name, number in counts(options.tool):
        found[name] = number
        before = int(known.get(name, found[name]))
        change = found[name] / before - 1
        print(f"{name:<10} {found[name]:>12,} instructions, {before:>12,} before: {change:+.1%}", flush=True)
        if change > TOLERANCE:
            worse.append(name)
    if options.write:
        FIGURES.write_text("".join(f"{name} {number}\n" for name, number in found.items()))
    elif worse:
        sys.exit(f"more instructions than before: {', '.join(worse)}; if that is meant: {sys.argv[0]} --write")


main()
