# SPDX-License-Identifier: Apache-2.0
"""ristretto255, shares, possession proofs and sealed boxes: sections 3.2 to 3.5 and 3.8."""
import ctypes, ctypes.util, hashlib, struct

from .form import canonical, lp, seeded, without

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
assert SODIUM.sodium_init() >= 0
Q = 2**252 + 27742317777372353535851937790883648493
O = bytes(32)


def sodium(function, size, *arguments):
    out = ctypes.create_string_buffer(size)
    assert getattr(SODIUM, "crypto_" + function)(out, *arguments) == 0, function
    return out.raw


def scalar(label):
    return int.from_bytes(seeded(label, 64), "little") % Q


def little(number):
    return number.to_bytes(32, "little")


def times(number, element=None):
    """number·element, or number·G."""
    if element is None:
        return sodium("scalarmult_ristretto255_base", 32, little(number % Q))
    return sodium("scalarmult_ristretto255", 32, little(number % Q), element)


class Dealer:
    """Deals a secret under a policy (T, MEMBER, …), a member being a name or a policy: the gate, and y of every leaf."""

    def __init__(self, policy, label):
        self.s, self.shares, self.paths, self.label = scalar(f"{label} s"), {}, {}, label
        self.gate = self.deal(policy, self.s, ())

    def coefficient(self, path, k):
        return scalar(f"{self.label} {path} coefficient {k}")

    def deal(self, policy, secret, path):
        threshold, *members = policy
        f = [secret] + [self.coefficient(path, k) for k in range(1, threshold)]
        made = []
        for j, member in enumerate(members, 1):
            y, here = sum(a * j**k for k, a in enumerate(f)) % Q, path + (j,)
            if isinstance(member, str):
                self.shares[here], self.paths[member] = y, here
                made.append({"custodian": member})
            else:
                made.append(self.deal(member, y, here))
        return {"commitments": [times(a).hex() for a in f], "members": made, "threshold": threshold}


def dotted(path):
    return ".".join(map(str, path))


def possession(document, secret, x=None):
    """Section 3.8; x is the public value that the challenge is made with."""
    d = hashlib.sha256(canonical(without(document, "possession"))).digest()
    k = scalar("nonce " + d.hex())
    r, x = times(k), x or times(secret)
    text = b"".join(map(lp, (b"ca-escrow/v1/possession/challenge", times(1), x, r, d)))
    c = int.from_bytes(hashlib.sha512(text).digest(), "little") % Q
    return {"R": r.hex(), "z": little((k + c * secret) % Q).hex()}


def payload(purpose, set_, epoch, path, context, recipient, value, /, **other):
    """The 144 bytes of section 3.5. `other` replaces a field by name."""
    fields = {"magic": b"CAES", "version": b"\1", "purpose": bytes([purpose]), "reserved": bytes(2), "set": set_,
              "epoch": struct.pack(">I", epoch), "path": struct.pack(">4H", *path, *[0] * (4 - len(path))),
              "sender": bytes(8), "second": bytes(4), "context": context, "recipient": recipient, "value": value}
    assert other.keys() <= fields.keys()
    return b"".join({**fields, **other}.values())


def seal(message, recipient):
    """crypto_box_seal, with an ephemeral key that is always the same for these bytes."""
    secret = ctypes.create_string_buffer(32)
    e = sodium("box_seed_keypair", 32, secret, seeded("box " + message.hex() + recipient.hex()))
    nonce = hashlib.blake2b(e + recipient, digest_size=24).digest()
    return e + sodium("box_easy", len(message) + 16, message, ctypes.c_ulonglong(len(message)), nonce, recipient, secret.raw)
