#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes the newest manifest of an escrow as a forger would, and names its directory after its new digest.

edit-manifest.py ESCROW STATEMENTS: Python, in which `m` is the manifest. Signatures are left as they are.
"""
import hashlib
import json
import os
import sys

escrow, statements = sys.argv[1:]
name = max(entry for entry in os.listdir(escrow) if entry[:4].isdigit())
path = os.path.join(escrow, name, "manifest.json")
with open(path, encoding="utf-8") as file:
    manifest = json.load(file)
exec(statements, {"m": manifest})
text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
with open(path, "w", encoding="utf-8") as file:
    file.write(text)
digest = hashlib.sha256(text.encode()).hexdigest()
os.rename(os.path.join(escrow, name), os.path.join(escrow, f"{manifest['epoch']:04}-{digest[:8]}"))
