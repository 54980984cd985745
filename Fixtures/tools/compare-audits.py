#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""compare-audits.py ESCROW SIGNERS CERTIFICATE: holds two auditors against one another, who share no code.

`ca-escrow audit` and `Fixtures/break-glass/audit.py` look at the escrow as it is, then at copies of it in which one file is
altered, or gone: one file of each kind. They must agree on every check, on the verdict and on the status. Where both
say FAILED, one may leave a check unmade that the other fails, and of a manifest that one of them refuses only the verdict
is compared: format.md, section 5.6.
"""
import json, os, re, shutil, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

escrow, signers, certificate = sys.argv[1:]
second = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../break-glass/audit.py")
options = ["--signers", signers, "--certificate", certificate, "--json"]


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        return json.loads(done.stdout), done.returncode
    except ValueError:
        sys.exit(f"{' '.join(command)}: status {done.returncode}: {done.stderr.strip()}")


def ours(folder):
    report, status = run(["ca-escrow", "audit", folder, *options])
    audit = report["audits"][0]
    return {entry["check"]: entry["outcome"] for entry in audit["checks"]}, audit["verdict"], status


def theirs(folder):
    report, status = run([sys.executable, second, folder, *options])
    return report["checks"], report["verdict"], status


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


def compare(variant):
    name, change = variant
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, os.path.basename(escrow.rstrip("/")))
        shutil.copytree(escrow, copy)
        for file in os.listdir(os.path.dirname(os.path.abspath(escrow))):
            if file.endswith((".p12", ".tar")):
                shutil.copy(os.path.join(os.path.dirname(os.path.abspath(escrow)), file), folder)
        change(copy)
        first, other = ours(copy), theirs(copy)
    stopped = {"FAIL", "NOT CHECKED"} if first[1:] == other[1:] == ("FAILED", 2) else set()
    checks = [f"{code}: {first[0].get(code)} against {other[0].get(code)}"
              for code in sorted(first[0] | other[0])
              if first[0].get(code) != other[0].get(code) and not {first[0].get(code), other[0].get(code)} <= stopped]
    if name.endswith("/manifest.json"):
        checks = []
    if first[1:] != other[1:]:
        checks.append(f"{first[1:]} against {other[1:]}")
    return name, first[1], "; ".join(checks)


with ThreadPoolExecutor(os.cpu_count()) as pool:
    results = list(pool.map(compare, variants(escrow)))
for name, verdict, difference in results:
    if difference:
        print(f"{name}: {difference}")
verdicts = sorted({verdict for _, verdict, _ in results})
differ = sum(1 for *_, difference in results if difference)
print(f"compared: {len(results)} escrows, {differ} differ; verdicts: {', '.join(verdicts)}")
sys.exit(1 if differ else 0)
