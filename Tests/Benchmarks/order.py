#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes order.txt: the functions that the measured commands run, in the order of their first call.

order.py CA-ESCROW...

The linker puts them next to each other, so that a command touches few of the program's pages: a start takes less memory and
fewer page faults. A name that is gone does nothing, and a function without a name here stands behind: the file need not be
made anew with each change.
"""
import pathlib
import re
import subprocess
import sys

from callgrind import profiles

# A function in callgrind's file: a number, and where it comes for the first time a name; 'N of a recursive call.
FUNCTION = re.compile(r"^c?fn=\((\d+)\)(?: (.*?)(?:'\d+)?)?$", re.MULTILINE)


def main():
    order = {}
    for program in sys.argv[1:]:
        symbols = subprocess.run(["nm", "--defined-only", program], check=True, capture_output=True, text=True).stdout
        own = {line.split()[-1] for line in symbols.splitlines()}
        for _, _, profile in profiles(program):
            names = {}
            for number, name in FUNCTION.findall(profile.read_text(errors="replace")):
                name = names.setdefault(number, name)
                if name in own:
                    order[name] = None
    pathlib.Path(__file__).with_name("order.txt").write_text("".join(f"{name}\n" for name in order))


main()
