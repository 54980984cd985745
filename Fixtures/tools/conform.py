#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""conform.py [FOLDER] [CASE...]: holds ca-escrow, audit.py and restore.py against Fixtures/vectors/conformance.

Lays every case out in a folder of its own, asks each of them what the index says, and prints what they see otherwise.
Ends with 0 when they all agree with what is expected, else with 1.
"""
import base64, contextlib, hashlib, importlib.util, io, json, multiprocessing, os, re, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
GLASS = os.path.join(HERE, "../break-glass")
VECTORS = os.path.join(HERE, "../vectors/conformance")


def lay(root, case, folder):
    """The files of a case: a base, and what differs."""
    with open(f"{root}/cases/{case.split('.')[0]}.json", encoding="utf-8") as file:
        layout = json.load(file)[case]
    base = f"{root}/bases/{layout['base']}"
    found = {os.path.relpath(os.path.join(at, name), base): os.path.join(at, name)
             for at, _, names in os.walk(base) for name in names}
    files = {path: load(place) for path, place in found.items() if path not in layout.get("without", ())}
    for path, content in layout.get("files", {}).items():
        if "from" in content:
            lines = load(found[content["from"]]).decode().split("\n")
            for number, line in content.get("lines", {}).items():
                lines[int(number)] = line
            files[path] = "\n".join(lines).encode()
        elif "repeat" in content:
            files[path] = content["repeat"].encode() * content["times"]
        else:
            files[path] = content["text"].encode() if "text" in content else base64.b64decode(content["base64"])
    for path, data in files.items():
        os.makedirs(os.path.dirname(f"{folder}/{path}") or folder, exist_ok=True)
        with open(f"{folder}/{path}", "wb") as file:
            file.write(data)
        if path.endswith((".identity", ".pass", ".seen")):
            os.chmod(f"{folder}/{path}", 0o600)
    for path in layout.get("directories", ()):
        os.makedirs(f"{folder}/{path}")
    for path, target in layout.get("links", {}).items():
        os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
        os.symlink(target, f"{folder}/{path}")
    for path, mode in layout.get("modes", {}).items():
        os.chmod(f"{folder}/{path}", int(mode, 8))


def load(path):
    with open(path, "rb") as file:
        return file.read()


# ---- An audit

OPTIONS = {"signers": "--signers", "certificate": "--certificate", "time": "--at", "require": "--require", "tsa": "--tsa"}


def audit_options(given):
    options = [word for key, option in OPTIONS.items() if key in given for word in (option, str(given[key]))]
    return [given["escrow"], *options, *(["--without-pkcs12"] if given.get("keyFile") is False else []), "--json"]


def judged(expected, checks, verdict, status):
    """What is otherwise than expected of an audit; nothing when nothing is."""
    if expected["outcome"] == "refuse" and "verdict" not in expected:
        return "" if verdict == "refused" else f"{verdict}, not refused"
    if verdict == "refused":
        return "refused"
    fails = {code for code, outcome in checks.items() if outcome == "FAIL"}
    undone = {code for code, outcome in checks.items() if outcome == "NOT CHECKED"}
    wanted, open_ = set(expected.get("fails", ())), set(expected.get("notChecked", ()))
    differs = [f"verdict {verdict!r}"] if verdict != expected["verdict"] else []
    differs += [f"status {status}"] if status != expected["status"] else []
    if fails - wanted or bool(wanted) != bool(fails):
        differs.append(f"FAIL {', '.join(sorted(fails)) or 'nothing'}")
    if not wanted and undone != open_:
        differs.append(f"NOT CHECKED {', '.join(sorted(undone)) or 'nothing'}")
    return "; ".join(differs)


def program_audit(case):
    done = subprocess.run(["ca-escrow", "audit", *audit_options(case["given"])], capture_output=True, text=True)
    if not done.stdout:
        assert done.returncode in (64, 65, 66), (done.returncode, done.stderr)
        return judged(case["expected"], {}, "refused", 64)
    audit = json.loads(done.stdout)["audits"][0]
    return judged(case["expected"], {c["check"]: c["outcome"] for c in audit["checks"]}, audit["verdict"], done.returncode)


def second_audit(case):
    sys.argv, said = ["audit.py", *audit_options(case["given"])], io.StringIO()
    said.reconfigure = lambda **_: None
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        status = second.main()
    if status == 64:
        return judged(case["expected"], {}, "refused", 64)
    report = json.loads(said.getvalue())
    return judged(case["expected"], report["checks"], report["verdict"], status)


# ---- A restore

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


# ---- What a custodian's tool does

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


def audit_of(case, time=None):
    """What the second auditor finds in the escrow, at the time of the case unless another is given."""
    given = {"escrow": case["given"]["escrow"], "time": time or case["given"]["time"]}
    sys.argv, said = ["audit.py", *audit_options(given)], io.StringIO()
    said.reconfigure = lambda **_: None
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        second.main()
    return json.loads(said.getvalue())["checks"]


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


# ---- What a writer does

def writing(case):
    """The command for what a writer is asked to do."""
    given = case["given"]
    by = ["-i", given["person"], "--at", given["time"], "--yes"] if "time" in given else []
    if case["asks"] == "escrow":
        return ["backup", given["escrow"], "--from", f"pem:{given['key']},{given['certificate']}", "--policy", given["policy"],
                "--officers", given["officers"], "--card", "cards", *by]
    if case["asks"] == "successor":
        known = ["--signers", given["signers"]] if "signers" in given else []
        return ["backup", given["escrow"], "--from", f"pem:{given['key']},{given['certificate']}", "--occasion", "scheduled",
                *known, *by]
    if case["asks"] == "sign":
        return ["sign", given["escrow"], *by]
    if case["asks"] == "collect":
        return ["collect", given["escrow"], given["parcel"]]
    return ["identity", "passphrase", given["person"], "--out", "new.identity", "--passphrase-file", given["old"],
            "--passphrase-file", given["new"]]


def program_writer(case):
    given, before = case["given"], files_here()
    done = subprocess.run(["ca-escrow", *writing(case)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    after = files_here()
    made = {path for path in after if path not in before and not path.endswith(".seen")}
    altered = {path for path, data in before.items() if after.get(path) != data}
    if case["expected"]["outcome"] == "refuse":
        # Where one thing of several is not done, a tool may say so and end well.
        return "" if (done.returncode or done.stderr) and not made | altered else \
            f"status {done.returncode}, and it has made {', '.join(sorted(made | altered)) or 'nothing'}"
    if done.returncode not in (0, 1) or not made:
        return f"status {done.returncode}: {done.stderr.strip().splitlines()[-2:]}"
    if case["asks"] == "passphrase":
        kinds = [unlock["kind"] for unlock in json.loads(load("new.identity"))["unlocks"]]
        return "" if given["kept"] in kinds and not altered else f"it has {', '.join(kinds)}"
    if altered:
        return f"it has altered {', '.join(sorted(altered))}"
    if "time" not in given:
        found = [name for name in os.listdir(given["escrow"]) if name[:4].isdigit()]
        return "" if len(found) == given["epochs"] else f"{len(found)} epochs"
    failed = [code for code, outcome in audit_of(case, "2026-12-31T00:00:00Z").items()
              if outcome == "FAIL" and code != "approval"]
    return f"the second auditor fails {', '.join(failed)}" if failed else ""


ACCEPTED = {"acknowledge": claimed, "prove": claimed, "release": released, "answer": enrolled}


def remembering(function):
    """The cases have most signatures and certificates in common: what held once holds again."""
    held = {}

    def remembered(*arguments, **named):
        key = repr([sorted(a) if isinstance(a, set) else a for a in arguments]), repr(named)
        if key not in held:
            held[key] = function(*arguments, **named)
        return held[key]
    return remembered


spec = importlib.util.spec_from_file_location("audit", os.path.join(GLASS, "audit.py"))
second = importlib.util.module_from_spec(spec)
spec.loader.exec_module(second)
second.check_signature = remembering(second.check_signature)
second.Certificate = remembering(second.Certificate)

ASKED = {"audit": {"ca-escrow": program_audit, "audit.py": second_audit},
         "restore": {"restore.py": restored_by_hand, "ca-escrow": program_restore},
         **{act: {"ca-escrow": program_act} for act in ACTS},
         **{act: {"ca-escrow": program_writer} for act in ("escrow", "successor", "sign", "collect", "passphrase")}}


def run(case):
    """What the tools see otherwise: pairs of a tool and a text."""
    with tempfile.TemporaryDirectory() as folder:
        lay(root, case["case"], folder)
        os.chdir(folder)
        found = []
        for tool, ask in ASKED[case["asks"]].items():
            try:
                differs = ask(case)
            except Exception as error:
                differs = repr(error)
            if differs is not None:
                found.append((tool, differs))
        os.chdir("/")
        return case, found


if __name__ == "__main__":
    arguments = sys.argv[1:]
    root = os.path.abspath(arguments.pop(0) if arguments and os.path.isdir(arguments[0]) else VECTORS)
    with open(f"{root}/index.json", encoding="utf-8") as file:
        work = [case for case in json.load(file)["cases"] if not arguments or case["case"] in arguments
                or case["requirements"][0] in arguments]
    for case in [case for case in work if "A-59" in case["requirements"]]:  # most signatures of all cases are in these
        run(case)
    pool = multiprocessing.get_context("fork").Pool()
    try:
        results = pool.map(run, work, chunksize=4)
    finally:
        pool.close()
        pool.join()
    wrong, asked = 0, 0
    for case, found in results:
        for tool, differs in found:
            asked += 1
            if differs:
                wrong += 1
                print(f"{case['case']:8} {tool:10} {case['what']}: {differs}; expected {json.dumps(case['expected'])}")
    print(f"{len(results)} cases, {asked} answers, {wrong} otherwise than expected")
    sys.exit(1 if wrong else 0)
