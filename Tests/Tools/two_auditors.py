# SPDX-License-Identifier: Apache-2.0
"""Two auditors that share no code, and what each finds: checks, verdict, exit status, and which manifest that is about."""
import contextlib, importlib.util, io, json, os, subprocess, sys

GLASS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Fixtures/break-glass")
spec = importlib.util.spec_from_file_location("audit", os.path.join(GLASS, "audit.py"))
second = importlib.util.module_from_spec(spec)
spec.loader.exec_module(second)


def remembering(function):
    """Escrows here have most signatures and certificates in common: what held once holds again."""
    held = {}

    def remembered(*arguments, **named):
        key = repr([sorted(a) if isinstance(a, set) else a for a in arguments]), repr(named)
        if key not in held:
            held[key] = function(*arguments, **named)
        return held[key]
    return remembered


def remember():
    """For whoever audits many escrows alike."""
    second.check_signature = remembering(second.check_signature)
    second.Certificate = remembering(second.Certificate)


def ours(arguments, refusals=(64, 65)):
    """Of `ca-escrow audit`: nothing but the status where what the auditor brought is refused, which `refusals` shows."""
    done = subprocess.run(["ca-escrow", "audit", *arguments, "--json"], capture_output=True, text=True)
    if done.returncode in refusals and not done.stdout:
        return {}, "refused", 64, None
    try:
        audit = json.loads(done.stdout)["audits"][0]
    except ValueError:
        raise RuntimeError(f"{' '.join(arguments)}: status {done.returncode}: {done.stderr.strip()}") from None
    checks = {entry["check"]: entry["outcome"] for entry in audit["checks"]}
    return checks, audit["verdict"], done.returncode, audit.get("manifest")


def theirs(arguments):
    """Of `audit.py`, without a process of its own."""
    sys.argv, said = ["audit.py", *arguments, "--json"], io.StringIO()
    said.reconfigure = lambda **_: None
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        status = second.main()
    if status == 64:
        return {}, "refused", 64, None
    report = json.loads(said.getvalue())
    return report["checks"], report["verdict"], status, report.get("manifest")
