#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""follow.py GUIDE FOLDER SHELL...: does what docs/GUIDE.md says, every command of it in its order, in FOLDER.

As Tests/CommandLineTests/GuideTests does, which says what the comments in a guide mean; but what the reader types is for
SHELL, with the command as its last word, in the directory of that person. What others do is done by bash. What the page
shows of a command is what is seen, to the letter; where it shows nothing, the command succeeds. Prints each command.
"""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TOOLS = ROOT / "Tests/Tools"


def steps(page):
    """Who does what: an act of others, or a command with what is shown of it."""
    person = ""
    for mark, block in re.findall(r"^<!-- test ([^\n]*) -->$|^```console\n(.*?)^```$", page, flags=re.M | re.S):
        if mark:
            person, *act = mark.split()
            if act:
                yield person, "_".join(act), None
        for command, shown in re.findall(r"^\$ (.*\n(?:> .*\n)*)((?:(?!\$ ).*\n)*)", block, flags=re.M):
            yield person, command.replace("\n> ", "\n").rstrip("\n"), shown


def main(guide, folder, *shell):
    typed = 0
    for person, act, shown in steps((ROOT / f"docs/{guide}.md").read_text()):
        home = pathlib.Path(folder, person)
        home.mkdir(exist_ok=True)
        environment = {**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}", "LC_ALL": "C", "TZ": "UTC"}
        line = ["bash", "-c", f". guide-{guide}.sh; {act}"]
        if shown is not None:
            typed += 1
            print(f"{person}$ {act}", flush=True)
            environment["GUIDE_SHELL"] = " ".join(shell)
            line = ["guide.sh", act]
        ended = subprocess.run(
            ["setsid", "--wait", *line], cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )
        seen = re.sub(r".* <wiped>\n", "", ended.stdout)
        if ended.returncode != 0 or (shown and seen != shown):
            sys.exit(f"{person}: {act}\n{ended.stdout}[exit {ended.returncode}]" + (f"; expected:\n{shown}" if shown else ""))
    if (left := pathlib.Path(folder, "asked")).exists() and left.read_text():
        sys.exit(f"answers to what was never asked: {left.read_text()}")
    if not typed:
        sys.exit(f"no command in docs/{guide}.md")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__.split("\n")[0])
    main(*sys.argv[1:])
