# SPDX-License-Identifier: Apache-2.0
"""What the program and the second auditor find in an escrow."""
from two_auditors import ours, remember, theirs

remember()

OPTIONS = {"signers": "--signers", "certificate": "--certificate", "time": "--at", "require": "--require", "tsa": "--tsa"}


def audit_options(given):
    options = [word for key, option in OPTIONS.items() if key in given for word in (option, str(given[key]))]
    return [given["escrow"], *options, *(["--without-pkcs12"] if given.get("keyFile") is False else [])]


def judged(expected, checks, verdict, status, manifest):
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
    differs += [f"about {manifest}"] if expected.get("about", manifest) != manifest else []
    if fails - wanted or bool(wanted) != bool(fails):
        differs.append(f"FAIL {', '.join(sorted(fails)) or 'nothing'}")
    if not wanted and undone != open_:
        differs.append(f"NOT CHECKED {', '.join(sorted(undone)) or 'nothing'}")
    return "; ".join(differs)


def program_audit(case):
    return judged(case["expected"], *ours(audit_options(case["given"]), refusals=(64, 65, 66, 74)))


def second_audit(case):
    return judged(case["expected"], *theirs(audit_options(case["given"])))


def audit_of(case, time=None):
    """What the second auditor finds in the escrow, at the time of the case unless another is given."""
    given = {"escrow": case["given"]["escrow"], "time": time or case["given"]["time"]}
    checks, verdict, *_ = theirs(audit_options(given))
    assert verdict != "refused"
    return checks
