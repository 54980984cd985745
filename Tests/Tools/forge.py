#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Documents as somebody makes them who has keys and keeps no rule: docs/format.md, with nothing of ours but libsodium.

forge.py manifest ESCROW STATEMENTS IDENTITY...   an epoch after the newest one, signed by these people; its cards and
                                                  README.txt are right. STATEMENTS: Python, in which `m` is the
                                                  manifest and `card(FILE)` a person's entry
forge.py document EPOCH KIND STATEMENTS IDENTITY...  a document of this kind; in STATEMENTS it is `d`, which begins as
                                                  the newest of its kind that is there, or with what all kinds have
forge.py proven EPOCH KIND STATEMENTS IDENTITY    likewise, of the custodian whose identity it is, with a proof that
                                                  they know their share
forge.py rebuilt EPOCH KIND STATEMENTS IDENTITY...   likewise, with a proof that they know the secret, from the shares of
                                                  these people; a flat policy's
forge.py sign FILE KIND IDENTITY...               signatures of these people beside a file, whether or not they may
Prints where it lies. Identities have no passphrase.
"""
import base64
import ctypes
import glob
import hashlib
import json
import os
import shutil
import sys

import enrolment
import sodium
from enrolment import lp, time

FOLDERS = {"challenge": "challenges", "proof": "proofs", "receipt": "receipts", "refusal": "refusals",
           "release": "releases", "request": "requests"}
WHO = {"challenge": lambda d: d["auditor"]["name"], "request": lambda d: d["officer"], "refusal": lambda d: d["name"]}


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def sign(path, kind, identities):
    """Lays signatures of these people beside a file."""
    with open(path, "rb") as file:
        data = file.read()
    for identity in identities:
        name, _, armor = enrolment.sign(identity, data, kind)
        write(f"{path}.{name}.sig", armor)


def possession(document, secret, public):
    """Section 3.8, with a nonce that nobody needs to keep secret here."""
    d = hashlib.sha256(sodium.encoded({k: v for k, v in document.items() if k != "possession"})).digest()
    r, k = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    sodium.sodium.crypto_core_ristretto255_scalar_random(k)
    sodium.sodium.crypto_scalarmult_ristretto255_base(r, k)
    g = ctypes.create_string_buffer(32)
    sodium.sodium.crypto_scalarmult_ristretto255_base(g, (1).to_bytes(32, "little"))
    text = b"".join(map(lp, (b"ca-escrow/v1/possession/challenge", g.raw, public, r.raw, d)))
    c = int.from_bytes(hashlib.sha512(text).digest(), "little")
    z = (int.from_bytes(k.raw, "little") + c * int.from_bytes(secret, "little")) % sodium.ORDER
    return {"R": r.raw.hex(), "z": z.to_bytes(32, "little").hex()}


def card(path):
    """The entry of somebody in a manifest's `people`."""
    entry = {key: load(path)[key] for key in ("name", "sealingKey", "signingKey")}
    with open(path, "rb") as file:
        return {**entry, "card": hashlib.sha256(file.read()).hexdigest()}


def manifest(escrow, statements, *identities):
    before, m = sodium.epoch(escrow)
    text = sodium.encoded(m)
    m["previous"] = {"epoch": m["epoch"], "format": m["format"], "sha256": hashlib.sha256(text).hexdigest()}
    m["epoch"] += 1
    cards = {hashlib.sha256(open(f, "rb").read()).hexdigest(): f
             for f in glob.glob(os.path.join(before, "cards", "*")) + glob.glob("*.card") + glob.glob("*/*.card")}
    exec(statements, {"m": m, "card": card, "load": load, "glob": glob.glob, "time": time})
    text = sodium.encoded(m)
    path = os.path.join(escrow, f"{m['epoch']:04}-{hashlib.sha256(text).hexdigest()[:8]}")
    write(os.path.join(path, "manifest.json"), text)
    sign(os.path.join(path, "manifest.json"), "manifest", identities)
    for person in m["people"]:
        os.makedirs(os.path.join(path, "cards"), exist_ok=True)
        shutil.copy(cards[person["card"]], os.path.join(path, "cards", person["name"] + ".json"))
    from two_auditors import second
    place = escrow if m["epoch"] == 1 else path
    try:
        readme = second.Epoch(os.path.basename(path), path).readme()
    except ValueError as error:  # no manifest: nothing says what its README is
        readme = f"{error}\n".encode()
    write(os.path.join(place, "README.txt"), readme)
    return path


def share_of(m, identity):
    """Somebody's number in a flat policy, the box and what is in it."""
    j = [member["custodian"] for member in m["policy"]["members"]].index(load(identity)["name"]) + 1
    box = base64.b64decode(m["shares"][j - 1]["box"])
    return j, box, sodium.open_box(box, sodium.sealing_keys(identity))[-32:]


def document(epoch, kind, statements, *identities, prove=None, rebuild=()):
    m = load(os.path.join(epoch, "manifest.json"))
    with open(os.path.join(epoch, "manifest.json"), "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    d = {"created": time(), "format": f"ca-escrow/v1/{kind}", "manifest": digest, "set": m["set"]}
    folder = os.path.join(epoch, FOLDERS.get(kind, "records"))
    there = sorted(glob.glob(os.path.join(folder, "*.json" if kind in FOLDERS else f"*-{kind}-*.json")))
    if there:
        d.update(load(there[-1]))
    if prove:
        j, box, secret = share_of(m, prove)
        d.update(custodian=load(prove)["name"], path=str(j), share=hashlib.sha256(box).hexdigest())
    if rebuild:
        secret = sodium.secret({j: share for j, _, share in (share_of(m, identity) for identity in rebuild)})
    exec(statements, {"d": d, "m": m, "time": time, "glob": glob.glob, "digest": lambda path: hashlib.sha256(
        open(glob.glob(path)[0], "rb").read()).hexdigest(), "load": lambda path: load(glob.glob(path)[0])})
    if prove or rebuild:
        public = ctypes.create_string_buffer(32)
        sodium.sodium.crypto_scalarmult_ristretto255_base(public, secret)
        d["possession"] = possession(d, secret, public.raw)
    text = sodium.encoded(d)
    prefix = WHO.get(kind, lambda d: d["custodian"])(d) if kind in FOLDERS else \
        f"{d['created'].replace('-', '').replace(':', '')}-{kind}"
    prefix += f"-{d['request'][:32]}" if kind == "refusal" else ""
    path = os.path.join(folder, f"{prefix}-{hashlib.sha256(text).hexdigest()[:32]}.json")
    write(path, text)
    sign(path, kind, identities)
    return path


if sys.argv[1] == "manifest":
    print(manifest(*sys.argv[2:]))
elif sys.argv[1] == "sign":
    sign(sys.argv[2], sys.argv[3], sys.argv[4:])
elif sys.argv[1] == "document":
    print(document(*sys.argv[2:]))
elif sys.argv[1] == "rebuilt":
    print(document(*sys.argv[2:5], rebuild=sys.argv[5:]))
else:
    print(document(*sys.argv[2:], prove=sys.argv[5]))
