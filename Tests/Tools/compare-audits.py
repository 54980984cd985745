#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare-audits.py ESCROW SIGNERS CERTIFICATE: holds two auditors against one another, who share no code.
compare-audits.py FOLDER [EVERY]                 the same, of states that audit-states.sh has made in a folder: of all, or of
                                                 every second, third and so on

`ca-escrow audit` and `Fixtures/break-glass/audit.py` look at the escrow as it is, then at copies of it in which one file is
altered, or gone: one file of each kind. They must agree on every check, on the verdict, on the status, and on the
manifest that it is about. Where both say FAILED, one may leave a check unmade that the other fails: format.md, section
5.6.
"""
import multiprocessing, os, re, shutil, sys, tempfile

from two_auditors import ours, remember, theirs

usual = ["--signers", "officers.signers", "--certificate", "ca/cacert.pem"]
remember()


def kind(path):  # one file of each kind is enough
    name = re.sub(r"(alice|bob|carol|dave|erin|olga|omar|otto|wanda)", "NAME", path)
    name = re.sub(r"\d{8}T\d{6}Z", "TIME", name)
    return re.sub(r"[0-9a-f]{32}", "DIGEST", re.sub(r"\d{4}-[0-9a-f]{8}", "EPOCH", name))


def variants(base):
    yield "as it is", lambda folder: None
    seen = set()
    for folder, folders, files in os.walk(base):
        folders.sort()
        for file in sorted(files):
            path = os.path.relpath(os.path.join(folder, file), base)
            if kind(path) in seen:
                continue
            seen.add(kind(path))

            def flip(copy, path=path):
                with open(os.path.join(copy, path), "r+b") as stream:
                    data = bytearray(stream.read())
                    data[len(data) // 2] ^= 1
                    stream.seek(0)
                    stream.write(data)

            yield f"altered: {kind(path)}", flip
            yield f"gone: {kind(path)}", lambda copy, path=path: os.remove(os.path.join(copy, path))
    beside = os.path.dirname(os.path.abspath(base))
    for file in sorted(file for file in os.listdir(beside) if file.endswith(".tar")):

        def turn(copy, file=file):
            with open(os.path.join(os.path.dirname(copy), file), "r+b") as stream:
                stream.write(b"\xff")

        yield "altered: the state's archive", turn
        yield "gone: the state's archive", lambda copy, file=file: os.remove(os.path.join(os.path.dirname(copy), file))
    yield "a stray file", lambda copy: open(os.path.join(copy, "stray"), "w").close()


def difference(name, first, other):
    stopped = {"FAIL", "NOT CHECKED"} if first[1:3] == other[1:3] == ("FAILED", 2) else set()
    checks = [f"{code}: {first[0].get(code)} against {other[0].get(code)}"
              for code in sorted(first[0] | other[0])
              if first[0].get(code) != other[0].get(code) and not {first[0].get(code), other[0].get(code)} <= stopped]
    if first[1:] != other[1:]:
        checks.append(f"{first[1:]} against {other[1:]}")
    return name, first[1], "; ".join(checks)


def compare_copy(number):
    name, change = copies[number]
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, os.path.basename(escrow.rstrip("/")))
        shutil.copytree(escrow, copy)
        for file in os.listdir(os.path.dirname(os.path.abspath(escrow))):
            if file.endswith((".p12", ".tar")):
                shutil.copy(os.path.join(os.path.dirname(os.path.abspath(escrow)), file), folder)
        change(copy)
        return difference(name, ours([copy, *options]), theirs([copy, *options]))


def states(base):
    """The directories of audit-states.sh, with each line of options."""
    for name in sorted(os.listdir(base)):
        path = os.path.join(base, name)
        if os.path.exists(os.path.join(path, "options")):
            with open(os.path.join(path, "options")) as file:
                for line in file:
                    yield path, line.split()
        elif not name.startswith("_"):
            yield path, usual


def compare_state(state):
    path, given = state
    os.chdir(path)
    name = os.path.basename(path)
    if given != usual:
        name += f" {' '.join(given)}"
    return difference(name, ours(["acme.escrow", *given]), theirs(["acme.escrow", *given]))


if len(sys.argv) <= 3:
    every = int(sys.argv[2]) if len(sys.argv) == 3 else 1
    compare, work = compare_state, list(states(os.path.abspath(sys.argv[1])))[::every]
else:
    escrow, signers, certificate = sys.argv[1:]
    options = ["--signers", signers, "--certificate", certificate]
    copies = list(variants(escrow))
    compare, work = compare_copy, range(len(copies))
pool = multiprocessing.get_context("fork").Pool()
try:
    results = pool.map(compare, work, chunksize=8)
finally:  # never by a signal, which whoever runs this may have blocked
    pool.close()
    pool.join()
for name, verdict, differs in results:
    if differs:
        print(f"{name}: {differs}")
verdicts = sorted({verdict for _, verdict, _ in results})
differ = sum(1 for *_, differs in results if differs)
print(f"compared: {len(results)} escrows, {differ} differ; verdicts: {', '.join(verdicts)}")
sys.exit(1 if differ else 0)
