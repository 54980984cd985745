# SPDX-License-Identifier: Apache-2.0
"""The list of cases: what is laid out, what an implementation is given and asked, and what must come of it."""
import base64, collections, functools, json, os, re

CLASSES = {"D": "reader", "R": "restorer", "C": "custodian", "A": "auditor", "W": "writer"}
STATUS = {"FAILED": 2, "NOT ANCHORED": 1, "INCOMPLETE": 1, "NOT FULLY CHECKED": 1}


class Catalogue:
    def __init__(self):
        self.bases, self.cases, self.numbers = {}, [], collections.Counter()

    def add(self, rules, what, files, asks, given, expected, directories=(), links=None, modes=None):
        """A case of these requirements, called after the first of them."""
        rules = rules.split()
        self.numbers[rules[0]] += 1
        layout = {"files": dict(files), "directories": sorted(directories), "links": links or {}, "modes": modes or {}}
        self.cases.append(({"case": f"{rules[0]}.{self.numbers[rules[0]]}", "class": CLASSES[rules[0][0]],
                            "requirements": rules, "what": what, "asks": asks, "given": given, "expected": expected}, layout))

    def audit(self, rules, what, files, fail="", unchecked="", *, time="2026-07-19T00:00:00Z", signers="officers.signers",
              certificate="ca.crt", refused=False, about=None, directories=(), links=None, modes=None, **given):
        """An audit that ends with these codes. Where one thing breaks two rules, `fail` has the codes of both."""
        fail, unchecked = fail.split(), unchecked.split()
        verdict = "FAILED" if fail else "NOT ANCHORED" if "anchor" in unchecked else "INCOMPLETE" if "receipts" in unchecked \
            else "NOT FULLY CHECKED" if unchecked else "sound; PKCS#12 file not seen" if given.get("keyFile") is False \
            else "sound"
        if refused:
            expected = {"outcome": "refuse"}
        else:
            # What must be looked at is the rule's own code: a draft that is no epoch leaves receipts missing, and so on.
            own = {"receipts"} - ({"receipts"} if rules.split()[0] in ("A-46", "A-49") else set())
            outcome = "refuse" if fail else "not checked" if set(unchecked) - own else "accept"
            expected = {"outcome": outcome, "verdict": verdict, "status": STATUS.get(verdict, 0)}
            expected.update({key: codes for key, codes in (("fails", fail), ("notChecked", [] if fail else unchecked)) if codes})
            expected.update({"about": about.digest} if about else {})
        given = {"escrow": "acme.escrow", "time": time, "signers": signers, "certificate": certificate, **given}
        self.add(rules, what, files, "audit", {k: v for k, v in given.items() if v is not None}, expected, directories, links,
                 modes)

    def restore(self, rules, what, files, people, key=None, *, names=(), time="2026-07-19T00:00:00Z", by_hand=True,
                signers="officers.signers", warns=(), certificates=None, overrides=None, **given):
        """A restore by these people, files of theirs, which gives the key whose PKCS#8 has this digest; without one it is
        refused, and `names` are words that whoever restores must be told. `by_hand` is whether section 7 reaches it, where a
        person looks at signatures, refusals and clocks."""
        expected = {"outcome": "accept", "key": key} if key else {"outcome": "refuse"}
        more = {"names": list(names), "warns": list(warns), "certificates": certificates, "overrides": overrides}
        given = {"escrow": "acme.escrow", "time": time, "signers": signers, "certificate": "ca.crt", "people": people, **given}
        self.add(rules, what, files, "restore", {**{k: v for k, v in given.items() if v is not None}, "byHand": by_hand},
                 {**expected, **{k: v for k, v in more.items() if v}})

    def act(self, rules, what, asks, files, good, *, names=(), time="2026-03-23T00:00:00Z", directories=(), modes=None, links=None,
            **given):
        """An act by alice with her identity. Refused, nothing is signed, and `names` are words that she must be told."""
        given = {"escrow": "acme.escrow", "time": time, "person": "alice.identity", **given}
        expected = {"outcome": "accept"} if good else {"outcome": "refuse", **({"names": list(names)} if names else {})}
        self.add(rules, what, files, asks, {k: v for k, v in given.items() if v is not None}, expected, directories, links, modes)

    def write(self, root):
        os.makedirs(f"{root}/cases")
        for name, files in self.bases.items():
            for path, data in files.items():
                place = f"{root}/bases/{name}/{path}"
                os.makedirs(os.path.dirname(place), exist_ok=True)
                with open(place, "wb") as file:
                    file.write(data)
        files = collections.defaultdict(dict)
        for case, layout in self.cases:
            files[case["case"].split(".")[0]][case["case"]] = self.smallest(layout)
        for rule, layouts in files.items():
            with open(f"{root}/cases/{rule}.json", "w", encoding="utf-8") as file:
                file.write(written(layouts))

    def smallest(self, layout):
        """The layout as what differs from a base, from the one that has most of its files."""
        files = layout["files"]
        name = max(self.bases, key=lambda name: sum(files.get(path) == data for path, data in self.bases[name].items()))
        return {**difference(name, self.bases[name], files),
                **{key: layout[key] for key in ("directories", "links", "modes") if layout[key]}}


def written(document):
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def difference(name, base, files):
    changed = {}
    for path, data in sorted(files.items()):
        if base.get(path) != data:
            changed[path] = content(path, data, base)
    gone = sorted(set(base) - set(files))
    return {"base": name, **({"without": gone} if gone else {}), **({"files": changed} if changed else {})}


def content(path, data, base):
    """A file's content: as text, in base64, as one byte many times, or as lines that differ from those of a base's file."""
    if len(data) > 1000 and len(set(data)) == 1:
        return {"repeat": chr(data[0]), "times": len(data)}
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
    if "\r" in text:
        return {"base64": base64.b64encode(data).decode()}
    best = {"text": text}
    for other, old in sorted(base.items()):
        if kind(other) == kind(path) and (".sig" not in path or old == data):
            old, new = old.decode(errors="replace").split("\n"), text.split("\n")
            if len(old) == len(new):
                lines = {str(n): b for n, (a, b) in enumerate(zip(old, new)) if a != b}
                made = {"from": other, **({"lines": lines} if lines else {})}
                best = min(best, made, key=lambda one: len(json.dumps(one)))
    return best


@functools.cache
def kind(path):
    """What kind of file it is, and whose: receipts of alice for different manifests are alike."""
    folder, name = os.path.split(path)
    return os.path.basename(folder) if "/" in folder and name[0] != "m" else "", re.sub("-[0-9a-f]{32}", "", name)
