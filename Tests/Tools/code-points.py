#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""code-points.py: holds every code point against docs/format.md, Annex B, in both auditors.

Readers whose tables are of different versions of Unicode must agree on every text and every README.txt. So the two lists
of the annex are read from the document, no table is asked, and for all code points, assigned or not, it is compared

- whether audit.py takes a text with it, and one of it alone;
- how `ca-escrow audit` and audit.py write it in README.txt: escrows are made whose subjects have all code points, and
  whose README.txt is written here by the lists alone. Both must call each `readme` passed, and the first one failed
  when a character of it is another.

Prints what is not so, and how many were compared.
"""
import multiprocessing, os, re, tempfile

from asking.audits import audit_options
from cases.der import OU, name, utf8
from cases.escrow import CA, SPECIFICATION, small
from two_auditors import ours, remember, second, theirs

LIMIT = 200 << 10  # of what one README.txt has of them: documents have 256 KiB at most
remember()


def listed(title, text):
    """The code points of a list of the annex."""
    found = re.search(rf"^\*\*{title}\*\*: ([^*]*?)\.$", text, re.M | re.S)[1].replace("U+", "")
    points = set()
    for part in re.split(r",\s+", found):
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


def annex():
    with open(SPECIFICATION, encoding="utf-8") as file:
        text = file.read().split("## Annex B: characters")[1].split("\n## ")[0]
    return listed("Hidden", text), listed("Blanks", text)


HIDDEN, BLANKS = annex()
POINTS = [point for point in range(0x110000) if not 0xD800 <= point <= 0xDFFF]


def written(point):
    """Section 4.11, of a character that is neither the first nor the last."""
    if point in HIDDEN:
        return "".join(f"\\{byte:02X}" for byte in chr(point).encode())
    return "\\" + chr(point) if chr(point) in ',+"\\<>;' else chr(point)


def is_text(value):
    try:
        second.text(value)
        return True
    except ValueError:
        return False


def texts():
    """What audit.py takes otherwise than the lists say."""
    for point in POINTS:
        inside, alone = is_text(f"a{chr(point)}b"), is_text(chr(point))
        if inside != (point not in HIDDEN) or alone != (point not in HIDDEN and point not in BLANKS):
            yield f"audit.py: text with U+{point:04X}"


def chunks():
    """All code points in runs of which each fits into a README.txt."""
    run, size = [], 0
    for point in POINTS:
        run.append(point)
        size += len(written(point).encode())
        if size > LIMIT:
            yield run
            run, size = [], 0
    yield run


def compare(run):
    """What the auditors say otherwise of an escrow whose subject has these code points."""
    certificate = CA.certificate(subject=name((OU, utf8(f"a{''.join(map(chr, run))}z"))))
    text = f"OU=a{''.join(map(written, run))}z"
    files, _ = small(held=[(CA, [certificate])], subject=text)
    wrong = files["acme.escrow/README.txt"].replace(b"OU=a", b"OU=b", 1)
    found = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for expected, change in (("PASS", {}), ("FAIL", {"acme.escrow/README.txt": wrong}))[:1 if run[0] else 2]:
            for path, data in {**files, **change}.items():
                os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
                with open(path, "wb") as file:
                    file.write(data)
            options = audit_options({"escrow": "acme.escrow", "signers": "officers.signers",
                                     "time": "2026-07-19T00:00:00Z"})
            for tool, ask in (("ca-escrow", ours), ("audit.py", theirs)):
                outcome = ask(options)[0].get("readme")
                if outcome != expected:
                    found.append(f"{tool}: README.txt with U+{run[0]:04X} to U+{run[-1]:04X}: {outcome}, not {expected}")
        os.chdir("/")
    return found


if __name__ == "__main__":
    for what in texts():
        print(what)
    runs = list(chunks())
    assert sum(map(len, runs)) == len(POINTS) == 0x110000 - 0x800
    # Not as a context: its end kills workers, and has been seen to wait for ever for one of them.
    pool = multiprocessing.get_context("fork").Pool()
    try:
        for said in pool.map(compare, runs, chunksize=1):
            print(*said, sep="\n", end="\n" if said else "")
    finally:
        pool.close()
        pool.join()
    print(f"compared: {len(POINTS)} code points, {len(HIDDEN)} of them hidden, in {len(runs)} README.txt")
