#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Audits an escrow without ca-escrow: docs/format.md, section 5.6. Needs libsodium, ssh-keygen and the openssl command.

Usage: audit.py ESCROW [--signers FILE] [--require K] [--tsa FILE] [--certificate FILE]
                [--pkcs12 FILE|DIR | --without-pkcs12] [--at TIME] [--json]

Ends with 0 when every check was made and passed, with 1 when one was not made, with 2 when one failed, with 64 when
it was called wrongly or what the auditor brought is of no use.

In the order of this file: values, files, signatures; certificates and PKCS#12 files; the anchor; an epoch by itself;
the documents in it; the chain of epochs; suspensions; the audit, which puts the checks in order.
"""
import argparse, base64, contextlib, ctypes, ctypes.util, errno, hashlib, json, os, re, shutil, stat, struct, subprocess
import sys, tempfile
from datetime import datetime, timezone

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
Q = 2**252 + 27742317777372353535851937790883648493  # section 2: the order of ristretto255
O = bytes(32)
CODES = """layout manifest chain people cards policy commitments shares readme clock signatures approval succession
anchor certificate validity key pkcs12 protection state records receipts equivocation challenges proofs requests releases
refusals quorum""".split()
FOLDERS = {  # section 4.9: where documents lie, the check that is theirs, and the kinds
    "receipts": ["receipt"], "challenges": ["challenge"], "proofs": ["proof"], "requests": ["request"],
    "releases": ["release"], "refusals": ["refusal"],
    "records": ["override", "suspension", "reinstatement", "void", "added-certificate", "restore", "drill"]}
LEAN_ON = {  # the checks that cannot be made when something in this place cannot be read
    "cards": ["cards"], "receipts": ["receipts", "equivocation", "quorum", "clock"],
    "challenges": ["challenges", "proofs", "records", "quorum", "clock"], "proofs": ["proofs", "quorum", "clock"],
    "requests": ["requests", "releases", "refusals", "records", "clock"], "releases": ["releases", "clock"],
    "refusals": ["refusals", "records", "clock"], "records": ["records", "certificate", "quorum", "clock"]}
RESERVED = ("rotations", "reshares", "acceptances")  # section 4.9: a later edition's
BY_MANIFEST = [code for code in CODES if code not in ("layout", "manifest")]
OF_EACH = """manifest chain people cards policy commitments shares readme clock signatures records equivocation challenges
requests releases refusals""".split()  # section 5.6, marked *: not made of an epoch whose manifest is refused
IN_FORCE = ["anchor", "certificate", "key", "pkcs12", "state", "receipts", "proofs", "quorum"]  # about the epoch in force
NAMED_SO = "[0-9]{4}-[0-9a-f]{8}"  # an epoch's directory
SLACK = 300  # section 5.4: seconds by which clocks may differ
KEYS, NAMES = ("lost", "stolen", "passphrase"), ("left", "died", "unreachable")  # section 4.20: what is suspended


class Undecided(ValueError):
    """What may be as it must be: something that could not be read decides it."""


def need(condition, otherwise):
    if not condition:
        raise ValueError(otherwise)


def reason(error):
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) if isinstance(error, ValueError) else repr(error)


def plain(text):  # nothing in an escrow may steer the terminal
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


# ---- The group: sections 2, 3.3, 3.8

def group(function, size, *arguments):
    out = ctypes.create_string_buffer(size)
    need(getattr(SODIUM, "crypto_" + function)(out, *arguments) == 0, "libsodium refuses a value")
    return out.raw


def is_element(data):
    return len(data) == 32 and SODIUM.crypto_core_ristretto255_is_valid_point(data) == 1


def times(scalar, element=None):  # of the generator when no element is given; libsodium refuses to return O
    if scalar % Q == 0 or element == O:
        return O
    scalar = (scalar % Q).to_bytes(32, "little")
    return group("scalarmult_ristretto255_base", 32, scalar) if element is None else \
        group("scalarmult_ristretto255", 32, scalar, element)


def plus(a, b):
    return group("core_ristretto255_add", 32, a, b)


def lp(data):
    return struct.pack(">I", len(data)) + data


def check_possession(document, x):  # section 3.8
    r, z = (bytes.fromhex(document["possession"][key]) for key in "Rz")
    z = int.from_bytes(z, "little")
    need(is_element(r) and r != O and x not in (None, O) and z < Q, "its possession proof has an invalid value")
    d = hashlib.sha256(canonical({k: v for k, v in document.items() if k != "possession"})).digest()
    parts = b"ca-escrow/v1/possession/challenge", times(1), x, r, d
    c = int.from_bytes(hashlib.sha512(b"".join(map(lp, parts))).digest(), "little") % Q
    need(times(z) == plus(r, times(c, x)), "its possession proof does not hold")


# ---- Values: sections 4.1 to 4.3

def canonical(document):
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def walk(value, depth=1):  # what json.dumps would write, and section 4.1 does not allow
    if isinstance(value, (dict, list)):
        need(value and depth <= 12, "something is empty, or nested too deep")
        for key in value if isinstance(value, dict) else ():
            need(re.fullmatch("[a-zA-Z0-9]+", key), "a key has other characters than letters and digits")
        for inner in value.values() if isinstance(value, dict) else value:
            walk(inner, depth + 1)
    elif isinstance(value, str):
        need(not re.search("[\0-\x1f]", value), "a string has a control character")
    else:
        need(type(value) is bool or type(value) is int and 0 <= value < 2**53, "a value is of no type that is allowed")


def parse(data, what):
    try:
        document = json.loads(data.decode())
        walk(document)
        written = canonical(document)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{what} is not canonical: {error}")
    need(isinstance(document, dict) and written == data, f"{what} is not canonical")
    return document


def members(document, required, optional=()):  # exactly these, each as its check demands
    need(isinstance(document, dict), "is no object")
    known = {**required, **dict(optional)}
    need(document.keys() <= known.keys(), f"has members of no meaning: {', '.join(document.keys() - known.keys())}")
    need(required.keys() <= document.keys(), f"lacks {', '.join(required.keys() - document.keys())}")
    for key, value in document.items():
        try:
            known[key](value)
        except ValueError as error:
            raise ValueError(f"{key}: {error}")


def matches(pattern, what):
    return lambda value: need(isinstance(value, str) and re.fullmatch(pattern, value), f"is no {what}")


def integer(low, high):
    return lambda value: need(type(value) is int and low <= value <= high, f"is no integer from {low} to {high}")


def array(check):
    def of(value):
        need(isinstance(value, list), "is no array")
        for item in value:
            check(item)
    return of


def shape(required, optional=()):
    return lambda value: members(value, required, optional)


def one_of(*words):
    return lambda value: need(type(value) is type(words[0]) and value in words, f"is none of {words}")


def hexadecimal(n):
    return matches(f"[0-9a-f]{{{2 * n}}}", f"{n} bytes in hexadecimal")


def decoded(value):
    need(isinstance(value, str) and value, "is no base64")
    data = base64.b64decode(value.encode(), validate=True)
    need(base64.b64encode(data).decode() == value, "is no base64 in its one form")
    return data


HIDDEN = re.compile("[\0-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
                    "\u3164\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
                    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]")  # Annex B, as are the blanks
BLANK = "[ \xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]"


def text(value):
    need(isinstance(value, str) and 1 <= len(value) <= 500 and not HIDDEN.search(value)
         and not re.fullmatch(BLANK + "+", value), "is no text")


NAME = r"[a-z][a-z0-9]*(?:[._@+-][a-z0-9]+)*"


def is_name(value):
    return isinstance(value, str) and re.fullmatch(NAME, value) and len(value) <= 48 and value != "of" and \
        not re.fullmatch("con|prn|aux|nul|com[0-9]|lpt[0-9]", value.split(".")[0])


def name(value):
    need(is_name(value), "is no name")


def seconds(value):  # a time; since 1970
    need(isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", value)
         and value >= "1970", "is no time")
    return int(datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())


def signing_key(value):  # section 3.7: type, key, application
    need(isinstance(value, str) and value.count(" ") == 1, "is no signing key")
    kind, encoded = value.split(" ")
    need(kind in ("ssh-ed25519", "sk-ssh-ed25519@openssh.com"), "is no signing key of a type that is allowed")
    return wire_key(decoded(encoded), kind.encode())


def wire_key(wire, kind=None):
    first, rest = string(wire)
    key, rest = string(rest)
    application, rest = string(rest) if first.startswith(b"sk-") else (None, rest)
    need(first in (b"ssh-ed25519", b"sk-ssh-ed25519@openssh.com") and kind in (None, first) and not rest
         and len(key) == 32 and SODIUM.crypto_core_ed25519_is_valid_point(key) == 1, "is no acceptable signing key")
    return first, key, application


def string(data):
    need(len(data) >= 4, "a string of SSH is cut off")
    end = 4 + int.from_bytes(data[:4], "big")
    need(len(data) >= end, "a string of SSH is cut off")
    return data[4:end], data[end:]


def sealing_key(value):  # section 3.5
    hexadecimal(32)(value)
    key = bytes.fromhex(value)
    need(int.from_bytes(key, "little") < 2**255 - 19, "is no acceptable sealing key")
    group("scalarmult_curve25519", 32, b"\1" * 32, key)


def element(value):
    hexadecimal(32)(value)
    need(is_element(bytes.fromhex(value)), "is no element")


def scalar(value):
    hexadecimal(32)(value)
    need(int.from_bytes(bytes.fromhex(value), "little") < Q, "is no scalar")


def gate(value):  # its form; what it must say besides is the check `policy`
    members(value, {"commitments": array(hexadecimal(32)), "threshold": integer(0, 2**53), "members": array(
        lambda m: name(m["custodian"]) if isinstance(m, dict) and m.keys() == {"custodian"} else gate(m))})


ANY = matches("[ -~]+", "string")  # the own check of a code says more
DIGEST, SET = hexadecimal(32), hexadecimal(16)
COMMON = {"created": seconds, "format": ANY, "manifest": DIGEST, "set": SET}
LEAF = matches(r"([1-9][0-9]{0,2}|1000)(\.([1-9][0-9]{0,2}|1000)){0,3}", "path of a leaf")
SHARE = {"custodian": name, "path": LEAF, "share": DIGEST, "possession": shape({"R": element, "z": scalar})}
MANIFEST = {  # section 4.6
    "approval": shape({"officers": array(shape({"key": signing_key, "name": name})), "threshold": integer(1, 1000)}),
    "certificates": array(decoded), "created": seconds, "epoch": integer(1, 9999), "format": ANY,
    "occasion": one_of("installation", "renewal-same-key", "renewal-new-key", "custodian-change", "officer-change",
                       "after-restore", "scheduled"),
    "people": array(shape({"card": DIGEST, "name": name, "sealingKey": ANY, "signingKey": ANY})),
    "pkcs12": shape({"encryption": ANY, "iterations": integer(1, 600000), "kdf": ANY, "mac": ANY, "sha256": DIGEST,
                     "name": matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "file name"), "size": integer(1, 2**24)}),
    "policy": gate, "rehearsal": one_of(True, False), "set": SET, "suite": one_of("ristretto255+x25519+ed25519"),
    "shares": array(shape({"box": decoded, "path": ANY, "sealedIn": integer(0, 2**53)}))}
NUMBER = matches("[0-9A-Fa-f]{1,64}", "hexadecimal number")
FILE_NAME = matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "file name")
STATE_OPTIONAL = {
    "archive": shape({"name": FILE_NAME, "sha256": DIGEST, "size": integer(1, 2**32)}), "crlNumber": NUMBER,
    "index": lambda value: (members(value, {"revoked": integer(0, 2**40), "rows": integer(0, 2**40), "serials": DIGEST,
                                            "sha256": DIGEST}),
                            need(value["revoked"] <= value["rows"], "has more revoked than rows")),
    "serial": NUMBER}
MANIFEST_OPTIONAL = {
    "previous": shape({"epoch": integer(1, 9999), "format": one_of("ca-escrow/v1/manifest"), "sha256": DIGEST}),
    "retired": one_of(True), "title": text,
    "state": shape({"store": matches("[a-z][a-z0-9-]{0,31}", "kind of store")}, STATE_OPTIONAL)}
CARD = {"format": ANY, "name": name, "sealingKey": sealing_key, "signature": decoded, "signingKey": signing_key}
CARD_OPTIONAL = {"contact": text, "fullName": text, "organisation": text, "site": text, "validUntil": seconds}
KINDS = {  # sections 4.7, 4.8, 4.13 to 4.20, 4.22, and the records of section 5.2
    "receipt": SHARE, "proof": {**SHARE, "challenge": DIGEST},
    "challenge": {"auditor": shape({"key": signing_key, "name": name}), "expires": seconds, "nonce": DIGEST},
    "request": {"destination": text, "epoch": integer(1, 9999), "expires": seconds, "machine": text, "officer": name,
                "notBefore": seconds, "purpose": text, "restoreKey": sealing_key},
    "release": {"box": DIGEST, "custodian": name, "path": LEAF, "request": DIGEST},
    "refusal": {"name": name, "reason": text, "request": DIGEST},
    "override": {"code": one_of("veto"), "officer": name, "reason": text, "refusals": array(DIGEST), "request": DIGEST},
    "suspension": {"custodian": name, "officer": name, "because": one_of(*KEYS, *NAMES)},
    "reinstatement": {"name": name, "officer": name, "reason": text, "suspensions": array(DIGEST)},
    "void": {"branch": DIGEST, "officer": name, "reason": text},
    "added-certificate": {"certificate": decoded},
    "restore": {"custodians": array(name), "destination": text, "possession": SHARE["possession"]},
    "drill": {"custodians": array(name), "keys": array(DIGEST), "possession": SHARE["possession"]}}
OVERRIDES = array(shape({"code": one_of("clock", "retired", "superseded", "unverified", "veto"), "reason": text}))
KINDS_OPTIONAL = {
    "restore": {"request": DIGEST, "overrides": OVERRIDES},
    "drill": {"certificate": DIGEST, "challenge": DIGEST, "overrides": OVERRIDES, "purpose": text, "request": DIGEST}}


# ---- Files and signatures: sections 5.1 and 3.7

def read(path, limit=256 << 10):
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        about = os.fstat(file.fileno())
        need(stat.S_ISREG(about.st_mode), "is no regular file")
        need(about.st_size <= limit, f"is larger than {limit} bytes")
        data = file.read(limit + 1)
    need(len(data) <= limit, f"is larger than {limit} bytes")
    return data


def armored(blob):
    lines = re.findall(".{1,70}", base64.b64encode(blob).decode())
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


def read_signature(path):
    data = read(path, 8 << 10)
    blob = base64.b64decode(b"".join(data.split(b"\n")[1:-2]))
    need(armored(blob) == data, "its armor is not the one of section 3.7")
    return blob


def check_signature(blob, message, namespace, who, keys):
    """By one of these keys; it is verified twice, with libsodium and by ssh-keygen. The key."""
    need(blob[:10] == b"SSHSIG\0\0\0\1", "is no SSHSIG of version 1")
    wire, rest = string(blob[10:])
    fields = []
    for _ in range(4):
        field, rest = string(rest)
        fields.append(field)
    space, reserved, algorithm, inner = fields
    kind, key, application = wire_key(wire)
    need(not rest and reserved == b"" and algorithm == b"sha512", "has other fields than section 3.7 lists")
    need(space == namespace.encode(), "is for another kind of document")
    first, tail = string(inner)
    signature, tail = string(tail)
    need(first == kind and len(signature) == 64, "is of another type than its key")
    data = b"SSHSIG" + b"".join(map(lp, (space, b"", algorithm, hashlib.sha512(message).digest())))
    if application is not None:
        need(len(tail) == 5 and tail[0] in (1, 5), "comes from a token that nobody touched")
        data, tail = hashlib.sha256(application).digest() + tail + hashlib.sha256(data).digest(), b""
    need(not tail, "has bytes left over")
    by = f"{kind.decode()} {base64.b64encode(wire).decode()}"
    need(by in keys, f"is by another key than that of {who}")
    size = ctypes.c_ulonglong(len(data))
    need(SODIUM.crypto_core_ed25519_is_valid_point(signature[:32]) == 1
         and SODIUM.crypto_sign_verify_detached(signature, data, size, key) == 0, "does not verify")
    with tempfile.TemporaryDirectory() as folder:
        anchor, armor = os.path.join(folder, "signers"), os.path.join(folder, "sig")
        with open(anchor, "w") as file:
            file.write(f'{who} namespaces="{namespace}" {by}\n')
        with open(armor, "wb") as file:
            file.write(armored(blob))
        done = subprocess.run(["ssh-keygen", "-Y", "verify", "-f", anchor, "-I", who, "-n", namespace, "-s", armor],
                              input=message, capture_output=True)
    need(done.returncode == 0, "is refused by ssh-keygen")
    return by


# ---- DER and BER, as much of it as certificates and PKCS#12 files need

def ber(data, at=0, depth=0, strict=False):  # (tag, content, children, the whole encoding, what is behind it)
    """Strict: lengths are definite, and in as few bytes as they take; bits that are not used are 0."""
    need(depth < 40 and len(data) >= at + 2, "its encoding is cut off, or nested too deep")
    tag, length, start = data[at], data[at + 1], at + 2
    need(tag & 31 != 31, "its encoding has a long tag")
    if length > 128:
        start += length - 128
        length = int.from_bytes(data[at + 2:start], "big")
        need(not strict or data[at + 2] and length > 127, "its encoding has a long length")
    elif length == 128:
        length = None
        need(tag & 32 and not strict, "its encoding has an endless value")
    children, end = [], len(data) if length is None else start + length
    need(end <= len(data), "its encoding is cut off")
    inside = data if length is None else data[:end]
    while tag & 32 and start < end:
        if length is None and data[start:start + 2] == b"\0\0":
            end = start + 2
            break
        children.append(ber(inside, start, depth + 1, strict))
        start = children[-1][4]
    content = b"".join(c[1] for c in children) if tag & 32 else data[start:end]
    if strict and tag == 3:
        need(content and content[0] <= (7 if len(content) > 1 else 0), "its encoding has a bit string that is none")
        need(len(content) == 1 or not content[-1] & (1 << content[0]) - 1, "its encoding has bits that are not 0")
    return tag, content, children, data[at:end], end


def oid(node):
    need(node[0] == 6 and node[1], "an object identifier is missing")
    numbers, value = [], 0
    for byte in node[1]:
        value = value << 7 | byte & 127
        if byte < 128:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def openssl(*arguments, given):
    done = subprocess.run(["openssl", *arguments], input=given, capture_output=True)
    need(done.returncode == 0, f"openssl refuses it: {' '.join(done.stderr.decode(errors='replace').split())[:200]}")
    return done.stdout.decode(errors="replace")


CONSTRUCTED = set(range(0x20, 0x40)) - {0x30, 0x31}  # every universal type but SEQUENCE and SET
STRINGS = {12: "utf-8", 19: "latin-1", 20: "latin-1", 22: "latin-1", 26: "latin-1", 28: "utf-32-be", 30: "utf-16-be"}


def comparable(name):  # section 4.3
    def attribute(node):
        kind, value = node[2]
        if value[0] not in STRINGS:
            return kind[1], value[0], value[1]
        text = value[1].decode(STRINGS[value[0]])
        return kind[1], 12, re.sub(r"[ \t-\r]+", " ", text).strip(" ").encode().lower()
    return [sorted(map(attribute, parts[2])) for parts in name[2]]


def moment(node):  # section 4.6: seconds since 1970
    digits = node[1].decode("ascii")
    if node[0] == 0x17:
        digits = ("19" if digits[:2] >= "50" else "20") + digits
    fraction = r"(?:\.[0-9]+)?" if node[0] == 0x18 else ""
    found = re.fullmatch(rf"([0-9]{{12}})(?:([0-9]{{2}}){fraction})?(Z|([+-])(0[0-9]|1[0-2])([0-5][0-9]))", digits, re.A)
    need(node[0] in (0x17, 0x18) and found, "its validity has no time")
    begin = datetime.strptime(found[1] + (found[2] or "00"), "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc).timestamp()
    return int(begin) - (int(found[4] + "60") * (60 * int(found[5]) + int(found[6])) if found[4] else 0)


class Certificate:
    def __init__(self, der):
        node = ber(der, strict=True)
        need(node[4] == len(der), "something lies behind it")
        fields, version = node[2][0][2], 0
        if fields[0][0] == 0xa0:
            version, fields = int.from_bytes(fields[0][2][0][1], "big"), fields[1:]
        times_, self.subject, spki = fields[3][2], comparable(fields[4]), fields[5]
        self.der, self.spki = der, spki[3]
        self.begins, self.ends = map(moment, times_[:2])
        openssl("x509", "-inform", "DER", "-noout", given=der)  # what it refuses is no certificate
        need(node[2][1][2][-1][0] not in CONSTRUCTED, "its signature's parameters are a string in pieces")
        self.name = written(fields[4])
        extensions = next((field[2][0][2] for field in fields[6:] if field[0] == 0xa3), [])
        self.is_ca = authority(version, extensions, comparable(fields[2]) == self.subject)

    def check_statement(self, kind, document, file):  # section 3.9
        read(file, 8 << 10)
        statement = f"ca-escrow/v1/ca-key-statement\n{kind}\n{hashlib.sha256(document).hexdigest()}\n"
        more = {"1.2.840.113549.1.1.1": ["-digest", "sha256", "-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt",
                                         "rsa_pss_saltlen:32"],
                "1.2.840.10045.2.1": ["-digest", "sha256"]}.get(oid(ber(self.spki)[2][0][2][0]), [])
        with tempfile.TemporaryDirectory() as folder:
            tbs, certificate = os.path.join(folder, "tbs"), os.path.join(folder, "ca.crt")
            with open(tbs, "w") as stream:
                stream.write(statement)
            openssl("x509", "-inform", "DER", "-out", certificate, given=self.der)
            openssl("pkeyutl", "-verify", "-rawin", *more, "-certin", "-inkey", certificate, "-in", tbs,
                    "-sigfile", file, given=b"")

    def weakness(self):  # section 3.10; None when the key is of a kind that is accepted
        algorithm = ber(self.spki)[2][0][2]
        kind = oid(algorithm[0])
        curve = oid(algorithm[1]) if kind == "1.2.840.10045.2.1" and algorithm[1][0] == 6 else None
        bits = re.search(r"Public-Key: \(([0-9]+) bit\)", openssl("pkey", "-pubin", "-inform", "DER", "-noout", "-text",
                                                                  given=self.spki))
        bits = int(bits[1]) if bits else 0
        if kind == "1.2.840.113549.1.1.1":
            return None if 2048 <= bits <= 16384 else f"the key is RSA-{bits}"
        if kind == "1.2.840.10045.2.1":
            good = curve not in (None, "1.2.156.10197.1.301") and bits >= 224
            return None if good else f"the key is on the curve {curve or 'of its own'} of {bits} bits"
        return None if kind in ("1.3.101.112", "1.3.101.113") else f"the key is of the kind {kind}"


def brought(path, may_be_der=False):
    """Section 5.6: the certificates in a file that the auditor brings: at least one, and none that section 4.6 refuses."""
    with open(path, "rb") as file:
        data = file.read()
    if may_be_der and data[:1] == b"\x30":
        return [Certificate(data)]
    blocks = re.findall(rb"^-----BEGIN ([^\n]*)-----[ \t\r]*(?:\n|\Z)(.*?)(^-----END \1-----[ \t\r]*$|\Z)", data, re.M | re.S)
    need(all(end for *_, end in blocks), f"{path}: a block does not end")
    found = [base64.b64decode(re.sub(rb"[ \t\r]*\n", b"", block), validate=True)
             for name, block, _ in blocks if name in (b"CERTIFICATE", b"X509 CERTIFICATE")]
    need(found, f"{path}: no certificate is in it")
    return list(map(Certificate, found))


TYPES = {"2.5.4.3": "CN", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.6": "C",
         "2.5.4.9": "STREET", "0.9.2342.19200300.100.1.25": "DC", "0.9.2342.19200300.100.1.1": "UID",
         "2.5.4.5": "serialNumber", "2.5.4.97": "organizationIdentifier", "1.2.840.113549.1.9.1": "emailAddress"}


def written(name):  # section 4.11: a distinguished name for people
    def value(node):
        try:
            characters = node[1].decode({**STRINGS, 18: "latin-1"}[node[0]])
        except (KeyError, UnicodeDecodeError):
            return "#" + node[3].hex().upper()
        last = len(characters) - 1
        return "".join(
            "\\" + c if c in ',+"\\<>;' or c == " " and i in (0, last) or c == "#" and i == 0 else
            "".join(f"\\{b:02X}" for b in c.encode()) if HIDDEN.match(c) else c for i, c in enumerate(characters))

    def attribute(node):
        kind, found = node[2]
        return f"{TYPES.get(oid(kind), oid(kind))}={value(found)}"
    return ", ".join(" + ".join(map(attribute, parts[2])) for parts in name[2])


def encoded(value, strict=False):  # of an extension; what does not decode is of no type
    try:
        return ber(value, strict=strict)
    except (ValueError, IndexError):
        return 0, b"", [], b"", 0


def authority(version, extensions, is_self_issued):  # section 4.6: whether a certificate is a CA's
    found = {}
    for extension in extensions:
        found.setdefault(oid(extension[2][0]), []).append(extension[2][-1][1])
    constraints, usage = found.get("2.5.29.19", []), found.get("2.5.29.15", [])
    if len(constraints) > 1 or len(usage) > 1:
        return False
    if usage:
        node = encoded(usage[0])
        if node[0] != 3 or node[4] != len(usage[0]) or len(node[1]) < 2 or not node[1][1] & 4:
            return False
    if constraints:
        node = encoded(constraints[0], strict=True)
        first = node[2][0] if node[0] == 0x30 and node[2] else (0, b"")
        return node[4] == len(constraints[0]) and first[0] == 1 and len(first[1]) == 1 and first[1] != b"\0"
    return bool(usage) or version == 0 and is_self_issued


ALGORITHMS = {  # Annex C
    "2.16.840.1.101.3.4.1.2": "aes-128-cbc", "2.16.840.1.101.3.4.1.22": "aes-192-cbc",
    "2.16.840.1.101.3.4.1.42": "aes-256-cbc", "1.2.392.200011.61.1.1.1.2": "camellia-128-cbc",
    "1.2.392.200011.61.1.1.1.3": "camellia-192-cbc", "1.2.392.200011.61.1.1.1.4": "camellia-256-cbc",
    "1.2.840.113549.3.7": "des-ede3-cbc", "1.2.840.113549.3.2": "rc2-cbc", "1.3.14.3.2.7": "des-cbc",
    "1.2.840.113549.2.7": "hmac-sha1", "1.2.840.113549.2.8": "hmac-sha224", "1.2.840.113549.2.9": "hmac-sha256",
    "1.2.840.113549.2.10": "hmac-sha384", "1.2.840.113549.2.11": "hmac-sha512",
    "1.2.840.113549.2.12": "hmac-sha512-224", "1.2.840.113549.2.13": "hmac-sha512-256",
    "2.16.840.1.101.3.4.2.13": "hmac-sha3-224", "2.16.840.1.101.3.4.2.14": "hmac-sha3-256",
    "2.16.840.1.101.3.4.2.15": "hmac-sha3-384", "2.16.840.1.101.3.4.2.16": "hmac-sha3-512"}
DIGESTS = {  # those of a MAC
    "1.3.14.3.2.26": "hmac-sha1", "2.16.840.1.101.3.4.2.4": "hmac-sha224", "2.16.840.1.101.3.4.2.1": "hmac-sha256",
    "2.16.840.1.101.3.4.2.2": "hmac-sha384", "2.16.840.1.101.3.4.2.3": "hmac-sha512",
    "2.16.840.1.101.3.4.2.5": "hmac-sha512-224", "2.16.840.1.101.3.4.2.6": "hmac-sha512-256",
    "2.16.840.1.101.3.4.2.7": "hmac-sha3-224", "2.16.840.1.101.3.4.2.8": "hmac-sha3-256",
    "2.16.840.1.101.3.4.2.9": "hmac-sha3-384", "2.16.840.1.101.3.4.2.10": "hmac-sha3-512",
    "1.2.840.113549.2.5": "hmac-md5", "1.2.840.113549.2.4": "hmac-md4", "1.3.36.3.2.1": "hmac-ripemd160",
    "1.0.10118.3.0.55": "hmac-whirlpool", "2.5.8.3.101": "hmac-mdc2", "1.2.156.10197.1.401": "hmac-sm3",
    "1.3.6.1.4.1.1722.12.2.1.16": "hmac-blake2b512", "1.3.6.1.4.1.1722.12.2.2.8": "hmac-blake2s256"}
SCHEMES = {  # Annex C: cipher and key derivation
    **{f"1.2.840.113549.1.12.1.{number}": (cipher, "pkcs12kdf-sha1") for number, cipher in enumerate(
        ("rc4-128", "rc4-40", "des-ede3-cbc", "des-ede-cbc", "rc2-128-cbc", "rc2-40-cbc"), 1)},
    "1.2.840.113549.1.5.1": ("des-cbc", "pbkdf1-md2"), "1.2.840.113549.1.5.3": ("des-cbc", "pbkdf1-md5"),
    "1.2.840.113549.1.5.10": ("des-cbc", "pbkdf1-sha1"), "1.2.840.113549.1.5.4": ("rc2-64-cbc", "pbkdf1-md2"),
    "1.2.840.113549.1.5.6": ("rc2-64-cbc", "pbkdf1-md5"), "1.2.840.113549.1.5.11": ("rc2-64-cbc", "pbkdf1-sha1")}
PKCS7, BAG = "1.2.840.113549.1.7.", "1.2.840.113549.1.12.10.1."


def protection(data):
    """What shows without the password (sections 3.10, 4.6): ciphers, kdfs, mac, the counts, and what is clear."""
    seen = {"encryption": {}, "kdf": {}, "mac": "none", "counts": [], "clear": set(), "parts": 0}

    def named(node):
        return ALGORITHMS.get(oid(node), oid(node))

    def number(node):
        need(node[0] == 2 and node[1], "a number is missing")
        return int.from_bytes(node[1], "big", signed=True)

    def count(iterations, limit=600000):
        need(1 <= iterations <= limit, f"it has {iterations} iterations")
        seen["counts"].append(iterations)
        need(sum(seen["counts"]) <= 10000000, "it has too many iterations in all")

    def part():
        seen["parts"] += 1
        need(seen["parts"] <= 200, "it has more than 200 safes and bags")

    def encrypted(algorithm):
        kind, parameters = oid(algorithm[2][0]), algorithm[2][1][2]
        part()
        if kind != "1.2.840.113549.1.5.13":  # RFC 7292, Appendix C; RFC 8018, section 6.1
            need(kind in SCHEMES, f"it is protected by {kind}")
            for what, word in zip(("encryption", "kdf"), SCHEMES[kind]):
                seen[what].setdefault(word)
            count(number(parameters[1]))
            return
        seen["encryption"].setdefault(named(parameters[1][2][0]))
        function, kdf = oid(parameters[0][2][0]), parameters[0][2][1][2]
        if function == "1.3.6.1.4.1.11591.4.11":
            n, r, p = map(number, kdf[1:4])
            seen["kdf"].setdefault("scrypt")
            return count(n * r * p, 1 << 22)
        need(function == "1.2.840.113549.1.5.12", f"its kdf is {function}")
        count(number(kdf[1]))
        prf = [named(node[2][0]) for node in kdf[2:] if node[0] == 0x30]
        seen["kdf"].setdefault("pbkdf2-" + (prf[0] if prf else "hmac-sha1"))

    def bags(safe, depth):
        need(depth <= 4, "its safes are nested too deep")
        for bag in safe[2]:
            kind, value = oid(bag[2][0]), bag[2][1][2][0]
            if kind == BAG + "2":
                encrypted(value[2][0])
            elif kind == BAG + "6":
                part()
                bags(value, depth + 1)
            else:
                part()
                seen["clear"] |= {BAG + "1": {"key"}, BAG + "3": {"certificate"}}.get(kind, set())

    pfx = ber(data)
    need(not data[pfx[4]:].strip(b"\0"), "something lies behind its end")
    need(oid(pfx[2][1][2][0]) == PKCS7 + "1", "it is not protected by a password")
    for safe in ber(pfx[2][1][2][1][2][0][1])[2]:
        kind, content = oid(safe[2][0]), safe[2][1][2][0]
        if kind == PKCS7 + "6":
            encrypted(content[2][1][2][1])
        else:
            part()
            need(kind == PKCS7 + "1", "it has a safe of another kind than RFC 7292's with a password")
            bags(ber(content[1]), 0)
    if len(pfx[2]) > 2:
        mac = pfx[2][2][2]
        digest = oid(mac[0][2][0][2][0])
        need(digest in DIGESTS, f"its MAC is by {digest}")
        seen["mac"] = DIGESTS[digest]
        count(number(mac[2]) if len(mac) > 2 else 1)
    return seen


# ---- The anchor: sections 4.12, 5.3

def signers_time(value):
    need(re.fullmatch("[0-9]{8}([0-9]{4}([0-9]{2})?)?Z", value), f"{value} is no time")
    digits = value[:-1].ljust(14, "0")
    found = int(datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc).timestamp())
    need(found > 0, f"{value} is not later than the first second of 1970")
    return found


class Line:
    """One principal and one key of the auditor's file, and when and for which kinds of documents they count."""

    def __init__(self, who, key, spaces, after, before):
        self.who, self.key, self.spaces, self.after, self.before = who, key, spaces, after, before

    def admits(self, kind, when):
        return (self.spaces is None or f"ca-escrow-{kind}-v1" in self.spaces) and \
            (when is None or (self.after or 0) <= when and (self.before is None or when <= self.before))


class Signers:
    """Section 4.12: the auditor's allowed_signers file, read more strictly than OpenSSH does."""

    def __init__(self, data):
        need(data, "is empty")
        self.lines, self.require = [], None
        for number, line in enumerate(data.decode().split("\n"), 1):
            try:
                need(not re.search("[\0-\x08\x0a-\x1f\x7f-\x9f]", line), "has a control character")
                fields = line.strip(" \t")
                if fields.startswith("#"):
                    self.read_comment(line)
                elif fields:
                    self.lines += self.read_line(re.split("[ \t]+", fields))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}")

    def read_comment(self, line):
        """Section 4.12: `# ca-escrow: require K`, once; every other comment that begins so is refused."""
        if re.match("[# \t]*ca-escrow:", line, re.I | re.A):
            found = re.fullmatch("# ca-escrow: require ([1-9][0-9]{0,3})", line)
            need(found and int(found[1]) <= 1000, "is not as `# ca-escrow: require K` must be")
            need(self.require is None, "says a second time how many are required")
            self.require = int(found[1])

    @staticmethod
    def read_line(fields):
        principals = fields.pop(0).split(",")
        need(all(map(is_name, principals)), "has a principal that is no name")
        options = {}
        if fields and fields[0] not in ("ssh-ed25519", "sk-ssh-ed25519@openssh.com"):
            item = '(namespaces|valid-after|valid-before)="([^"]*)"'
            given = fields.pop(0)
            need(re.fullmatch(f"{item}(,{item})*", given), "has a key or an option that is not allowed")
            pairs = re.findall(item, given)
            options = dict(pairs)
            need(len(options) == len(pairs), "has an option twice")
        need(len(fields) >= 2, "has no key")
        key = f"{fields[0]} {fields[1]}"
        signing_key(key)
        spaces = options["namespaces"].split(",") if "namespaces" in options else None
        need(spaces is None or all(re.fullmatch(r'[!-~]+', s) and not re.search(r'[*?!\\"]', s) for s in spaces),
             "has a bad namespace")
        after, before = (signers_time(options[o]) if o in options else None for o in ("valid-after", "valid-before"))
        need(after is None or before is None or after < before, "is never valid")
        return [Line(p, key, spaces, after, before) for p in principals]

    def of(self, who, key, kind, when=None):
        """The lines for this name, this key and this kind of document, at this time or at any."""
        return [line for line in self.lines if line.who == who and line.key == key and line.admits(kind, when)]

    def names(self, kind, when=None):
        return {line.who for line in self.lines if line.admits(kind, when)}


def read_stamp(signature, stamp):
    """Section 4.10: the time in a granted TimeStampResp (RFC 3161) over the SHA-256 of these bytes."""
    response = ber(stamp)
    need(response[4] == len(stamp) and response[2][0][2][0][1] in (b"\0", b"\1"), "is no stamp that was granted")
    signed = response[2][1][2][1][2][0]
    content = signed[2][2]
    need(oid(content[2][0]) == "1.2.840.113549.1.9.16.1.4", "is no time stamp")
    fields = ber(content[2][1][2][0][1])[2]
    algorithm, imprint = fields[2][2]
    need(oid(algorithm[2][0]) == "2.16.840.1.101.3.4.2.1" and imprint[1] == hashlib.sha256(signature).digest(),
         "is a stamp over something else")
    return int(datetime.strptime(fields[4][1].decode("ascii")[:14], "%Y%m%d%H%M%S").replace(
        tzinfo=timezone.utc).timestamp())


def stamp_time(signature, stamp, tsa, now):
    """Section 5.3: when an authority believed through --tsa saw the bytes of a signature file. Its chain is valid now."""
    when = read_stamp(signature, stamp)
    with tempfile.TemporaryDirectory() as folder:
        data, reply = os.path.join(folder, "sig"), os.path.join(folder, "tsr")
        for path, content in ((data, signature), (reply, stamp)):
            with open(path, "wb") as file:
                file.write(content)
        openssl("ts", "-verify", "-data", data, "-in", reply, "-CAfile", tsa, "-attime", str(now), given=b"")
    return when


# ---- What may not lie in an escrow, and what is passed over: section 4.10

CLUTTER = re.compile(r"\._.*|\.git.*|(?i:\.ds_store|thumbs\.db|desktop\.ini)", re.S)


def is_clutter(name):
    return CLUTTER.fullmatch(name) and not re.fullmatch(r"\..*\.partial", name, re.S)


def secret(path):
    """What a file is that must not lie in an escrow under any name; nothing for another, or one that is empty."""
    with contextlib.suppress(ValueError):
        data = read(path, 16 << 20)
        start = data[:4096]
        if data[:1] == b"\x30":
            return "is a PKCS#12 file, or as good as one"
        if data[257:262] == b"ustar":
            return "is an archive"
        if b"PRIVATE KEY-----" in start or b'"ca-escrow/v1/identity"' in start or b'"ca-escrow/v1/release-box"' in start:
            return "is an identity, a private key or a release"
        return None
    return "is larger than anything in an escrow"


# ---- What the checks find: section 5.6

class Findings:
    """What is wrong, what could not be looked at, and which checks were made at all: none passes by itself."""

    def __init__(self):
        self.failed, self.unchecked = ({code: [] for code in CODES} for _ in range(2))
        self.made, self.not_applicable = set(), set()

    def fail(self, code, what):
        self.made.add(code)
        self.failed[code].append(what)

    def skip(self, code, what):
        self.unchecked[code].append(what)

    @contextlib.contextmanager
    def checking(self, code, what, leaning=()):
        """A check, or a part of one. What cannot be read is no failure: what leans on it is left unchecked as well."""
        self.made.add(code)
        try:
            yield
        except Exception as error:
            if is_hidden(error):
                for each in dict.fromkeys((code, *leaning)):
                    self.skip(each, f"{what}: {reason(error)}")
            else:
                self.fail(code, f"{what}: {reason(error)}")

    def add(self, other, but=()):
        for code in CODES:
            if code not in but:
                self.failed[code] += other.failed[code]
                self.unchecked[code] += other.unchecked[code]
        self.made |= other.made

    def outcome(self, code):
        return "FAIL" if self.failed[code] else "NOT CHECKED" if self.unchecked[code] else \
            "NOT APPLICABLE" if code in self.not_applicable else "PASS" if code in self.made else "NOT CHECKED"


def is_hidden(error):
    """Whether something is there and cannot be read, such as without permission."""
    return isinstance(error, OSError) and error.errno not in (
        errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENXIO)


# ---- An epoch by itself

def tree(policy):
    """Tree order (section 3.2): path, member, the gate above; the root first."""
    waiting = [((), policy, None)]
    while waiting:
        path, member, above = waiting.pop(0)
        yield path, member, above
        waiting[:0] = [(path + (j,), m, member) for j, m in enumerate(member.get("members", ()), 1)]


def dotted(path):
    return ".".join(map(str, path))


def policy_text(member):
    return member.get("custodian") or f"{member['threshold']} of ({', '.join(map(policy_text, member['members']))})"


def satisfied(member, present):
    if "custodian" in member:
        return member["custodian"] in present
    return sum(satisfied(m, present) for m in member["members"]) >= member["threshold"]


class Epoch:
    """Section 4.6: a manifest that can be read, and what lies in its directory."""

    def __init__(self, folder, path):
        self.folder, self.path, self.documents = folder, path, {kind: {} for kind in KINDS}  # by digest
        self.findings, self.hidden, self.elsewhere, self.refused, self.unlisted = Findings(), set(), [], {}, []
        self.begin()
        self.data = read(os.path.join(path, "manifest.json"), 4 << 20)
        self.digest = hashlib.sha256(self.data).hexdigest()
        self.m = m = parse(self.data, "it")
        need(m.get("format") == "ca-escrow/v1/manifest", "its format is not ca-escrow/v1/manifest")
        members(m, MANIFEST, MANIFEST_OPTIONAL)
        self.number, self.created, self.x = m["epoch"], seconds(m["created"]), {}
        self.set, self.threshold = m["set"], m["approval"]["threshold"]
        self.officers = {o["name"]: o["key"] for o in m["approval"]["officers"]}
        self.people = {p["name"]: p for p in m["people"]}
        self.leaves = {x["custodian"]: path for path, x, _ in tree(m["policy"]) if "custodian" in x}
        self.boxes = {s["path"]: decoded(s["box"]) for s in m["shares"]}
        self.certificates = [Certificate(decoded(c)) for c in m["certificates"]]
        self.of = next((c for c in self.certificates if c.is_ca), self.certificates[0])
        self.check_order()

    def begin(self):
        """Before it is known what it follows."""
        self.before, self.approved, self.why, self.counted = None, False, None, {}
        self.line, self.branches, self.forks = [self], [], []
        self.breaks = False  # whether it has every signature, and breaks a rule of succession

    def check_form(self, findings):
        """Sections 3.2, 3.3 and 4.6, as far as its form goes; whether it is an epoch by these."""
        for code in ("people", "policy", "commitments", "shares"):
            with findings.checking(code, self.folder):
                getattr(self, f"check_{code}")()
            if findings.failed[code]:
                return False
        return True

    def check_order(self):  # section 4.6: order and uniqueness, where no other code looks
        officers = self.m["approval"]["officers"]
        names, keys = [o["name"] for o in officers], {o["key"] for o in officers}
        need(len(officers) <= 1000 and names == sorted(set(names)) and len(keys) == len(names),
             "its officers are not in order, or one is there twice")
        need(self.threshold <= len(officers), "it demands more officers than it has")
        need(("previous" in self.m) == (self.number > 1), "previous is there in epoch 1, or missing in another")
        begins = [c.begins for c in self.certificates]
        need(begins == sorted(begins, reverse=True), "its certificates are not in order")
        need(len({c.der for c in self.certificates}) == len(begins), "it has a certificate twice")

    def check_people(self):
        names = [p["name"] for p in self.m["people"]]
        need(names == sorted(set(names)), "they are not in order, or one is there twice")
        need(set(names) == set(self.leaves), "they are not exactly the policy's custodians")
        for person in self.m["people"]:
            sealing_key(person["sealingKey"]), signing_key(person["signingKey"])
        for key in ("sealingKey", "signingKey"):
            need(len({p[key] for p in self.m["people"]}) == len(names), f"two have one {key}")

    def check_policy(self):  # section 3.2
        custodians = [m["custodian"] for _, m, _ in tree(self.m["policy"]) if "custodian" in m]
        need(len(custodians) <= 1000, "it has more than 1,000 custodians")
        need(len(custodians) == len(set(custodians)), "a custodian appears twice")
        for path, member, _ in tree(self.m["policy"]):
            if "members" in member:
                need(len(path) < 4, "its gates are nested deeper than 4")
                need(2 <= len(member["members"]) <= 1000, f"the gate {dotted(path)} has no 2 to 1,000 members")
                need(1 <= member["threshold"] <= len(member["members"]), f"the gate {dotted(path)} has a bad threshold")
        need(self.m["policy"]["threshold"] >= 2, "one person restores")

    def check_commitments(self):  # section 3.3, rule 1
        for path, member, _ in tree(self.m["policy"]):
            elements = list(map(bytes.fromhex, member.get("commitments", ())))
            need("custodian" in member or len(elements) == member["threshold"],
                 f"the gate {dotted(path)} has not its threshold of commitments")
            need(all(is_element(e) and e != O for e in elements),
                 f"a commitment of the gate {dotted(path)} is no element, or the neutral one")

    def compute(self):  # section 3.3, rules 2 to 4; X of every member is kept
        different = []
        for path, member, above in tree(self.m["policy"]):
            if above is not None:
                x = O
                for commitment in reversed(above["commitments"]):  # Horner
                    x = plus(times(path[-1], x), bytes.fromhex(commitment))
                self.x[path] = x
                need(x != O, f"X of {dotted(path)} is the neutral element")
                if above["threshold"] > 1:
                    different.append(x)
                need("custodian" in member or bytes.fromhex(member["commitments"][0]) == x,
                     f"the first commitment of the gate {dotted(path)} is not its X")
        different.append(bytes.fromhex(self.m["policy"]["commitments"][0]))
        need(len(different) == len(set(different)), "two shares are one, or the secret")

    def check_shares(self):
        leaves = [dotted(path) for path, member, _ in tree(self.m["policy"]) if "custodian" in member]
        need([s["path"] for s in self.m["shares"]] == leaves, "they are not the policy's leaves in tree order")
        for share in self.m["shares"]:
            need(1 <= share["sealedIn"] <= self.number, f"that of {share['path']} is sealed in no epoch up to this one")
            need(len(decoded(share["box"])) == 192, f"the box of {share['path']} has not 192 bytes")

    def check_card(self, who, data):  # section 4.5
        card, person = parse(data, "it"), self.people[who]
        need(card.get("format") == "ca-escrow/v1/card", "its format is not ca-escrow/v1/card")
        members(card, CARD, CARD_OPTIONAL)
        need(hashlib.sha256(data).hexdigest() == person["card"], "it has not the digest in the manifest")
        need(all(card[key] == person[key] for key in ("name", "sealingKey", "signingKey")),
             "the manifest has another name or other keys")
        unsigned = canonical({k: v for k, v in card.items() if k != "signature"})
        check_signature(decoded(card["signature"]), unsigned, "ca-escrow-card-v1", who, {card["signingKey"]})

    def check_signatures(self):
        """Section 5.2: whose signatures count: its own officers', and officers' and custodians' of the epoch before."""
        self.findings.made.add("signatures")
        self.findings.failed["signatures"], self.findings.unchecked["signatures"] = [], list(self.unlisted)
        for who, file in self.here[""].get("manifest.json", {}).items():
            keys = {self.officers.get(who)}
            if self.before:
                keys |= {self.before.officers.get(who), self.before.people.get(who, {}).get("signingKey")}
            with self.findings.checking("signatures", f"{self.folder}/{file}"):
                blob = read_signature(os.path.join(self.path, file))
                need(keys - {None}, "is by nobody who may sign")
                self.counted[who] = check_signature(blob, self.data, "ca-escrow-manifest-v1", who, keys - {None})

    def signed(self, keys):
        """Which of these people have signed its manifest with these keys: a name, its key."""
        return {who: key for who, key in self.counted.items() if keys.get(who) == key}

    def bears(self, people):
        """Whether somebody of these has signed its manifest, (name, key), whether or not they may sign it."""
        for who, file in self.here[""].get("manifest.json", {}).items():
            for key in {key for name, key in people if name == who}:
                with contextlib.suppress(Exception):
                    blob = read_signature(os.path.join(self.path, file))
                    check_signature(blob, self.data, "ca-escrow-manifest-v1", who, {key})
                    return True
        return False

    def is_signed_by(self, other):
        """Whether as many officers of that epoch have signed this manifest as it demands, each with another key."""
        return len(set(self.signed(other.officers).values())) >= other.threshold

    def share(self, who):
        return next((s for s in self.m["shares"] if s["path"] == dotted(self.leaves.get(who, ()))), None)

    def check(self, root):
        """What lies beside a manifest: sections 4.5, 4.11. Root: the escrow."""
        checking = self.findings.checking
        self.findings.made.add("cards")
        cards = self.here.get("cards", {})
        for who in self.people if "cards" not in self.hidden else ():
            with checking("cards", f"{self.folder}/cards/{who}.json"):
                need(who + ".json" in cards, "is not here")
                self.check_card(who, read(os.path.join(self.path, "cards", who + ".json")))
        for file in cards:
            if file[:-5] not in self.people:
                self.findings.fail("cards", f"{self.folder}/cards/{file}: is of no custodian")
        with checking("readme", f"README.txt of {self.folder}"):
            need(read(os.path.join(root if self.number == 1 else self.path, "README.txt")) == self.readme(),
                 "is not what the manifest makes it")

    def readme(self):  # section 4.11
        m, fingerprint = self.m, hashlib.sha256(self.of.der).hexdigest()
        rows = [("certification authority", self.of.name),
                ("certificate SHA-256", ":".join(re.findall("..", fingerprint))),
                ("certificates kept", len(self.certificates)), ("title", m.get("title", "none")), ("set", m["set"]),
                ("epoch", f"{m['epoch']}, made {m['created']} ({m['occasion']})"), ("manifest SHA-256", self.digest),
                ("key file", m["pkcs12"]["name"]), ("key file SHA-256", m["pkcs12"]["sha256"]),
                ("who restores", policy_text(m["policy"])),
                ("who approves", f"{m['approval']['threshold']} of ({', '.join(self.officers)})")]
        rehearsal = "THIS IS A REHEARSAL: the key in it is a test key.\n\n" if m["rehearsal"] else ""
        return README.format(rehearsal=rehearsal, rows="".join(f"  {k:<25} {v}\n" for k, v in rows),
                             folder=f"{self.number:04}-{self.digest[:8]}").encode()


README = r"""Escrow of a certification authority's private key, made by ca-escrow.

{rehearsal}{rows}
This text is about the directory {folder}. If there is a directory with a
higher number, it takes the place of this one: read README.txt in it. Which of
two with one number is the right one, the officers know.

Everything here is public, may be copied, and opens nothing. The private key is
in the key file, which is kept elsewhere, and whose password nobody knows: each
person who restores holds a share of it, sealed to a key of their own.

To check this escrow, with no secret (ask the officers for officers.signers, on
paper or on a known number; never take it from where you found this):

    ca-escrow audit DIRECTORY --signers officers.signers --certificate CA.crt

To restore the key, with the key file, CA.crt, and enough of the people above
with their identity files:

    ca-escrow restore DIRECTORY --pkcs12 KEYFILE --certificate CA.crt \
        --signers officers.signers --to pem:ca.key,ca.crt

To restore without ca-escrow, take an offline machine, libsodium (crypto_...
below), openssl and Python. || joins bytes; u16 and u32 are big-endian. Numbers
are modulo q = 2^252 + 27742317777372353535851937790883648493, as 32 bytes
little-endian; points are of ristretto255. Words in quotes are members of JSON
files, which hold bytes as hexadecimal, or as base64 where it is said.

1. Files. The SHA-256 of manifest.json and of the key file must be those above.
   canonical(d) is what Python gives: (json.dumps(d, indent=2, sort_keys=True,
   ensure_ascii=False) + "\n").encode(). Each JSON file read here must be
   canonical byte for byte, and its "format" is ca-escrow/v1/KIND, with the KIND
   manifest, identity, request, release-box (NAME.release) or release (in that).
2. Each identity file. Any u of its "unlocks" that opens will do. For "kind"
   none, key = 32 zero bytes; for passphrase, key = crypto_pwhash(32 bytes, the
   passphrase as typed (UTF-8, no line end), "salt", opslimit "passes", memlimit
   "memory" (bytes) of "kdf", ALG_ARGON2ID13). ad = canonical(the file with u
   alone in "unlocks", and u without "ciphertext"). seed =
   crypto_aead_xchacha20poly1305_ietf_decrypt(u."ciphertext" (base64), ad,
   u."nonce", key), 32 bytes. k = crypto_kdf_derive_from_key(32 bytes, id 1,
   context caescrow, seed). (public, secret) = crypto_box_seed_keypair(k).
   public must be its "sealingKey" and, except in 5, that of its "name" in
   "people".
3. "policy" is a gate: it has "threshold" t, "commitments" A_0 to A_(t-1), and
   "members" numbered 1, 2, ... in order; each has "custodian", a name, or is a
   gate. A path such as 2.1 is these numbers from the top down. X of member j of
   a gate is A_0 + j A_1 + j^2 A_2 + ... (crypto_scalarmult_ristretto255 and
   crypto_core_ristretto255_add). A_0 of an inner gate must be its own X.
4. Share. In the entry of "shares" with the "path" that this name has in 3, open
   "box" (base64): p = crypto_box_seal_open(box, public, secret), 144 bytes,
   must be ASCII CAES || hex 01010000 || "set" || u32 "sealedIn" || path || 12
   zero bytes || head || public || y. path is four u16: its numbers, then 0
   (2.1: 2, 1, 0, 0). head is the SHA-256 of canonical(the manifest of epoch
   "sealedIn" without "shares"). That is this manifest or an older one, in a
   directory beside it: "sha256" of "previous" is that of the manifest.json
   before, and so on. If that is lost, take other people or, in need, do not
   check head: y shows that it is right. y must be below q, which libsodium does
   not check, and not 0; crypto_scalarmult_ristretto255_base(y) must be X of path.
5. Share from afar. A file NAME.release has in base64 "box", "signature" (not
   needed) and "statement", a JSON file: its "box" is the SHA-256 of that box,
   "manifest" that of manifest.json, "request" that of a file in requests/
   beside it, and "custodian" is at its "path" in 3. Open the box as in 4 with
   the request's identity file; its "sealingKey" must be "restoreKey" of the
   request and in no "people". p has hex 01020000 for 01010000, "epoch" of this
   manifest for "sealedIn", and the SHA-256 of the request for head.
6. Add up, from the innermost gates to the top. Take the shares y_i of exactly t
   members i of a gate: its secret is the sum over i of y_i times the product
   over the other members j of j / (j - i), modulo q: pow(j - i, -1, q). Then
   crypto_scalarmult_ristretto255_base(secret) must be its A_0. This secret is
   the gate's own share in the gate around it; that of the topmost gate is s.
7. The password is the first 26 characters of base32 (RFC 4648), in lower case,
   of SHA-256(ASCII ca-escrow/v1/password || hex 00 || s), s as 32 bytes. Put it
   into a file PW in memory (/dev/shm), where keys.pem goes as well. If CA.crt
   is lost: it is that of "certificates" (base64) with the SHA-256 above.

    openssl pkcs12 -in KEYFILE -passin file:PW -nocerts -nodes -out keys.pem
    openssl pkcs12 -in KEYFILE -passin file:PW -nokeys -out certs.pem
    openssl pkey -in keys.pem -pubout        # the newest key is the first in it
    openssl x509 -in CA.crt -noout -pubkey   # must be the same

8. Erase all else, and escrow the key anew under a new password.

To check an officer's signature, with officers.signers from the officers (where
others have signed, the manifest.json of the epoch before has their keys):

    ssh-keygen -Y verify -f officers.signers -I OFFICER \
        -n ca-escrow-manifest-v1 -s manifest.json.OFFICER.sig < manifest.json
"""


# ---- The documents that people added to an epoch: section 4.9

def refused_by(file):
    """Section 4.18: who refuses which request, by the name of a refusal or of its signature. None: it is neither."""
    found = re.fullmatch(rf"({NAME})-([0-9a-f]{{32}})-[0-9a-f]{{32}}\.json(?:\.({NAME})\.sig)?", file)
    return found.groups()[:2] if found and is_name(found[1]) and (not found[3] or is_name(found[3])) else None


class Unread:
    """What lies in the directory of no epoch."""

    def __init__(self):
        self.findings, self.hidden, self.refused, self.unlisted, self.here = Findings(), set(), {}, [], {}


class Evidence:
    """Reads what lies in one epoch into its `documents`: what is there then is valid, and `counts` or does not."""

    SIGNED_BY_ONE = ("receipt", "proof", "release", "challenge", "refusal", "suspension")
    APPROVED = ("request", "override", "reinstatement", "void")  # by officers, whoever asks for it among them
    REFERRING = ("challenge", "request", "refusal", "proof", "release", "restore", "drill", "override", "reinstatement")

    def __init__(self, epoch, now):
        self.epoch, self.now, self.findings = epoch, now, epoch.findings

    def read(self):
        """All documents, then what they say of one another."""
        for folder, kinds in FOLDERS.items():
            self.findings.made.add(folder)
            for file, signatures in self.epoch.here.get(folder, {}).items():
                at = f"{self.epoch.folder}/{folder}/{file}"
                with self.reading(folder, at):
                    self.read_document(folder, kinds, file, signatures, at)
        for kind in self.REFERRING:
            folder = next(f for f, kinds in FOLDERS.items() if kind in kinds)
            for digest, document in list(self.epoch.documents[kind].items()):
                with self.reading(folder, document["at"]):
                    try:
                        self.check_references(kind, document)
                    except ValueError as error:
                        del self.epoch.documents[kind][digest]
                        if not self.epoch.hidden:
                            raise
                        self.findings.skip(folder, f"{document['at']}: {error}, or cannot be read")

    @contextlib.contextmanager
    def reading(self, folder, at):
        with self.findings.checking(folder, at, [*LEAN_ON[folder], "layout"]):  # it might be a key file
            try:
                yield
            except OSError:
                self.epoch.hidden.add(folder)
                raise

    def read_document(self, folder, kinds, file, signatures, at):
        epoch, path = self.epoch, os.path.join(self.epoch.path, folder)
        called = re.fullmatch(r"[0-9]{8}T[0-9]{6}Z-([a-z][a-z0-9-]*)-[0-9a-f]{32}\.json", file)
        if folder == "records" and called and called[1] not in kinds:  # section 4.9: a later edition's is not judged
            return self.findings.skip("records", f"{at}: is of a kind that this does not know")
        data = read(os.path.join(path, file))
        digest = hashlib.sha256(data).hexdigest()
        if folder == "refusals":  # section 4.18: the file's name says what it stops, whatever is in it
            epoch.refused[digest] = refused_by(file)
        document = parse(data, "it")
        version, _, kind = str(document.get("format")).rpartition("/")
        need(version == "ca-escrow/v1", "its format is not one of ca-escrow/v1")
        who = document.get({"request": "officer", "refusal": "name"}.get(kind, "custodian"))
        if kind == "challenge" and isinstance(document.get("auditor"), dict):
            who = document["auditor"].get("name")
        prefix = f"{who}-{str(document.get('request'))[:32]}" if folder == "refusals" else who
        if folder == "records":
            prefix = f"{str(document.get('created')).replace('-', '').replace(':', '')}-{kind}"
        need(file == f"{prefix}-{digest[:32]}.json", "is not called after its content")
        need(kind in kinds, f"is no {kinds[0]}")
        members(document, {**COMMON, **KINDS[kind]}, KINDS_OPTIONAL.get(kind, ()))
        created = seconds(document["created"])
        need(document["set"] == epoch.set, "is of another set")
        elsewhere = document["manifest"] != epoch.digest
        need(not elsewhere or kind == "receipt", "is of another manifest")
        excused = kind in ("restore", "drill") and "clock" in {o["code"] for o in document.get("overrides", ())}
        need(elsewhere or excused or created >= epoch.created, "is dated before its manifest")
        if created > self.now + SLACK:  # section 5.4: it does not count, and stops nothing
            self.findings.skip("clock", f"{at}: is dated ahead, and does not count before its date has come")

        asks = document.get("officer") if folder == "records" or kind == "request" else who  # whose signature it needs
        signers = self.check_signers(kind, asks, document, data, path, signatures)
        if elsewhere:  # section 4.13
            if created <= self.now + SLACK:
                epoch.elsewhere.append((at, who, document["manifest"], created))
            return
        self.check_content(kind, document, data, os.path.join(path, file + ".casig"))
        approved = len(set(signers.values())) >= epoch.threshold and (kind not in self.APPROVED or asks in signers)
        document.update(at=at, created=created, digest=digest, approved=approved, signers=signers,
                        counts=epoch.approved and created <= self.now + SLACK, **{k: seconds(document[k]) for k in ("expires", "notBefore") if k in document})
        epoch.documents[kind][digest] = document

    def check_signers(self, kind, asks, document, data, path, signatures):
        """Section 4.9: who has signed it, and with which key. Every signature beside it must count."""
        epoch = self.epoch
        may = {who: {key} for who, key in epoch.officers.items()}
        if kind in ("receipt", "proof", "release"):
            may = {asks: {epoch.people[asks]["signingKey"]}} if asks in epoch.people else {}
        elif kind == "challenge":
            may = {asks: {document["auditor"]["key"]}}
        elif kind == "refusal":
            may = {asks: {epoch.officers.get(asks), epoch.people.get(asks, {}).get("signingKey")} - {None}}
        signers = {}
        for signer, name in signatures.items():
            try:
                need(may.get(signer), "is by nobody who may sign")
                blob = read_signature(os.path.join(path, name))
                signers[signer] = check_signature(blob, data, f"ca-escrow-{kind}-v1", signer, may[signer])
            except OSError:
                raise
            except Exception as error:
                self.findings.fail(os.path.basename(path), f"{epoch.folder}/{os.path.basename(path)}/{name}: "
                                                           f"{reason(error)}")
        need(kind not in self.SIGNED_BY_ONE or asks in signers, f"has no signature of {asks} that counts")
        return signers

    def check_content(self, kind, document, data, casig):
        epoch = self.epoch
        if kind in ("receipt", "proof", "release"):
            leaf = epoch.leaves[document["custodian"]]
            need(document["path"] == dotted(leaf), "its path is another's")
            if kind != "release":
                need(document["share"] == hashlib.sha256(epoch.boxes[dotted(leaf)]).hexdigest(), "its share is another")
                check_possession(document, epoch.x.get(leaf))
        elif kind in self.APPROVED:
            need(document["officer"] in epoch.officers, "its officer is none of the manifest")
        elif kind == "suspension":
            need(document["custodian"] in epoch.people, "its custodian is none of the manifest")
        elif kind == "restore":
            check_possession(document, bytes.fromhex(epoch.m["policy"]["commitments"][0]))
            self.check_quorum(document["custodians"])
        elif kind == "drill":
            self.check_drill(document, data, casig)
        elif kind == "added-certificate":
            self.check_renewal(document)
        if kind == "request":
            need(document["epoch"] == epoch.number, "is of another epoch")
            need(document["restoreKey"] not in {p["sealingKey"] for p in epoch.m["people"]}, "its key is a person's")

    def check_quorum(self, people):
        """Sections 4.8 and 4.22: custodians of this epoch, each once, who satisfy its policy."""
        need(len(people) == len(set(people)) and self.epoch.people.keys() >= set(people) and
             satisfied(self.epoch.m["policy"], set(people)), "its custodians could not have restored")

    def check_drill(self, document, data, casig):
        """Section 4.22."""
        epoch = self.epoch
        check_possession(document, bytes.fromhex(epoch.m["policy"]["commitments"][0]))
        self.check_quorum(document["custodians"])
        keys = list(dict.fromkeys(hashlib.sha256(c.spki).hexdigest() for c in epoch.certificates))
        need(document["keys"] == keys, "its keys are not those of the manifest's certificates")
        codes = [o["code"] for o in document.get("overrides", ())]
        need(codes == sorted(set(codes)), "its overrides are not in order, or one is there twice")
        if "certificate" not in document:
            return need(not os.path.lexists(casig), "it names no certificate, and has a signature of the CA's key")
        named = [c for c in epoch.certificates if hashlib.sha256(c.der).hexdigest() == document["certificate"]]
        need(named, "its certificate is none of the manifest")
        named[0].check_statement("drill", data, casig)

    def check_renewal(self, document):
        """Section 4.7."""
        added, kept = Certificate(decoded(document["certificate"])), self.epoch.certificates
        need(added.der not in {c.der for c in kept}, "the manifest has this certificate")
        same = [c for c in kept if c.spki == added.spki]
        need(same and added.subject in [self.epoch.of.subject, *(c.subject for c in same)],
             "it is for no key of the manifest, or under another name")
        document["parsed"] = added

    def check_references(self, kind, d):
        """Sections 4.8 and 4.14 to 4.20: the documents that it names are filed, and its times agree with theirs."""
        filed = self.epoch.documents
        if kind == "challenge":
            need(d["created"] < d["expires"] <= d["created"] + 400 * 86400, "its times are not those of section 4.14")
        elif kind == "request":
            need(d["created"] <= d["notBefore"] < d["expires"] <= d["notBefore"] + 30 * 86400,
                 "its times are not those of section 4.16")
        elif kind == "proof" or "challenge" in d:
            asked = filed["challenge"].get(d["challenge"])
            need(asked, "it answers no challenge here")
            need(asked["created"] <= d["created"] <= asked["expires"], "it does not answer in time")
        if "request" in d:
            asked = filed["request"].get(d["request"])
            need(asked, "its request is not filed here")
            if kind == "release":
                need(asked["notBefore"] <= d["created"] <= asked["expires"], "it does not answer in time")
        if kind == "restore":
            codes = [o["code"] for o in d.get("overrides", ())]
            need(codes == sorted(set(codes)), "its overrides are not in order, or one is there twice")
        if kind == "override":  # it may name a refusal that does not verify: that one stops a release too
            need(d["refusals"] == sorted(set(d["refusals"])), "its refusals are not in order, or one is there twice")
            need(all(self.epoch.refused.get(digest, ("", ""))[1] == d["request"][:32] for digest in d["refusals"]),
                 "a refusal that it names is not filed here")
        if kind == "reinstatement":
            need(d["suspensions"] == sorted(set(d["suspensions"])), "its suspensions are not in order, or one is twice")


def standing(epoch, request):
    """Section 4.18: who refuses this request, by the names of the files, but for what approved overrides cover."""
    named = {digest for o in epoch.documents["override"].values()
             if o["approved"] and o["counts"] and o["request"] == request for digest in o["refusals"]}
    signed = {digest: r["name"] for digest, r in epoch.documents["refusal"].items() if r["request"] == request}
    people = {signed[digest] for digest in named if digest in signed}  # whatever else they refuse is covered
    return {who for digest, (who, of) in epoch.refused.items()
            if of == request[:32] and digest not in named and signed.get(digest) not in people}


# ---- Suspensions: section 5.12

class Suspension:
    """One that counts: the keys or the name that it takes away, and the place of its epoch in the chain."""

    def __init__(self, place, epoch, document):
        who = document["custodian"]
        self.place, self.who, self.created, self.because = place, who, document["created"], document["because"]
        person = epoch.people[who]
        self.keys = {person["sealingKey"], person["signingKey"]} if self.because in KEYS else set()

    def touches_keys(self, person):
        return bool(self.keys & {person["sealingKey"], person["signingKey"]})

    def touches(self, person):
        return self.touches_keys(person) or not self.keys and person["name"] == self.who


def suspensions(chain):
    """Those that count in the last epoch of a chain. Each stands by itself, until something ends it."""
    ended, lifted = set(), {}
    for place, epoch in enumerate(chain):
        for d in epoch.documents["reinstatement"].values():
            late = chain[place + 1:] and d["created"] > chain[place + 1].created
            still = {key for who, key in d["signers"].items() if chain[-1].officers.get(who) == key}
            # Who came after them decides anew: former officers lift nothing then.
            if d["approved"] and d["counts"] and (not late or len(still) >= chain[-1].threshold):
                ended |= {(digest, p, d["name"]) for digest in d["suspensions"] for p in range(place + 1)}
                lifted[d["name"]] = place
    found = []
    for place, epoch in enumerate(chain):
        for digest, d in epoch.documents["suspension"].items():
            who, later = d["custodian"], chain[place + 1:]
            if not d["counts"] or (digest, place, who) in ended:
                continue
            if later and d["created"] > later[0].created and \
                    chain[-1].officers.get(d["officer"]) != epoch.officers[d["officer"]]:
                continue  # by somebody who is no officer any more
            if lifted.get(who, -1) >= place and not d["approved"]:
                continue  # beside a reinstatement it takes as many officers to suspend, whatever the date
            if d["because"] == "unreachable" and has_been_reached(who, d["created"], epoch, later):
                continue
            found.append(Suspension(place, epoch, d))
    return found


def has_been_reached(who, since, epoch, later):
    """Whether a receipt or proof of theirs is later, or they are no custodian in a later epoch."""
    return any(who not in e.people for e in later) or any(
        d["custodian"] == who and d["counts"] and d["created"] > since
        for e in [epoch] + later for kind in ("receipt", "proof") for d in e.documents[kind].values())


# ---- Approval and succession: section 5.2, with S1 to S5 for the rules of succession

def rekeyed(epoch):
    """Whose entry differs from that of the epoch before."""
    return [who for who, person in epoch.people.items() if person != epoch.before.people.get(who)]


def check_succession(epoch, chain):
    """Raises what this epoch breaks of the rules S1 to S4. Chain: the epochs before it, all of them approved."""
    for who, key in epoch.officers.items():  # S1
        need(all(e.officers.get(who, key) == key for e in chain), f"the officer {who} had another key before")
        need(epoch.people.get(who, {}).get("signingKey", key) == key, f"{who} is officer and custodian with two keys")
    if not chain:
        return
    before = chain[-1]
    need("retired" not in before.m, f"{before.folder} is retired")
    need(epoch.m["rehearsal"] == before.m["rehearsal"], "one of the two is a rehearsal")
    if epoch.set == before.set:
        check_kept_set(epoch, before)
    else:
        check_new_set(epoch, before, chain)


def check_kept_set(epoch, before):
    """S2 and S3: of one set little may change, and one thing at a time. Suspensions, which can be dated back, keep
    no epoch from being approved: a card that a suspended key approved is named under S5."""
    for key in ("policy", "pkcs12", "certificates", "state", "title"):
        need(epoch.m.get(key) == before.m.get(key), f"its set stays, and its {key} does not")
    need(epoch.people.keys() == before.people.keys(), "its set stays, and its custodians do not")
    changed = rekeyed(epoch)
    what = [epoch.m["approval"] != before.m["approval"], bool(changed), "retired" in epoch.m]
    need(sum(what) == 1 and len(changed) <= 1, "its set stays, and not exactly one thing has changed")
    for who in epoch.people:
        new, old = epoch.share(who), before.share(who)
        need(new and old, f"{who} has no share")
        if who not in changed:
            need(new == old, f"{who}'s card stays, and the share does not")
            continue
        need(new["box"] != old["box"] and new["sealedIn"] == epoch.number,
             f"{who}'s card is another, and the share is an older one")
        if epoch.counted.get(who) != before.people[who]["signingKey"]:
            # Their signature may be one that could not be read.
            raise (Undecided if epoch.findings.unchecked["signatures"] else ValueError)(
                f"{who}'s card is another, and {who} has not signed it with the old key")


def check_new_set(epoch, before, chain):
    """S4: a new set is new in everything, but for the CA."""
    for e in chain:
        need(epoch.set != e.set, f"its set is that of {e.folder}")
        need(epoch.m["policy"]["commitments"][0] != e.m["policy"]["commitments"][0],
             f"its secret is that of {e.folder}")
        need(epoch.m["pkcs12"]["sha256"] != e.m["pkcs12"]["sha256"], f"its PKCS#12 file is that of {e.folder}")
    need(all(s["sealedIn"] == epoch.number for s in epoch.m["shares"]), "its set is new, and a share is older")
    need(epoch.of.subject == before.of.subject, f"its CA has another name than that of {before.folder}")


class Chain:
    """Which epochs are approved, how they hang together, and which one is in force."""

    def __init__(self, root, epochs, now, is_anchored):
        self.root, self.now, self.is_anchored = root, now, is_anchored
        self.epochs = sorted(epochs, key=lambda e: (e.number, e.digest))
        self.findings, self.notes, self.refused = Findings(), [], False
        while not self.compute():
            self.refused = True
        self.findings.made.update(("chain", "approval", "succession"))
        for epoch in self.epochs:
            if epoch.approved:  # what a stranger lays here is to cost nothing
                self.look(epoch)
        self.tie()
        self.choose()

    def compute(self):
        """Section 3.3: X of approved epochs, of all where none is. Whether all hold; what does not is no epoch."""
        self.approve_all()
        lone = not any(e.approved for e in self.epochs)
        for epoch in [e for e in self.epochs if lone or e.approved or e.unlisted]:  # one of these may be approved
            if not epoch.x:
                with self.findings.checking("commitments", epoch.folder):
                    epoch.compute()
                    continue
                self.epochs.remove(epoch)
                return False
        return True

    def approve_all(self):
        by_digest = {e.digest: e for e in self.epochs}
        for epoch in self.epochs:
            epoch.begin()
            before = by_digest.get(epoch.m.get("previous", {}).get("sha256"))
            if before and before.number == epoch.number - 1 == epoch.m["previous"]["epoch"]:
                epoch.before = before
        for epoch in self.epochs:
            epoch.check_signatures()
        for epoch in self.epochs:
            self.approve(epoch)

    @staticmethod
    def path(epoch):
        """The epoch and those before it, as far as they are here, from the first on."""
        found = [epoch]
        while found[-1].before:
            found.append(found[-1].before)
        return found[::-1]

    def approve(self, epoch):
        """Signed by its own officers and by those of the epoch that it follows; and it breaks none of S1 to S4."""
        before, path = epoch.before, self.path(epoch)
        if not epoch.is_signed_by(epoch):
            epoch.why = "too few of its officers have signed it"
        elif epoch.number > 1 and before is None:
            epoch.why = "the epoch before is not here"
        elif before and not before.approved:
            epoch.why = f"{before.folder} is not approved"
        elif before and not self.has_passed_on(before, epoch):
            epoch.why = f"{before.folder} has not approved it"
        else:
            try:
                check_succession(epoch, path[:-1])
            except Exception as error:
                epoch.why, epoch.breaks = reason(error), not isinstance(error, Undecided)
                return
            epoch.approved = True

    def look(self, epoch):
        """Into an epoch, at what lies beside its manifest."""
        epoch.check(self.root)
        Evidence(epoch, self.now).read()

    @staticmethod
    def has_passed_on(before, epoch):
        """As many of the officers before have signed as had to, or custodians who restore, suspended or not."""
        custodians = epoch.signed({who: p["signingKey"] for who, p in before.people.items()})
        return epoch.is_signed_by(before) or satisfied(before.m["policy"], custodians)

    def tie(self):
        """From the newest epochs back: the line of epochs that goes on from each, and where it splits for good."""
        following = {}
        for epoch in reversed([e for e in self.epochs if e.approved]):
            branches = following.get(epoch, [])
            staying, left, is_finding = self.staying(branches)
            epoch.line = [epoch] + (staying.line if staying else [])
            epoch.branches = staying.branches if staying else left  # those of a fork that nobody has ended
            epoch.forks = ([(epoch, branches)] if is_finding else []) + (staying.forks if staying else [])
            following.setdefault(epoch.before, []).append(epoch)
        self.roots = following.get(None, [])

    def staying(self, branches):
        """The branch of a fork that goes on, if that can be told; those that no void sets aside; and whether the fork is a
        finding all the same."""
        if len(branches) < 2:
            return (branches[0] if branches else None), branches, False
        voided = {d["branch"] for b in branches for e in self.epochs if e.approved and b in self.path(e)
                  for d in e.documents["void"].values() if d["approved"] and d["branch"] != b.digest}
        left = [b for b in branches if b.digest not in voided]
        known = self.vouched_for(branches)
        if len(left) == 1 and (len(known) != 1 or known == left):
            return left[0], left, False
        left = left if len(left) > 1 else branches  # officers whom one knows outweigh a void
        among = [b for b in left if b in known]
        return (among[0] if len(among) == 1 else None), left, True

    def vouched_for(self, branches):
        """Those in which an epoch is anchored."""
        return [b for b in branches if any(e.approved and b in self.path(e) and self.is_anchored(e) for e in self.epochs)]

    def choose(self):
        """The epoch in force; else the highest, to say what can be said. `examined`: the epochs that are audited."""
        self.in_force, root = None, self.roots[0] if len(self.roots) == 1 else None
        if len(self.roots) > 1:
            self.findings.fail("chain", "two escrows in one: " + ", ".join(sorted(r.folder for r in self.roots)))
            known = self.vouched_for(self.roots)
            root = known[0] if len(known) == 1 else None
        for before, branches in root.forks if root else ():
            self.findings.fail("chain", "a fork: " + ", ".join(sorted(b.folder for b in branches)) +
                               f" follow {before.folder}")
        if root and not root.branches:
            self.in_force = root.line[-1]
        if root:
            self.examined = root.line + [e for b in root.branches for e in self.epochs
                                         if e.approved and b in self.path(e)]
        elif self.roots:
            self.examined = [e for e in self.epochs if e.approved]
        else:
            self.examined = list(self.epochs)
        self.examined += [e for e in self.epochs if e.unlisted and e not in self.examined]  # it may be approved
        # The last one that nobody disputes; the highest when none is approved, of those whose signatures could be listed;
        # of two escrows in one there is none.
        listed = [e for e in self.epochs if not e.unlisted]
        self.about = root.line[-1] if root else listed[-1] if listed and not self.roots else None
        if self.roots and not self.in_force:
            self.findings.skip("approval", "which epoch is in force cannot be told")
        self.next = [e for e in self.epochs if not e.approved and e.before == self.in_force and
                     (e.before or e.number == 1)]
        for epoch in self.epochs:
            if epoch not in self.examined:
                by = ", ".join(sorted(epoch.counted)) or "nobody"
                self.notes.append(f"{epoch.folder} changes nothing here: " + (
                    f"a draft, signed by {by}: {epoch.why}" if epoch.why else "another branch or escrow"))
            if epoch.number > 1 and epoch.breaks and (epoch in self.examined or epoch.before in self.examined):
                self.findings.fail("succession", f"{epoch.folder}: officers have signed it, and {epoch.why}")

    def check_gaps(self):
        """What follows an epoch that is gone, and bears an officer's signature: somebody took an epoch away."""
        officers = [pair for e in self.examined if not e.unlisted for pair in e.officers.items()]
        for epoch in self.epochs:
            before = epoch.before
            if epoch.number == 1 or epoch.approved or before and (before.approved or not (
                    epoch.is_signed_by(epoch) and self.has_passed_on(before, epoch))):
                continue
            if not self.roots or epoch.bears(officers):
                self.findings.fail("chain", f"{epoch.folder}: " + (
                    f"signed in full, behind {before.folder}, which is not approved" if before else
                    "the epoch before is missing"))


# ---- The audit: section 5.6

class Audit:
    def __init__(self, options, signers, certificate, now):
        self.options, self.signers, self.certificate, self.now = options, signers, certificate, now
        self.root, self.epochs, self.notes, self.findings = options.escrow, [], [], Findings()
        named = os.path.basename(self.root.rstrip("/")) not in ("", ".", "..")
        self.beside = os.path.dirname(os.path.abspath(self.root) if named else os.path.realpath(self.root))  # section 5.6
        self.hidden = False  # whether it cannot be told which epoch is in force, as a manifest cannot be read
        self.refused = False  # whether a manifest is refused, or its directory has another name

    def fail(self, code, what):
        self.findings.fail(code, what)

    def skip(self, code, what):
        self.findings.skip(code, what)

    def checking(self, code, what, leaning=()):
        return self.findings.checking(code, what, leaning)

    # -- What lies where: section 4.10

    def listing(self, path, at="", leaning=(), findings=None):
        """Regular files and directories; whatever else lies there is a finding, and is not read. None: unreadable."""
        with (findings or self.findings).checking("layout", at or "the escrow", leaning):
            files, folders = [], []
            for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
                if is_clutter(entry.name):
                    if entry.is_file(follow_symlinks=False) and at.count("/") == 2 and at.split("/")[1] in FOLDERS:
                        self.seek_secret(entry.path, at + entry.name, findings or self.findings)
                elif entry.is_file(follow_symlinks=False):
                    files.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                else:
                    self.fail("layout", f"{at}{entry.name}: is neither a file nor a directory")
            return files, folders
        self.skip("layout", f"{at or 'the escrow'}: cannot be listed")  # of a draft, too
        return None

    def stray(self, at):
        self.fail("layout", f"{at}: " + ("an interrupted run left it" if ".partial" in at else "does not belong here"))

    def read_epochs(self):
        """Directories that are no epoch are findings and nothing more, whatever their names."""
        files, folders = self.listing(self.root)
        for file in files:
            if file != "README.txt":
                self.stray(file)
        for folder in folders:
            if re.fullmatch(NAMED_SO, folder):
                self.read_epoch(folder, os.path.join(self.root, folder))
            else:
                self.stray(folder + "/")

    def read_epoch(self, folder, path):
        epoch, what = None, f"{folder}/manifest.json"
        self.findings.made.add("manifest")
        try:
            os.lstat(os.path.join(path, "manifest.json"))
        except FileNotFoundError:
            with self.checking("layout", folder + "/"):
                for file in os.listdir(path):
                    self.stray(f"{folder}/{file}")
            return self.fail("manifest", f"{folder}/: is no epoch, as it has no manifest")
        except OSError:
            pass  # then the manifest cannot be read either
        with self.checking("manifest", what, BY_MANIFEST):
            try:
                epoch = Epoch(folder, path)
            except OSError as error:
                self.hidden = self.hidden or is_hidden(error)
                raise
        findings = Findings()
        is_one = epoch is not None and epoch.check_form(findings)
        self.findings.add(findings)
        if is_one and folder != f"{epoch.number:04}-{epoch.digest[:8]}":
            self.fail("chain", f"{folder}: is not called after the manifest in it, and is taken for no epoch")
            is_one = False
        found = epoch if is_one else Unread()
        self.read_folder(folder, path, found)
        if is_one:
            self.epochs.append(epoch)
        else:
            self.findings.add(found.findings, [code for code in CODES if code != "layout"])
            self.refused = True

    def read_folder(self, folder, path, epoch):
        """What lies in an epoch's directory: listed by place, and what belongs nowhere is named."""
        listed = self.listing(path, folder + "/", findings=epoch.findings)
        if listed is None:  # what is in its place can be read all the same
            epoch.unlisted = [f"{folder}/: cannot be listed"]
            listed = ["manifest.json"], [inner for inner in LEAN_ON if os.path.isdir(os.path.join(path, inner))]
        files, folders = listed
        epoch.here = {"": self.place(files, f"{folder}/", lambda n: n == "manifest.json",
                                     {"README.txt"} if not folder.startswith("0001-") else ())}
        for inner in RESERVED:
            if os.path.lexists(os.path.join(path, inner)) and inner not in folders:
                self.fail("layout", f"{folder}/{inner}: is no directory")
        for inner in LEAN_ON.keys() - set(folders):
            if os.path.lexists(os.path.join(path, inner)):  # section 5.6: its documents could not be read
                epoch.hidden.add(inner)
                for code in LEAN_ON[inner]:
                    epoch.findings.skip(code, f"{folder}/{inner}: is no directory")
        for inner in folders:
            if inner in RESERVED:
                with self.checking("layout", f"{folder}/{inner}/"):
                    if not all(map(is_clutter, os.listdir(os.path.join(path, inner)))):
                        self.skip("layout", f"{folder}/{inner}/: is of a later edition, which this does not know")
                continue
            if inner not in LEAN_ON:
                self.stray(f"{folder}/{inner}/")
                continue
            listed = self.listing(os.path.join(path, inner), f"{folder}/{inner}/", LEAN_ON[inner], epoch.findings)
            if listed is None:
                epoch.hidden.add(inner)
                continue
            names, deeper = listed
            for name in names if inner != "cards" else ():
                if name.endswith((".json", ".sig")):
                    self.seek_secret(os.path.join(path, inner, name), f"{folder}/{inner}/{name}", epoch.findings)
            for stray in deeper:
                self.stray(f"{folder}/{inner}/{stray}/")
            pattern = {"cards": rf"({NAME})\.json", "refusals": rf"({NAME})-[0-9a-f]{{32}}-[0-9a-f]{{32}}\.json",
                       "records": r"[0-9]{8}T[0-9]{6}Z-[a-z][a-z0-9-]*-[0-9a-f]{32}\.json"
                       }.get(inner, rf"({NAME})-[0-9a-f]{{32}}\.json")

            def fits(name, pattern=pattern):
                found = re.fullmatch(pattern, name)
                return found and (not found.groups() or is_name(found[1]))
            epoch.here[inner] = self.place(names, f"{folder}/{inner}/", fits)
            if inner == "refusals":
                self.note_refusals(epoch, os.path.join(path, inner))

    def seek_secret(self, path, at, findings):
        """Section 4.10: what must not lie here is a finding under any name, and whatever becomes of the epoch."""
        with findings.checking("layout", at):
            if what := secret(path):
                self.fail("layout", f"{at}: {what}")

    @staticmethod
    def note_refusals(epoch, path):
        """Section 4.18: what is called as a refusal and is no file, or as the signature of one that is gone, stops too."""
        for file in os.listdir(path):
            inner, by = os.path.join(path, file), refused_by(file)
            if by and file not in epoch.here["refusals"] and not file.endswith(".sig"):
                epoch.refused[inner] = by  # it has no digest
                epoch.findings.fail("refusals", f"{inner}: is no regular file")
            elif by and file not in {name for s in epoch.here["refusals"].values() for name in s.values()} and \
                    file not in epoch.here["refusals"]:
                with contextlib.suppress(OSError, ValueError):
                    epoch.refused[hashlib.sha256(read(inner)).hexdigest()] = by

    def place(self, names, at, fits, besides=()):
        """{document: {signer: file}}; a drill's .casig, and the stamp of a manifest's signature, go with theirs."""
        found = {name: {} for name in names if fits(name)}
        for name in names:
            if name in found or name in besides:
                continue
            if at.endswith("/records/") and re.search("-(drill|endorsement)-.*\\.json\\.casig$", name):
                if name[:-6] not in found:
                    self.fail("layout", f"{at}{name}: a signature without its document")
                continue
            if "manifest.json" in found and re.fullmatch(rf"manifest\.json\.{NAME}\.sig\.tsr", name):
                with self.checking("layout", at + name):
                    need(name[:-4] in names, "a stamp without its signature")
                    path = os.path.join(self.root, at, name)
                    read_stamp(read(path[:-4], 8 << 10), read(path))
                continue
            owners = [d for d in found if name.startswith(d + ".") and name.endswith(".sig")
                      ] if not at.endswith("/cards/") else []  # section 4.10: whoever NAME is
            for document in owners:
                found[document][name[len(document) + 1:-4]] = name
            if not owners:
                if name.endswith(".sig"):
                    self.fail("layout", f"{at}{name}: a signature without its document")
                    if at.endswith("/refusals/"):  # section 4.18: the refusal that it signed is gone
                        self.fail("refusals", f"{at}{name}: a signature without its refusal")
                else:
                    self.stray(at + name)
        return found

    # -- The anchor: section 5.3

    def known(self, epoch):
        """The officers who have signed it and are known to the auditor: now, and by a key that has ended since."""
        now, ended = {}, {}
        for who, key in epoch.signed(epoch.officers).items():
            lines = self.signers.of(who, key, "manifest", epoch.created)
            if any(line.admits("manifest", self.now) or self.is_stamped(epoch, who, line.before) for line in lines):
                now[who] = key
            elif lines:
                ended[who] = key
        return now, ended

    def is_stamped(self, epoch, who, end):
        """Whether a signature is older than the end of its key, by the word of an authority given with --tsa."""
        path = os.path.join(epoch.path, f"manifest.json.{who}.sig")
        if end is None or not self.options.tsa or not os.path.lexists(path + ".tsr"):
            return False
        try:
            return stamp_time(read(path, 8 << 10), read(path + ".tsr"), self.options.tsa, self.now) < end
        except (OSError, ValueError, IndexError) as error:
            self.notes.append(f"{epoch.folder}/manifest.json.{who}.sig.tsr: {reason(error)}")
            return False

    def standing_of(self, epoch, document):
        """Section 5.3: whether an added certificate is anchored, by officers known at its date; None: not checked."""
        if self.signers is None:
            return True
        now, ended = set(), set()
        for who, key in document["signers"].items():
            lines = self.signers.of(who, key, "added-certificate", document["created"])
            if lines:
                (now if any(line.admits("added-certificate", self.now) for line in lines) else ended).add(key)
        k, is_default = self.required(epoch)
        return True if len(now) >= k else \
            None if len(now | ended) >= k or is_default and len(now) >= epoch.threshold else False

    def required(self, epoch):
        """K, and whether it is the default."""
        if self.options.require:
            return self.options.require, False
        if self.signers.require:
            return max(self.signers.require, epoch.threshold), False
        names = len(self.signers.names("manifest", self.now))
        return max(1 if names == 1 else max(2, names // 2 + 1), epoch.threshold), True

    def foreign(self, epoch):
        """Officers whom the auditor knows, and by other keys than those of the manifest."""
        named = self.signers.names("manifest")
        return [w for w, key in epoch.officers.items() if w in named and not self.signers.of(w, key, "manifest")]

    def is_anchored(self, epoch):
        return self.signers is not None and not self.foreign(epoch) and \
            len(set(self.known(epoch)[0].values())) >= self.required(epoch)[0]

    def check_anchor(self, epoch):
        if self.signers is None:
            return self.skip("anchor", "no --signers")
        for who in self.foreign(epoch):
            (self.skip if epoch.findings.unchecked["signatures"] else self.fail)(
                "anchor", f"{epoch.folder}: the key of the officer {who} is none that the --signers file gives")
        known, ended = self.known(epoch)
        k, is_default = self.required(epoch)
        count = len(set(known.values()))
        if count < k:
            what = f"{epoch.folder}: of officers whom you know, {k} must have signed it: " + \
                (", ".join(sorted(known)) or "nobody") + "".join(f"; {who}'s key has ended" for who in sorted(ended))
            undecided = is_default and count >= epoch.threshold or len(set((known | ended).values())) >= k or \
                epoch.findings.unchecked["signatures"]
            (self.skip if undecided else self.fail)("anchor", what)
        for who, key in sorted(epoch.signed(epoch.officers).items()):
            if not self.signers.of(who, key, "manifest"):
                self.notes.append(f"{who} has signed {epoch.folder} and is not in the --signers file")
        if any(line.spaces is None for line in self.signers.lines):
            self.notes.append("a line of the --signers file has no namespaces: its key counts for every kind")

    # -- What is asked of the epoch in force, or of the highest one when none is

    def check_certificate(self, epoch):
        """Sections 4.7, 5.3. What officers added and approved holds in later epochs of the set as well."""
        added = [(e, d) for e in self.chain.path(epoch) if e.set == epoch.set
                 for d in e.documents["added-certificate"].values() if d["approved"] and d["counts"]]
        held = {outcome: [d["parsed"] for e, d in added if self.standing_of(e, d) == outcome] for outcome in (True, None)}
        certificates = epoch.certificates + held[True]
        if self.certificate in {c.der for c in epoch.certificates}:
            self.findings.unchecked["certificate"].clear()  # whatever could not be read
        elif self.certificate is None:
            self.skip("certificate", "no --certificate")
        elif self.certificate in {c.der for c in held[None]}:
            self.skip("certificate", f"{epoch.folder}: too few officers whom you know now have added it")
        elif self.certificate not in {c.der for c in certificates} and not self.findings.unchecked["certificate"]:
            self.fail("certificate", f"{epoch.folder}: is not of the certificate given")
        self.findings.made.add("validity")
        if epoch.of.ends < self.now:
            self.findings.not_applicable.add("validity")
            self.notes.append("the certificate has expired")

    def check_key(self, epoch):
        weakness = epoch.of.weakness()
        need(weakness is None, weakness)

    def check_pkcs12(self, epoch):
        """Sections 3.10, 4.6."""
        about, path = epoch.m["pkcs12"], self.options.pkcs12 or self.beside
        if self.options.without_pkcs12:
            return self.findings.not_applicable.update(("pkcs12", "protection"))
        if os.path.isdir(path):
            path = os.path.join(path, about["name"])
        if not os.path.lexists(path):
            return [self.skip(code, f"{about['name']} is not here") for code in ("pkcs12", "protection")]
        data = None
        with self.checking("pkcs12", path, ["protection"]):
            data = read(path, 16 << 20)
            need(len(data) == about["size"] and hashlib.sha256(data).hexdigest() == about["sha256"],
                 f"is not the file of {epoch.folder}")
            seen = protection(data)
        if data is None or self.findings.failed["pkcs12"]:
            return self.skip("protection", "the file is another, or cannot be read")
        with self.checking("protection", path):
            need(not seen["clear"], f"shows without the password: a {', a '.join(sorted(seen['clear']))}")
            need(seen["mac"] != "none", "has no MAC")
            need(min(seen["counts"], default=0) == about["iterations"], "has another iteration count")
            for key in ("encryption", "kdf"):
                found = "+".join(seen[key]) or "none"
                need(found == about[key], f"has another {key}: {found}")
            need(seen["mac"] == about["mac"], f"has another mac: {seen['mac']}")

    def check_state(self, epoch):
        """Section 4.6: the archive lies beside the PKCS#12 file."""
        archive = epoch.m.get("state", {}).get("archive")
        if archive is None or self.options.without_pkcs12:
            return self.findings.not_applicable.add("state")
        path = self.options.pkcs12 or self.beside
        path = os.path.join(path if os.path.isdir(path) else os.path.dirname(path), archive["name"])
        if not os.path.lexists(path):
            return self.skip("state", f"{archive['name']} is not here")
        with self.checking("state", path):
            need(not os.path.islink(path) and os.path.isfile(path), "is no regular file")
            need(os.path.getsize(path) == archive["size"], f"is not the archive of {epoch.folder}")
            digest = hashlib.sha256()
            with open(path, "rb") as file:
                while piece := file.read(1 << 20):
                    digest.update(piece)
            need(digest.hexdigest() == archive["sha256"], f"is not the archive of {epoch.folder}")

    def check_receipts(self, epoch):
        """Section 4.13."""
        missing = epoch.people.keys() - {d["custodian"] for d in epoch.documents["receipt"].values() if d["counts"]}
        if missing:
            self.skip("receipts", f"{epoch.folder}: no receipt from {', '.join(sorted(missing))}")

    def check_proofs(self, epoch):
        """Sections 4.14, 4.15."""
        if not epoch.documents["challenge"]:
            return self.findings.not_applicable.add("proofs")
        counting = [d for d in epoch.documents["challenge"].values() if d["counts"] and self.signers is not None and
                    self.signers.of(d["auditor"]["name"], d["auditor"]["key"], "challenge", d["created"])]
        if not counting:
            return self.skip("proofs", f"{epoch.folder}: no challenge here counts")
        newest = max(counting, key=lambda d: (d["created"], d["digest"]))["digest"]
        missing = epoch.people.keys() - {d["custodian"] for d in epoch.documents["proof"].values()
                                         if d["challenge"] == newest and d["counts"]}
        if missing:
            self.skip("proofs", f"{epoch.folder}: {', '.join(sorted(missing))} did not answer {newest[:8]}")

    def check_quorum(self, epoch):
        """Sections 5.6 and 5.12."""
        if self.findings.unchecked["quorum"]:
            return  # what could not be read may end a suspension
        found = suspensions(self.chain.path(epoch))
        away = {who for who, person in epoch.people.items() if any(s.touches(person) for s in found)}
        need(satisfied(epoch.m["policy"], epoch.people.keys() - away),
             f"custodians who are left do not satisfy the policy: suspended are {', '.join(sorted(away))}")

    # -- What is asked of all epochs

    def check_clocks(self):
        """Section 5.4: the epoch in force stops acts when it is dated ahead; everything else waits for its date."""
        self.findings.made.add("clock")
        for epoch in self.chain.examined:
            if epoch.created > self.now + SLACK:
                (self.fail if epoch is self.chain.about else self.skip)("clock", f"{epoch.folder}: is dated ahead")

    def check_recurrence(self):
        sets = {}
        for epoch in self.chain.examined:
            for _, member, _ in tree(epoch.m["policy"]):
                for commitment in member.get("commitments", ()):
                    if sets.setdefault(commitment, epoch.set) != epoch.set:
                        self.fail("commitments", f"{epoch.folder}: a commitment recurs under another set")

    def check_equivocation(self):
        """Section 4.13: a receipt for another manifest of this set and epoch, that is here and signed by an officer."""
        self.findings.made.add("equivocation")
        for epoch in self.chain.examined:
            officers = [pair for e in self.chain.path(epoch) for pair in e.officers.items()]
            for at, who, manifest, created in epoch.elsewhere:
                other = next((e for e in self.epochs if e.digest == manifest), None)
                if other and (other.set, other.number) != (epoch.set, epoch.number):
                    self.fail("receipts", f"{at}: is for {other.folder}")
                    continue
                if other and other.bears(officers):
                    self.fail("equivocation", f"{at}: {who} was shown {other.folder}")
                    continue
                for what in other.findings.unchecked["signatures"] if other else ():  # an officer's may be among these
                    self.skip("equivocation", what)
                if epoch is self.chain.about and not any(
                        d["custodian"] == who and d["counts"] and d["created"] > created
                        for d in epoch.documents["receipt"].values()):
                    self.skip("receipts", f"{at}: is for a manifest that nobody here vouches for, {manifest}")

    def check_given(self):
        """S5, and S2 for suspended keys: who was given a share, or exchanged a key, while that was suspended; until a
        reinstatement names the suspension."""
        if not self.chain.about:
            return
        path = self.chain.path(self.chain.about)
        if len([e for e in path if e.approved]) > 1:
            self.findings.unchecked["succession"] += self.findings.unchecked["quorum"]  # the same is read for both
        for suspension in suspensions(path):
            for epoch in path[suspension.place + 1:]:
                given = epoch.people if epoch.set != epoch.before.set else rekeyed(epoch)
                for who in given if suspension.created <= epoch.created else ():
                    old = epoch.before.people.get(who) if epoch.set == epoch.before.set else None
                    if old and suspension.touches_keys(old) or suspension.touches(epoch.people[who]):
                        self.skip("succession", f"{epoch.folder}: gives a share to {who}, who was suspended: "
                                                f"{suspension.because}")

    def check_requests(self):
        """Section 4.18, for people: what was refused and goes on."""
        for epoch in self.chain.examined:
            for digest in epoch.documents["request"]:
                refusing = standing(epoch, digest)
                if refusing:
                    self.notes.append(f"request {digest[:8]} of {epoch.folder} is refused: "
                                      f"{', '.join(sorted(refusing))}")

    def run(self):
        self.read_epochs()
        self.chain = chain = Chain(self.root, self.epochs, self.now, self.is_anchored)
        self.epochs = chain.epochs
        self.refused = self.refused or chain.refused
        for epoch in chain.examined:
            if not epoch.approved:
                chain.look(epoch)
            lone = not any(other.approved for other in chain.examined)  # then what speaks against it is all there is
            self.findings.add(epoch.findings, () if epoch.approved or lone else ("signatures",))
        unread = False
        for epoch in self.epochs:  # whatever it is, it may hide a secret
            if epoch not in chain.examined:
                self.findings.unchecked["layout"] += epoch.findings.unchecked["layout"]
        for epoch in self.epochs:  # with a signature that cannot be read, a draft may be approved, and in force
            for what in epoch.findings.unchecked["signatures"] if not epoch.approved else ():
                for code in ("signatures", *(("approval", "anchor", "succession") if epoch in chain.next else ())):
                    self.skip(code, what)
                unread = unread or epoch in chain.next
        if not self.hidden and not self.refused:
            chain.check_gaps()
        self.findings.add(chain.findings)
        self.notes += chain.notes
        if self.epochs and not unread and not chain.roots:
            self.fail("approval", "no epoch is approved" + "".join(f"; {e.folder}: {e.why}" for e in chain.examined))
        if len(self.epochs) == 1:
            self.findings.not_applicable.add("succession")
        for code in OF_EACH if self.refused else ():
            self.skip(code, "a manifest is refused")
        if not chain.examined:
            for code in BY_MANIFEST:
                self.skip(code, "there is no epoch that can be audited")
            return
        for check in (self.check_clocks, self.check_recurrence, self.check_equivocation, self.check_given,
                      self.check_requests):
            check()
        for code in IN_FORCE:
            if self.hidden or not chain.about:
                self.skip(code, "which epoch is in force cannot be told")
                continue
            with self.checking(code, chain.about.folder):
                getattr(self, f"check_{code}")(chain.about)
        if self.hidden or not chain.about:
            for code in ("validity", "protection"):
                self.skip(code, "which epoch is in force cannot be told")

    def report(self):
        outcome = {code: self.findings.outcome(code) for code in CODES}
        open_ = {code for code in CODES if outcome[code] == "NOT CHECKED"}
        verdict = "FAILED" if "FAIL" in outcome.values() else "NOT ANCHORED" if "anchor" in open_ else \
            "INCOMPLETE" if "receipts" in open_ else "NOT FULLY CHECKED" if open_ else \
            "sound; PKCS#12 file not seen" if self.options.without_pkcs12 else "sound"
        return outcome, verdict, 2 if verdict == "FAILED" else 0 if verdict.startswith("sound") else 1


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("Usage: ")[1], allow_abbrev=False)
    parser.add_argument("escrow")
    for option in ("--signers", "--tsa", "--certificate", "--pkcs12", "--at"):
        parser.add_argument(option)
    parser.add_argument("--require", type=int)
    parser.add_argument("--without-pkcs12", action="store_true")
    parser.add_argument("--json", action="store_true")
    try:
        options = parser.parse_args()
    except SystemExit as error:
        return 64 if error.code else 0
    sys.stdout.reconfigure(errors="backslashreplace")
    signers = certificate = None
    try:
        now = seconds(options.at) if options.at else int(datetime.now(timezone.utc).timestamp())
        need(options.require is None or 1 <= options.require <= 1000, "--require is a number from 1 to 1000")
        need(os.access(options.escrow, os.X_OK), f"{options.escrow}: cannot be entered")
        need(any(re.fullmatch(NAMED_SO, entry.name) and entry.is_dir(follow_symlinks=False)
                 for entry in os.scandir(options.escrow)), f"{options.escrow} is no escrow")
        need(shutil.which("ssh-keygen") and shutil.which("openssl"), "ssh-keygen and openssl are needed")
        need(SODIUM.sodium_init() >= 0, "libsodium does not start")
        if options.signers:
            with open(options.signers, "rb") as file:
                signers = Signers(file.read())
        if options.tsa:
            brought(options.tsa)
        if options.certificate:
            certificate = brought(options.certificate, may_be_der=True)[0].der
    except Exception as error:
        at = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
        print(f"audit.py: {plain(at + reason(error))}", file=sys.stderr)
        return 64
    audit = Audit(options, signers, certificate, now)
    audit.run()
    outcome, verdict, status = audit.report()
    findings = audit.findings
    if options.json:
        about = {"epoch": audit.chain.about.number, "manifest": audit.chain.about.digest} if audit.chain.about else {}
        print(json.dumps({"checks": outcome, "verdict": verdict, "exitStatus": status, **about}, indent=2))
        return status
    print(f"{plain(options.escrow)}: {verdict}")
    if about := audit.chain.about:
        print(f"  epoch {about.number}, manifest {about.digest}")
    for code in CODES:
        print(f"  {outcome[code]:<14} {code}")
        for what in findings.failed[code] + findings.unchecked[code]:
            print(f"                 - {plain(what)}")
    for note in audit.notes:
        print(f"  note: {plain(note)}")
    print("  This shows neither that the PKCS#12 file opens, nor that nobody else knows a share: format.md, section 8.")
    return status


if __name__ == "__main__":
    sys.exit(main())
