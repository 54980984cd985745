#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""conform.py [FOLDER] [--sample] [CASE...]: holds ca-escrow, audit.py and restore.py against Fixtures/vectors/conformance.

With `--sample`, audit.py and restore.py are each asked less: of each requirement, one case of each outcome.

Lays every case out in a folder of its own, asks each of them what the index says, and prints what they see otherwise.
Ends with 0 when they all agree with what is expected, else with 1.
"""
import json, multiprocessing, os, sys, tempfile

from asking.acts import ACTS, program_act
from asking.audits import program_audit, second_audit
from asking.layout import lay
from asking.restores import program_restore, restored_by_hand
from asking.writers import program_writer

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Fixtures/vectors/conformance")
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
            if tool != "ca-escrow" and case["case"] not in by_others:
                continue
            try:
                differs = ask(case)
            except Exception as error:
                differs = repr(error)
            if differs is not None:
                found.append((tool, differs))
        os.chdir("/")
        return case, found


def sample(cases):
    """Those that ask others too, of which one at least belongs to each requirement in each outcome that it has there."""
    seen, taken = set(), []
    for case in cases:
        if case["asks"] == "audit" or case["asks"] == "restore" and case["given"]["byHand"]:
            reached = {(case["asks"], requirement, case["expected"]["outcome"]) for requirement in case["requirements"]}
            if reached - seen:
                taken.append(case)
                seen |= reached
    return taken


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--sample"]
    root = os.path.abspath(arguments.pop(0) if arguments and os.path.isdir(arguments[0]) else VECTORS)
    with open(f"{root}/index.json", encoding="utf-8") as file:
        work = [case for case in json.load(file)["cases"] if not arguments or case["case"] in arguments
                or case["requirements"][0] in arguments]
    by_others = {case["case"] for case in (sample(work) if "--sample" in sys.argv else work)}
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
