#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what the QR code on a custodian's envelope holds, from docs/format.md, section 5.10, alone.

envelope-code.py EPOCH-DIRECTORY share|label NAME [FIELD=TEXT]...

A FIELD that is given (set, epoch, path, custodian, manifest, box) stands in the place of the right one, under a checksum
that holds; checksum=TEXT stands in the place of the checksum.
"""
import base64
import hashlib
import json
import sys


def leaves(gate, path=""):
    for number, member in enumerate(gate["members"], 1):
        here = f"{path}.{number}" if path else str(number)
        if "custodian" in member:
            yield member["custodian"], here
        else:
            yield from leaves(member, here)


directory, kind, name = sys.argv[1:4]
changes = dict(argument.split("=", 1) for argument in sys.argv[4:])
with open(f"{directory}/manifest.json", "rb") as file:
    text = file.read()
manifest = json.loads(text)
path = dict(leaves(manifest["policy"]))[name]
box = next(share["box"] for share in manifest["shares"] if share["path"] == path)
fields = {
    "set": manifest["set"], "epoch": str(manifest["epoch"]), "path": path, "custodian": name,
    "manifest": hashlib.sha256(text).hexdigest(),
}
if kind == "share":
    fields["box"] = base64.b32encode(base64.b64decode(box)).decode().rstrip("=")
checksum = changes.pop("checksum", None)
assert changes.keys() <= fields.keys(), changes
body = "/".join(["ca-escrow", "v1", kind, *(fields | changes).values()]).upper()
print(f"{body}/{checksum or hashlib.sha256(body.encode()).hexdigest()[:8].upper()}")
