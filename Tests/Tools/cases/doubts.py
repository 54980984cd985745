# SPDX-License-Identifier: Apache-2.0
"""What a sixth and a seventh one, who wrote an auditor from docs/format.md, had to guess, or read wrong."""
from .bases import second
from .der import Key, NULL, der, num, octets, oid, pem, pkcs12, seq
from .escrow import CA, CERTIFICATE, Epoch, password, plain, small
from .form import day
from .group import Dealer
from .people import Person
from .places import everything
from .settled import OLGA, OSCAR
from .stamps import stamp


def strays(catalogue):
    """A card of somebody who is not among the people, where no card is looked at."""
    zoe = Person("zoe").card()

    def case(what, lay, fail="", unchecked=""):
        files, first = plain()
        folder = lay(files, first)
        catalogue.audit("A-12 A-1", f"a card of nobody's in {what}", {
            **files, f"{folder}/cards/zoe.json": zoe}, fail, unchecked)

    def set_aside(files, first):
        left = Epoch(files, before=first)
        right = Epoch(files, before=first, officers=(OLGA, OSCAR), signers=(OLGA, *first.officers, OSCAR), label="right")
        left.add("void", ("olga", "omar"), created=day(130), branch=right.digest, officer="olga", reason="a mistake")
        return right.folder
    case("a draft", lambda files, first: Epoch(files, before=first, signers=(OLGA,)).folder)
    case("an epoch that is set aside", set_aside, unchecked="receipts")
    case("a directory whose manifest is refused", lambda files, first: Epoch(
        files, before=first, signers=(), alter=lambda m: m["shares"][0].update(sealedIn=3)).folder, "shares")


def unread(catalogue):
    files, first = plain()
    catalogue.audit("A-60", "the escrow's directory may be listed and not entered", files, refused=True,
                    modes={"acme.escrow": "444"})
    catalogue.audit("A-57", "an epoch's directory may be listed and not entered", files, "", everything(),
                    modes={first.folder: "444"})
    files, first, then = second()
    wrong = {**files, "ca.crt": pem(CA.certificate(begins="240101000000Z", serial=77))}
    added = "layout clock certificate records quorum succession receipts"
    for what, epoch in (("an epoch before, of another set,", first), ("the one in force", then)):
        catalogue.audit("A-57 A-32", f"a certificate that is not the escrow's, and records of {what} may not be read", wrong,
                        "", added, modes={f"{epoch.folder}/records": "000"}, directories=[f"{epoch.folder}/records"],
                        about=then)


def brought(catalogue):
    files, _ = plain()
    good, odd = files["ca.crt"], b"-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----\n"
    for what, data, refused in (
            ("and behind it a block that does not end", good + b"-----BEGIN CERTIFICATE-----\nMIIB\n", True),
            ("and behind it a line that begins a block, without a line feed", good + b"-----BEGIN CERTIFICATE-----", True),
            ("and behind it a block that does not end, of a key", good + b"-----BEGIN PUBLIC KEY-----\nMIIB\n", True),
            ("and behind it a key that does not decode", good + odd, False),
            ("behind a key that does not decode", odd + good, False),
            ("with blanks before each line", b"".join(b"  " + line + b"\n" for line in good.splitlines()), True),
            ("with blanks before each line but the first", good.replace(b"\n", b"\n  "), True),
            ("with text before it that begins with a 0", b"0: Acme\n" + good, True)):
        catalogue.audit("A-32 A-59", f"a certificate is given {what}", {**files, "ca.crt": data}, refused=refused)


def early(catalogue):
    """Documents that are dated before their manifest, and what names them."""
    files, epoch = plain()
    asked = epoch.request(created=day(50))
    epoch.release("alice", asked)
    catalogue.audit("A-46 A-48", "a request dated before its manifest, and a release", files, "requests releases")
    files, epoch = plain()
    challenge = epoch.challenge(created=day(50))
    for name in ("alice", "bob", "carol"):
        epoch.claim("proof", name, created=day(71), challenge=challenge)
    catalogue.audit("A-44 A-45", "a challenge dated before its manifest, and proofs", files, "challenges proofs")


def receipts(catalogue):
    files, first = plain()
    for path in [p for p in files if "/receipts/" in p]:
        del files[path]
    shown = Epoch({}, dealer=first.dealer, label="epoch 1", signers=("olga",), change=lambda m: m.update(title="another"))
    files.update({p: d for p, d in shown.files.items() if p.startswith(shown.folder)})
    first.receipts(created=day(60, 5))
    kept, first.digest = first.digest, shown.digest
    first.claim("receipt", "bob", created=day(60, 2))
    first.digest = kept
    catalogue.audit("A-49 A-57", "a receipt of another manifest, whose signature may not be read", files, "",
                    "equivocation signatures",
                    modes={f"{shown.folder}/manifest.json.olga.sig": "000"}, about=first)


def bags(catalogue):
    def bag(kind, value):
        return seq(oid(f"1.2.840.113549.1.12.10.1.{kind}"), der(0xA0, value))
    secret = password(Dealer((2, "alice", "bob"), "epoch 1").s)
    odd = seq(seq(oid("1.2.840.113549.1.5.13"), seq()), octets(b"x"))
    shrouded = seq(oid("1.2.840.113549.1.12.10.1.2"), der(0xA0, octets(odd)))
    files, _ = small(key_file=pkcs12(secret, [(CA, [CERTIFICATE])], "epoch 1", besides=[bag(5, shrouded)]))
    catalogue.audit("A-36", "a secret that is encrypted itself, with nothing that is accepted", files, "", "receipts")
    whole = pkcs12(secret, [(CA, [CERTIFICATE])], "epoch 1")
    files, _ = small(key_file=whole.replace(num(3), num(4), 1))
    catalogue.audit("A-36", "a file of version 4", files, "", "receipts")


def certificates(catalogue):
    parameters = der(0x24, der(4, b"x"))
    odd = seq(oid("1.3.6.1.4.1.99999.2"), parameters)
    kept, CA.algorithm = CA.algorithm, odd
    try:
        inside = CA.certificate(algorithm=kept)
    finally:
        CA.algorithm = kept
    files, _ = small(held=[(CA, [inside])])
    catalogue.audit("A-32", "a certificate whose signature's parameters inside are a string in pieces", {
        **files, "ca.crt": pem(inside)}, "", "receipts")


def keys(catalogue):
    for what, kind, key in (("RSA", (oid("1.2.840.113549.1.1.1"), NULL), seq(num((1 << 2047) + 12345), num(65536))),
                            ("Ed25519", (oid("1.3.101.112"),), CA.spki[-32:])):
        odd = Key(f"{what} with a bit unused")
        odd.spki = seq(seq(*kind), der(3, b"\1", key))
        certificate = odd.certificate()
        files, _ = small(held=[(odd, [certificate])])
        catalogue.audit("A-34", f"a key: {what}, and one of its bits is called unused", {
            **files, "ca.crt": pem(certificate)}, "", "receipts")


def stamps(catalogue):
    files, epoch = plain()
    good = stamp(files[f"{epoch.folder}/manifest.json.omar.sig"], "2026-04-30T23:59:59Z")
    place = f"{epoch.folder}/manifest.json.omar.sig.tsr"
    catalogue.audit("A-5", "a time stamp with a byte behind it", {**files, place: good + b"\0"}, "layout")
    catalogue.audit("A-5", "a time stamp in BER", {**files, place: b"\x30\x80" + good[4:] + b"\0\0"})


def first(catalogue):
    again = Person("alice", again=1)
    files, epoch = plain(officers=("olga", "omar", again), threshold=2)
    catalogue.audit("A-22 A-57", "one name with two keys, in epoch 1, and a signature that may not be read", files, "",
                    "signatures approval succession anchor receipts", modes={f"{epoch.folder}/manifest.json.alice.sig": "000"})


def cases(catalogue):
    keys(catalogue)
    stamps(catalogue)
    first(catalogue)
    strays(catalogue)
    unread(catalogue)
    brought(catalogue)
    early(catalogue)
    receipts(catalogue)
    bags(catalogue)
    certificates(catalogue)
