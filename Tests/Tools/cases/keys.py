# SPDX-License-Identifier: Apache-2.0
"""D-19 to D-28: signing keys and signatures. What signs is an officer, who files a request, or a custodian's card."""
import hashlib, json

import ed25519 as curve

from .escrow import PEOPLE, plain, signers, small
from .form import b64, canonical, day, lp, seeded, without
from .people import ED25519, Person, TOKEN, armored, key_text

OLGA = PEOPLE["olga"]
L = curve.L


def keys(catalogue):
    omar, bad = PEOPLE["omar"], "manifest chain approval layout readme"
    rsa = lp(b"ssh-rsa") + lp(b"\1\0\1") + lp(b"\0" + seeded("modulus", 256))
    ecdsa = lp(b"ecdsa-sha2-nistp256") + lp(b"nistp256") + lp(b"\4" + seeded("point", 64))
    certified = lp(b"ssh-ed25519-cert-v01@openssh.com") + lp(seeded("nonce")) + lp(omar.raw)
    torsion = curve.encoded(curve.add(curve.times(5, curve.B), curve.T))
    for rule, what, key in (
            ("D-19", "an RSA key", f"ssh-rsa {b64(rsa)}"),
            ("D-19", "an ECDSA key", f"ecdsa-sha2-nistp256 {b64(ecdsa)}"),
            ("D-19", "a certificate of OpenSSH", f"ssh-ed25519-cert-v01@openssh.com {b64(certified)}"),
            ("D-19", "a type in the text other than in the wire form", f"{TOKEN} {omar.key.split()[1]}"),
            ("D-19", "a signing key with a comment", omar.key + " omar@example"),
            ("D-19", "a signing key with bytes behind its wire form", f"{ED25519} {b64(lp(ED25519.encode()) + lp(omar.raw) + b'x')}"),
            ("D-20", "a signing key that is the neutral element", key_text(curve.encoded((0, 1)))),
            ("D-20", "a signing key of small order", key_text(curve.encoded(curve.T))),
            ("D-20", "a signing key with a part of small order", key_text(torsion)),
            ("D-20", "a signing key that is not its one encoding", key_text((curve.P + 3).to_bytes(32, "little"))),
            ("D-20", "a signing key that is no point", key_text((7).to_bytes(32, "little")))):
        files, _ = small(change=lambda m: m["approval"]["officers"].append({"key": key, "name": "omar"}))
        catalogue.audit(rule, what, files, bad, require=1)
    tony = Person("tony", kind=TOKEN)
    files, _ = small(officers=("olga", tony), threshold=2)
    anchor = signers(OLGA.line(), tony.line())
    catalogue.audit("D-19 D-27", "an officer who signs with a token", {**files, "officers.signers": anchor},
                    unchecked="receipts")
    for flags, what in ((5, "touched, and its user verified"), (0, "that nobody touched"), (4, "verified and not touched"),
                        (0x41, "with an unknown flag")):
        files, epoch = small(officers=("olga", tony), threshold=2)
        epoch.sign(tony, tony.sign(epoch.data, "manifest", flags=flags))
        good = flags == 5
        catalogue.audit("D-27", f"a token's signature {what}", {**files, "officers.signers": anchor},
                        "" if good else "approval signatures anchor", "receipts")


def raw(r, nonce):
    """A signature by olga with this R and the nonce that goes with it."""
    secret = int.from_bytes(hashlib.sha512(OLGA.private).digest()[:32], "little")
    secret = (secret & (1 << 254) - 8) | 1 << 254

    def signed(data):
        h = int.from_bytes(hashlib.sha512(r + OLGA.raw + data).digest(), "little")
        return r + ((nonce + h * secret) % L).to_bytes(32, "little")
    return signed


def larger(n):
    def signed(data):
        signature = OLGA.signer.sign(data)
        return signature[:32] + (int.from_bytes(signature[32:], "little") + n * L).to_bytes(32, "little")
    return signed


SMALL = curve.add(curve.times(77, curve.B), curve.times(4, curve.T))
SIGNATURES = [
    ("D-21", "S is L larger", {"signature": larger(1)}),
    ("D-21", "S is 14 times L larger", {"signature": larger(14)}),
    ("D-22", "R has a part of small order", {"signature": raw(curve.encoded(SMALL), 77)}),
    ("D-22", "R is the neutral element", {"signature": raw(curve.encoded((0, 1)), 0)}),
    ("D-22", "R is the neutral element in another encoding", {"signature": raw((curve.P + 1).to_bytes(32, "little"), 0)}),
    ("D-22", "R is of order 8", {"signature": raw(curve.encoded(curve.T), 0)}),
    ("D-23", "a bit of S is another", {"signature": lambda data: OLGA.signer.sign(data)[:-1] + b"\x01"}),
    ("D-25", "an SSHSIG with SHA-256", {"hash_": b"sha256"}),
    ("D-25", "an SSHSIG of version 2", {"version": 2}),
    ("D-25", "an SSHSIG with a reserved field", {"reserved": b"x"}),
    ("D-25", "an SSHSIG with a byte behind it", {"more": b"\0"}),
]


def signatures(catalogue):
    def filed(rule, what, armor, fail="requests"):
        files, epoch = plain()
        epoch.request(created=day(80))
        data = files[epoch.last]
        catalogue.audit(rule, what, {**files, f"{epoch.last}.olga.sig": armor(data)}, fail)
    filed("D-21 D-22 D-23 D-24 D-25 D-26", "a signature as it must be", lambda data: OLGA.sign(data, "request"), "")
    filed("D-22", "a signature with an R of another's choice, which holds", lambda data: OLGA.sign(
        data, "request", signature=raw(curve.encoded(curve.times(77, curve.B)), 77)), "")
    for rule, what, other in SIGNATURES:
        filed(rule, what, lambda data: OLGA.sign(data, "request", **other))
    filed("D-23", "a signature over the document without its last line feed", lambda data: OLGA.sign(data[:-1], "request"))
    filed("D-23", "a signature by another key under this name", lambda data: PEOPLE["omar"].sign(data, "request"))
    filed("D-24", "a signature for an override", lambda data: OLGA.sign(data, "override"))
    filed("D-24", "a signature for a manifest", lambda data: OLGA.sign(data, "manifest"))
    for what, armor in (
            ("in lines of 64 characters", lambda blob: armored(blob, 64)),
            ("without its last line feed", lambda blob: armored(blob)[:-1]),
            ("with an empty line behind it", lambda blob: armored(blob) + b"\n"),
            ("with text before it", lambda blob: b"olga:\n" + armored(blob)),
            ("with lines that end with CR LF", lambda blob: armored(blob).replace(b"\n", b"\r\n")),
            ("there twice", lambda blob: armored(blob) * 2)):
        filed("D-26", f"armor {what}", lambda data: armor(OLGA.blob(data, "request")))


def cards(catalogue):
    bob = PEOPLE["bob"]
    good = bob.card(fullName="Bob", contact="+41 44 000 00 00", organisation="Acme", site="Zürich",
                    validUntil="2030-01-01T00:00:00Z")
    files, _ = small(cards={"bob": good})
    catalogue.audit("D-28 D-10", "a card with all members", files, unchecked="receipts")
    for what, card in (("altered behind its signature", good.replace(b'"Acme"', b'"Acne"')),
                       ("signed by another key", other_signature(bob))):
        files, _ = small(cards={"bob": card})
        catalogue.audit("D-28", f"a card {what}", files, "cards")


def other_signature(bob):
    """bob's card, signed by mallory."""
    card = without(json.loads(bob.card()), "signature")
    return canonical({**card, "signature": b64(PEOPLE["mallory"].blob(canonical(card), "card"))})


def cases(catalogue):
    keys(catalogue)
    signatures(catalogue)
    cards(catalogue)
