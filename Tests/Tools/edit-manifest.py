#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes the newest manifest of an escrow as a forger would, and names its directory after its new digest.

edit-manifest.py ESCROW STATEMENTS: Python, in which `m` is the manifest. Signatures are left as they are.
"""
import hashlib
import os
import sys

import sodium

escrow, statements = sys.argv[1:]
directory, manifest = sodium.epoch(escrow)
exec(statements, {"m": manifest})
text = sodium.encoded(manifest)
with open(os.path.join(directory, "manifest.json"), "wb") as file:
    file.write(text)
os.rename(directory, os.path.join(escrow, f"{manifest['epoch']:04}-{hashlib.sha256(text).hexdigest()[:8]}"))
