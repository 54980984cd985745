#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Searches files for the secrets of an escrow: nothing that the program writes, shows or is called with may hold one.

needles.py [--request FILE PASSPHRASE] [--pin PIN] [--passphrase TEXT]... [--identities] ESCROW KEY IDENTITY... -- PATH...

ESCROW has a flat policy; KEY is the CA's EC key in clear, in DER; the identities are a quorum without passphrases;
FILE is a request's key, PIN that of a token, TEXT a passphrase. With --identities the seeds and private keys of all
identities are looked for as well.
The secrets are the PKCS#12 file's password, every share, the secret they rebuild, the key's private bytes, and of a
request the key's seed, the private key that opens releases, and the passphrase. Each is
looked for as it is, in hexadecimal and in base64, a text in UTF-16 as well, also inside what strace writes with -xx. Says how many files it
searched, and each find; exits with 1 when there is one.
"""
import base64
import hashlib
import os
import re
import sys

import sodium


def secrets(escrow, key_path, identities):
    _, manifest = sodium.epoch(escrow)
    shares = {}
    for identity in identities:
        public, private = sodium.sealing_keys(identity)
        name = next((p["name"] for p in manifest["people"] if p["sealingKey"] == public.hex()), None)
        if name is None:
            continue  # an officer
        number = [member["custodian"] for member in manifest["policy"]["members"]].index(name) + 1
        box = base64.b64decode(manifest["shares"][number - 1]["box"])
        shares[number] = sodium.open_box(box, (public, private))[112:]
    s = sodium.secret(dict(list(shares.items())[: manifest["policy"]["threshold"]]))
    with open(key_path, "rb") as file:
        key = file.read()
    start = key.index(b"\x02\x01\x01\x04\x20") + 5  # ECPrivateKey: version 1, then 32 bytes
    found = {f"share {number}": share for number, share in shares.items()}
    return found | {"secret": s, "password": sodium.password(s), "private key": key[start:start + 32]}


def request_secrets(path, passphrase):
    passphrase = passphrase.encode()
    return {
        "request seed": sodium.seed(path, passphrase), "request key": sodium.sealing_keys(path, passphrase)[1],
        "request passphrase": passphrase}


def identity_secrets(paths):
    """Of each: the seed, what opens boxes, what signs, and the scalar that libsodium makes of it while it signs."""
    found = {}
    for path in paths:
        name = os.path.basename(path).split(".")[0]
        signing = sodium.subkey(2, sodium.seed(path))
        scalar = bytearray(hashlib.sha512(signing).digest()[:32])
        scalar[0] &= 248
        scalar[31] = scalar[31] & 127 | 64
        found |= {
            f"seed of {name}": sodium.seed(path), f"sealing key of {name}": sodium.sealing_keys(path)[1],
            f"signing key of {name}": signing, f"signing scalar of {name}": bytes(scalar)}
    return found


def forms(secret):
    yield "raw", secret
    yield "hexadecimal", secret.hex().encode()
    yield "hexadecimal", secret.hex().upper().encode()
    yield "hexadecimal", secret.hex(":").encode()
    if secret.isascii():  # as PKCS#12 has passwords, in either order of bytes
        yield "UTF-16", secret.decode().encode("utf-16-be")[1:]
    for shift in range(3):  # base64 of a text that holds it, wherever it starts; the characters at the ends may differ
        text = base64.b64encode(bytes(shift) + secret)[:-4]
        yield "base64", text[4 if shift else 0:]


def unescaped(match):
    """The bytes that strace -xx shows as \\x61\\x62."""
    return bytes.fromhex(match[0].decode().replace("\\x", ""))


def texts(content):
    """A file's content, and what strace shows in it."""
    yield from (content, content.replace(b"\n", b""))  # base64 may be broken into lines
    if b"\\x" in content:
        written = re.sub(rb"(?:\\x[0-9a-f]{2})+", unescaped, content)
        yield from (written, written.replace(b"\n", b""))


def files(paths):
    for path in paths:
        if os.path.isfile(path):
            yield path
        for folder, _, names in os.walk(path):
            yield from (os.path.join(folder, name) for name in names if os.path.isfile(os.path.join(folder, name)))


def main(arguments):
    more, with_identities = {}, False
    while arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--request":
            more |= request_secrets(arguments.pop(0), arguments.pop(0))
        elif option == "--pin":
            more["PIN"] = arguments.pop(0).encode()
        elif option == "--passphrase":
            text = arguments.pop(0)
            more[f"passphrase '{text}'"] = text.encode()
        elif option == "--identities":
            with_identities = True
        else:
            sys.exit(__doc__)
    split = arguments.index("--")
    escrow, key, *identities = arguments[:split]
    needles = secrets(escrow, key, identities) | more
    if with_identities:
        needles |= identity_secrets(identities)
    count, finds = 0, set()
    for path in files(arguments[split + 1:]):
        count += 1
        with open(path, "rb") as file:
            content = file.read()
        written = list(texts(content))
        for name, secret in needles.items():
            finds |= {f"{path}: {name}, {form}" for form, text in forms(secret) if any(text in t for t in written)}
    print(f"searched {count} files for {len(needles)} secrets: {len(finds)} found")
    for find in sorted(finds):
        print(find)
    sys.exit(1 if finds else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
