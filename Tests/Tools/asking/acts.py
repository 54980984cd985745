# SPDX-License-Identifier: Apache-2.0
"""What a custodian's tool signs and sends, and what it refuses."""
import base64, hashlib, json, os, subprocess, sys

from two_auditors import GLASS

from .audits import audit_of
from .layout import load


def files_here():
    return {os.path.join(at, name): load(os.path.join(at, name)) for at, _, names in os.walk(".") for name in names
            if os.access(os.path.join(at, name), os.R_OK) and not os.path.islink(os.path.join(at, name))}


ACTS = {"acknowledge": {"manifest": "--manifest"}, "prove": {"manifest": "--manifest"},
        "release": {"manifest": "--manifest", "confirm": "--confirm"}, "answer": {}}


def program_act(case):
    given, expected, act = case["given"], case["expected"], case["asks"]
    command = ["ca-escrow", act, given.get("escrow") or given["parcel"], "-i", given["person"], "--at", given["time"]]
    for name, option in ACTS[act].items():
        command += [option, given[name]] if name in given else []
    command += ["--out", "alice.release"] if act == "release" else ["--out", "answer.parcel"] if act == "answer" else []
    before = files_here()
    done = subprocess.run([*command, "--yes"], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    said = done.stdout + done.stderr
    made = {path: data for path, data in files_here().items() if before.get(path) != data and not path.endswith(".seen")}
    if expected["outcome"] == "refuse":
        differs = [] if done.returncode and not made else [f"status {done.returncode}, and it has made {', '.join(made)}"]
        differs += [f"does not name {word}" for word in expected.get("names", ()) if word not in said]
        return "; ".join(differs)
    if done.returncode:
        return f"status {done.returncode}: {done.stderr.strip().splitlines()[-2:]}"
    return ACCEPTED[act](case, made)


def claimed(case, made):
    """A receipt or a proof: that it holds is for the second auditor to say."""
    checks = audit_of(case)
    folder = {"acknowledge": "receipts", "prove": "proofs"}[case["asks"]]
    filed = [path for path in made if f"/{folder}/" in path and path.endswith(".json")]
    return "" if filed and checks[folder] != "FAIL" else f"{folder}: {checks[folder]}"


def released(case, made):
    """A statement that holds, and a box that opens with the request's key: restore.py compares every field."""
    outside = [path for path in made if path.endswith(".release")]
    box = json.loads(load("alice.release"))["box"]
    inside = [path for path, data in made.items() if path.startswith("./acme.escrow/") and box.encode() in data]
    if outside != ["./alice.release"] or inside:
        return f"the box lies in {', '.join(inside + outside)}"
    if audit_of(case)["releases"] != "PASS":
        return "its statement does not hold"
    [path] = [name for name in os.listdir(".") if name.endswith(".p12")]
    done = subprocess.run([sys.executable, os.path.join(GLASS, "restore.py"), case["given"]["escrow"], path, "by-hand.pem",
                           "alice.release", "bob.identity", "request.identity"], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stderr


def enrolled(case, made):
    """The answer, and nothing of the value in the box."""
    parcel = json.loads(load("answer.parcel"))
    answers = [json.loads(base64.b64decode(file["content"])) for file in parcel["files"]
               if file["path"].endswith(".enrolment.json")]
    secret = bytes.fromhex(case["given"]["secret"])
    forms = (secret, secret.hex().encode(), base64.b64encode(secret))
    leaked = any(form in data or form in base64.b64decode(file["content"])
                 for data in made.values() for form in forms for file in parcel["files"])
    digests = [hashlib.sha256(bytes.fromhex(answer["answer"])).hexdigest() for answer in answers]
    return "" if digests == [case["given"]["answer"]] and not leaked else f"answers {digests}"


ACCEPTED = {"acknowledge": claimed, "prove": claimed, "release": released, "answer": enrolled}
