#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""complete.py SHELL LINE -- COMMAND...: what a person sees who types LINE and Tab at a shell, which COMMAND starts.

The shell gets a terminal of its own. Once its prompt is there, LINE and Tab are typed; what the line has become is
printed, or `nothing` when the shell rings the bell: it has nothing to complete the line with.
"""
import os
import pty
import re
import select
import signal
import sys
import time

PROMPT = b"at-your-service> "
BELL = b"\x07"


def read(terminal, until, seconds):
    """What the terminal shows, until that is there or the time is over."""
    shown, end = b"", time.monotonic() + seconds
    while not until(shown) and (left := end - time.monotonic()) > 0:
        if select.select([terminal], [], [], min(left, 0.2))[0]:
            try:
                shown += os.read(terminal, 4096)
            except OSError:
                break
    return shown


def plain(shown):
    """Without what moves the cursor and sets colours."""
    text = re.sub(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[\[(][0-9;?=>]*[ -/]*[@-~]|\x1b[=>]|[\x07\r]", b"", shown)
    while b"\b" in text:
        text = re.sub(rb"[^\b]\b", b"", text, count=1) if re.search(rb"[^\b]\b", text) else text.replace(b"\b", b"")
    return text


def main():
    split = sys.argv.index("--")
    line, command = sys.argv[1].encode(), sys.argv[split + 1:]
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="dumb", PS1=PROMPT.decode(), COLUMNS="200")
        os.execvp(command[0], command)
    try:
        if PROMPT.strip() not in read(terminal, lambda shown: PROMPT.strip() in shown, 60):
            sys.exit("no prompt")
        os.write(terminal, line + b"\t")
        done = lambda shown: BELL in shown or len(plain(shown).split(b"\n")[0]) > len(line)
        shown = read(terminal, done, 20) + read(terminal, lambda _: False, 0.5)
        result = plain(shown).split(b"\n")[0]
        if len(result) > len(line):
            print(result.decode(errors="replace"))
        else:
            print("nothing" if BELL in shown else "no answer")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
