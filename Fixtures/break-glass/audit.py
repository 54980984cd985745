#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Audits an escrow without ca-escrow: docs/format.md, section 5.6. Needs libsodium, ssh-keygen and the openssl command.

Usage: audit.py ESCROW [--signers FILE] [--require K] [--certificate FILE] [--pkcs12 FILE|DIR | --without-pkcs12]
                [--at TIME] [--json]

Ends with 0 when every check was made and passed, with 1 when one was not made, with 2 when one failed, with 64 when
it was called wrongly or what the auditor brought is of no use.
"""
import argparse, base64, contextlib, ctypes, ctypes.util, hashlib, json, os, re, shutil, stat, struct, subprocess, sys
import tempfile, unicodedata
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
    "records": ["override", "suspension", "added-certificate", "restore", "drill"]}
BY_MANIFEST = [code for code in CODES if code not in ("layout", "manifest")]


def need(condition, otherwise):
    if not condition:
        raise ValueError(otherwise)


def reason(error):
    return str(error) if isinstance(error, (OSError, ValueError)) else repr(error)


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


def text(value):
    need(isinstance(value, str) and 1 <= len(value) <= 500 and not re.search(
        "[\0-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
        "\U000e0000-\U000e0fff]", value), "is no text")


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


def gate(value):  # its form; what it must say besides is the check `policy`
    members(value, {"commitments": array(hexadecimal(32)), "threshold": integer(0, 2**53), "members": array(
        lambda m: name(m["custodian"]) if isinstance(m, dict) and m.keys() == {"custodian"} else gate(m))})


ANY = matches("[ -~]+", "string")  # the own check of a code says more
DIGEST, SET = hexadecimal(32), hexadecimal(16)
COMMON = {"created": seconds, "format": ANY, "manifest": DIGEST, "set": SET}
SHARE = {"custodian": name, "path": ANY, "share": DIGEST, "possession": shape({"R": DIGEST, "z": DIGEST})}
MANIFEST = {  # section 4.6
    "approval": shape({"officers": array(shape({"key": signing_key, "name": name})), "threshold": integer(1, 1000)}),
    "certificates": array(decoded), "created": seconds, "epoch": integer(1, 9999), "format": ANY,
    "occasion": one_of("installation", "renewal-same-key", "renewal-new-key", "custodian-change", "officer-change",
                       "scheduled"),
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
KINDS = {  # sections 4.7, 4.8, 4.13 to 4.20, 4.22
    "receipt": SHARE, "proof": {**SHARE, "challenge": DIGEST},
    "challenge": {"auditor": shape({"key": signing_key, "name": name}), "expires": seconds, "nonce": DIGEST},
    "request": {"destination": text, "epoch": integer(1, 9999), "expires": seconds, "machine": text, "officer": name,
                "notBefore": seconds, "purpose": text, "restoreKey": sealing_key},
    "release": {"box": DIGEST, "custodian": name, "path": ANY, "request": DIGEST},
    "refusal": {"name": name, "reason": text, "request": DIGEST},
    "override": {"code": one_of("veto"), "officer": name, "reason": text, "refusals": array(DIGEST), "request": DIGEST},
    "suspension": {"custodian": name, "officer": name,
                   "because": one_of("lost", "stolen", "passphrase", "left", "died", "unreachable")},
    "added-certificate": {"certificate": decoded},
    "restore": {"custodians": array(name), "destination": text, "possession": SHARE["possession"]},
    "drill": {"custodians": array(name), "keys": array(DIGEST), "possession": SHARE["possession"]}}
OVERRIDES = array(shape({"code": one_of("retired", "superseded", "unverified", "veto"), "reason": text}))
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
    need(SODIUM.crypto_sign_verify_detached(signature, data, size, key) == 0, "does not verify")
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

def ber(data, at=0, depth=0):  # (tag, content, children, the whole encoding, what is behind it)
    need(depth < 40 and len(data) >= at + 2, "its encoding is cut off, or nested too deep")
    tag, length, start = data[at], data[at + 1], at + 2
    need(tag & 31 != 31, "its encoding has a long tag")
    if length > 128:
        start += length - 128
        length = int.from_bytes(data[at + 2:start], "big")
    elif length == 128:
        length = None
        need(tag & 32, "its encoding has an endless value")
    children, end = [], len(data) if length is None else start + length
    need(end <= len(data), "its encoding is cut off")
    inside = data if length is None else data[:end]
    while tag & 32 and start < end:
        if length is None and data[start:start + 2] == b"\0\0":
            end = start + 2
            break
        children.append(ber(inside, start, depth + 1))
        start = children[-1][4]
    content = b"".join(c[1] for c in children) if tag & 32 else data[start:end]
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


class Certificate:
    def __init__(self, der):
        node = ber(der)
        need(node[4] == len(der), "something lies behind it")
        fields = node[2][0][2]
        fields = fields[1:] if fields[0][0] == 0xa0 else fields
        times_, self.subject, spki = fields[3][2], fields[4][3], fields[5]
        self.der, self.spki = der, spki[3]
        self.begins, self.ends = ("".join([
            ("19" if t[1][:2] >= b"50" else "20") if t[0] == 0x17 else "", t[1].decode("ascii")]) for t in times_)
        for t in (self.begins, self.ends):
            need(re.fullmatch("[0-9]{14}Z", t), "its validity has another form than UTC with seconds")
        out = openssl("x509", "-inform", "DER", "-noout", "-subject", "-nameopt", "esc_2253,esc_ctrl,utf8,dump_nostr,"
                      "dump_der,sep_comma_plus_space,sname", "-purpose", given=der)
        self.name = escaped(re.match("subject=(.*)", out)[1])
        self.is_ca = re.search(r"^CRL signing CA : Yes(?! \(WARNING code=-)", out, re.M)  # X509_check_ca

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


IGNORABLE = re.compile("[\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
                       "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
                       "\U000e0000-\U000e0fff]")


def escaped(subject):  # section 4.11
    return "".join("".join(f"\\{b:02X}" for b in c.encode()) if IGNORABLE.match(c) or
                   unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp") else c for c in subject)


ALGORITHMS = {"2.16.840.1.101.3.4.1.2": "aes-128-cbc", "2.16.840.1.101.3.4.1.22": "aes-192-cbc",
              "2.16.840.1.101.3.4.1.42": "aes-256-cbc", "1.2.840.113549.3.7": "des-ede3-cbc",
              "1.2.840.113549.2.7": "hmac-sha1", "1.2.840.113549.2.8": "hmac-sha224",
              "1.2.840.113549.2.9": "hmac-sha256", "1.2.840.113549.2.10": "hmac-sha384",
              "1.2.840.113549.2.11": "hmac-sha512",
              "1.3.14.3.2.26": "hmac-sha1", "2.16.840.1.101.3.4.2.4": "hmac-sha224",
              "2.16.840.1.101.3.4.2.1": "hmac-sha256", "2.16.840.1.101.3.4.2.2": "hmac-sha384",
              "2.16.840.1.101.3.4.2.3": "hmac-sha512"}
PKCS7, BAG = "1.2.840.113549.1.7.", "1.2.840.113549.1.12.10.1."


def protection(data):
    """What shows without the password (sections 3.10, 4.6): ciphers, kdfs, mac, the counts, and what is clear."""
    seen = {"encryption": set(), "kdf": set(), "mac": "none", "counts": [], "clear": set()}

    def named(node):
        return ALGORITHMS.get(oid(node), oid(node))

    def encrypted(algorithm):
        kind, parameters = oid(algorithm[2][0]), algorithm[2][1][2]
        if kind != "1.2.840.113549.1.5.13":  # RFC 7292, Appendix C
            seen["encryption"].add(kind), seen["kdf"].add(kind)
            seen["counts"].append(int.from_bytes(parameters[1][1], "big"))
            return
        need(oid(parameters[0][2][0]) == "1.2.840.113549.1.5.12", "its kdf is not PBKDF2")
        kdf = parameters[0][2][1][2]
        seen["counts"].append(int.from_bytes(kdf[1][1], "big"))
        prf = [named(node[2][0]) for node in kdf[2:] if node[0] == 0x30]
        seen["kdf"].add("pbkdf2-" + (prf[0] if prf else "hmac-sha1"))
        seen["encryption"].add(named(parameters[1][2][0]))

    def bags(safe, depth):
        need(depth <= 4, "its safes are nested too deep")
        for bag in safe[2]:
            kind, value = oid(bag[2][0]), bag[2][1][2][0]
            if kind == BAG + "2":
                encrypted(value[2][0])
            elif kind == BAG + "6":
                bags(value, depth + 1)
            else:
                seen["clear"].add({BAG + "1": "key", BAG + "3": "certificate"}.get(kind, f"bag of the kind {kind}"))

    pfx = ber(data)
    need(pfx[4] == len(data), "something lies behind its end")
    need(oid(pfx[2][1][2][0]) == PKCS7 + "1", "it is not protected by a password")
    for safe in ber(pfx[2][1][2][1][2][0][1])[2]:
        kind, content = oid(safe[2][0]), safe[2][1][2][0]
        if kind == PKCS7 + "6":
            encrypted(content[2][1][2][1])
        else:
            need(kind == PKCS7 + "1", "it has a safe of another kind than RFC 7292's with a password")
            bags(ber(content[1]), 1)
    if len(pfx[2]) > 2:
        mac = pfx[2][2][2]
        seen["mac"] = named(mac[0][2][0][2][0])
        seen["counts"].append(int.from_bytes(mac[2][1], "big") if len(mac) > 2 else 1)
    return seen


# ---- The anchor: section 4.12

def signers_time(value):
    need(re.fullmatch("[0-9]{8}([0-9]{4}([0-9]{2})?)?Z", value), f"{value} is no time")
    digits = value[:-1].ljust(14, "0")
    found = int(datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc).timestamp())
    need(found > 0, f"{value} is not later than the first second of 1970")
    return found


def read_signers(data):
    found = []
    for number, line in enumerate(data.decode().split("\n"), 1):
        try:
            need(not [c for c in line if unicodedata.category(c) == "Cc" and c != "\t"], "has a control character")
            fields = re.split("[ \t]+", line.strip(" \t"))
            if fields == [""] or fields[0].startswith("#"):
                continue
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
            need(spaces is None or all(s and not re.search(r'[\s*?!\\"]', s) for s in spaces), "has a bad namespace")
            after, before = (signers_time(options[o]) if o in options else None
                             for o in ("valid-after", "valid-before"))
            need(after is None or before is None or after < before, "is never valid")
            found += [(p, key, spaces, after, before) for p in principals]
        except ValueError as error:
            raise ValueError(f"line {number}: {error}")
    return found


def admitted(lines, who, key, kind, when):
    return any(p == who and k == key and (s is None or f"ca-escrow-{kind}-v1" in s) and (a is None or a <= when)
               and (b is None or when <= b) for p, k, s, a, b in lines)


# ---- An epoch

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
    def __init__(self, folder, path):
        self.folder, self.path, self.documents = folder, path, {kind: {} for kind in KINDS}  # by digest
        self.data = read(os.path.join(path, "manifest.json"), 4 << 20)
        self.digest = hashlib.sha256(self.data).hexdigest()
        self.m = m = parse(self.data, "it")
        need(m.get("format") == "ca-escrow/v1/manifest", "its format is not ca-escrow/v1/manifest")
        members(m, MANIFEST, MANIFEST_OPTIONAL)
        self.number, self.created, self.x, self.counted = m["epoch"], seconds(m["created"]), {}, {}
        self.officers = {o["name"]: o["key"] for o in m["approval"]["officers"]}
        self.people = {p["name"]: p for p in m["people"]}
        self.leaves = {x["custodian"]: path for path, x, _ in tree(m["policy"]) if "custodian" in x}
        self.boxes = {s["path"]: decoded(s["box"]) for s in m["shares"]}
        self.certificates = [Certificate(decoded(c)) for c in m["certificates"]]
        self.of = next((c for c in self.certificates if c.is_ca), self.certificates[0])

    def check_manifest(self):  # section 4.6: order and uniqueness, where no other code looks
        officers = self.m["approval"]["officers"]
        names, keys = [o["name"] for o in officers], {o["key"] for o in officers}
        need(len(officers) <= 1000 and names == sorted(set(names)) and len(keys) == len(names),
             "its officers are not in order, or one is there twice")
        need(self.m["approval"]["threshold"] <= len(officers), "it demands more officers than it has")
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

    def check_commitments(self):  # section 3.3; X of every member is kept
        different = []
        for path, member, _ in tree(self.m["policy"]):
            need("custodian" in member or len(member["commitments"]) == member["threshold"],
                 f"the gate {dotted(path)} has not its threshold of commitments")
        for path, member, above in tree(self.m["policy"]):
            if above is not None:
                x = O
                for commitment in reversed(above["commitments"]):  # Horner
                    x = plus(times(path[-1], x), bytes.fromhex(commitment))
                self.x[path] = x
                need(x != O, f"X of {dotted(path)} is the neutral element")
                if above["threshold"] > 1:
                    different.append(x)
            if "members" in member:
                elements = list(map(bytes.fromhex, member["commitments"]))
                need(all(is_element(e) and e != O for e in elements),
                     f"a commitment of the gate {dotted(path)} is no element, or the neutral one")
                need(above is None or elements[0] == x, f"the first commitment of the gate {dotted(path)} is not its X")
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
higher number, it takes the place of this one: read README.txt in it.

Everything here is public and may be copied to everybody concerned. It opens
nothing. The private key is in the key file, which is kept elsewhere, and whose
password nobody knows: each person who restores holds a share of it, sealed to a
key of their own.

To check this escrow, with no secret (ask the officers for officers.signers, on
paper or on a known number; never take it from where you found this):

    ca-escrow audit DIRECTORY --signers officers.signers --certificate CA.crt

To restore the key, with the key file, CA.crt, and enough of the people above
with their identity files:

    ca-escrow restore DIRECTORY --pkcs12 KEYFILE --certificate CA.crt \
        --signers officers.signers --to pem:ca.key,ca.crt

To restore without ca-escrow: the file docs/format.md of that program, section
"Restore without ca-escrow". It takes libsodium, the openssl command and a page
or two of Python. In short: open each identity file with its passphrase, open the
sealed share of its owner in manifest.json, rebuild the secret by Lagrange's
formula in the ristretto255 group's scalars, and make the password from it.
"""


# ---- The audit: section 5.6

class Audit:
    def __init__(self, options, signers, certificate, now):
        self.options, self.signers, self.certificate, self.now = options, signers, certificate, now
        self.root, self.epochs, self.notes = options.escrow, [], []
        self.failed, self.unchecked = ({code: [] for code in CODES} for _ in range(2))
        self.not_applicable = set()

    def fail(self, code, what):
        self.failed[code].append(what)

    def skip(self, code, what):
        self.unchecked[code].append(what)

    @contextlib.contextmanager
    def checking(self, code, what):
        try:
            yield
        except Exception as error:
            self.fail(code, f"{what}: {reason(error)}")

    def listing(self, path, at=""):
        """Regular files and directories; whatever else lies there is a finding, and is not read."""
        files, folders = [], []
        with self.checking("layout", at or "the escrow"):
            for entry in sorted(os.scandir(path), key=lambda entry: entry.name):
                if entry.is_file(follow_symlinks=False):
                    files.append(entry.name)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif at or entry.name != ".git":
                    self.fail("layout", f"{at}{entry.name}: is neither a file nor a directory")
        return files, folders

    def stray(self, at):
        self.fail("layout", f"{at}: " + ("an interrupted run left it" if ".partial" in at else "does not belong here"))

    def read_epochs(self):  # section 4.10
        files, folders = self.listing(self.root)
        self.readme_here = "README.txt" in files
        for file in files:
            if file not in ("README.txt", ".git"):
                self.stray(file)
        for folder in folders:
            path = os.path.join(self.root, folder)
            if not re.fullmatch("[0-9]{4}-[0-9a-f]{8}", folder):
                if folder != ".git":
                    self.stray(folder + "/")
                continue
            epoch = None
            with self.checking("manifest", f"{folder}/manifest.json"):
                epoch = Epoch(folder, path)
            if epoch is None:
                for code in BY_MANIFEST:
                    self.skip(code, f"{folder} has no manifest that can be read")
            self.read_folder(folder, path, epoch)
            if epoch:
                self.epochs.append(epoch)
        self.epochs.sort(key=lambda epoch: epoch.number)

    def read_folder(self, folder, path, epoch):
        """What lies in an epoch's directory: listed by place, and what belongs nowhere is named."""
        files, folders = self.listing(path, folder + "/")
        here = {"": self.place(files, f"{folder}/", lambda n: n == "manifest.json",
                               {"README.txt"} if folder[:4] != "0001" else ())}
        for inner in folders:
            if inner not in FOLDERS and inner != "cards":
                self.stray(f"{folder}/{inner}/")
                continue
            names, deeper = self.listing(os.path.join(path, inner), f"{folder}/{inner}/")
            for stray in deeper:
                self.stray(f"{folder}/{inner}/{stray}/")
            pattern = {"cards": rf"({NAME})\.json",
                       "records": r"[0-9]{8}T[0-9]{6}Z-[a-z]+(?:-[a-z]+)*-[0-9a-f]{32}\.json"
                       }.get(inner, rf"({NAME})-[0-9a-f]{{32}}\.json")

            def fits(name, pattern=pattern):
                found = re.fullmatch(pattern, name)
                return found and (not found.groups() or is_name(found[1]))
            here[inner] = self.place(names, f"{folder}/{inner}/", fits)
        if epoch:
            epoch.here = here

    def place(self, names, at, fits, besides=()):  # {document: {signer: file}}
        found = {name: {} for name in names if fits(name)}
        for name in names:
            if name in found or name in besides:
                continue
            if at.endswith("/records/") and "-drill-" in name and name.endswith(".casig"):  # it goes with its receipt
                if name[:-6] not in found:
                    self.fail("layout", f"{at}{name}: a signature without its document")
                continue
            owners = [d for d in found if name.startswith(d + ".") and name.endswith(".sig") and
                      is_name(name[len(d) + 1:-4])] if not at.endswith("/cards/") else []
            for document in owners:
                found[document][name[len(document) + 1:-4]] = name
            if not owners:
                self.fail("layout", f"{at}{name}: a signature without its document") if name.endswith(".sig") \
                    else self.stray(at + name)
        return found

    def check_chain(self):
        if not self.epochs and not self.failed["manifest"]:
            self.fail("chain", "there is no epoch")
        self.forked, before = False, None
        for epoch in self.epochs:
            if epoch.folder != f"{epoch.number:04}-{epoch.digest[:8]}":
                self.fail("chain", f"{epoch.folder}: its directory is not called after it")
            if before and before.number == epoch.number:
                self.forked = True
                self.fail("chain", f"{epoch.folder}: a fork: {before.folder} has the same number")
            elif epoch.number != (before.number if before else 0) + 1:
                self.fail("chain", f"{epoch.folder}: the epoch before is missing")
            previous = epoch.m.get("previous")
            if (previous is None) != (epoch.number == 1):
                self.fail("chain", f"{epoch.folder}: previous is there in epoch 1, or missing in another")
            elif previous and (previous["epoch"] != epoch.number - 1 or self.before(epoch) is None):
                self.fail("chain", f"{epoch.folder}: its previous is not the epoch before")
            before = epoch

    def before(self, epoch):
        digest = epoch.m.get("previous", {}).get("sha256")
        return next((e for e in self.epochs if e.digest == digest and e.number == epoch.number - 1), None)

    def check_epoch(self, epoch):
        for code in ("manifest", "people", "policy", "commitments", "shares"):
            if code == "commitments" and self.failed["policy"]:  # its bounds are what makes this end
                self.skip(code, f"{epoch.folder}: a policy was refused")
                continue
            with self.checking(code, epoch.folder):
                getattr(epoch, f"check_{code}")()
        with self.checking("key", epoch.folder):
            weakness = epoch.of.weakness()
            need(weakness is None, weakness)
        cards = epoch.here.get("cards", {})
        for who in epoch.people:
            with self.checking("cards", f"{epoch.folder}/cards/{who}.json"):
                need(who + ".json" in cards, "is not here")
                epoch.check_card(who, read(os.path.join(epoch.path, "cards", who + ".json")))
        for file in cards:
            if file[:-5] not in epoch.people:
                self.fail("cards", f"{epoch.folder}/cards/{file}: is of no custodian")
        with self.checking("readme", f"README.txt of {epoch.folder}"):
            need(read(os.path.join(self.root if epoch.number == 1 else epoch.path, "README.txt")) == epoch.readme(),
                 "is not what the manifest makes it")
        self.check_clock(epoch.folder, epoch.created)
        self.check_signatures(epoch)

    def check_clock(self, what, created):  # section 5.4
        if created > self.now + 300:
            self.fail("clock", f"{what}: is newer than the clock")

    def check_signatures(self, epoch):  # section 5.2
        before = self.before(epoch)
        for who, file in epoch.here[""].get("manifest.json", {}).items():
            keys = {epoch.officers.get(who)}
            if before:
                keys |= {before.officers.get(who), before.people.get(who, {}).get("signingKey")}
            with self.checking("signatures", f"{epoch.folder}/{file}"):
                need(keys - {None}, "is by nobody who may sign")
                blob = read_signature(os.path.join(epoch.path, file))
                epoch.counted[who] = check_signature(blob, epoch.data, "ca-escrow-manifest-v1", who, keys)

    def signed(self, epoch, keys):  # which of these have signed its manifest, with these keys
        return {who: key for who, key in epoch.counted.items() if keys.get(who) == key}

    def check_approval(self):
        self.in_force, good = None, not self.forked
        for epoch in self.epochs:
            officers, approved = self.signed(epoch, epoch.officers), True
            if len(set(officers.values())) < epoch.m["approval"]["threshold"]:
                approved = False
                self.fail("approval", f"{epoch.folder}: too few officers signed: {', '.join(officers) or 'nobody'}")
            follows = epoch.number == 1
            if epoch.number > 1:
                with self.checking("succession", epoch.folder):
                    self.check_follows(epoch)
                    follows = True
            last = self.in_force.number if self.in_force else 0
            good = good and approved and follows and epoch.number == last + 1
            if good:
                self.in_force = epoch
        if len(self.epochs) == 1 and self.epochs[0].number == 1:
            self.not_applicable.add("succession")

    def check_follows(self, epoch):  # section 5.2
        before = self.before(epoch)
        need(before, "the epoch before is not here")
        custodians = self.signed(epoch, {n: p["signingKey"] for n, p in before.people.items()})
        need(len(set(self.signed(epoch, before.officers).values())) >= before.m["approval"]["threshold"]
             or satisfied(before.m["policy"], custodians), f"{before.folder} has not approved it")
        sets, secrets = ({e.m["set"] for e in (epoch, before)},
                         {e.m["policy"]["commitments"][0] for e in (epoch, before)})
        need(epoch.m["rehearsal"] == before.m["rehearsal"], "one of the two is a rehearsal")
        need(len(sets) == len(secrets), "its set and its secret did not change together")
        need(epoch.created >= before.created, f"it is older than {before.folder}")
        if len(sets) == 1:
            self.check_kept(epoch, before, custodians)

    def check_kept(self, epoch, before, custodians):  # section 5.2, point 3: of one secret, little may change
        for key in ("policy", "pkcs12", "certificates"):
            need(epoch.m[key] == before.m[key], f"its secret stays, and its {key} does not")
        for who, person in epoch.people.items():
            share, old = (next((s for s in e.m["shares"] if s["path"] == dotted(e.leaves.get(who, ()))), None)
                          for e in (epoch, before))
            need(share and old and who in before.people, f"{who} is no custodian of {before.folder}")
            if person == before.people[who]:
                need(share == old, f"{who}'s card stays, and the share does not")
            else:
                need(who in custodians, f"{who}'s card is another, and {who} has not signed it with the old key")
                need(share["sealedIn"] == epoch.number, f"{who}'s card is another, and the share is an older one")

    def check_recurrence(self):
        sets = {}
        for epoch in self.epochs:
            for _, member, _ in tree(epoch.m["policy"]):
                for commitment in member.get("commitments", ()):
                    if sets.setdefault(commitment, epoch.m["set"]) != epoch.m["set"]:
                        self.fail("commitments", f"{epoch.folder}: a commitment recurs under another set")

    # -- Added documents: section 4.9

    def read_documents(self, epoch):
        for folder, kinds in FOLDERS.items():
            for file, signatures in epoch.here.get(folder, {}).items():
                at = f"{epoch.folder}/{folder}/{file}"
                with self.checking(folder, at):
                    self.read_document(epoch, folder, kinds, file, signatures, at)
        for kind in ("challenge", "request", "refusal", "proof", "release", "restore", "drill", "override"):
            folder = next(f for f, kinds in FOLDERS.items() if kind in kinds)
            for digest, document in list(epoch.documents[kind].items()):
                with self.checking(folder, document["at"]):
                    try:
                        self.check_references(epoch, kind, document)
                    except ValueError:
                        del epoch.documents[kind][digest]
                        raise

    def read_document(self, epoch, folder, kinds, file, signatures, at):
        path = os.path.join(epoch.path, folder)
        data = read(os.path.join(path, file))
        document, digest = parse(data, "it"), hashlib.sha256(data).hexdigest()
        version, _, kind = str(document.get("format")).rpartition("/")
        need(version == "ca-escrow/v1", "its format is not one of ca-escrow/v1")
        who = document.get({"request": "officer", "refusal": "name"}.get(kind, "custodian"))
        if kind == "challenge" and isinstance(document.get("auditor"), dict):
            who = document["auditor"].get("name")
        if folder == "records":
            who = f"{str(document.get('created')).replace('-', '').replace(':', '')}-{kind}"
        need(file == f"{who}-{digest[:32]}.json", "is not called after its content")
        if kind not in kinds and folder == "records":
            return self.skip("records", f"{at}: is of a kind that this does not know")
        need(kind in kinds, f"is no {kinds[0]}")
        members(document, {**COMMON, **KINDS[kind]}, KINDS_OPTIONAL.get(kind, ()))
        created = seconds(document["created"])
        self.check_clock(at, created)
        need(document["set"] == epoch.m["set"], "is of another set")
        elsewhere = document["manifest"] != epoch.digest
        need(not elsewhere or kind == "receipt", "is of another manifest")

        key = who if folder != "records" else document.get("officer")  # who must sign, and who may
        may = {n: {k} for n, k in epoch.officers.items()}
        if kind in ("receipt", "proof", "release"):
            may = {key: {epoch.people[key]["signingKey"]}} if key in epoch.people else {}
        elif kind == "challenge":
            may = {key: {document["auditor"]["key"]}}
        elif kind == "refusal":
            may = {key: {epoch.officers.get(key), epoch.people.get(key, {}).get("signingKey")} - {None}}
        elif kind == "suspension":
            may = {key: may.get(key, set())}
        signers = set()
        for signer, name in signatures.items():
            with self.checking(folder, f"{epoch.folder}/{folder}/{name}"):
                need(may.get(signer), "is by nobody who may sign")
                blob = read_signature(os.path.join(path, name))
                signers.add(check_signature(blob, data, f"ca-escrow-{kind}-v1", signer, may[signer]))
        one = kind in ("receipt", "proof", "release", "challenge", "refusal", "suspension")
        need(not one or signers, f"has no signature of {key} that counts")
        if elsewhere:  # section 4.13
            return self.fail("equivocation", f"{at}: {who} was shown the manifest {document['manifest']}")
        if kind in ("receipt", "proof", "release"):
            leaf = epoch.leaves[document["custodian"]]
            need(document["path"] == dotted(leaf), "its path is another's")
            if kind != "release":
                need(document["share"] == hashlib.sha256(epoch.boxes[dotted(leaf)]).hexdigest(), "its share is another")
                check_possession(document, epoch.x.get(leaf))
        elif kind in ("request", "override"):
            need(document["officer"] in epoch.officers, "its officer is none of the manifest")
        elif kind == "suspension":
            need(document["custodian"] in epoch.people, "its custodian is none of the manifest")
        elif kind == "restore":
            check_possession(document, bytes.fromhex(epoch.m["policy"]["commitments"][0]))
        elif kind == "drill":
            self.check_drill(epoch, document, data, os.path.join(path, file + ".casig"))
        elif kind == "added-certificate":
            self.check_renewal(epoch, document)
        if kind == "request":
            need(document["epoch"] == epoch.number, "is of another epoch")
            need(document["restoreKey"] not in {p["sealingKey"] for p in epoch.m["people"]}, "its key is a person's")
        document.update(at=at, created=created, digest=digest, signers=signers,
                        approved=len(signers) >= epoch.m["approval"]["threshold"],
                        **{k: seconds(document[k]) for k in ("expires", "notBefore") if k in document})
        epoch.documents[kind][digest] = document

    def check_drill(self, epoch, document, data, casig):  # section 4.22
        check_possession(document, bytes.fromhex(epoch.m["policy"]["commitments"][0]))
        people = document["custodians"]
        need(len(people) == len(set(people)) and epoch.people.keys() >= set(people) and
             satisfied(epoch.m["policy"], set(people)), "its custodians could not have restored")
        keys = list(dict.fromkeys(hashlib.sha256(c.spki).hexdigest() for c in epoch.certificates))
        need(document["keys"] == keys, "its keys are not those of the manifest's certificates")
        codes = [o["code"] for o in document.get("overrides", ())]
        need(codes == sorted(set(codes)), "its overrides are not in order, or one is there twice")
        if "certificate" not in document:
            return need(not os.path.lexists(casig), "it names no certificate, and has a signature of the CA's key")
        named = [c for c in epoch.certificates if hashlib.sha256(c.der).hexdigest() == document["certificate"]]
        need(named, "its certificate is none of the manifest")
        named[0].check_statement("drill", data, casig)

    def check_renewal(self, epoch, document):  # section 4.7
        added = Certificate(decoded(document["certificate"]))
        need(added.der not in {c.der for c in epoch.certificates}, "the manifest has this certificate")
        need(any(c.subject == added.subject and c.spki == added.spki and c.begins <= added.begins
                 for c in epoch.certificates), "it renews no certificate of the manifest")
        document["parsed"] = added

    def check_references(self, epoch, kind, d):  # sections 4.8 and 4.14 to 4.19
        filed = epoch.documents
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
        if kind == "override":
            need(d["refusals"] == sorted(set(d["refusals"])), "its refusals are not in order, or one is there twice")
            need(filed["refusal"].keys() >= set(d["refusals"]), "a refusal that it names is not filed here")

    # -- What is asked of the epoch in force, or of the newest one when none is

    def check_anchor(self, epoch):  # section 5.3
        if self.signers is None:
            return self.skip("anchor", "no --signers")
        known = {who for who in self.signed(epoch, epoch.officers)
                 if admitted(self.signers, who, epoch.officers[who], "manifest", epoch.created)}
        keys = {k for _, k, spaces, _, _ in self.signers if spaces is None or "ca-escrow-manifest-v1" in spaces}
        k = self.options.require or (1 if len(keys) == 1 else 2)
        if len({epoch.officers[who] for who in known}) < k:
            self.fail("anchor", f"{epoch.folder}: of officers whom you know, {k} must have signed it: "
                                f"{', '.join(sorted(known)) or 'nobody'}")
        if any(spaces is None for _, _, spaces, _, _ in self.signers):
            self.notes.append("a line of the --signers file has no namespaces: its key counts for every kind")
        for who in sorted(known):
            if not admitted(self.signers, who, epoch.officers[who], "manifest", self.now):
                self.notes.append(f"{who} counts no longer as an officer")

    def check_certificate(self, epoch):
        certificates = epoch.certificates + [d["parsed"] for d in epoch.documents["added-certificate"].values()
                                             if d["approved"]]
        if self.certificate is None:
            self.skip("certificate", "no --certificate")
        elif self.certificate not in {c.der for c in certificates}:
            self.fail("certificate", f"{epoch.folder}: is not of the certificate given")
        newest = max([c for c in certificates if c.is_ca] or certificates, key=lambda c: c.begins)
        if newest.ends < datetime.fromtimestamp(self.now, timezone.utc).strftime("%Y%m%d%H%M%SZ"):
            self.not_applicable.add("validity")
            self.notes.append("the newest certificate has expired")

    def check_pkcs12(self, epoch):  # sections 3.10, 4.6
        about, path = epoch.m["pkcs12"], self.options.pkcs12 or os.path.dirname(os.path.abspath(self.root))
        if self.options.without_pkcs12:
            return self.not_applicable.update(("pkcs12", "protection"))
        if os.path.isdir(path):
            path = os.path.join(path, about["name"])
        if not os.path.lexists(path):
            return [self.skip(code, f"{about['name']} is not here") for code in ("pkcs12", "protection")]
        data = b""
        with self.checking("pkcs12", path):
            data = read(path, 16 << 20)
            need(len(data) == about["size"] and hashlib.sha256(data).hexdigest() == about["sha256"],
                 f"is not the file of {epoch.folder}")
        if self.failed["pkcs12"]:
            return self.skip("protection", "the file is another")
        with self.checking("protection", path):
            seen = protection(data)
            need(not seen["clear"], f"shows without the password: a {', a '.join(sorted(seen['clear']))}")
            need(seen["mac"] != "none", "has no MAC")
            need(min(seen["counts"]) == about["iterations"], "has another iteration count")
            need(max(seen["counts"]) <= 600000, "has too many iterations")
            for key in ("encryption", "kdf"):
                found = sorted(seen[key] or {"none"})
                need(found == sorted(about[key].split("+")), f"has another {key}: {', '.join(found)}")
            need(seen["mac"] == about["mac"], f"has another mac: {seen['mac']}")

    def check_state(self, epoch):  # section 4.6: the archive lies beside the PKCS#12 file
        archive = epoch.m.get("state", {}).get("archive")
        if archive is None or self.options.without_pkcs12:
            return self.not_applicable.add("state")
        path = self.options.pkcs12 or os.path.dirname(os.path.abspath(self.root))
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

    def check_receipts(self, epoch):  # section 4.13
        missing = epoch.people.keys() - {d["custodian"] for d in epoch.documents["receipt"].values()}
        if missing:
            self.skip("receipts", f"{epoch.folder}: no receipt of {', '.join(sorted(missing))}")

    def check_proofs(self, epoch):  # sections 4.14, 4.15
        if not epoch.here.get("challenges"):
            return self.not_applicable.add("proofs")
        counting = [d for d in epoch.documents["challenge"].values() if self.signers is not None and admitted(
            self.signers, d["auditor"]["name"], d["auditor"]["key"], "challenge", d["created"])]
        if not counting:
            return self.skip("proofs", f"{epoch.folder}: no challenge here counts")
        newest = max(counting, key=lambda d: (d["created"], d["digest"]))["digest"]
        missing = epoch.people.keys() - {d["custodian"] for d in epoch.documents["proof"].values()
                                         if d["challenge"] == newest}
        if missing:
            self.skip("proofs", f"{epoch.folder}: {', '.join(sorted(missing))} did not answer {newest[:8]}")

    def lineage(self, epoch):  # the epoch, and those before it that keep its secret
        found = [epoch]
        while "previous" in found[-1].m:
            digest = found[-1].m["previous"]["sha256"]
            before = next((other for other in self.epochs if other.digest == digest), None)
            if before is None or before.m["set"] != epoch.m["set"]:
                break
            found.append(before)
        return found

    def check_quorum(self, epoch):  # sections 4.20 and 5.6
        lineage = self.lineage(epoch)
        receipts = [r for one in lineage for r in one.documents["receipt"].values()]
        suspensions = [s for one in lineage for s in one.documents["suspension"].values()]
        away = {s["custodian"] for s in suspensions if not any(
            r["custodian"] == s["custodian"] and r["created"] > s["created"] for r in receipts)}
        need(satisfied(epoch.m["policy"], epoch.people.keys() - away),
             f"custodians who are left do not satisfy the policy: suspended are {', '.join(sorted(away))}")

    def run(self):
        self.read_epochs()
        self.check_chain()
        for epoch in self.epochs:
            self.check_epoch(epoch)
        self.check_approval()
        self.check_recurrence()
        for epoch in self.epochs:
            self.read_documents(epoch)
        if not self.epochs:
            for code in BY_MANIFEST:
                self.skip(code, "there is no epoch that can be read")
        if not self.epochs or self.failed["manifest"]:  # which epoch is in force cannot be told
            return
        epoch = self.in_force or self.epochs[-1]
        for code in ("anchor", "certificate", "pkcs12", "state", "receipts", "proofs", "quorum"):
            with self.checking(code, epoch.folder):
                getattr(self, f"check_{code}")(epoch)

    def report(self):
        outcome = {code: "FAIL" if self.failed[code] else "NOT CHECKED" if self.unchecked[code] else
                   "NOT APPLICABLE" if code in self.not_applicable else "PASS" for code in CODES}
        open_ = {code for code in CODES if outcome[code] == "NOT CHECKED"}
        verdict = "FAILED" if "FAIL" in outcome.values() else "NOT ANCHORED" if "anchor" in open_ else \
            "INCOMPLETE" if "receipts" in open_ else "NOT FULLY CHECKED" if open_ else \
            "sound; PKCS#12 file not seen" if self.options.without_pkcs12 else "sound"
        return outcome, verdict, 2 if verdict == "FAILED" else 0 if verdict.startswith("sound") else 1


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("Usage: ")[1], allow_abbrev=False)
    parser.add_argument("escrow")
    for option in ("--signers", "--certificate", "--pkcs12", "--at"):
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
        need(options.require is None or options.require > 0, "--require is a number from 1")
        need(os.path.isdir(options.escrow), f"{options.escrow} is no directory")
        need(shutil.which("ssh-keygen") and shutil.which("openssl"), "ssh-keygen and openssl are needed")
        need(SODIUM.sodium_init() >= 0, "libsodium does not start")
        if options.signers:
            with open(options.signers, "rb") as file:
                signers = read_signers(file.read())
        if options.certificate:
            with open(options.certificate, "rb") as file:
                pem = openssl("x509", given=file.read())
            certificate = base64.b64decode("".join(pem.split("\n")[1:-2]))
        if options.pkcs12:
            need(os.path.exists(options.pkcs12), f"{options.pkcs12} is not there")
    except Exception as error:
        print(f"audit.py: {plain(reason(error))}", file=sys.stderr)
        return 64
    audit = Audit(options, signers, certificate, now)
    audit.run()
    outcome, verdict, status = audit.report()
    if options.json:
        print(json.dumps({"checks": outcome, "verdict": verdict, "exitStatus": status}, indent=2))
        return status
    print(f"{plain(options.escrow)}: {verdict}")
    for code in CODES:
        print(f"  {outcome[code]:<14} {code}")
        for what in audit.failed[code] + audit.unchecked[code]:
            print(f"                 - {plain(what)}")
    for note in audit.notes:
        print(f"  note: {plain(note)}")
    print("  This shows neither that the PKCS#12 file opens, nor that nobody else knows a share: format.md, section 8.")
    return status


if __name__ == "__main__":
    sys.exit(main())
