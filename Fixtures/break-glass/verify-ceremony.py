#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Verifies what a ceremony left, without ca-escrow: written from docs/format.md, sections 4.24 to 4.26, alone.

verify-ceremony.py BUNDLE

Needs Python 3.11 and, for signatures, ssh-keygen. Recomputes the chain of the transcript from the plan, compares every
file that the transcript names, makes attestations and inventory anew, and checks the signatures of officers, operator and
witnesses. Prints a line for each check, and the head. Ends with 0, or with 2 and the first bad line of the transcript.
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


def files(bundle, lines):
    for line in lines:
        if line["act"] != "opened" and line["step"] != "close":
            continue
        for file in line.get("files", []):
            data = (bundle / file["name"]).read_bytes()
            need(sha256(data) == file["sha256"], line["sequence"], f"{file['name']} is another")


def attestation(person, line):
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
    return document


def inventory(plan, lines):
    bags = {}
    for line in lines:
        said = notes(line)
        if line["act"] == "noted" and {"medium", "bag", "direction"} <= set(said):
            bags[said["medium"], said["direction"]] = said
    items = []
    for medium in plan["media"]:
        out, back = bags.get((medium["label"], "out"), {}), bags.get((medium["label"], "in"), {})
        item = {key: medium[key] for key in ("content", "holder", "site")} | {"medium": medium["label"]}
        for key, value in (
            ("serial", medium.get("serial")), ("expected", out.get("expected")), ("bagOut", out.get("bag")),
            ("bagIn", back.get("bag")),
        ):
            if value is not None:
                item[key] = value
        items.append(item)
    return {"format": "ca-escrow/v1/inventory"} | ({"items": items} if items else {})


def evidence(bundle, plan, lines):
    if lines[-1]["act"] != "closed":
        return "not closed"
    for person in plan["people"]:
        said = [line for line in lines if line["actor"] == person["name"] and "attestation" in notes(line)]
        path = bundle / "attestations" / f"{person['name']}.json"
        if said:
            need(path.read_bytes() == canonical(attestation(person, said[-1])), said[-1]["sequence"], f"{path.name} is another")
    path = bundle / "inventory.json"
    need(path.read_bytes() == canonical(inventory(plan, lines)), len(lines), "inventory.json is another")
    return "sound"


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
    officers = re.findall(r"[a-z0-9-]+", plan["escrow"]["officers"].split("(", 1)[1])
    try:
        lines, head = transcript((bundle / "transcript.jsonl").read_bytes(), sha256(data))
        print(f"chain: {len(lines)} lines, {sum(line['act'] == 'exception' for line in lines)} exceptions, {lines[-1]['act']}")
        files(bundle, lines)
        print("files: sound")
        print("evidence:", evidence(bundle, plan, lines))
        print("plan:", signatures(bundle, "plan.toml", "plan", officers))
        print("transcript:", signatures(bundle, "transcript.jsonl", "transcript", closers))
    except (Bad, OSError) as error:
        print(error)
        sys.exit(2)
    print("head:", head)


main()
