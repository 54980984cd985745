#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""faults.py [--quick] [--list] [COMMAND]: has the system fail every command that writes, wherever it can.

Prints a row for each command (that of this name, or those whose names begin with COMMAND) and a total. After each
fault the world must hold the old state or the new one, or some whole files of several; what was there must still be
there, bit for bit; and the same command once more must work or name what is to be cleared.

  kinds    kinds of fault            faults  how many were injected
  old      left the old state        part    left some files of several, each of them whole
  new      left the new state        worked  the same command once more did all that it should
  cleared  what was left half made was named, path by path
  lost     what was there before is gone or altered; must be 0
  half     something is cut off, has another mode, or a part that counts without the rest; must be 0
  unsaid   the next run neither worked nor named what is to be cleared; must be 0

Exit status 1 when something is there that must not be.

The environment: CA_ESCROW, the program (default: the release binary); JOBS, how many rows are made at once
(default: 2).
"""
import argparse
import concurrent.futures
import os
import shutil
import subprocess
import sys
import tempfile

import injecting
from held import HeldRow
from rows import COLUMNS, Row
from scenarios import SCENARIOS

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
QUICK = ["backup", "restore"]


def make_row(arguments):
    """A row of the table, made in a process of its own."""
    number, folder, options = arguments
    scenario = SCENARIOS[number]
    row = (HeldRow if scenario.held else Row)(scenario, os.path.join(folder, "rows", str(number)), options)
    row.prepare(os.path.join(folder, "bases"))
    row.run()
    shutil.rmtree(row.folder)
    return scenario.name, row.counts, row.kinds, row.notes


def line(name, counts, kinds):
    """A line of the table."""
    shown = [f"{counts[column]:>7}" for column in COLUMNS]
    return f"{name:<22}{kinds:>7}{''.join(shown)}"


def make_bases(folder, levels):
    """The worlds that others are copies of."""
    os.mkdir(folder)
    for level in sorted(levels):
        os.mkdir(os.path.join(folder, level))
        subprocess.run(["world.sh", level], cwd=os.path.join(folder, level), check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="SIGKILL and ENOSPC for " + " and ".join(QUICK))
    parser.add_argument("--list", action="store_true", help="the rows' names")
    parser.add_argument("command", nargs="?", default="")
    options = parser.parse_args()
    wanted = [scenario for scenario in SCENARIOS if scenario.name == options.command] or [
        scenario for scenario in SCENARIOS if scenario.name.startswith(options.command)]
    if options.quick:
        wanted = [scenario for scenario in SCENARIOS if scenario.name in QUICK]
    if options.list:
        print("\n".join(scenario.name for scenario in wanted))
        return 0
    program = os.path.abspath(os.environ.get("CA_ESCROW") or os.path.join(ROOT, ".build-release/release/ca-escrow"))
    # Worlds lie in memory where that is possible: syncing costs nothing there.
    parent = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="ca-escrow-faults.", dir=parent) as folder:
        binary = os.path.join(folder, "bin")
        os.mkdir(binary)
        os.symlink(program, os.path.join(binary, "ca-escrow"))
        os.environ["PATH"] = ":".join([binary, injecting.TOOLS, os.environ["PATH"]])
        options.preload = os.path.join(folder, "preload.so")
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-o", options.preload,
             os.path.join(HERE, "preload.c")],
            check=True)
        options.mounts = injecting.can_mount(os.path.join(folder, "disk"))
        if not options.mounts and not options.quick:
            print("no file system can be mounted here: full and read-only disks are only injected")
        make_bases(os.path.join(folder, "bases"), {scenario.base for scenario in wanted if scenario.base})
        return report(wanted, folder, options)


def report(wanted, folder, options):
    """Prints the table while it is made."""
    print(f"{'command':<22}{'kinds':>7}" + "".join(f"{column:>7}" for column in COLUMNS))
    total, notes = dict.fromkeys(COLUMNS, 0), []
    with concurrent.futures.ProcessPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
        for name, counts, kinds, said in pool.map(make_row, [
            (SCENARIOS.index(scenario), folder, options) for scenario in wanted]):
            print(line(name, counts, len(kinds)), flush=True)
            notes += said
            for column in COLUMNS:
                total[column] += counts[column]
    print(line("total", total, ""))
    print("".join(notes), end="")
    print(f"{total['faults']} faults, {total['lost']} lost")
    return 1 if notes else 0


if __name__ == "__main__":
    sys.exit(main())
