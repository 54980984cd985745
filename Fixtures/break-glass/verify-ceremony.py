#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies what a ceremony left, without ca-escrow: written from docs/format.md, sections 4.22 and 4.24 to 4.26, alone.

verify-ceremony.py BUNDLE

Needs Python 3.11 and, for signatures, ssh-keygen. Recomputes the chain of the transcript from the plan, holds its acts
against what each step demands, compares every file that the transcript names, looks for files that it does not name,
makes attestations and inventory anew, holds plan and drill receipts against the escrow's manifest, and checks the
signatures of officers, operator and witnesses. Prints a line for each check, and the head. Ends with 0, or with 2 and
the first thing that is wrong.
"""
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tomllib

LINE = {"act", "actor", "files", "format", "notes", "previous", "sequence", "step", "time"}
ACTS = {
    "opened", "resumed", "began", "initialled", "compared", "differed", "noted", "exception", "done", "abandoned", "closed",
}


class Bad(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).hexdigest()


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
    lines, previous, time = [], plan, ""
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
        need(line["time"] >= time, number, "earlier than the line before it")
        previous, time = sha256(piece), line["time"]
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


def names(tree):
    return [tree] if isinstance(tree, str) else [name for member in tree[1] for name in names(member)]


def is_enough(tree, people):
    if isinstance(tree, str):
        return tree in people
    return sum(is_enough(member, people) for member in tree[1]) >= tree[0]


def shape(tree):
    """The policy, whatever the order in which its members are written."""
    return tree if isinstance(tree, str) else (tree[0], frozenset(shape(member) for member in tree[1]))


def quorum(tree, waiting):
    """As many members as the threshold says, those with somebody who waits first."""
    if isinstance(tree, str):
        return [tree]
    members = sorted(tree[1], key=lambda member: not waiting & set(names(member)))
    return [name for member in members[:tree[0]] for name in quorum(member, waiting)]


def covering(tree):
    """The quorums of trial restores, in which together everybody is."""
    waiting, quorums = set(names(tree)), []
    while waiting:
        quorums.append(quorum(tree, waiting))
        waiting -= set(quorums[-1])
    return quorums


# The acts


FEASIBLE = "the step can be carried out"
PROGRAM = "the program is the plan's"


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


def steps(plan, officers, tree):
    """The plan's steps, in order."""
    drills = [f"drill-{number + 1}" for number in range(len(covering(tree)))]
    between = {
        "backup": ["cards", "certificate", "go", "backup", "manifest-digest"] + [f"sign-{name}" for name in officers]
        + ["audit"] + drills + [f"acknowledge-{name}" for name in names(tree)],
        "restore": ["certificate", "go", "manifest-digest", "audit", "restore"],
        "drill": ["certificate", "go", "manifest-digest", "audit"] + drills,
    }
    return ["sign-in", "open-bags", "machine", "clock", "self-check", "plan-digest", "plan-signatures"] \
        + between[plan["kind"]] + ["close-bags", "key", "exceptions", "attest", "close"]


def order(script, roles, lines):
    """What holds of every line: who, in which step, after what."""
    position, begun, resumed, end = 0, False, False, None
    for number, line in enumerate(lines, 1):
        act, said = line["act"], notes(line)
        need(line["actor"] in roles, number, f"{line['actor']}: nobody of the plan's people")
        need((act == "opened") == (number == 1), number, "'opened' is the first line, once")
        need(not end or act == "abandoned", number, "after the end that was decided")
        need(position < len(script) and line["step"] == script[position], number, f"step {line['step']} is not under way")
        role = "operator" if act in ("opened", "resumed", "began", "done", "closed") else \
            "administrator" if act in ("exception", "abandoned") or (act == "noted" and "decision" in said) else None
        need(role is None or role in roles[line["actor"]], number, f"'{act}' by {line['actor']}, who is not the {role}")
        if act == "began":
            need(not begun, number, "'began' a second time")
        if act in ("closed", "done"):
            need((act == "closed") == (line["step"] == "close"), number, f"'{act}' does not end this step")
        if act in ("closed", "done", "initialled", "noted"):
            need(begun, number, "before the step was begun")
        if act in ("compared", "differed", "exception"):
            need(begun or resumed, number, "before the step was begun")
        if act == "exception":
            need({"expected", "happened", "decided"} <= set(said) and said.get("decision") in ("go on", "again", "abandon"),
                 number, "an exception without what was decided")
        need(act != "abandoned" or end, number, "abandoned, and nobody has decided so")
        if act in ("noted", "exception") and said.get("decision") in ("NO-GO", "abandon"):
            end = line
        begun, resumed = begun or act == "began", resumed or act == "resumed"
        if act == "done":
            position, begun, resumed = position + 1, False, False


def minutes(time):
    return int(time[:2]) * 60 + int(time[3:])


class Held:
    """A step that is done, held against what it demands."""

    def __init__(self, plan, digest, roles, step, lines):
        self.plan, self.digest, self.roles, self.step, self.lines = plan, digest, roles, step, lines
        self.attempts = attempts(lines)
        self.met = [line for standing, line in self.attempts.values() if standing == "met"]
        self.excused = any(standing == "excused" for standing, _ in self.attempts.values())
        self.files = [file for line in lines for file in line.get("files", [])]

    def need(self, condition, words):
        if not condition:
            raise Bad(f"step {self.step}: {words}")

    def initials(self, people):
        for name in people:
            given = [x for x in self.lines if x["act"] == "initialled" and x["actor"] == name and "initials" in notes(x)]
            self.need(given, f"no initials of {name}")

    def both(self):
        given = {line["actor"] for line in self.lines if line["act"] == "initialled" and "initials" in notes(line)}
        for role in ("operator", "witness"):
            self.need(any(role in self.roles[name] for name in given), f"no initials of a {role}")

    def made(self, pattern, actor=None):
        made = any(actor in (None, line["actor"]) for line in self.met)
        named = any(re.fullmatch(pattern, file["name"]) for file in self.files)
        self.need((made and named) or self.excused, "what it makes is named by no line")

    def bags(self, direction):
        count = {medium["label"]: 0 for medium in self.plan["media"]}
        for line in self.lines:
            if line["act"] == "noted":
                said = notes(line)
                need(said.get("medium") in count and said.get("direction") == direction and "bag" in said,
                     line["sequence"], "not the bag of a medium of the plan")
                need("witness" in self.roles[line["actor"]], line["sequence"], "a bag that no witness wrote down")
                count[said["medium"]] += 1
        self.need(all(number == 1 for number in count.values()), "not one bag of each medium")
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
            self.need(any(x.startswith(name + " ") for x in self.attempts), f"nothing shows that {name} can unseal")
        self.need(len(self.attempts) > len(custodians), "no card was verified")
        self.both()

    def attested(self):
        for person in self.plan["people"]:
            said = [notes(x) for x in self.lines if x["act"] == "noted" and x["actor"] == person["name"]]
            self.need(len(said) == 1 and said[0].get("attestation") in ("agree", "disagree") and "initials" in said[0],
                      f"no attestation of {person['name']}, or more than one")

    def check(self, custodians):
        for standing, line in self.attempts.values():
            need(standing not in ("open", "again"), line["sequence"], "not as expected, and nobody went on without")
            need(standing == "met" or self.step not in ("backup", "restore"), line["sequence"], "nothing goes on without it")
        if self.attempts.get(FEASIBLE, ("", 0))[0] == "excused":
            return self.both()
        kind, _, name = self.step.partition("-")
        if self.step == "sign-in":
            return self.initials([person["name"] for person in self.plan["people"]])
        if self.step in ("open-bags", "close-bags"):
            return self.bags("out" if kind == "open" else "in")
        if self.step in ("plan-digest", "certificate", "manifest-digest"):
            return self.compared(kind)
        if self.step in ("plan-signatures", "audit"):
            self.need(self.attempts, "nothing was verified")
        if self.step == "self-check":
            excused = any(name.startswith(PROGRAM) and x == "excused" for name, (x, _) in self.attempts.items())
            named = any(line["act"] == "compared" and names_program(line) for line in self.lines)
            self.need(excused or named, "no line names the program")
        if self.step == "clock":
            return self.clock()
        if self.step == "cards":
            return self.cards(custodians)
        if self.step == "go":
            said = [line for line in self.lines if line["act"] == "noted" and notes(line).get("decision") == "GO"]
            return self.need(said, "nobody has said GO")
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


def program(plan, lines):
    """Another program than the plan's has an exception that names it; after an interruption one is named."""
    excused = [notes(line) for line in lines if line["act"] == "exception"]
    excused = [said for said in excused if said["expected"].startswith(PROGRAM)]
    for line in lines:
        if line["act"] == "resumed" and not names_program(line):
            need(any(said["happened"] == "it cannot be read" for said in excused), line["sequence"], "no program is named")
        for file in line.get("files", []):
            if file["name"] == "ca-escrow" and file["sha256"] != plan["tool"]["sha256"]:
                need(any(said["happened"] == "SHA-256 " + file["sha256"] for said in excused),
                     line["sequence"], "another program than the plan's")


def acts(plan, digest, officers, tree, lines):
    roles = {person["name"]: person["roles"] for person in plan["people"]}
    script = steps(plan, officers, tree)
    order(script, roles, lines)
    for step in script:
        held = [line for line in lines if line["step"] == step]
        if any(line["act"] in ("done", "closed") for line in held):
            Held(plan, digest, roles, step, held).check(names(tree))
    program(plan, lines)


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
    named |= {"plan.toml", "transcript.jsonl", "transcript.jsonl.tsq", "transcript.jsonl.tsr", "report.html", "report.json"}
    if lines[-1]["act"] != "closed":
        return
    for path in sorted(bundle.rglob("*")):
        name = path.relative_to(bundle).as_posix()
        if path.name.startswith(".") and path.name.endswith(".partial"):
            continue  # left half made by an interrupted run
        known = name in named or re.fullmatch(r"(plan\.toml|transcript\.jsonl)\.[^/]+\.sig", name)
        if path.is_dir() and not path.is_symlink():
            known = any(other.startswith(name + "/") for other in named) or name in ("attestations", "cards")
        if not known or path.is_symlink():
            raise Bad(f"{name}: nothing accounts for it")


# The escrow


def manifest_tree(gate):
    """The policy of a manifest, as a tree."""
    if "custodian" in gate:
        return gate["custodian"]
    return gate["threshold"], [manifest_tree(member) for member in gate["members"]]


def made_by(bundle, lines, kind, digest):
    """Whose shares rebuilt the key, by the documents that a step's lines name."""
    quorums = []
    for line in lines:
        for file in line.get("files", []):
            if file["direction"] == "out" and re.fullmatch(r"[^/]+/records/[^/]*-" + kind + r"-[^/]*\.json", file["name"]):
                data = (bundle / "escrow" / file["name"]).read_bytes()
                document = json.loads(data)
                need(sha256(data) == file["sha256"], line["sequence"], f"{file['name']} is another")
                need(document["manifest"] == digest, line["sequence"], f"{file['name']}: of another manifest")
                quorums.append(document["custodians"])
    return quorums


def escrow(bundle, plan, officers, tree, lines):
    """The newest manifest is the one that was compared, it is as the plan says, and everybody was in a trial restore."""
    if lines[-1]["act"] != "closed":
        return "not closed"
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
    if plan["kind"] == "restore":
        restored = made_by(bundle, [line for line in lines if line["step"] == "restore"], "restore", digest)
        if not any(is_enough(tree, people) for people in restored):
            raise Bad("no record of a restore by a quorum of the plan")
        return "as planned"
    covered, excused = set(), False
    for number, planned in enumerate(covering(tree), 1):
        held = [line for line in lines if line["step"] == f"drill-{number}"]
        without = any(standing == "excused" for standing, _ in attempts(held).values())
        rebuilt = [set(people) for people in made_by(bundle, held, "drill", digest)]
        covered, excused = covered.union(*rebuilt), excused or without
        if set(planned) not in rebuilt and not without:
            raise Bad(f"step drill-{number}: not rebuilt by {', '.join(planned)}")
    missing = [name for name in names(tree) if name not in covered]
    if missing and not excused:
        raise Bad(f"in no trial restore: {', '.join(missing)}")
    return f"as planned; in no trial restore: {', '.join(missing) or 'nobody'}"


# What is made of the transcript


def attestation(person, line, rehearsal):
    said = notes(line)
    document = {
        "agrees": said["attestation"] == "agree",
        "format": "ca-escrow/v1/attestation",
        "fullName": person["fullName"],
        "initials": said.get("initials", ""),
        "line": sha256(one_line(line)),
        "name": person["name"],
        "roles": person["roles"],
        "time": line["time"],
    }
    if "exceptions" in said:
        document["exceptions"] = said["exceptions"]
    return document | ({"rehearsal": True} if rehearsal else {})


def inventory(plan, lines):
    bags = {}
    for line in lines:
        said = notes(line)
        if line["act"] == "noted" and {"medium", "bag", "direction"} <= set(said):
            bags[said["medium"], said["direction"]] = said | {"time": line["time"]}
    items = []
    for medium in plan["media"]:
        out, back = bags.get((medium["label"], "out"), {}), bags.get((medium["label"], "in"), {})
        item = {key: medium[key] for key in ("content", "holder", "site")} | {"medium": medium["label"]}
        for key, value in (
            ("serial", medium.get("serial", out.get("serial", back.get("serial")))), ("expected", out.get("expected")),
            ("bagOut", out.get("bag")), ("bagIn", back.get("bag")), ("timeOut", out.get("time")),
            ("timeIn", back.get("time")),
        ):
            if value is not None:
                item[key] = value
        items.append(item)
    used = [item[key] for item in items for key in ("bagOut", "bagIn") if key in item]
    if len(set(used)) != len(used):
        raise Bad("a bag's number stands there twice")
    document = {"format": "ca-escrow/v1/inventory"} | ({"items": items} if items else {})
    return document | ({"rehearsal": True} if plan.get("rehearsal") else {})


def evidence(bundle, plan, lines):
    if lines[-1]["act"] != "closed":
        return "not closed"
    words = [notes(line)["attestation"] for line in lines if "attestation" in notes(line)]
    for person in plan["people"]:
        said = [line for line in lines if line["actor"] == person["name"] and "attestation" in notes(line)]
        path = bundle / "attestations" / f"{person['name']}.json"
        if said:
            need(path.read_bytes() == canonical(attestation(person, said[-1], plan.get("rehearsal"))), said[-1]["sequence"], f"{path.name} is another")
    path = bundle / "inventory.json"
    need(path.read_bytes() == canonical(inventory(plan, lines)), len(lines), "inventory.json is another")
    return f"sound; {words.count('agree')} agree, {words.count('disagree')} do not"


def signatures(bundle, name, kind, signers):
    """Who has signed a file of the bundle, among those who should; a signature that does not hold is an error."""
    signed = []
    for path in sorted(bundle.glob(f"{name}.*.sig")):
        signer = path.name[len(name) + 1:-4]
        with open(bundle / name, "rb") as document:
            result = subprocess.run(
                [
                    "ssh-keygen", "-Y", "verify", "-f", bundle / "officers.signers", "-I", signer, "-n",
                    f"ca-escrow-{kind}-v1", "-s", path,
                ],
                stdin=document, capture_output=True, check=False,
            )
        if result.returncode:
            raise Bad(f"{path.name}: does not hold")
        signed.append(signer)
    missing = [signer for signer in signers if signer not in signed]
    return "signed by " + (", ".join(signed) or "nobody") + (f"; not by {', '.join(missing)}" if missing else "")


def main():
    bundle = pathlib.Path(sys.argv[1])
    data = (bundle / "plan.toml").read_bytes()
    plan = tomllib.loads(data.decode())
    closers = [p["name"] for role in ("operator", "witness") for p in plan["people"] if role in p["roles"]]
    needed, officers = policy(plan["escrow"]["officers"], [p["name"] for p in plan["people"] if "officer" in p["roles"]])
    tree = policy(plan["escrow"]["policy"], [p["name"] for p in plan["people"] if "custodian" in p["roles"]])
    try:
        lines, head = transcript((bundle / "transcript.jsonl").read_bytes(), sha256(data))
        print(f"chain: {len(lines)} lines, {sum(line['act'] == 'exception' for line in lines)} exceptions, {lines[-1]['act']}")
        acts(plan, sha256(data), officers[:needed], tree, lines)
        print("acts: sound")
        files(bundle, lines)
        print("files: sound")
        print("escrow:", escrow(bundle, plan, (needed, officers), tree, lines))
        print("evidence:", evidence(bundle, plan, lines))
        print("plan:", signatures(bundle, "plan.toml", "plan", officers))
        print("transcript:", signatures(bundle, "transcript.jsonl", "transcript", closers))
    except (Bad, OSError, KeyError, IndexError, ValueError) as error:
        print(error if isinstance(error, (Bad, OSError)) else f"not as it must be: {error!r}")
        sys.exit(2)
    print("head:", head)


main()
