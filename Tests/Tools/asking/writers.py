# SPDX-License-Identifier: Apache-2.0
"""What a writer makes: nothing that is there changes, and the second auditor finds nothing wrong in what is new."""
import json, os, subprocess

from .acts import files_here
from .audits import audit_of
from .layout import load


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
