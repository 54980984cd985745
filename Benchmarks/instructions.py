#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a command has come to take more instructions than instructions.txt says.

instructions.py CA-ESCROW [--write]

Instructions are counted by valgrind's callgrind, so the figure is the same on a busy machine as on an idle one. What is
counted are whole commands in the little world of world.sh, without the peers that bench.py measures against. --write puts
today's figures into the file; a figure that has become smaller is told, and is no failure.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from commands import AUDIT, BACKUP, RESTORE, VERSION

HERE = pathlib.Path(__file__).resolve().parent
FIGURES = HERE / "instructions.txt"
# Keys and names are drawn anew each time, and libraries are updated.
TOLERANCE = 0.02

COMMANDS = {"version": VERSION, "backup": BACKUP, "audit": AUDIT, "restore": RESTORE}


def count(tool, command, folder):
    arguments, status = command
    # Swift seeds its hash tables anew in every process otherwise.
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "SWIFT_DETERMINISTIC_HASHING": "1"}
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", tool, *arguments],
                         cwd=folder, env=environment, capture_output=True, text=True)
    if run.returncode != status:
        sys.exit(f"{' '.join(arguments)}: status {run.returncode}\n{run.stderr}")
    return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("tool")
    options.add_argument("--write", action="store_true")
    options = options.parse_args()
    known = dict(line.split() for line in FIGURES.read_text().splitlines())
    found, worse = {}, []
    with tempfile.TemporaryDirectory(prefix="ca-escrow-instructions.") as folder:
        binaries = pathlib.Path(folder) / "bin"
        binaries.mkdir()
        tool = binaries / "ca-escrow"
        # With what is for debuggers, valgrind would take longer to read the program than to run it.
        subprocess.run(["strip", "--strip-debug", "-o", tool, options.tool], check=True)
        world = pathlib.Path(folder) / "world"
        world.mkdir()
        subprocess.run([HERE / "world.sh"], cwd=world, check=True,
                       env={**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", "PEERS": "none"})
        for name, command in COMMANDS.items():
            found[name] = count(tool, command, world)
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
