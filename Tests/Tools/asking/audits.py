# SPDX-License-Identifier: Apache-2.0
"""What the program and the second auditor find in an escrow."""
import contextlib, importlib.util, io, json, os, subprocess, sys

GLASS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../Fixtures/break-glass")


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


def audit_of(case, time=None):
    """What the second auditor finds in the escrow, at the time of the case unless another is given."""
    given = {"escrow": case["given"]["escrow"], "time": time or case["given"]["time"]}
    sys.argv, said = ["audit.py", *audit_options(given)], io.StringIO()
    said.reconfigure = lambda **_: None
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        second.main()
    return json.loads(said.getvalue())["checks"]
