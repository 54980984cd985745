#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""conformance.py FOLDER: makes the cases of Fixtures/vectors/conformance, which README.md there explains.

It shares no code with the program or with Fixtures/break-glass: what a case is comes from docs/format.md, and from that
alone. It makes the same bytes every time.
"""
import importlib, os, sys

from cases.catalogue import Catalogue, written

PARTS = ("bases", "documents", "keys", "manifests", "places", "chains", "anchors", "holdings", "added", "suspensions",
         "restores", "remote", "custodians", "writers", "settled", "guessed", "silences", "corners", "doubts")


def main(root):
    catalogue = Catalogue()
    for part in PARTS:
        importlib.import_module(f"cases.{part}").cases(catalogue)
    catalogue.write(root)
    with open(os.path.join(root, "index.json"), "w", encoding="utf-8") as file:
        file.write(written({
            "notReached": catalogue.reading, "oneSided": catalogue.halves, "cases": [case for case, _ in catalogue.cases]}))


if __name__ == "__main__":
    main(sys.argv[1])
