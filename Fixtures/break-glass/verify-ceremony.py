#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies what a ceremony left, without ca-escrow: written from docs/format.md, sections 4.22 and 4.24 to 4.26, alone.

verify-ceremony.py BUNDLE [--signers FILE] [--require K] [--at TIME] [--without-report]

Needs Python 3.11, ssh-keygen, and what audit.py needs, which lies beside it and audits the escrow in the bundle. Recomputes
the chain of the transcript from the plan, holds its acts against what each step demands, compares every file that the
transcript names, looks for files that it does not name, makes attestations and inventory anew, holds plan and drill
receipts against the escrow's manifest, and checks the signatures of officers, operator and witnesses. Officers are
believed from --signers, everybody else by the digests in the plan that these have signed, and nobody by a file of the
bundle. Prints a line for each check, the head, and the verdict. Ends with 0 when it is sound, with 1 when nobody vouches
for it (no --signers), something was not checked or the ceremony was abandoned, and with 2 and the first thing that is
wrong. Time stamps are not looked at. Nor are report.html and report.json, but that they are there: the format does not
define their bytes. The verdict says so, unless --without-report leaves them out; read the transcript then, not them.
"""
import argparse
import base64
import calendar
import copy
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unicodedata

LINE = {"act", "actor", "files", "format", "notes", "previous", "sequence", "step", "time"}
ACTS = {
    "opened", "resumed", "began", "initialled", "absent", "arrived", "replaced", "corrected", "compared", "differed", "noted",
    "exception", "done", "abandoned", "closed",
}


class Bad(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def read_plan(data):
    """A plan in any layout: each key once, and digests however their bytes are parted."""

    def members(pairs):
        found = dict(pairs)
        if len(found) < len(pairs):
            raise Bad("plan: a key stands there twice")
        if isinstance(found.get("sha256"), str):
            found["sha256"] = found["sha256"].replace(":", "").replace(" ", "").lower()
        return found

    return json.loads(data.decode(), object_pairs_hook=members)


def seconds(text):
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def one_line(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()


def canonical(value):
    return (json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def notes(line):
    return {note["name"]: note["text"] for note in line.get("notes", [])}


def need(condition, number, words):
    if not condition:
        raise Bad(f"line {number}: {words}")


def transcript(data, plan):
    """The lines of a transcript, each checked against the one before."""
    pieces = data.split(b"\n")
    need(len(pieces) > 1, 1, "nothing in it")
    need(pieces[-1] == b"", len(pieces), "not finished")
    lines, previous, last = [], plan, ""
    for number, piece in enumerate(pieces[:-1], 1):
        try:
            line = json.loads(piece)
        except ValueError:
            raise Bad(f"line {number}: not JSON") from None
        need(isinstance(line, dict) and one_line(line) == piece, number, "not in canonical form")
        need(set(line) <= LINE and LINE - {"files", "notes"} <= set(line), number, "other members than a line has")
        need(line["format"] == "ca-escrow/v1/transcript-line" and line["act"] in ACTS, number, "no line of a transcript")
        need(not lines or lines[-1]["act"] not in ("closed", "abandoned"), number, "behind the end")
        need(line["sequence"] == number, number, f"numbered {line['sequence']}")
        need(line["previous"] == previous, number, "not written after the line before it")
        need(line["time"] >= last, number, "earlier than the line before it")
        previous, last = sha256(piece), line["time"]
        lines.append(line)
    return lines, previous


# The policy


def policy(text, everybody):
    """A policy as a tree: a name, or (threshold, [members])."""
    words = re.findall(r"[(),]|[^\s(),]+", text)

    def member():
        word = words.pop(0)
        if not word.isdigit():
            return word
        need(words.pop(0) == "of", 0, "a policy that is none")
        if words[0] == "all":
            words.pop(0)
            return int(word), list(everybody)
        words.pop(0)
        members = [member()]
        while words.pop(0) == ",":
            members.append(member())
        return int(word), members

    return member()


def approval(text, everybody):
    """Who approves: (threshold, [names]); a name alone is one officer."""
    tree = policy(text, everybody)
    return (1, [tree]) if isinstance(tree, str) else tree


def names(tree):
    return [tree] if isinstance(tree, str) else [name for member in tree[1] for name in names(member)]


def is_enough(tree, people):
    if isinstance(tree, str):
        return tree in people
    return sum(is_enough(member, people) for member in tree[1]) >= tree[0]


def shape(tree):
    """The policy, whatever the order in which its members are written."""
    return tree if isinstance(tree, str) else (tree[0], frozenset(shape(member) for member in tree[1]))


def reach(tree, there):
    """Those of the people there whom a quorum of them can have."""
    if isinstance(tree, str):
        return {tree} & there
    found = [people for people in (reach(member, there) for member in tree[1]) if people]
    return set().union(*found) if len(found) >= tree[0] else set()


def quorum(tree, there, waiting):
    """As many members as the threshold says, those with somebody who waits first."""
    if isinstance(tree, str):
        return [tree]
    usable = [member for member in tree[1] if reach(member, there)]
    members = sorted(usable, key=lambda member: not waiting & reach(member, there))
    return [name for member in members[:tree[0]] for name in quorum(member, there, waiting)]


def covering(tree, there):
    """The quorums of trial restores, in which together everybody is whom a quorum of those there can have."""
    waiting, quorums = reach(tree, there), []
    while waiting:
        quorums.append(quorum(tree, there, waiting))
        waiting -= set(quorums[-1])
    return quorums


# The acts


# Section 4.25, the table: steps that no exception gives up, nor anything that was tried in them.
NEVER_EXCUSED = {"sign-in", "go", "backup", "restore", "attest", "close"}
FEASIBLE = "the step can be carried out"
ON_TIME = "the ceremony is held on the planned or the standby date"
AWAY = "the PKCS#12 file is off this machine"
# Of the same table: what is written down besides.
FIELDS = {"self-check": ("image", "lsblk"), "envelopes": ("envelopes",)}
# A ceremony is of the day when it is opened at most so many seconds from what the plan says.
DAY = 12 * 3600
DECISIONS = ("go on", "again", "abandon")

# The same section, "What a line says": the names of notes that mean something, in each set that an act's word may have.
FORMS = {
    "initialled": ["initials"],
    "arrived": ["initials"],
    "absent": ["name"],
    "replaced": ["from role to", "from fullname role to"],
    "corrected": ["line new old"],
    "compared": ["", "attempt", "attempt machine wall"],
    "differed": ["attempt happened", "attempt happened machine wall"],
    "noted": ["", "attempt", "decision", "bag direction medium", "bag direction expected medium", "medium serial",
              "field text", "attestation initials", "attestation exceptions initials"],
    "exception": ["decided decision expected happened", "attempt decided decision expected happened"],
}
MEANING = {name for forms in FORMS.values() for form in forms for name in form.split()}
TEXTS = {
    "bag": r"(?=.*[0-9])[A-Za-z0-9._/#-]{1,40}",
    "direction": "out|in",
    "attestation": "agree|disagree",
    "decision": "GO|NO-GO|go on|again|abandon",
    "machine": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z",
    "wall": "([01][0-9]|2[0-3]):[0-5][0-9]",
    "role": "administrator|operator|witness|auditor|officer|custodian|keeper",
    "line": "[1-9][0-9]*",
    "name": "[a-z0-9][a-z0-9._-]{0,63}",
    "from": "[a-z0-9][a-z0-9._-]{0,63}",
    "to": "[a-z0-9][a-z0-9._-]{0,63}",
}


FIELD_TEXTS = {"envelopes": "[0-9]{1,4}", "image": "[0-9a-f]{64}|-"}


def program(plan):
    return f"the program is the plan's, {plan['tool']['sha256'][:8]}…"


def check_said(line, number):
    """The notes that mean something are those of an act, each once, and say what they may."""
    said = notes(line)
    names = sorted(note["name"] for note in line.get("notes", []) if note["name"] in MEANING)
    fits = " ".join(names) in FORMS.get(line["act"], [""]) \
        and all(re.fullmatch(pattern, said[name]) for name, pattern in TEXTS.items() if name in said) \
        and ("decision" not in said or (line["act"] == "exception") == (said["decision"] in DECISIONS)) \
        and (line["act"] != "exception" or said.get("attempt", said["expected"]) == said["expected"]) \
        and ("field" not in said or re.fullmatch(FIELD_TEXTS.get(said["field"], "(?s:.*)"), said["text"]))
    need(fits, number, f"not what a line '{line['act']}' says")


def attempts(lines):
    """What was attempted in a step, by its name: met, open, excused or again, and the line that says so."""
    found = {}
    for line in lines:
        said = notes(line)
        name = said.get("attempt")
        if line["act"] in ("done", "closed") and found.get(FEASIBLE, ("", 0))[0] == "again":
            del found[FEASIBLE]
        if name is None:
            continue
        if line["act"] in ("compared", "noted"):
            found[name] = "met", line
        elif line["act"] == "differed":
            found[name] = "open", line
        elif line["act"] == "exception" and found.get(name, ("", 0))[0] == "open":
            found[name] = "again" if said["decision"] == "again" else "excused", line
    return found


LEADING = ("administrator", "operator", "witness")
COMMANDS = {"x", "back", "no", "stop", "yes"}


def are_initials(text):
    return 1 <= len(text) <= 4 and all(unicodedata.category(letter)[0] == "L" for letter in text) \
        and text.lower() not in COMMANDS


class Roll:
    """Who is there and in which role: section 4.25, "People"."""

    def __init__(self, plan, lines=()):
        self.plan = {person["name"]: person for person in plan["people"]}
        self.guests, self.absent, self.initials, self.replaced = {}, set(), {}, []
        for line in lines:
            self.take(line)

    def take(self, line):
        said = notes(line)
        if line["act"] == "absent":
            self.absent.add(said["name"])
        elif line["act"] in ("initialled", "arrived"):
            self.initials.setdefault(line["actor"], said["initials"])
            if line["act"] == "arrived":
                self.absent.discard(line["actor"])
        elif line["act"] == "replaced" and not self.is_unfit(said):
            self.replaced.append(said)
            if "fullname" in said and said["to"] not in self.plan:
                self.guests.setdefault(said["to"], said["fullname"])

    def is_known(self, name):
        return name in self.plan or name in self.guests

    def is_there(self, name):
        return self.is_known(name) and name not in self.absent

    def present(self):
        return [name for name in [*self.plan, *self.guests] if name not in self.absent]

    def roles(self, name):
        roles = list(self.plan.get(name, {}).get("roles", []))
        for said in self.replaced:
            if said["from"] == name:
                roles = [role for role in roles if role != said["role"]]
            elif said["to"] == name:
                roles.append(said["role"])
        return roles

    def holders(self, role):
        return [name for name in self.present() if role in self.roles(name)]

    def holder(self, role):
        found = [name for name in [*self.plan, *self.guests] if role in self.roles(name)]
        return (self.holders(role) or found)[0]

    def is_alternate(self, name, role):
        return role in self.plan.get(name, {}).get("alternateFor", [])

    def is_unfit(self, said):
        """Whether nobody can be replaced so."""
        role, old, new = said["role"], said["from"], said["to"]
        return role not in LEADING or role not in self.roles(old) or self.is_there(old) \
            or self.is_known(new) == ("fullname" in said) or new in self.absent or set(self.roles(new)) & set(LEADING)


def standing(lines):
    """The lines as corrections leave them, with what they were written as."""
    found = [dict(line) for line in lines]
    for line in lines:
        said = notes(line)
        if line["act"] == "corrected" and re.fullmatch("[1-9][0-9]*", said.get("line", "")) \
                and int(said["line"]) < line["sequence"]:
            old = found[int(said["line"]) - 1]
            key = entry(old)
            old["notes"] = [note | {"text": said["new"]} if note["name"] == key else note for note in old.get("notes", [])]
    return found


def entry(line):
    """The note of a line that was typed and can be corrected."""
    if line["act"] == "noted":
        return next((key for key, other in (("bag", "bag"), ("serial", "serial"), ("text", "field")) if other in notes(line)), None)
    return "initials" if line["act"] in ("initialled", "arrived") else None


def correction(plan, lines, line):
    """Whether a correction is one: of its step or, at the end, of any, of what stands there, to what may stand there."""
    said, before = notes(line), standing(lines[:line["sequence"] - 1])
    if not re.fullmatch("[1-9][0-9]*", said["line"]) or int(said["line"]) > len(before):
        return False
    old = before[int(said["line"]) - 1]
    key, new = entry(old), said["new"]
    is_of_step = old["step"] == line["step"]
    if key is None or not (is_of_step or (line["step"] == "exceptions" and key != "initials")):
        return False
    if not notes(old)[key] == said["old"] != new:
        return False
    if key == "bag":
        is_decided = is_of_step or notes(old)["direction"] == "in" or notes(old).get("expected", new) == new
        fits = re.fullmatch(TEXTS["bag"], new) and is_decided
        return bool(fits) and bag_fault(plan, before, notes(old) | {"bag": new}) is None
    if key == "text":
        return bool(re.fullmatch(FIELD_TEXTS.get(notes(old)["field"], "(?s:.*)"), new))
    first = [x for x in before if x["actor"] == old["actor"] and x["act"] in ("initialled", "arrived")]
    return key != "initials" or (first[0]["sequence"] == old["sequence"] and are_initials(new))


def bag_fault(plan, lines, said):
    """Why a medium cannot come out of a bag, or go into it, as lines stand; or nothing."""
    holders = {medium["label"]: medium["holder"] for medium in plan["media"]}
    for other in [notes(line) for line in lines if "bag" in notes(line)]:
        if other["bag"] != said["bag"] or not {other["medium"], said["medium"]} <= set(holders):
            continue
        if other["direction"] != said["direction"]:
            return "opened and used again"
        shared = plan["kind"] == "backup" and said["direction"] == "out"
        if holders[other["medium"]] != holders[said["medium"]] and not shared:
            return "of two holders"
    return None


def check_people(plan, roll, lines, line):
    """What a line says of people can be so, and is for whoever wrote it to say."""
    act, actor, said, number = line["act"], line["actor"], notes(line), line["sequence"]
    brings = act == "replaced" and said["to"] == actor
    need(roll.is_known(actor) or brings, number, f"{actor}: nobody of the plan's people")
    need(actor not in roll.absent or act in ("arrived", "opened", "resumed"), number, f"{actor} is absent")
    role = None
    if act == "absent":
        need(roll.is_there(said["name"]), number, f"{said['name']}: absent already, or nobody")
        role = "operator" if roll.holder("administrator") == said["name"] else "administrator"
    elif act == "arrived":
        need(actor in roll.absent, number, f"{actor} has come, and was not absent")
    elif act == "replaced":
        need(not roll.is_unfit(said), number, "nobody is replaced so")
        if said["role"] != "administrator":
            role = "administrator"
        elif not (roll.is_alternate(actor, "administrator") and actor == said["to"]):
            role = "officer"
    elif act == "corrected":
        need(correction(plan, lines, line), number, "nothing is corrected so")
        role = "administrator"
    need(role is None or role in roll.roles(actor), number, f"'{act}' by {actor}, who is not the {role}")
    if "initials" in said and (act in ("initialled", "arrived") or "attestation" in said):
        known = roll.initials.get(actor)
        need(known == said["initials"] if known else are_initials(said["initials"]), number, f"not the initials of {actor}")


def shortage(plan, officers, needed, tree, roll):
    """Why those who are there are too few, or nothing."""
    there = set(roll.present())
    if not is_enough(tree, there):
        return "too few custodians"
    return "too few officers" if plan["kind"] == "backup" and len(there & set(officers)) < needed else None


class Script:
    """The plan's steps, in order, by those who are there as each kind begins."""

    def __init__(self, plan, officers, needed, tree, lines=()):
        lines = standing(lines)

        def there(prefix):
            start = [n for n, x in enumerate(lines) if x["step"].startswith(prefix) and x["step"] != "sign-in"]
            return set(Roll(plan, lines[:start[0]] if start else lines).present())

        self.officers, self.needed, self.tree = officers, needed, tree
        signing = [name for name in officers if name in there("sign-")][:needed]
        accepting = [name for name in names(tree) if name in there("acknowledge-")]
        self.quorums = covering(tree, there("drill-"))
        self.steps = steps(plan, signing, accepting, len(self.quorums))


def steps(plan, officers, custodians, count):
    """The steps by their names."""
    drills = [f"drill-{number + 1}" for number in range(count)]
    between = {
        "backup": ["cards", "certificate", "go", "backup", "manifest-digest"] + [f"sign-{name}" for name in officers]
        + ["audit"] + drills + [f"acknowledge-{name}" for name in custodians] + ["write-media", "envelopes"],
        "restore": ["certificate", "manifest-digest", "audit", "go", "restore"],
        "drill": ["certificate", "manifest-digest", "audit", "go"] + drills,
    }
    return ["machine", "sign-in", "open-bags", "clock", "self-check", "plan-digest", "plan-signatures"] \
        + between[plan["kind"]] + ["close-bags", "key", "exceptions", "attest", "close"]


def order(plan, script, lines):
    """What holds of every line: who, in which step, after what. Returns who was there before each."""
    position, begun, resumed, end, roll, rolls = 0, False, False, None, Roll(plan), []
    for number, line in enumerate(lines, 1):
        check_said(line, number)
    for number, line in enumerate(standing(lines), 1):
        act, said = line["act"], notes(line)
        rolls.append(copy.deepcopy(roll))
        check_people(plan, roll, lines, line)
        if act in ("done", "closed"):
            need(all(roll.holders(role) for role in LEADING), number, "done, and a role is nobody's")
        need((act == "opened") == (number == 1), number, "'opened' is the first line, once")
        need(not end or act == "abandoned", number, "after the end that was decided")
        need(position < len(script) and line["step"] == script[position], number, f"step {line['step']} is not under way")
        role = "operator" if act in ("opened", "resumed", "began", "done", "closed") else \
            "administrator" if act in ("exception", "abandoned") or (act == "noted" and "decision" in said) else None
        need(role is None or role in roll.roles(line["actor"]), number, f"'{act}' by {line['actor']}, who is not the {role}")
        if act == "began":
            need(not begun, number, "'began' a second time")
        if act in ("closed", "done"):
            need((act == "closed") == (line["step"] == "close"), number, f"'{act}' does not end this step")
        if act in ("closed", "done", "arrived", "corrected", "noted"):
            need(begun, number, "before the step was begun")
        if act in ("initialled", "absent", "replaced"):
            need(begun or resumed, number, "before the step was begun")
        if act in ("compared", "differed", "exception"):
            need(begun or resumed, number, "before the step was begun")
        need(act != "abandoned" or end, number, "abandoned, and nobody has decided so")
        if act in ("noted", "exception") and said.get("decision") in ("NO-GO", "abandon"):
            end = line
        roll.take(line)
        begun, resumed = begun or act == "began", resumed or act == "resumed"
        if act == "done":
            position, begun, resumed = position + 1, False, False
    raised = [notes(line)["expected"] for line in lines if line["act"] == "exception"]
    # Where the ceremony was abandoned in the very step, nobody was asked for it any more.
    cut_off = [notes(line) for line in lines if line["act"] == "replaced" and line["step"] == lines[-1]["step"]] \
        if lines[-1]["act"] == "abandoned" else []
    for said in roll.replaced:
        if said in cut_off:
            continue
        title = "ceremony administrator" if said["role"] == "administrator" else said["role"]
        need(roll.is_alternate(said["to"], said["role"]) or f"{said['from']} is the {title}" in raised, len(lines),
             f"{said['to']}: a role that the plan does not name them for")
    return rolls


def minutes(clock):
    return int(clock[:2]) * 60 + int(clock[3:])


class Held:
    """A step that is done, held against what it demands."""

    def __init__(self, plan, digest, script, rolls, step, lines):
        self.plan, self.digest, self.script, self.step, self.lines = plan, digest, script, step, lines
        self.rolls, self.roll = rolls, rolls[lines[-1]["sequence"] - 1]
        self.attempts = attempts(lines)
        self.met = [line for standing, line in self.attempts.values() if standing == "met"]
        self.excused = any(standing == "excused" for standing, _ in self.attempts.values())
        self.files = [file for line in lines for file in line.get("files", [])]

    def need(self, condition, words):
        if not condition:
            raise Bad(f"step {self.step}: {words}")

    def has(self, role, line):
        return role in self.rolls[line["sequence"] - 1].roles(line["actor"])

    def both(self):
        given = [line for line in self.lines if line["act"] == "initialled"]
        for role in ("operator", "witness"):
            self.need(any(self.has(role, line) for line in given), f"no initials of a {role}")

    def made(self, pattern, actor=None):
        made = any(actor in (None, line["actor"]) for line in self.met)
        named = any(re.fullmatch(pattern, file["name"]) for file in self.files)
        self.need((made and named) or (self.excused and self.step not in NEVER_EXCUSED), "what it makes is named by no line")

    def bags(self, direction):
        labels = [medium["label"] for medium in self.plan["media"]]
        bags, serials = dict.fromkeys(labels, 0), dict.fromkeys(labels, 0)
        for line in self.lines:
            if line["act"] == "noted":
                said = notes(line)
                fits = said.get("direction") == direction if "bag" in said else "serial" in said and direction == "out"
                need(said.get("medium") in labels and fits, line["sequence"], "not the bag of a medium of the plan")
                need(self.has("witness", line), line["sequence"], "a bag that no witness wrote down")
                (bags if "bag" in said else serials)[said["medium"]] += 1
        for medium in self.plan["media"]:
            # What an absent holder has is not in the room.
            away = self.plan["kind"] != "backup" and not self.roll.is_there(medium["holder"])
            label = medium["label"]
            self.need(bags[label] in ((0, 1) if away else (1,)), "not one bag of each medium")
            self.need(direction == "in" or serials[label] == bags[label], "not one serial number of each medium")
        self.both()

    def media(self, dealt):
        """Every medium was read back, and held what the step 'backup' has made."""
        wanted = {f"{medium['label']} was read back": medium for medium in self.plan["media"]}
        for name in wanted:
            self.need(name in self.attempts, f"{name}: nobody tried")
        for line in self.met:
            medium, files = wanted.get(notes(line)["attempt"]), line.get("files", [])
            need(line["act"] == "compared" and medium and [file["name"] for file in files] == [medium["label"]],
                 line["sequence"], "not what a medium of the plan holds")
            beside = [x["sha256"] for x in dealt if "/" not in x["name"] and x["name"] != "README.txt"]
            manifests = [x["sha256"] for x in dealt if re.fullmatch(r"[^/]+/manifest\.json", x["name"])]
            need(files[0]["sha256"] in (beside if medium["content"] == "pkcs12" else manifests), line["sequence"],
                 "what it holds was not dealt")
        self.both()

    def compared(self, subject):
        known = {"plan": self.digest, "certificate": self.plan["ca"]["sha256"]}.get(subject)
        self.need(self.attempts, "nothing was compared")
        for line in self.met:
            found = [file["sha256"] for file in line.get("files", []) if file["name"] == subject]
            need(line["act"] == "compared" and len(found) == 1 and known in (None, found[0]), line["sequence"],
                 f"not compared with the {subject}'s digest")
        self.both()

    def clock(self):
        self.need(self.attempts, "no clock was compared")
        for line in self.met:
            said = notes(line)
            apart = abs(minutes(said["machine"][11:16]) - minutes(said["wall"]))
            need(min(apart, 1440 - apart) <= 5, line["sequence"], "clocks that are far apart")

    def cards(self, custodians):
        for name in custodians:
            self.need(f"{name} has shown that they can unseal" in self.attempts, f"nothing shows that {name} can unseal")
        self.need(len(self.attempts) > len(custodians), "no card was verified")
        self.both()

    def attested(self):
        for name in self.roll.present():
            said = [notes(x) for x in self.lines if x["act"] == "noted" and x["actor"] == name]
            self.need(len(said) == 1 and said[0].get("attestation") in ("agree", "disagree") and "initials" in said[0],
                      f"no attestation of {name}, or more than one")

    def check(self, custodians, opened, dealt):
        for standing, line in self.attempts.values():
            need(standing not in ("open", "again"), line["sequence"], "not as expected, and nobody went on without")
            need(standing == "met" or self.step not in NEVER_EXCUSED, line["sequence"], "nothing goes on without it")
        if self.attempts.get(FEASIBLE, ("", 0))[0] == "excused":
            return self.both()
        kind, _, name = self.step.partition("-")
        for field in FIELDS.get(self.step, ()):
            self.need(any(notes(line).get("field") == field for line in self.lines), f"nothing is written down as {field}")
        if self.step == "machine":
            late = min(abs(seconds(self.plan[day]) - seconds(opened)) for day in ("date", "standby")) > DAY
            return self.need(not late or self.attempts.get(ON_TIME, ("", 0))[0] == "excused", "on another day than the plan's")
        if self.step == "write-media":
            return self.media(dealt)
        if self.step == "key" and self.plan["kind"] == "backup":
            self.need(AWAY in self.attempts, f"nothing shows that {AWAY}")
        if self.step == "sign-in":
            missing = [name for name in self.roll.present() if name not in self.roll.initials]
            return self.need(not missing, f"no initials of {', '.join(missing)}")
        if self.step in ("open-bags", "close-bags"):
            return self.bags("out" if kind == "open" else "in")
        if self.step in ("plan-digest", "certificate", "manifest-digest"):
            return self.compared(kind)
        if self.step in ("plan-signatures", "audit"):
            self.need(self.attempts, "nothing was verified")
        if self.step == "self-check":
            excused = self.attempts.get(program(self.plan), ("", 0))[0] == "excused"
            named = any(line["act"] == "compared" and names_program(line) for line in self.lines)
            self.need(excused or named, "no line names the program")
        if self.step == "clock":
            return self.clock()
        if self.step == "cards":
            return self.cards(custodians)
        if self.step == "go":
            said = [line for line in self.lines if line["act"] == "noted" and notes(line).get("decision") == "GO"]
            self.need(said, "nobody has said GO")
            fault = shortage(self.plan, self.script.officers, self.script.needed, self.script.tree,
                             self.rolls[said[0]["sequence"] - 1])
            return need(fault is None, said[0]["sequence"], f"GO with {fault}")
        if self.step == "attest":
            return self.attested()
        if self.step == "close":
            return self.need(any(line["act"] == "noted" and line.get("files") for line in self.lines), "no file is named")
        if kind == "sign":
            return self.made(r"[^/]+/manifest\.json\." + re.escape(name) + r"\.sig", name)
        if kind == "acknowledge":
            return self.made(r"[^/]+/receipts/" + re.escape(name) + r"-[0-9a-f]{32}\.json", name)
        if self.step == "backup":
            self.made(r"[^/]+/manifest\.json")
        if kind in ("drill", "restore"):
            self.made(r"[^/]+/records/[^/]*-" + kind + r"-[^/]*\.json")
        return self.both()


def names_program(line):
    return any(file["name"] == "ca-escrow" for file in line.get("files", []))


def check_program(plan, lines):
    """Another program than the plan's has an exception that names it; after an interruption one is named."""
    excused = [notes(line) for line in lines if line["act"] == "exception"]
    excused = [said for said in excused if said["expected"] == program(plan)]
    for line in lines:
        if line["act"] == "resumed" and not names_program(line):
            need(any(said["happened"] == "it cannot be read" for said in excused), line["sequence"], "no program is named")
        for file in line.get("files", []):
            if file["name"] == "ca-escrow" and file["sha256"] != plan["tool"]["sha256"]:
                need(any(said["happened"] == "SHA-256 " + file["sha256"] for said in excused),
                     line["sequence"], "another program than the plan's")


def acts(plan, digest, script, lines):
    rolls = order(plan, script.steps, lines)
    dealt = [file for line in lines if line["step"] == "backup" for file in line.get("files", []) if file["direction"] == "out"]
    for step in script.steps:
        held = [line for line in standing(lines) if line["step"] == step]
        if any(line["act"] in ("done", "closed") for line in held):
            Held(plan, digest, script, rolls, step, held).check(names(script.tree), lines[0]["time"], dealt)
    check_program(plan, lines)


# Who is believed: section 4.26


class Checks:
    """What was found so far: what was not checked, and whether somebody from outside vouches for the plan."""

    def __init__(self):
        self.open = []
        self.anchored = self.is_abandoned = False

    def note(self, name, fault):
        """Prints a check; with a fault it was not made."""
        print(f"{name}: {'NOT CHECKED: ' + fault if fault else 'sound'}")
        if fault:
            self.open.append(name)

    def verdict(self):
        whole = "ABANDONED, WHOLE RECORD" if self.is_abandoned else "sound"
        return "NOT ANCHORED" if not self.anchored else "NOT FULLY CHECKED" if self.open else whole


class Signers:
    """An allowed_signers file that the verifier has brought along."""

    KEY = r"((?:sk-)?ssh-ed25519(?:@openssh\.com)?)[ \t]+(\S+)"

    def __init__(self, path, require):
        self.path, self.lines, self.require = path, [], require
        for line in pathlib.Path(path).read_text().split("\n"):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            match = re.fullmatch(r"[ \t]*(\S+)[ \t]+(?:(\S+=\S+)[ \t]+)?" + self.KEY + r"(?:[ \t].*)?", line)
            if not match:
                raise Bad(f"{path}: a line that is none: {line[:40]}")
            options = dict(re.findall(r'([a-z-]+)="([^"]*)"', match[2] or ""))
            if set(options) - {"namespaces", "valid-after", "valid-before"}:
                raise Bad(f"{path}: an option that is not known")
            self.lines.append((match[1].split(","), f"{match[3]} {match[4]}", options))
        written = re.findall(r"(?m)^# ca-escrow: require (.*)$", pathlib.Path(path).read_text())
        if written and (len(written) > 1 or not re.fullmatch("[1-9][0-9]{0,8}", written[0])):
            raise Bad(f"{path}: 'require' twice, or no number")
        if self.require is None and written:
            self.require = int(written[0])

    @staticmethod
    def moment(text):
        return seconds("%s-%s-%sT%s:%s:%sZ" % re.fullmatch(
            "(....)(..)(..)(..)(..)(..)", text.removesuffix("Z").ljust(14, "0")).groups())

    def admitting(self, kinds, now=None):
        """Lines for one of these kinds, which count at a moment when one is given."""
        for names_, key, options in self.lines:
            spaces = options["namespaces"].split(",") if "namespaces" in options else None
            if spaces is not None and not any(f"ca-escrow-{kind}-v1" in spaces for kind in kinds):
                continue
            if now is not None and ("valid-after" in options and now < self.moment(options["valid-after"])
                                    or "valid-before" in options and now > self.moment(options["valid-before"])):
                continue
            yield names_, key

    def admits(self, name, key, kinds, now):
        return any(name in names_ and key == other for names_, other in self.admitting(kinds, now))

    def required(self, threshold, now):
        """How many officers must be known: never fewer than the plan's own threshold."""
        admitted = {name for names_, _ in self.admitting(("manifest",), now) for name in names_}
        default = 1 if len(admitted) == 1 else max(2, len(admitted) // 2 + 1)
        return max(self.require or default, threshold)


def people(bundle, plan):
    """Keys and card digests of the people, by the digests that the plan has: nobody else's card counts."""
    keys, cards = {}, {}
    for person in plan["people"]:
        name = person["name"]
        if "card" not in person:
            continue
        if "sha256" not in person:
            raise Bad(f"people: {name}: the plan has no SHA-256 of {person['card']}")
        is_key = person["card"].endswith(".pub")
        path = bundle / "cards" / f"{name}.{'pub' if is_key else 'card'}"
        if path.is_symlink() or not path.is_file():
            raise Bad(f"people: {path.name}: not a file")
        data = path.read_bytes()
        if is_key:
            words = data.decode().split()
            digest, keys[name] = sha256(base64.b64decode(words[1], validate=True)), " ".join(words[:2])
        else:
            card = json.loads(data)
            digest, keys[name] = sha256(data), card["signingKey"]
            cards[name] = digest
            if card["name"] != name:
                raise Bad(f"people: {path.name}: of another name")
        if digest != person["sha256"]:
            raise Bad(f"people: {path.name}: SHA-256 {digest}, where the plan has {person['sha256']}")
    return keys, cards


def own_lines(bundle, plan, officers, closers, keys):
    """officers.signers is what plan and cards make it."""
    kinds = ("manifest", "added-certificate", "request", "rotation", "retirement", "enrolment-challenge", "plan")
    spaces = ",".join(f"ca-escrow-{kind}-v1" for kind in kinds)
    lines = [f'{name} namespaces="{spaces}" {keys[name]}' for name in officers]
    lines += [f'{name} namespaces="ca-escrow-transcript-v1" {keys[name]}' for name in closers]
    found = (bundle / "officers.signers").read_text().splitlines()
    # Officers stand there in the order of their names or of the plan: each line once, and no other.
    if sorted(found) != sorted(lines):
        raise Bad("people: officers.signers: not the lines that the plan's people make")


def verified(path, document, kind, name, key):
    """Whether a signature file is by this key, under this name, over this document."""
    with tempfile.NamedTemporaryFile("w", suffix=".signers") as file:
        file.write(f"{name} {key}\n")
        file.flush()
        result = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", file.name, "-I", name, "-n", f"ca-escrow-{kind}-v1", "-s", path],
            input=document.read_bytes(), capture_output=True, check=False,
        )
    return result.returncode == 0


def made_with(path):
    """The key that a signature file says it was made with, as two words."""
    blob = base64.b64decode("".join(path.read_text().split("\n")[1:-2]))
    size = int.from_bytes(blob[10:14], "big")
    key = blob[14:14 + size]
    kind = key[4:4 + int.from_bytes(key[:4], "big")].decode()
    return f"{kind} {base64.b64encode(key).decode()}"


def signatures(bundle, name, kind, allowed, keys, plan):
    """Who of the plan has signed a file of the bundle, and who else has; a signature that does not hold is an error."""
    signed, strangers = [], {}
    listed = {person["name"] for person in plan["people"]}
    for path in sorted(bundle.glob(f"{name}.*.sig")):
        signer = path.name[len(name) + 1:-4]
        key = made_with(path)
        is_known = signer in allowed and keys.get(signer) == key
        if not is_known and (signer in listed or key in keys.values()):
            raise Bad(f"{path.name}: not by the key of somebody who signs here")
        if not verified(path, bundle / name, kind, signer, key):
            raise Bad(f"{path.name}: does not hold")
        if is_known:
            signed.append(signer)
        else:
            strangers[signer] = key
    return signed, strangers


def anchored(signers, signed, officers, needed, keys, opened, now):
    """Why nobody vouches for the plan, or nothing: officers whom the verifier knows have signed it."""
    if signers is None:
        return "no --signers: nobody vouches for it"
    kinds = ("plan", "manifest")
    for name in officers:
        found = [key for names_, key in signers.admitting(kinds) if name in names_]
        if found and keys[name] not in found:
            raise Bad(f"anchor: {signers.path} has another key of {name}")
    required = signers.required(needed, now)
    known = [len({keys[name] for name in signed if signers.admits(name, keys[name], kinds, at)}) for at in (now, opened)]
    if known[0] >= required:
        return None
    if known[1] >= required:
        return f"{signers.path}: of those who signed the plan it knows {known[0]} by keys that have not ended"
    raise Bad(f"anchor: {signers.path} knows {known[0]} of those who signed the plan: {required} needed")


def vouched(bundle, plan, officers, needed, closers, keys, signers, lines, now, checks):
    """Signatures on plan and transcript."""
    signed, strangers = signatures(bundle, "plan.json", "plan", officers, keys, plan)
    unknown = [name for name, key in strangers.items() if not signers or not signers.admits(name, key, ("plan",), now)]
    print("plan: signed by", ", ".join(signed) or "nobody")
    if len({keys[name] for name in signed}) < needed:
        checks.note("plan", f"signed by {len(signed)} of the {needed} officers that it needs")
    elif unknown:
        checks.note("plan", f"signed by {', '.join(unknown)}, in no plan")
    fault = anchored(signers, signed, officers, needed, keys, seconds(lines[0]["time"]), now)
    checks.note("anchor", fault)
    checks.anchored = fault is None
    roll = Roll(plan, standing(lines))
    closers = [*closers, *(said["to"] for said in roll.replaced if said["role"] in ("operator", "witness"))]
    signed, strangers = signatures(bundle, "transcript.jsonl", "transcript", closers, keys, plan)
    known = {name: key for name, key in strangers.items()
             if signers and signers.admits(name, key, ("transcript",), now)}
    needed = {name for role in ("operator", "witness") for name in roll.holders(role)}
    missing = sorted(name for name in needed if name not in signed)
    print("transcript: signed by", ", ".join(signed + sorted(strangers)) or "nobody")
    if not signed and not known:
        raise Bad("transcript: not signed by anybody who is known here")
    if len(known) < len(strangers):
        checks.note("transcript", f"signed by {', '.join(sorted(set(strangers) - set(known)))}, in no plan")
    elif sum(set(roll.holders(role)) <= set(missing) for role in ("operator", "witness") if roll.holders(role)) \
            > len(set(known.values())):
        raise Bad(f"transcript: not signed by {', '.join(missing)}: the operator and a witness must have")
    elif len(missing) > len(set(known.values())):
        checks.note("transcript", f"not signed by {', '.join(missing)}")


def enrolments(bundle, plan, officers, keys, cards, lines, checks):
    """Custodians had shown that they can unseal, as of the last line of the step 'cards': section 4.23."""
    if plan["kind"] != "backup":
        return
    moment = seconds(([lines[0]] + [line for line in lines if line["step"] == "cards"])[-1]["time"])
    folder, missing = bundle / "cards", []
    for custodian in [person["name"] for person in plan["people"] if "custodian" in person["roles"]]:
        answers = [path for path in sorted(folder.glob(f"{custodian}-*.enrolment.json"))
                   if json.loads(path.read_bytes())["custodian"] == custodian]
        faults = []
        for path in answers:
            answer = json.loads(path.read_bytes())
            asked = [other for other in folder.glob(f"{custodian}-*.enrolment-challenge.json")
                     if sha256(other.read_bytes()) == answer["challenge"]]
            challenge = json.loads(asked[0].read_bytes()) if asked else None
            faults.append(
                not asked or not answer["card"] == challenge["card"] == cards[custodian]
                or challenge["custodian"] != custodian or challenge["officer"]["name"] not in officers
                or keys[challenge["officer"]["name"]] != challenge["officer"]["key"]
                or sha256(bytes.fromhex(answer["answer"])) != challenge["answer"]
                or not challenge["created"] <= answer["created"] <= challenge["expires"]
                or seconds(answer["created"]) > moment + 300
                or not verified(folder / f"{path.name}.{custodian}.sig", path, "enrolment", custodian, keys[custodian])
                or not verified(folder / f"{asked[0].name}.{challenge['officer']['name']}.sig", asked[0],
                                "enrolment-challenge", challenge["officer"]["name"], challenge["officer"]["key"]))
        if faults and all(faults):
            raise Bad(f"enrolment: that of {custodian} does not count")
        missing += [] if faults else [custodian]
    checks.note("enrolment", f"not shown that they can unseal: {', '.join(missing)}" if missing else None)


# The files


def files(bundle, lines):
    named = set()
    for line in lines:
        for file in line.get("files", []):
            end = line["step"] == "close" and line["act"] == "noted"
            if line["act"] == "opened" or end or file["name"].startswith("cards/"):
                data = (bundle / file["name"]).read_bytes()
                need(sha256(data) == file["sha256"], line["sequence"], f"{file['name']} is another")
                named.add(file["name"])
    # An abandoned ceremony may leave what its lines name of the escrow, and what was made of them already.
    dealt = {(file["name"], file["sha256"]) for line in lines for file in line.get("files", [])}
    is_abandoned = lines[-1]["act"] == "abandoned"
    if is_abandoned:
        named |= {"inventory.json"} | {f"attestations/{x['actor']}.json" for x in lines if "attestation" in notes(x)}
    named |= {"plan.json", "transcript.jsonl", "transcript.jsonl.tsq", "transcript.jsonl.tsr", "report.html", "report.json"}
    for path in sorted(bundle.rglob("*")):
        name = path.relative_to(bundle).as_posix()
        if path.name.startswith(".") and path.name.endswith(".partial"):
            continue  # left half made by an interrupted run
        known = name in named or re.fullmatch(r"(plan\.json|transcript\.jsonl)\.[^/]+\.sig", name)
        if is_abandoned and name.startswith("escrow/") and path.is_file():
            known = (name.removeprefix("escrow/"), sha256(path.read_bytes())) in dealt
        if path.is_dir() and not path.is_symlink():
            known = any(other.startswith(name + "/") for other in named) or name in ("attestations", "cards")
            known = known or (is_abandoned and (name + "/").startswith("escrow/"))
        if not known or path.is_symlink():
            raise Bad(f"{name}: nothing accounts for it")


# The escrow


def manifest_tree(gate):
    """The policy of a manifest, as a tree."""
    if "custodian" in gate:
        return gate["custodian"]
    return gate["threshold"], [manifest_tree(member) for member in gate["members"]]


def made_by(bundle, plan, lines, step, kind, digest):
    """Whose shares rebuilt the key, by the documents that a step's lines name: people who were there."""
    quorums, there, marked = [], set(), standing(lines)
    for line in [line for line in lines if line["step"] == step]:
        there |= set(Roll(plan, marked[:line["sequence"] - 1]).present())
        for file in line.get("files", []):
            if file["direction"] == "out" and re.fullmatch(r"[^/]+/records/[^/]*-" + kind + r"-[^/]*\.json", file["name"]):
                data = (bundle / "escrow" / file["name"]).read_bytes()
                document = json.loads(data)
                need(sha256(data) == file["sha256"], line["sequence"], f"{file['name']} is another")
                need(document["manifest"] == digest, line["sequence"], f"{file['name']}: of another manifest")
                need(set(document["custodians"]) <= there, line["sequence"], f"{file['name']}: by somebody who was absent")
                quorums.append(document["custodians"])
    return quorums


def audited(bundle, plan, lines, signers, checks):
    """The copy of the escrow, as audit.py sees it as of the last line, by the signers whom the verifier believes."""
    command = [sys.executable, pathlib.Path(__file__).resolve().parent / "audit.py", bundle / "escrow",
               "--without-pkcs12", "--json", "--at", lines[-1]["time"]]
    if not makes_ca(plan):
        command += ["--certificate", bundle / "certificate.pem"]
    if signers:
        command += ["--signers", signers.path]
        command += ["--require", str(signers.require)] if signers.require else []
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode not in (0, 1, 2):
        raise Bad(f"audit.py: {result.stderr.strip()[-300:]}")
    outcome = json.loads(result.stdout)["checks"]
    failed = [code for code, word in outcome.items() if word == "FAIL"]
    if failed:
        raise Bad(f"escrow: the audit fails: {', '.join(failed)}")
    others = {"challenges", "proofs", "pkcs12", "protection", "state"}
    others |= {"receipts"} if plan["kind"] != "backup" else set()
    others |= {"certificate"} if makes_ca(plan) else set()
    unseen = [code for code, word in outcome.items() if word == "NOT CHECKED" and code not in others]
    checks.note("audit", ", ".join(unseen))


def makes_ca(plan):
    """A rehearsal whose CA is made on the day: no plan can know its certificate."""
    return plan.get("rehearsal", False) and plan["kind"] == "backup" and "store" not in plan["escrow"]


def certificate(bundle, plan):
    text = (bundle / "certificate.pem").read_text()
    found = re.findall("-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", text, re.S)
    if not found or sha256(base64.b64decode(found[0])) != plan["ca"]["sha256"]:
        raise Bad("certificate.pem: not the plan's")


def escrow(bundle, plan, script, lines, keys, cards, checks):
    """The newest manifest is the one that was compared, as the plan says, and everybody who was there was in a trial."""
    officers, tree = (script.needed, script.officers), script.tree
    path = sorted((bundle / "escrow").glob("[0-9]*-*/manifest.json"))[-1]
    data = path.read_bytes()
    manifest, digest = json.loads(data), sha256(data)
    compared = [
        line for line in lines
        if line["step"] == "manifest-digest" and line["act"] in ("compared", "differed") and line.get("files")
    ][-1]
    need(compared["files"][0]["sha256"] == digest, compared["sequence"], "the newest manifest is another")
    if bool(manifest.get("rehearsal")) != plan.get("rehearsal", False):
        raise Bad("rehearsal: plan and escrow differ")
    if shape(manifest_tree(manifest["policy"])) != shape(tree):
        raise Bad("escrow.policy: plan and escrow differ")
    approval = manifest["approval"]
    if approval["threshold"] != officers[0] or {officer["name"] for officer in approval["officers"]} != set(officers[1]):
        raise Bad("escrow.officers: plan and escrow differ")
    if any(officer["key"] != keys[officer["name"]] for officer in approval["officers"]):
        raise Bad("escrow.officers: another key of one of them")
    for person in manifest["people"]:
        if cards.get(person["name"]) != person["card"]:
            raise Bad(f"people: {person['name']}: the escrow has another card than the plan")
    if plan["kind"] == "restore":
        restored = made_by(bundle, plan, lines, "restore", "restore", digest)
        if not any(is_enough(tree, people) for people in restored):
            raise Bad("no record of a restore by a quorum of the plan")
        return "as planned"
    covered, excused = set(), False
    for number, planned in enumerate(script.quorums, 1):
        held = [line for line in lines if line["step"] == f"drill-{number}"]
        without = any(standing == "excused" for standing, _ in attempts(held).values())
        rebuilt = [set(people) for people in made_by(bundle, plan, lines, f"drill-{number}", "drill", digest)]
        covered, excused = covered.union(*rebuilt), excused or without
        if set(planned) not in rebuilt and not without:
            raise Bad(f"step drill-{number}: not rebuilt by {', '.join(planned)}")
    tried = {name for people in script.quorums for name in people}
    left = sorted(tried - covered)
    if left and not excused:
        raise Bad(f"in no trial restore: {', '.join(left)}")
    checks.note("coverage", f"in no trial restore, as an exception says: {', '.join(left)}" if left else None)
    missing = [name for name in names(tree) if name not in covered]
    return f"as planned; in no trial restore: {', '.join(missing) or 'nobody'}"


# What is made of the transcript


def attestation(name, full_name, roles, line, rehearsal):
    said = notes(line)
    document = {
        "agrees": said["attestation"] == "agree",
        "format": "ca-escrow/v1/attestation",
        "fullName": full_name,
        "initials": said.get("initials", ""),
        "line": sha256(one_line(line)),
        "name": name,
        "time": line["time"],
    }
    if roles:
        document["roles"] = roles
    if "exceptions" in said:
        document["exceptions"] = said["exceptions"]
    return document | ({"rehearsal": True} if rehearsal else {})


def earlier(bundle, plan):
    """The media of the inventory before, by their labels."""
    if "inventory" not in plan:
        return {}
    items = json.loads((bundle / "earlier-inventory.json").read_bytes()).get("items", [])
    return {item["medium"]: item for item in items}


def last_bag(item):
    """The bag that a medium is in, by an inventory."""
    return item.get("bagIn", item.get("bagOut", item.get("expected")))


def inventory(plan, lines, before):
    bags, serials, lines = {}, {}, standing(lines)
    for line in lines:
        said = notes(line)
        if line["act"] == "noted" and {"medium", "serial"} <= set(said):
            serials[said["medium"]] = said["serial"]
        if line["act"] == "noted" and {"medium", "bag", "direction"} <= set(said):
            bags[said["medium"], said["direction"]] = said | {"time": line["time"]}
    items = []
    for medium in plan["media"]:
        out, back = bags.get((medium["label"], "out"), {}), bags.get((medium["label"], "in"), {})
        known = before.get(medium["label"], {})
        item = {key: medium[key] for key in ("content", "holder", "site")} | {"medium": medium["label"]}
        for key, value in (
            ("serial", serials.get(medium["label"], medium.get("serial", known.get("serial")))),
            ("expected", out.get("expected") if out else last_bag(known)),
            ("bagOut", out.get("bag")), ("bagIn", back.get("bag")), ("timeOut", out.get("time")),
            ("timeIn", back.get("time")),
        ):
            if value is not None:
                item[key] = value
        items.append(item)
    for said in bags.values():
        fault = bag_fault(plan, lines, said)
        if fault:
            raise Bad(f"bag {said['bag']}: {fault}")
    document = {"format": "ca-escrow/v1/inventory"} | ({"items": items} if items else {})
    return document | ({"rehearsal": True} if plan.get("rehearsal") else {})


def strangers(bundle, plan, lines):
    """A medium in another bag than before, or with another serial number, has an exception of the step 'open-bags'."""
    before = earlier(bundle, plan)
    raised = [notes(line) for line in lines if line["act"] == "exception" and line["step"] == "open-bags"]
    raised = [said["expected"] for said in raised if "attempt" in said]
    planned = {medium["label"]: medium.get("serial") for medium in plan["media"]}
    for line in standing(lines):
        said, known = notes(line), before.get(notes(line).get("medium"), {})
        if line["act"] == "noted" and said.get("direction") == "out" and "inventory" in plan:
            expected = last_bag(known)
            need(said.get("expected") == expected, line["sequence"], "another bag is expected by the earlier inventory")
            need(said["bag"] == expected or f"{said['medium']} in bag {expected}"[:500] in raised or not expected,
                 line["sequence"], "another bag than expected")
        if line["act"] == "noted" and "serial" in said:
            expected = planned[said["medium"]] or known.get("serial")
            need(expected in (None, said["serial"]) or f"{said['medium']} has the serial number {expected}"[:500] in raised,
                 line["sequence"], "another medium than expected")


def bags(bundle, plan, lines, checks):
    """No number stands for two bags, and every medium that was there has both: section 4.26."""
    items = inventory(plan, lines, earlier(bundle, plan))
    there = Roll(plan, standing(lines))
    missing = [
        item["medium"] for item in items.get("items", [])
        if not {"bagOut", "bagIn"} <= set(item)
        and (plan["kind"] == "backup" or "bagOut" in item or there.is_there(item["holder"]))
    ]
    is_open = missing and lines[-1]["act"] == "closed"
    checks.note("inventory", f"{missing[0]}: a bag of it is not written down" if is_open else None)


def evidence(bundle, plan, lines):
    strangers(bundle, plan, lines)
    words = [notes(line)["attestation"] for line in lines if "attestation" in notes(line)]
    roll = Roll(plan, standing(lines))
    people = {person["name"]: person["fullName"] for person in plan["people"]} | roll.guests
    for name, full_name in people.items():
        said = [line for line in lines if line["actor"] == name and "attestation" in notes(line)]
        path = bundle / "attestations" / f"{name}.json"
        if said and (path.exists() or lines[-1]["act"] == "closed"):
            made = attestation(name, full_name, roll.roles(name), said[-1], plan.get("rehearsal"))
            need(path.read_bytes() == canonical(made), said[-1]["sequence"], f"{path.name} is another")
    path = bundle / "inventory.json"
    is_made = path.exists() or lines[-1]["act"] == "closed"
    need(not is_made or path.read_bytes() == canonical(inventory(plan, lines, earlier(bundle, plan))), len(lines), "inventory.json is another")
    against = words.count("disagree")
    return f"sound; {words.count('agree')} agree, {against} {'does' if against == 1 else 'do'} not"


def reports(bundle, is_left_out, checks):
    """Pages for people: whether they say what the transcript says is the program's to show, which makes them again."""
    for name in ("report.html", "report.json"):
        if not (bundle / name).is_file():
            raise Bad(f"{name}: not there")
    if is_left_out:
        print("report: left out")
    else:
        checks.note("report", "this program does not make the pages again (--without-report leaves them out)")


def verify(bundle, data, plan, signers, now, is_without_report):
    needed, officers = approval(plan["escrow"]["officers"], [p["name"] for p in plan["people"] if "officer" in p["roles"]])
    tree = policy(plan["escrow"]["policy"], [p["name"] for p in plan["people"] if "custodian" in p["roles"]])
    closers = [p["name"] for p in plan["people"] if {"operator", "witness"} & {*p["roles"], *p.get("alternateFor", [])}]
    checks = Checks()
    lines, head = transcript((bundle / "transcript.jsonl").read_bytes(), sha256(data))
    count = sum(line["act"] == "exception" for line in lines)
    print(f"chain: {len(lines)} lines, {count} exception{'' if count == 1 else 's'}, {lines[-1]['act']}")
    script = Script(plan, officers, needed, tree, lines)
    acts(plan, sha256(data), script, lines)
    print("acts: sound")
    checks.is_abandoned = lines[-1]["act"] == "abandoned"
    if lines[-1]["act"] not in ("closed", "abandoned"):
        raise Bad("the ceremony is not closed")
    files(bundle, lines)
    print("files: sound")
    keys, cards = people(bundle, plan)
    own_lines(bundle, plan, officers, closers, keys)
    certificate(bundle, plan)
    print("people: sound")
    if not checks.is_abandoned:
        print("escrow:", escrow(bundle, plan, script, lines, keys, cards, checks))
    print("evidence:", evidence(bundle, plan, lines))
    bags(bundle, plan, lines, checks)
    reports(bundle, is_without_report, checks)
    vouched(bundle, plan, officers, needed, closers, keys, signers, lines, now, checks)
    enrolments(bundle, plan, officers, keys, cards, lines, checks)
    if not checks.is_abandoned:
        audited(bundle, plan, lines, signers, checks)
    print("head:", head)
    print("verdict:", checks.verdict())
    return 0 if checks.verdict() == "sound" else 1


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1], allow_abbrev=False)
    parser.add_argument("bundle", type=pathlib.Path)
    parser.add_argument("--signers")
    parser.add_argument("--require", type=int)
    parser.add_argument("--at")
    parser.add_argument("--without-report", action="store_true")
    options = parser.parse_args()
    try:
        data = (options.bundle / "plan.json").read_bytes()
        signers = Signers(options.signers, options.require) if options.signers else None
        now = seconds(options.at) if options.at else int(time.time())
        status = verify(options.bundle, data, read_plan(data), signers, now, options.without_report)
    except (Bad, OSError, KeyError, IndexError, ValueError) as error:
        fault = error if isinstance(error, (Bad, OSError)) else f"not as it must be: {error!r}"
        print(f"verdict: FAILED: {fault}")
        sys.exit(2)
    sys.exit(status)


main()
