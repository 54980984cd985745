# SPDX-License-Identifier: Apache-2.0
"""A restore by the program, and one by restore.py."""
import base64, contextlib, hashlib, json, os, re, subprocess, sys

from two_auditors import GLASS, second

from .layout import load


def restore_outcome(case, status, said, key, extra=""):
    """What is otherwise than expected of a restore. `key` is the PKCS#8 that it gave, if any."""
    expected = case["expected"]
    found = hashlib.sha256(key).hexdigest() if key else None
    differs = []
    if (status == 0) != (expected["outcome"] == "accept"):
        differs.append(f"status {status}: {said.strip().splitlines()[-1:]}")
    elif found != expected.get("key"):
        differs.append("another key" if found else "no key")
    missing = [word for word in expected.get("names", ()) if word not in said]
    differs += [f"does not name {', '.join(missing)}: {said.strip().splitlines()[-3:]}"] if missing else []
    return "; ".join(differs + ([extra] if extra else []))


def blocks(path, label):
    """The DER of every block of this label in a PEM file; none when there is no such file."""
    text = load(path).decode() if os.path.exists(path) else ""
    return [base64.b64decode(part) for part in re.findall(f"-----BEGIN {label}-----(.*?)-----END", text, re.S)]


def program_restore(case):
    given, expected = case["given"], case["expected"]
    command = ["ca-escrow", "restore", given["escrow"], "--to", "pem:new.key,new.crt", "--plain-key", "--yes"]
    for name, option in (("signers", "--signers"), ("certificate", "--certificate"), ("time", "--at"), ("epoch", "--epoch"),
                         ("unverified", "--unverified"), ("override", "--override"), ("reason", "--reason"),
                         ("request", "--request"), ("requestKey", "--key")):
        command += [option, given[name]] if name in given else []
    command += ["--rehearsal"] if given.get("rehearsal") else []
    for file in given["people"]:
        command += ["--release" if file.endswith(".release") else "-i", file]
    for file, phrase in given.get("passphrases", {}).items():
        command += ["--passphrase-file", f"{file.split('.')[0]}={phrase}"]
    before = records(given["escrow"])
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    keys, said = blocks("new.key", "PRIVATE KEY"), done.stdout + done.stderr
    extra = [f"does not warn of {word}" for word in expected.get("warns", ()) if word not in said]
    certificates = [hashlib.sha256(der).hexdigest() for name in os.listdir(".") if name.startswith("new")
                    for der in blocks(name, "CERTIFICATE")]
    if "certificates" in expected and sorted(certificates) != sorted(expected["certificates"]):
        extra.append("other certificates")
    if done.returncode == 0:
        extra += record_differs(case, records(given["escrow"]) - before)
    elif os.path.exists("new.key") or records(given["escrow"]) != before:
        extra.append("it has left something behind")
    return restore_outcome(case, done.returncode, said, keys[0] if keys else None, "; ".join(extra))


def records(escrow):
    return {os.path.join(at, name) for at, _, names in os.walk(escrow) for name in names if "-restore-" in name}


def record_differs(case, made):
    """A restore leaves one record, in which `s` is proven, with the reasons for what was set aside."""
    if len([path for path in made if path.endswith(".json")]) != 1:
        return ["it left no record"]
    with open(next(path for path in made if path.endswith(".json")), encoding="utf-8") as file:
        record = json.load(file)
    codes = [each["code"] for each in record.get("overrides", ())]
    wanted = case["expected"].get("overrides", [])
    epochs = [name for name in os.listdir(case["given"]["escrow"])
              if hashlib.sha256(manifest_in(case["given"]["escrow"], name)).hexdigest() == record["manifest"]]
    a0 = json.loads(manifest_in(case["given"]["escrow"], epochs[0]))["policy"]["commitments"][0]
    try:
        second.check_possession(record, bytes.fromhex(a0))
    except ValueError as error:
        return [f"its record: {error}"]
    return [] if codes == wanted else [f"its record has set aside {codes}"]


def manifest_in(escrow, name):
    path = os.path.join(escrow, name, "manifest.json")
    return load(path) if os.path.exists(path) else b""


def restored_by_hand(case):
    """By restore.py; nothing where section 7 leaves it to people."""
    given = case["given"]
    if not given["byHand"]:
        return None
    files = [name for name in sorted(os.listdir(".")) if name.endswith(".p12")]
    with open(given.get("keyFile") or newest_key_file(given["escrow"], files), "rb") as file:
        path = file.name
    phrases = given.get("passphrases", {})
    people = [f"{name}={phrases[name]}" if name in phrases else name for name in given["people"]]
    people += [given["requestKey"]] if "requestKey" in given else []
    epoch = ["--epoch", given["epoch"]] if "epoch" in given else []
    done = subprocess.run([sys.executable, os.path.join(GLASS, "restore.py"), given["escrow"], path, "by-hand.pem", *epoch,
                           *people], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    keys = blocks("by-hand.pem", "PRIVATE KEY")
    return restore_outcome(case, done.returncode, done.stderr, keys[0] if keys else None)


def newest_key_file(escrow, files):
    """The key file that a manifest names, of the highest epoch."""
    for name in sorted(os.listdir(escrow), reverse=True):
        with contextlib.suppress(ValueError, KeyError):
            named = json.loads(manifest_in(escrow, name))["pkcs12"]["name"]
            if named in files:
                return named
    return files[0]
