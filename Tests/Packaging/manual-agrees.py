#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""manual-agrees.py PROGRAM PAGES: `man` and `help` say the same of every command, in the same words.

Each page is rendered as people see it, and its sections are compared with what `help COMMAND` prints, word by word.
"""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def words(text):
    return text.split()


def rendered(page):
    """The sections of a page, on a terminal that is too wide to break a line."""
    line = ["man", "--no-justification", "--no-hyphenation", "-l", page]
    environment = dict(os.environ, MANWIDTH="2000", LC_ALL="C.UTF-8")
    text = subprocess.run(line, env=environment, check=True, capture_output=True, text=True).stdout
    parts = re.split(r"^(?=[A-Z])", text, flags=re.M)
    return {part.split("\n", 1)[0]: part.split("\n", 1)[1] for part in parts if "\n" in part}


def sections(help_text):
    """The sections of a help, without its last line, which says how to get more help."""
    text = re.sub(r"^  See 'ca-escrow help.*$", "", help_text, flags=re.M)
    parts = re.split(r"^(?=[A-Z'’]+(?: SUBCOMMANDS)?:(?:\s|$))", text, flags=re.M)
    return {part.split(":", 1)[0]: part.split(":", 1)[1] for part in parts if ":" in part}


def commands(program, path=()):
    """Every command, from the helps alone."""
    text = subprocess.run([program, "help", *path], check=True, capture_output=True, text=True).stdout
    found = sections(text)
    yield path, found
    for title, body in found.items():
        if title.endswith("SUBCOMMANDS"):
            for name in re.findall(r"^  ([a-z-]+)\s", body, flags=re.M):
                yield from commands(program, (*path, name))


def differences(path, found, page):
    overview, _, examples = found["OVERVIEW"].partition("Examples:\n")
    name = "-".join(("ca-escrow", *path))
    described = words(page["NAME"])
    said = words(overview)
    # The name's line has no full stop.
    abstract = described[2:]
    start = said[: len(abstract)]
    if described[:2] != [name, "-"] or [*start[:-1], start[-1].rstrip(".")] != abstract:
        yield "NAME", start, described
    pairs = [("DESCRIPTION", said[len(abstract):]), ("SYNOPSIS", words(found["USAGE"])), ("EXAMPLES", words(examples))]
    pairs += [(title, words(body)) for title, body in found.items() if title in ("ARGUMENTS", "OPTIONS")]
    pairs += [
        (title, words(re.sub(r"^  ([a-z-]+)", lambda match: f"{name}-{match[1]}(1)", body, flags=re.M)))
        for title, body in found.items() if title.endswith("SUBCOMMANDS")
    ]
    for title, expected in pairs:
        shown = words(page.get(title, ""))
        if shown != expected:
            yield title, expected, shown


def main(program, directory):
    pages = {path.name for path in pathlib.Path(directory).glob("*.1")}
    faults = 0
    for path, found in commands(program):
        file = "-".join(("ca-escrow", *path)) + ".1"
        if file not in pages:
            sys.exit(f"{file}: no such page")
        pages.remove(file)
        for title, expected, shown in differences(path, found, rendered(pathlib.Path(directory, file))):
            faults += 1
            print(f"{file}, {title}\n  help: {' '.join(expected)}\n  page: {' '.join(shown)}")
    for file in sorted(pages):
        faults += 1
        print(f"{file}: a page of no command")
    code = (ROOT / "Sources/ca-escrow/ExitStatus.swift").read_text()
    statuses = re.findall(r"^    case \w+ = (\d+)$", code, flags=re.M)
    listed = re.findall(r"^ +(\d+) ", rendered(pathlib.Path(directory, "ca-escrow.1"))["EXIT STATUS"], flags=re.M)
    if listed != statuses:
        faults += 1
        print(f"exit statuses\n  program: {statuses}\n  page: {listed}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
