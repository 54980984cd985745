#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Signatures that verifiers of Ed25519 disagree about: docs/format.md, section 3.7.

ed25519.py make    prints Fixtures/vectors/ed25519.json, made with the arithmetic below and no library
ed25519.py check   holds Fixtures/break-glass/audit.py against that file; prints what differs
"""
import base64, hashlib, json, os, struct, sys

HERE = os.path.dirname(os.path.abspath(__file__))
VECTORS = os.path.join(HERE, "../../Fixtures/vectors/ed25519.json")
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # of -1
NAMESPACE, MESSAGE = b"ca-escrow-manifest-v1", b"{\n  \"example\": true\n}\n"


def add(one, other):
    (x1, y1), (x2, y2) = one, other
    product = D * x1 * x2 * y1 * y2
    return ((x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P)


def times(number, point):
    found = (0, 1)
    while number:
        if number & 1:
            found = add(found, point)
        point, number = add(point, point), number >> 1
    return found


def with_y(y, odd=0):
    """The point with this y; None when there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    if (x * x - square) % P:
        return None
    return (P - x if x & 1 != odd else x) % P, y % P


def encoded(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


B = with_y(4 * pow(5, -1, P) % P)
# A point of order 8: L times any point that lies outside of the group of order L.
T = next(t for t in (times(L, with_y(y)) for y in range(2, 99) if with_y(y)) if times(4, t) != (0, 1))


def lp(data):
    return struct.pack(">I", len(data)) + data


DATA = b"SSHSIG" + lp(NAMESPACE) + lp(b"") + lp(b"sha512") + lp(hashlib.sha512(MESSAGE).digest())


def h(r, a):
    return int.from_bytes(hashlib.sha512(r + a + DATA).digest(), "little")


def vectors():
    secret, k = (int.from_bytes(hashlib.sha512(text).digest(), "little") % L for text in (b"a secret", b"a nonce"))
    key, r = times(secret, B), times(k, B)
    a = encoded(key)

    def signed(r, key=a, nonce=k):
        return r + ((nonce + h(r, key) * secret) % L).to_bytes(32, "little")
    good = signed(encoded(r))
    yield "as every signer makes it", True, a, good
    yield "a bit of S is another", False, a, signed(encoded(r))[:32] + bytes([good[32] ^ 1]) + good[33:]
    for n in (1, 2, 14):
        larger = int.from_bytes(good[32:], "little") + n * L
        yield f"S is {n} times L larger", False, a, good[:32] + larger.to_bytes(32, "little")
    for n in (1, 4):
        point = add(r, times(n, T))
        yield "R has a part of small order: the equation times 8 holds", False, a, signed(encoded(point))
    yield "R is the neutral element", False, a, signed(encoded((0, 1)), nonce=0)
    yield "R is the neutral element, y + p", False, a, signed((P + 1).to_bytes(32, "little"), nonce=0)
    yield "R is the neutral element, with the sign of x", False, a, signed((1 | 1 << 255).to_bytes(32, "little"), nonce=0)
    for n in range(1, 8):
        yield f"R is {n} times a point of order 8", False, a, signed(encoded(times(n, T)), nonce=0)
    for n in range(8):
        small = encoded(times(n, T))
        point = next(c for c in range(1, 99) if h(encoded(times(c, B)), small) * n % 8 == 0)
        yield f"the key is {n} times a point of order 8", False, small, \
            encoded(times(point, B)) + point.to_bytes(32, "little")
    yield "the key is the neutral element, y + p", False, (P + 1).to_bytes(32, "little"), \
        encoded(times(5, B)) + (5).to_bytes(32, "little")
    mixed = encoded(add(key, T))
    nonce = next(c for c in range(1, 99) if h(encoded(times(c, B)), mixed) % 8 == 0)
    yield "the key has a part of small order: the equation holds", False, mixed, \
        signed(encoded(times(nonce, B)), mixed, nonce)
    for y in range(2, 19):
        if with_y(y):
            yield f"the key is y = {y} + p", False, (P + y).to_bytes(32, "little"), good
    yield "the key is no point", False, next(y for y in range(2, 99) if not with_y(y)).to_bytes(32, "little"), good
    yield "R is no point", False, a, next(y for y in range(2, 99) if not with_y(y)).to_bytes(32, "little") + good[32:]


def make():
    rows = []
    for why, is_valid, key, signature in vectors():
        wire = lp(b"ssh-ed25519") + lp(key)
        blob = b"SSHSIG" + struct.pack(">I", 1) + lp(wire) + lp(NAMESPACE) + lp(b"") + lp(b"sha512") + \
            lp(lp(b"ssh-ed25519") + lp(signature))
        rows.append({"blob": base64.b64encode(blob).decode(), "key": key.hex(), "signature": signature.hex(),
                     "valid": is_valid, "why": why})
    print(json.dumps({"message": MESSAGE.decode(), "namespace": NAMESPACE.decode(), "signatures": rows}, indent=2))


def check():
    from two_auditors import second
    with open(VECTORS, encoding="utf-8") as file:
        found = json.load(file)
    for row in found["signatures"]:
        wire = lp(b"ssh-ed25519") + lp(bytes.fromhex(row["key"]))
        key = f"ssh-ed25519 {base64.b64encode(wire).decode()}"
        try:
            second.check_signature(base64.b64decode(row["blob"]), found["message"].encode(), found["namespace"], "ada", {key})
            accepted = True
        except ValueError:
            accepted = False
        if accepted != row["valid"]:
            print(f"{'accepts' if accepted else 'refuses'}: {row['why']}")
    print(f"compared: {len(found['signatures'])} signatures")


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]]()
