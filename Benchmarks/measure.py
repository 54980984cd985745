#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs audits of more and more escrows and prints what they cost.

measure.py STATUS PAGE NUMBER DIRECTORY [NUMBER DIRECTORY]... -- COMMAND...

Runs COMMAND with each DIRECTORY behind it, three times, and takes the fastest; it must end with STATUS. PAGE, which it may
write, is removed before. Prints wall-clock time and the most memory
that was resident, what they are against the first row, and the exponent e of time ~ number^e between two rows: 1 is
linear. Ends with 0 whatever comes out: a table for people, not a gate.
"""
import math
import os
import sys
import time


def run(command, expected, page):
    """Seconds, and the peak of resident memory in MB."""
    if os.path.exists(page):
        os.remove(page)
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execvp(command[0], command)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != expected:
        sys.exit(f"{' '.join(command)}: status {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def main(arguments):
    expected, page, arguments = int(arguments[0]), arguments[1], arguments[2:]
    split = arguments.index("--")
    command = arguments[split + 1:]
    sizes = [(int(number), path) for number, path in zip(arguments[:split:2], arguments[1:split:2])]
    rows = []
    for number, path in sizes:
        runs = [run(command + [path], expected, page) for _ in range(3)]
        rows.append((number, min(seconds for seconds, _ in runs), max(memory for _, memory in runs)))
    print(f"{'escrows':>8} {'seconds':>9} {'ms each':>9} {'times':>7} {'exponent':>9} {'peak MB':>9} {'times':>7}")
    first, last = rows[0], None
    for number, seconds, memory in rows:
        exponent = "" if last is None else f"{math.log(seconds / last[1]) / math.log(number / last[0]):.2f}"
        print(f"{number:>8} {seconds:>9.2f} {1000 * seconds / number:>9.2f} {seconds / first[1]:>7.2f} {exponent:>9} "
              f"{memory:>9.1f} {memory / first[2]:>7.2f}")
        last = (number, seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
