#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""manual.py PROGRAM DIR: the manual pages of PROGRAM, into DIR.

A command's page is made of what the program itself says: its options as ArgumentParser declares them
(--experimental-dump-help), its synopsis and groups as `help` prints them. What no command says stands here:
exit statuses, files, and what to read next. ca-escrow(7) is README.md's short way; ca-escrow-format(5) lies
beside this script. The date is that of SOURCE_DATE_EPOCH.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# As Sources/ca-escrow/ExitStatus.swift has them.
STATUSES = [
    (0, "Done, and every check passed."),
    (1, "Nothing is wrong, but something is due, missing or was not checked."),
    (2, "A check failed."),
    (64, "The command line was not understood."),
    (65, "A file is not what it should be."),
    (66, "A file is not there."),
    (69, "A terminal, token or provider that is needed is not there, or another process is at work with it."),
    (70, "An error of the program itself."),
    (71, "The machine cannot protect secrets."),
    (73, "The output exists, or cannot be made."),
    (74, "Reading or writing failed."),
    (77, "Refused: a wrong passphrase, a comparison that was not confirmed, or a state that forbids it."),
]

# A file is told of on the pages whose text matches the pattern.
FILES = [
    (r"\bescrow\b", "NAME.escrow/", "An escrow: one CA's directory of public files, an epoch in each of its directories."),
    (r"PKCS#12|key file|\brestore\b|\bdrill\b", "NAME-XXXXXXXX.p12", "The key file of an epoch: PKCS#12 under a password "
     "that only a quorum of custodians makes."),
    (r"identity", "NAME.identity", "An identity: opens its owner's share and signs, under a passphrase. It is never sent."),
    (r"\bcards?\b", "NAME.card", "The public half of an identity, which goes to the officers."),
    (r"\bsign\b|officers", "NAME.seen", "Beside an identity: the epochs in force that its owner signed."),
    (r"parcel", "NAME.parcel", "A parcel: public files that travel between people."),
    (r"--signers", "officers.signers", "The officers whom you believe, in the form of "
     "allowed_signers; see ssh-keygen(1)."),
    (r"\bplan\b", "NAME.plan.json", "The plan of a ceremony."),
]

# Commands that belong together: each page names the others.
RELATED = [
    ["identity-create", "identity-passphrase", "show", "words"],
    ["pack", "collect", "answer"],
    ["check", "acknowledge", "prove", "challenge", "audit"],
    ["request", "release", "refuse", "restore", "drill"],
    ["rekey", "suspend", "reinstate", "rotate-open"],
    ["backup", "sign", "collect", "status", "add-certificate", "withdraw", "void"],
    ["stamp", "ceremony-stamp", "audit"],
    ["status", "audit", "drill"],
    ["enrol-challenge", "enrol-verify", "identity-create", "answer"],
    ["envelope-print", "envelope-check"],
    ["policy-check", "backup", "ceremony-check"],
    ["ceremony-check", "ceremony-script", "ceremony-run", "ceremony-verify", "ceremony-stamp"],
    ["self-test", "ceremony-run"],
]


def escaped(text):
    """Text for roff: a backslash, hyphens that people copy, and a control character at the start of a line."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("'", r"\(aq").replace("`", r"\(ga").replace("^", r"\(ha")
    return re.sub(r"^\.", r"\\&.", text.replace("~", r"\(ti"), flags=re.M)


class Command:
    def __init__(self, program, info, path):
        self.info, self.path = info, path
        line = [program, "help", *path] if path else [program, "--help"]
        self.help = subprocess.run(line, check=True, capture_output=True, text=True).stdout
        self.name = "-".join(["ca-escrow", *path])
        sections = re.split(r"^(?=[A-Z'’]+(?: SUBCOMMANDS)?:)", self.help, flags=re.M)
        self.sections = dict(re.split(r":\s", part, maxsplit=1) for part in sections if ":" in part)
        self.discussion, _, examples = info.get("discussion", "").partition("Examples:\n")
        self.examples = [line[2:] for line in examples.rstrip("\n").split("\n")] if examples else []
        self.subcommands = [
            Command(program, sub, path + [sub["commandName"]])
            for sub in info.get("subcommands", []) if sub["commandName"] != "help"
        ]

    def all(self):
        return [self] + [command for sub in self.subcommands for command in sub.all()]

    def page(self, version, date, names):
        yield f'.TH "{escaped(self.name.upper())}" 1 {date} "ca\\-escrow {escaped(version)}" "ca\\-escrow"'
        yield f".SH NAME\n{escaped(self.name)} \\- {escaped(self.info['abstract'].rstrip('.'))}"
        yield ".SH SYNOPSIS\n" + f".B {escaped(' '.join(self.sections['USAGE'].split()))}"
        if self.discussion.strip():
            yield ".SH DESCRIPTION"
            yield "\n.PP\n".join(escaped(part) for part in self.discussion.strip().split("\n\n"))
        for title, members in self.groups():
            yield f".SH {escaped(title)}"
            for command in members:
                reference = f".BR {escaped(command.name)} (1)"
                yield f".TP\n{reference}\n{escaped(command.info['abstract'])}"
        arguments = [item for item in self.info.get("arguments", []) if item["shouldDisplay"]]
        for title, kinds in [("ARGUMENTS", ["positional"]), ("OPTIONS", ["option", "flag"])]:
            items = [item for item in arguments if item["kind"] in kinds]
            if items:
                yield f".SH {title}"
                yield from map(self.item, items)
        if self.examples:
            yield ".SH EXAMPLES\n.EX\n" + escaped("\n".join(self.examples)) + "\n.EE"
        if not self.subcommands or not self.path:
            yield ".SH \"EXIT STATUS\""
            for status, meaning in STATUSES:
                yield f".TP\n.B {status}\n{escaped(meaning)}"
        if not self.path:
            yield ".SH ENVIRONMENT\n.TP\n.B CA_ESCROW_IDENTITY\nThe identity to act with when "
            yield "no\n.B \\-\\-identity\nis given."
        files = [row for row in FILES if re.search(row[0], self.help) or not self.path]
        if files:
            yield ".SH FILES"
            for _, file, meaning in files:
                yield f".TP\n.I {escaped(file)}\n{escaped(meaning)}"
        related = [f".BR {escaped(name)} ({section})" for name, section in self.related(names)]
        yield ".SH \"SEE ALSO\"\n" + ",\n".join(related)

    def item(self, item):
        names = [("-" if name["kind"] == "short" else "--") + name["name"] for name in item.get("names", [])]
        value = f"<{item['valueName']}>" if item["kind"] != "flag" and item.get("valueName") else ""
        shown = ", ".join(f"\\fB{escaped(name)}\\fR" for name in names)
        text = f".TP\n{shown}{' ' if shown and value else ''}\\fI{escaped(value)}\\fR"
        return f"{text}\n{escaped(item.get('abstract', ''))}{self.standard(item)}"

    @staticmethod
    def standard(item):
        """A default or a set of values, in the words of the help."""
        value, values = item.get("defaultValue"), item.get("allValues")
        parts = ([f"values: {', '.join(values)}"] if values else []) + ([f"default: {value}"] if value else [])
        return f" ({escaped('; '.join(parts))})" if parts else ""

    def groups(self):
        if not self.subcommands:
            return
        listed = {command.path[-1]: command for command in self.subcommands}
        for title, text in self.sections.items():
            if title.endswith("SUBCOMMANDS"):
                yield title, [listed[name] for name in re.findall(r"^  ([a-z-]+)\s", text, flags=re.M) if name in listed]

    def related(self, names):
        own = self.name.removeprefix("ca-escrow-")
        found = [name for row in RELATED if own in row for name in row if name != own]
        found += [sub.name.removeprefix("ca-escrow-") for sub in self.subcommands if self.path]
        pages = sorted({f"ca-escrow-{name}" for name in found})
        missing = [page for page in pages if page not in names]
        if missing:
            sys.exit(f"manual.py: no such page: {', '.join(missing)}")
        general = [("ca-escrow", 1)] if self.path else []
        return general + [(page, 1) for page in pages] + [("ca-escrow-format", 5), ("ca-escrow", 7)]


def from_markdown(text, title, section, version, date):
    """A page of prose, by lowdown."""
    metadata = [f"title={title}", f"section={section}", f"date={date}", f"source=ca-escrow {version}", "volume=ca-escrow"]
    line = ["lowdown", "-s", "-Tman", "--parse-no-img-ext", *[word for item in metadata for word in ("-M", item)]]
    page = subprocess.run(line, input=text, check=True, capture_output=True, text=True).stdout
    # As people write pages: a heading on its line, no paragraph behind it, and code in bold.
    return re.sub(r"^\.SH\n(.*)\n\.LP$", r".SH \1", page, flags=re.M).replace(r"\fC", r"\fB")


def main(program, directory):
    out = pathlib.Path(directory)
    out.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    date = time.strftime("%Y-%m-%d", time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"])))
    dump = subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True, text=True).stdout
    commands = Command(program, json.loads(dump)["command"], []).all()
    names = {command.name for command in commands}
    for command in commands:
        (out / f"{command.name}.1").write_text("\n".join(command.page(version, date, names)) + "\n")
    readme = (ROOT / "README.md").read_text()
    path = re.search(r"^## The short way\n(.*?)(?=^## )", readme, flags=re.M | re.S)[1]
    concepts = (HERE / "ca-escrow.7.md").read_text().replace("@SHORT_WAY@\n", path.strip() + "\n")
    (out / "ca-escrow.7").write_text(from_markdown(concepts, "ca-escrow", 7, version, date))
    text = (HERE / "ca-escrow-format.5.md").read_text()
    (out / "ca-escrow-format.5").write_text(from_markdown(text, "ca-escrow-format", 5, version, date))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.split("\n")[0])
    main(*sys.argv[1:])
