#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads a report's page as a browser's parser does, and refuses what is no HTML5 or leaves somebody out.

page.py FILE            checks it and says what it is
page.py FILE findings   prints what the tables of findings hold, a line each, in the form of the audit's JSON
page.py FILE checks     prints what stands in its last part, for a shell

Any parse error counts. Besides: names are unique, references lead somewhere, headings do not skip a level, tables have
headers with a scope, drawings have a title and a description, nothing is fetched and nothing runs.
"""
import re
import sys
import xml.etree.ElementTree

import html5lib

LEVELS = {f"h{level}": level for level in range(1, 7)}


def text(element):
    return "".join(element.itertext())


def printable(words):
    return "".join(c if " " <= c <= "~" else f"\\u{{{ord(c):x}}}" for c in words)


def name(element):
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def problems(page):
    elements = list(page.iter())
    identifiers = [element.get("id") for element in elements if element.get("id")]
    for identifier in identifiers:
        if identifiers.count(identifier) > 1:
            yield f"id {identifier} twice"
    level = 0
    for element in elements:
        tag = name(element)
        references = element.get("aria-labelledby", "").split()
        references += [element.get("href")[1:]] if element.get("href", "").startswith("#") else []
        for reference in references:
            if reference not in identifiers:
                yield f"{tag}: nothing is called {reference}"
        if tag in LEVELS:
            if LEVELS[tag] > level + 1:
                yield f"{tag} after h{level}"
            level = LEVELS[tag]
        if tag == "th" and element.get("scope") not in ("row", "col"):
            yield "a th without scope"
        if tag == "svg" and [name(child) for child in element][:2] != ["title", "desc"]:
            yield "an svg without title and desc"
        if tag in ("script", "img", "iframe", "object", "link", "form", "base"):
            yield f"a {tag}"
        for attribute, value in element.attrib.items():
            if attribute.startswith("on") or attribute == "src" or "javascript:" in value:
                yield f"{tag}: {attribute}"
            # Beside it may lie a ceremony's report, which is not fetched until somebody follows the link.
            beside = re.fullmatch(r"\./[A-Za-z0-9%._~/-]+/report\.html", value)
            if attribute == "href" and not value.startswith("#") and not (tag == "a" and beside):
                yield f"{tag}: leads to {value}"
    for tag in ("html", "main", "h1"):
        if sum(name(element) == tag for element in elements) != 1:
            yield f"not one {tag}"


def main(path, want=None):
    with open(path, "rb") as file:
        content = file.read()
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree", xml.etree.ElementTree), strict=True)
    page = parser.parse(content)
    found = list(problems(page))
    for problem in found:
        print(f"{path}: {problem}")
    if found:
        return 1
    elements = list(page.iter())
    if want == "findings":
        for element in elements:
            if name(element) == "td" and element.get("class") == "found":
                print(printable(text(element)))
    elif want == "checks":
        for element in elements:
            if name(element) == "pre":
                print(text(element), end="")
    else:
        title = next(text(element) for element in elements if name(element) == "title")
        kinds = {kind: sum(name(element) == kind for element in elements) for kind in ("table", "svg")}
        print(f"{title}; valid; {kinds['table']} tables, {kinds['svg']} drawing{'s' * (kinds['svg'] != 1)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
