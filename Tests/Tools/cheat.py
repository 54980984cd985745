#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""cheat.py ESCROW CUSTODIAN: seals a wrong share to a custodian, in every other respect right, as a dealer could.

The policy must be flat.
"""
import base64
import hashlib
import os
import sys

import sodium

escrow, name = sys.argv[1:]
directory, manifest = sodium.epoch(escrow)
number = [member["custodian"] for member in manifest["policy"]["members"]].index(name) + 1
recipient = bytes.fromhex(next(person["sealingKey"] for person in manifest["people"] if person["name"] == name))
wrong = (1).to_bytes(32, "little")
payload = (
    b"CAES" + bytes([1, 1, 0, 0]) + bytes.fromhex(manifest["set"]) + manifest["epoch"].to_bytes(4, "big")
    + number.to_bytes(2, "big") + bytes(6) + bytes(8) + bytes(4) + sodium.head_digest(manifest) + recipient + wrong)
manifest["shares"][number - 1]["box"] = base64.b64encode(sodium.seal(payload, recipient)).decode()
text = sodium.encoded(manifest)
with open(os.path.join(directory, "manifest.json"), "wb") as file:
    file.write(text)
os.rename(directory, os.path.join(escrow, f"{manifest['epoch']:04}-{hashlib.sha256(text).hexdigest()[:8]}"))
