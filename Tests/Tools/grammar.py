#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds files against the grammars of docs/format.md, Annex A, by cddl-verifier 1.5 and abnf 2.9 of PyPI.

grammar.py documents FILE...   every file must be a document by the CDDL (RFC 8610), and no copy of it may be one in which
                               a member is of another type, or one stands that is none
grammar.py names ESCROW...     every path in an escrow, every policy and every path of a leaf must be one by the ABNF
grammar.py texts RULE TEXT...  whether each text is one by this rule of the ABNF

Prints what is not so, and how many were looked at. `make test-deps` installs the two.
"""
import json, os, re, sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
SPECIFICATION = os.path.join(ROOT, "docs/format.md")
sys.path.insert(0, os.path.join(ROOT, ".build-tools/python"))


def block(language):
    with open(SPECIFICATION, encoding="utf-8") as file:
        return re.search(f"```{language}\n(.*?)```", file.read(), re.S)[1]


class Documents:
    def __init__(self):
        from cddl_verifier import Validator
        text = block("cddl")
        self.validator = Validator(text)
        self.rules = {kind: rule for rule, kind in re.findall(
            r'^([a-z-]+) *= \{\s*format: "(ca-escrow/v1/[a-z-]+)"', text, re.M)}
        listed = re.findall("[a-z-]+", re.search("^document = ([^;]*)", text, re.M)[1])
        assert sorted(self.rules.values()) == sorted(listed), set(self.rules.values()) ^ set(listed)

    def fault(self, document, kind):
        if kind not in self.rules:
            return "is of no kind of the grammar"
        result = self.validator.validate(document, root_type=self.rules[kind])
        return None if result.valid else "; ".join(result.errors)[:300]


class Names:
    """A rule a name; `%s"..."`, by which RFC 7405 tells capitals, is more than the parser knows: it is compared here."""

    def __init__(self):
        from abnf import ParseError, Rule
        self.failure = ParseError

        class Here(Rule):
            pass
        self.rule = Here
        text = re.sub(r"\n[ \t]+", " ", re.sub(" *;.*", "", block("abnf")))
        for line in filter(None, map(str.strip, text.split("\n"))):
            Here.create(re.sub(" +", " ", line.replace('%s"', '"')))

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


def documents(paths):
    grammar, refused = Documents(), 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        kind = document.get("format")
        if fault := grammar.fault(document, kind):
            print(f"{path}: {fault}")
        for copy in () if "unlocks" in document else altered(document):  # unlocks are open to later editions
            refused += 1
            if grammar.fault(copy, kind) is None:
                print(f"{path}: an altered copy is taken: {json.dumps(copy)[:200]}")
    print(f"{len(paths)} documents are of the grammar, of {len(grammar.rules)} kinds; {refused} altered copies are not")


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


def texts(rule, given):
    grammar = Names()
    for text in given:
        print(f"{text}: {'yes' if grammar.is_one(rule, text) else 'no'}")


if __name__ == "__main__":
    if sys.argv[1] == "texts":
        texts(sys.argv[2], sys.argv[3:])
    else:
        {"documents": documents, "names": names}[sys.argv[1]](sys.argv[2:])
