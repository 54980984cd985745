#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Enrolments by another hand: docs/format.md, section 4.23, with nothing of ours but libsodium.

enrolment.py answer PARCEL IDENTITY         opens the box of the challenge in a parcel, prints the answer that it demands,
                                            and says whether the challenge, and an answer in the parcel, agree with it
enrolment.py open PARCEL IDENTITY           prints what is in the box, which ca-escrow never does
enrolment.py needle PARCEL IDENTITY PATH... searches files for what is in the box; exits with 1 when it is there
enrolment.py ask CARD IDENTITY OUT [KIND]   makes a parcel with a signed challenge; IDENTITY is the officer's
enrolment.py reply PARCEL IDENTITY OUT [KIND] makes the parcel that answers one

KIND of a challenge, a good one unless it is given:
    magic version purpose reserved set epoch path sender second context recipient   that field of the box altered
    zero          32 zero bytes in the box
    promise       the digest of another answer than the box gives
    altered       a bit of the box changed after it was sealed
    box=FILE      the box of somebody's share, from a manifest, or of a release, in place of an enrolment's
    late          for so long that it has expired
KIND of an answer:
    guess         32 bytes that are not the answer
    challenge=PARCEL  said to be an answer to the challenge in that parcel
    late          made after the challenge expired
Identities have no passphrase.
"""
import base64
import ctypes
import datetime
import hashlib
import json
import os
import sys

import needles
import sodium

FIELDS = {
    "magic": 0, "version": 4, "purpose": 5, "reserved": 6, "set": 8, "epoch": 24, "path": 28, "sender": 36,
    "second": 44, "context": 48, "recipient": 80}


def lp(field):
    return len(field).to_bytes(4, "big") + field


def answer_to(value, card):
    return hashlib.sha256(lp(b"ca-escrow/v1/enrolment") + lp(value) + lp(hashlib.sha256(card).digest())).digest()


def time(days=0):
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def load(path):
    with open(path, "rb") as file:
        return file.read()


def ssh(*fields):
    return b"".join(lp(field) for field in fields)


def sign(identity_path, message, kind):
    """The name of an identity, its public key as OpenSSH writes it, and its signature of a document."""
    subkey, public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
    seed = sodium.seed(identity_path)
    assert sodium.sodium.crypto_kdf_derive_from_key(
        subkey, ctypes.c_size_t(32), ctypes.c_uint64(2), b"caescrow", seed) == 0
    assert sodium.sodium.crypto_sign_seed_keypair(public, secret, subkey) == 0
    key = ssh(b"ssh-ed25519", public.raw)
    name = json.loads(load(identity_path))["name"]
    if message is None:
        return name, "ssh-ed25519 " + base64.b64encode(key).decode(), None
    namespace = f"ca-escrow-{kind}-v1".encode()
    data = b"SSHSIG" + ssh(namespace, b"", b"sha512", hashlib.sha512(message).digest())
    signature = ctypes.create_string_buffer(64)
    assert sodium.sodium.crypto_sign_detached(signature, None, data, ctypes.c_ulonglong(len(data)), secret) == 0
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + ssh(
        key, namespace, b"", b"sha512", ssh(b"ssh-ed25519", signature.raw))
    text = base64.b64encode(blob).decode()
    lines = [text[start:start + 70] for start in range(0, len(text), 70)]
    armor = "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])
    return name, "ssh-ed25519 " + base64.b64encode(key).decode(), armor.encode()


def write(path, about, files):
    parcel = {
        "about": about, "format": "ca-escrow/v1/parcel",
        "files": [{"content": base64.b64encode(content).decode(), "escrow": "enrolment", "path": name}
                  for name, content in sorted(files.items(), key=lambda item: item[0].encode())]}
    with open(path, "xb") as file:
        file.write(sodium.encoded(parcel))


def read(path):
    """The files of a parcel, its one challenge, and its card."""
    files = {file["path"]: base64.b64decode(file["content"]) for file in json.loads(load(path))["files"]}
    name = next(name for name in files if name.endswith(".enrolment-challenge.json"))
    return files, name, json.loads(files[name]), next(files[n] for n in files if n.endswith(".card"))


def document(kind, who, members, identity):
    """A signed document and its signature, by the names that their content gives them."""
    content = sodium.encoded(members | {"format": f"ca-escrow/v1/{kind}"})
    name = f"{who}-{hashlib.sha256(content).hexdigest()[:32]}.{kind}.json"
    signer, _, signature = sign(identity, content, kind)
    return {name: content, f"{name}.{signer}.sig": signature}


def box_of(path):
    """The first box of a manifest, or that of a release."""
    content = json.loads(load(path))
    return base64.b64decode(content["box"] if "box" in content else content["shares"][0]["box"])


def ask(card_path, identity, out, kind=""):
    card = load(card_path)
    person = json.loads(card)
    recipient = bytes.fromhex(person["sealingKey"])
    value = bytes(32) if kind == "zero" else os.urandom(32)
    header = bytearray(
        b"CAES\x01\x04" + bytes(2 + 16 + 4 + 8 + 8 + 4) + hashlib.sha256(card).digest() + recipient)
    if kind in FIELDS:
        header[FIELDS[kind]] ^= 1
    box = sodium.seal(bytes(header) + value, recipient)
    if kind.startswith("box="):
        box = box_of(kind[4:])
    if kind == "altered":
        box = box[:-1] + bytes([box[-1] ^ 1])
    promised = os.urandom(32) if kind == "promise" else answer_to(value, card)
    name, key, _ = sign(identity, None, None)
    files = document("enrolment-challenge", person["name"], {
        "answer": hashlib.sha256(promised).hexdigest(), "box": base64.b64encode(box).decode(),
        "card": hashlib.sha256(card).hexdigest(), "created": time(-2 if kind == "late" else 0),
        "custodian": person["name"], "expires": time(-1 if kind == "late" else 14),
        "officer": {"key": key, "name": name}}, identity)
    write(out, "an enrolment by another hand", files | {f"{person['name']}.card": card})


def opened(challenge, identity):
    payload = sodium.open_box(base64.b64decode(challenge["box"]), sodium.sealing_keys(identity))
    assert payload[4:48] == b"\x01\x04" + bytes(42), "no box of an enrolment"
    assert payload[48:80].hex() == challenge["card"], "for another card"
    return payload[112:]


def reply(parcel, identity, out, kind=""):
    files, name, challenge, card = read(parcel)
    answer = answer_to(opened(challenge, identity), card)
    if kind == "guess":
        answer = os.urandom(32)
    if kind.startswith("challenge="):
        others, name, _, _ = read(kind.split("=", 1)[1])
        files = others
    files |= document("enrolment", challenge["custodian"], {
        "answer": answer.hex(), "card": hashlib.sha256(card).hexdigest(),
        "challenge": hashlib.sha256(files[name]).hexdigest(), "created": time(15 if kind == "late" else 0),
        "custodian": challenge["custodian"]}, identity)
    write(out, "an answer by another hand", files)


def answer(parcel, identity):
    files, _, challenge, card = read(parcel)
    found = answer_to(opened(challenge, identity), card)
    print(found.hex())
    print("the challenge agrees" if hashlib.sha256(found).hexdigest() == challenge["answer"] else "another was promised")
    for name, content in files.items():
        if name.endswith(".enrolment.json"):
            print("the answer agrees" if json.loads(content)["answer"] == found.hex() else "another was given")


def show(parcel, identity):
    _, _, challenge, _ = read(parcel)
    sys.stdout.buffer.write(opened(challenge, identity))


def needle(parcel, identity, *paths):
    _, _, challenge, _ = read(parcel)
    value = opened(challenge, identity)
    names, finds = list(needles.files(paths)), set()
    for path in names:
        texts = list(needles.texts(load(path)))
        finds |= {
            f"{path}: what is in the box, {form}" for form, wanted in needles.forms(value)
            if any(wanted in text for text in texts)}
    for find in sorted(finds):
        print(find)
    print(f"searched {len(names)} files: {len(finds)} found")
    sys.exit(1 if finds else 0)


if __name__ == "__main__":
    {"answer": answer, "open": show, "needle": needle, "ask": ask, "reply": reply}[sys.argv[1]](*sys.argv[2:])
