#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds files against the grammars of docs/format.md, Annex A, and docs/format-ceremony.md, Annex G, by cddl-verifier 1.5
and abnf 2.9 of PyPI.

grammar.py documents FILE...   every file must be a document by the CDDL (RFC 8610), and no copy of it may be one in which
                               a member is of another type, or one stands that is none; or conformance cases, whose are
grammar.py names ESCROW...     every path in an escrow, every policy and every path of a leaf must be one by the ABNF
grammar.py ceremony BUNDLE     the same of a bundle: its documents and the lines of its transcript, the files, steps and policies
grammar.py texts RULE TEXT...  whether each text is one by this rule of the ABNF

Prints what is not so, and how many were looked at. `make test-deps` installs the two.
"""
import json, os, re, sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
SPECIFICATIONS = [os.path.join(ROOT, "docs", name) for name in ("format.md", "format-ceremony.md")]
LINE = "ca-escrow/v1/transcript-line"
sys.path.insert(0, os.path.join(ROOT, ".build-tools/python"))


def block(language):
    """What both documents have of a grammar, as one."""
    found = []
    for path in SPECIFICATIONS:
        with open(path, encoding="utf-8") as file:
            found.append(re.search(f"```{language}\n(.*?)```", file.read(), re.S)[1])
    return "".join(found)


class Documents:
    def __init__(self):
        from cddl_verifier import Validator
        text = block("cddl")
        self.validator = Validator(text)
        self.rules = {kind: rule for rule, kind in re.findall(
            r'^([a-z-]+) *= \{\s*format: "(ca-escrow/v1/[a-z-]+)"', text, re.M)}
        lists = re.findall("^(?:ceremony-)?document = ((?:[^;=])*)\n\n", text, re.M)
        listed = re.findall("[a-z-]+", " ".join(lists))
        assert len(lists) == 2 and sorted(self.rules.values()) == sorted(listed), set(self.rules.values()) ^ set(listed)

    def fault(self, document, kind):
        if kind not in self.rules:
            return "is of no kind of the grammar"
        result = self.validator.validate(document, root_type=self.rules[kind])
        return None if result.valid else "; ".join(result.errors)[:300]


class Names:
    """A rule a name; `%s"..."`, by which RFC 7405 tells capitals, is more than the parser knows: it gets the numbers."""

    def __init__(self):
        from abnf import ParseError, Rule
        self.failure = ParseError

        class Here(Rule):
            pass
        self.rule = Here
        text = re.sub(r"\n[ \t]+", " ", re.sub(" *;.*", "", block("abnf")))
        for line in filter(None, map(str.strip, text.split("\n"))):
            exact = re.sub('%s"([^"]*)"', lambda text: "%x" + ".".join(f"{ord(c):X}" for c in text[1]), line)
            Here.create(re.sub(" +", " ", exact))

    def is_one(self, rule, text):
        try:
            self.rule(rule).parse_all(text)
            return True
        except self.failure:
            return False


def altered(value):
    """Copies with one member that no document has, or one of another type, at every depth."""
    if isinstance(value, dict):
        yield {**value, "zzz": "a"}
        for key in value:
            yield {**value, key: [[]]}
            for inner in altered(value[key]):
                yield {**value, key: inner}
    elif isinstance(value, list):
        for position, item in enumerate(value[:2]):
            for inner in altered(item):
                yield value[:position] + [inner] + value[position + 1:]


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def documents(paths):
    hold(found for path in paths for found in inside(path, read(path)))


def inside(path, document):
    """A document; of a file of conformance cases those that stand there whole."""
    if "format" in document:
        yield path, document
        return
    for case, layout in document.items():
        for place, file in layout.get("files", {}).items():
            if place.endswith(".json") and "text" in file:
                yield f"{case}: {place}", json.loads(file["text"])


def hold(documents):
    """Holds documents with their places against the CDDL, and copies of the first of each shape that are none."""
    grammar, shapes, kinds, count, refused = Documents(), set(), set(), 0, 0
    for place, document in documents:
        kind, count = document.get("format"), count + 1
        kinds.add(kind)
        if fault := grammar.fault(document, kind):
            print(f"{place}: {fault}")
        shape = kind if kind != LINE else (kind, document.get("act"), *sorted(document))
        if shape in shapes and kind == LINE or "unlocks" in document:  # unlocks are open to later editions
            continue
        shapes.add(shape)
        for copy in altered(document):
            refused += 1
            if grammar.fault(copy, kind) is None:
                print(f"{place}: an altered copy is taken: {json.dumps(copy)[:200]}")
    print(f"{count} documents are of the grammar, of {len(kinds)} kinds; {refused} altered copies are not")


def policy(gate):
    return gate.get("custodian") or f"{gate['threshold']} of ({', '.join(map(policy, gate['members']))})"


def names(escrows):
    grammar, count = Names(), 0
    for escrow in escrows:
        for folder, _, files in os.walk(escrow):
            for path in (os.path.join(folder, file) for file in files):
                found = [("place", os.path.relpath(path, escrow))]
                if path.endswith("manifest.json"):
                    with open(path, encoding="utf-8") as file:
                        manifest = json.load(file)
                    found += [("policy", policy(manifest["policy"])), ("utc", manifest["created"])]
                    found += [("leaf-path", share["path"]) for share in manifest["shares"]]
                    found += [("person-name", person["name"]) for person in manifest["people"]]
                for rule, text in found:
                    count += 1
                    if not grammar.is_one(rule, text):
                        print(f"{path}: '{text}' is no {rule}")
    print(f"{count} names are of the grammar")


def ceremony(bundles):
    for bundle in bundles:
        with open(os.path.join(bundle, "transcript.jsonl"), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
        paths = sorted(os.path.relpath(os.path.join(folder, file), bundle)
                       for folder, _, files in os.walk(bundle) for file in files)
        plan = read(os.path.join(bundle, "plan.json"))
        found = [("bundle-file", path) for path in paths]
        found += [("plan-policy", plan["escrow"][key]) for key in ("policy", "officers")]
        found += [("step", line["step"]) for line in lines]
        found += [(note["name"], note["text"]) for line in lines for note in line.get("notes", ())
                  if note["name"] in ("wall", "decision")]
        whole = [path for path in paths if re.fullmatch(
            r"plan\.json|(earlier-)?inventory\.json|attestations/.*|cards/.*\.(card|json)", path)]
        hold([*((path, read(os.path.join(bundle, path))) for path in whole),
              *((f"line {line['sequence']}", line) for line in lines)])
        grammar = Names()
        for rule, text in found:
            if not grammar.is_one(rule, text):
                print(f"'{text}' is no {rule}")
        print(f"{len(found)} names are of the grammar")


def texts(rule, given):
    grammar = Names()
    for text in given:
        print(f"{text}: {'yes' if grammar.is_one(rule, text) else 'no'}")


if __name__ == "__main__":
    if sys.argv[1] == "texts":
        texts(sys.argv[2], sys.argv[3:])
    else:
        {"documents": documents, "names": names, "ceremony": ceremony}[sys.argv[1]](sys.argv[2:])
