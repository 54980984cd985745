# SPDX-License-Identifier: Apache-2.0
"""What a fourth one, who wrote an auditor from docs/format.md, had to guess, or read right and found in no case."""
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .bases import evidence, second
from .der import CA_EXTENSIONS, CONSTRAINTS, Key, NULL, TRUE, bits, der, num, octets, oid, pem, pkcs12, seq
from .escrow import CA, CERTIFICATE, Epoch, password, plain, signers, small
from .form import day, sha256
from .group import Dealer
from .holdings import curve_key, pairs
from .places import everything
from .people import Person
from .settled import OLGA, OMAR, OSCAR, without
from .stamps import AUTHORITY, stamp
from .suspensions import Story


def unread(catalogue):
    files, first, _ = second()
    catalogue.audit("A-57 A-18", "the manifest of epoch 1 may not be read, and epoch 2 is signed", files, "approval",
                    modes={f"{first.folder}/manifest.json": "000"})
    files, first = plain()
    catalogue.audit("A-57 A-18", "the only manifest may not be read", files, "", everything("layout"),
                    modes={f"{first.folder}/manifest.json": "000"})
    files, first = evidence()
    catalogue.audit("A-57", "the directory of the epoch in force may be entered and not listed", files, "",
                    "layout signatures approval succession anchor certificate validity key pkcs12 protection state receipts "
                    "proofs quorum", modes={first.folder: "311"})
    files, first = plain()
    files[f"{first.folder}/cards/bob.json"] = files[f"{first.folder}/cards/alice.json"]
    catalogue.audit("A-57 A-12", "the same, and a card in it is another's", files, "cards", modes={first.folder: "311"})
    files, first = plain()
    files, first, then = second()
    catalogue.audit("A-57 A-10", "the directory of epoch 1 may be entered and not listed, and epoch 2 is signed", files,
                    "chain", modes={first.folder: "311"}, about=then)
    catalogue.audit("A-57 A-58", "that of epoch 2: the one before is in force, as far as one can tell", files, "",
                    "layout signatures approval anchor succession", modes={then.folder: "311"}, about=first)
    files[f"{then.folder}/cards/bob.json"] = files[f"{then.folder}/cards/alice.json"]
    catalogue.audit("A-57 A-12", "that of epoch 2, and a card in it is another's", files, "cards", modes={then.folder: "311"},
                    about=first)
    files, first = plain()
    another = {"officers.signers": signers(OLGA.line(), Person("omar", again=1).line())}
    catalogue.audit("A-57 A-29", "a signature may not be read, and the file has another key of an officer", {
        **files, **another}, "", "signatures approval succession anchor receipts",
        modes={f"{first.folder}/manifest.json.olga.sig": "000"})
    catalogue.audit("A-57", "a directory of receipts that may be entered and not listed", files, "",
                    "layout clock receipts equivocation quorum", modes={f"{first.folder}/receipts": "311"})
    catalogue.audit("A-57", "a directory of cards that may be entered and not listed", files, "", "layout cards",
                    modes={f"{first.folder}/cards": "311"})
    receipt = next(p for p in files if "/receipts/alice-" in p and p.endswith(".json"))
    catalogue.audit("A-57", "a receipt's signature that may not be read", files, "",
                    "layout clock receipts equivocation quorum", modes={f"{receipt}.alice.sig": "000"})
    files, first = plain()
    Epoch(files, before=first, signers=(OLGA,))
    draft = next(p for p in files if p.endswith(".olga.sig") and not p.startswith(first.folder))
    stranger = draft.replace(".olga.", ".mallory.")
    catalogue.audit("A-57", "a signature of a draft may not be read, and its name is nobody's who may sign", {
        **files, stranger: b"x"}, "", "signatures approval anchor succession", modes={stranger: "000"})


def places(catalogue):
    files, first = plain()
    key_file = first.m["pkcs12"]["name"]
    catalogue.audit("A-35 A-60", "a symbolic link in the place of the PKCS#12 file", {
        **without(files, key_file), "kept/key.p12": files[key_file]}, "pkcs12", links={key_file: "kept/key.p12"})
    held = b"the archive of a CA's state\n"
    about = {"store": "openssl-ca", "archive": {"name": "acme-state.tar", "sha256": sha256(held), "size": len(held)}}
    other, _ = small(change=lambda m: m.update(state=about))
    catalogue.audit("A-37 A-60", "a symbolic link in the place of the archive", {**other, "kept/state.tar": held}, "state",
                    links={"acme-state.tar": "kept/state.tar"})
    catalogue.audit("A-37", "the archive is there, is another, and its absence is meant", {**other, "acme-state.tar": b"x"}, "",
                    "receipts", keyFile=False)
    for what in ("officers.signers", "ca.crt"):
        catalogue.audit("A-60", f"what the auditor brings is a symbolic link: {what}", {
            **without(files, what), f"brought/{what}": files[what]}, links={what: f"brought/{what}"})
    for leftover in ("._x.partial", ".x.partial"):
        catalogue.audit("A-2 A-4", f"in a reserved directory {leftover} alone", {
            **files, f"{first.folder}/rotations/{leftover}": b"x"}, "", "layout")
    catalogue.audit("A-4 A-3", "what an interrupted run left, called as desktops call theirs", {
        **files, f"{first.folder}/._x.partial": b"x"}, "layout")
    catalogue.audit("A-7 A-6", "a directory called as that of an epoch 0", {**files, "acme.escrow/0000-00000000/a": b"x"},
                    "manifest layout")
    catalogue.audit("A-35", "the escrow's path ends in a slash", files, escrow="acme.escrow/")
    catalogue.audit("A-35", "the PKCS#12 file is there, is another, and its absence is meant", {**files, key_file: b"x"},
                    keyFile=False)


def times(catalogue):
    files, epoch = plain()
    ended = (OLGA.line() + OMAR.line(options=',valid-before="20260501Z"')).encode()
    signature = files[f"{epoch.folder}/manifest.json.omar.sig"]
    for when, unchecked in (("2026-04-30T23:59:59Z", ""), ("2026-05-01T00:00:00Z", "anchor")):
        catalogue.audit("A-31", f"a time stamp of {when}, and the key's end at 2026-05-01T00:00:00Z", {
            **files, "officers.signers": ended, "tsa.crt": AUTHORITY.pem,
            f"{epoch.folder}/manifest.json.omar.sig.tsr": stamp(signature, when)}, "", unchecked, tsa="tsa.crt")
    story = Story()
    story.suspend(because="unreachable")
    story.first.claim("receipt", "carol", created=day(90))
    catalogue.audit("A-56", "unreachable, and her receipt is of the same second", story.files, "quorum")
    for what, seconds, later in (("of the same second as the next one", 0, False),
                                 ("a second later than the next one", 1, True)):
        story = Story()
        then = Epoch(story.files, before=story.first, officers=(OMAR, OSCAR), threshold=2,
                     signers=(OLGA, OMAR, OSCAR), created=day(120))
        story.suspend(created=day(120)[:-3] + f"{seconds:02}Z")
        lines = {"officers.signers": signers(OLGA.line(), OMAR.line(), OSCAR.line())}
        catalogue.audit("A-56 A-27", f"a suspension in the epoch before, {what}, by an officer who is none any more", {
            **story.files, **lines}, "" if later else "quorum", "receipts" if later else "receipts succession", about=then)


def keys(catalogue):
    def case(what, key, fail="", spki=None):
        if spki:
            key.spki = spki
        certificate = key.certificate()
        files, _ = small(held=[(key, [certificate])])
        catalogue.audit("A-34", f"a key: {what}", {**files, "ca.crt": pem(certificate)}, fail, "receipts")
    x962 = serialization.Encoding.X962
    p256 = curve_key("p256", ec.SECP256R1(), 1)
    public = p256.key.public_key()
    whole = public.public_bytes(x962, serialization.PublicFormat.UncompressedPoint)
    short = public.public_bytes(x962, serialization.PublicFormat.CompressedPoint)
    named = seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7"))
    for what, point, fail in (("a compressed point", short, ""), ("a hybrid point", bytes([6 | whole[-1] & 1]) + whole[1:], ""),
                              ("a hybrid point of the other sign", bytes([6 | ~whole[-1] & 1]) + whole[1:], "key")):
        case(what, Key(f"point {what}"), fail, seq(named, bits(point)))
    ed = CA.spki[-32:]
    case("Ed25519 with parameters, NULL", Key("with NULL"), "key", seq(seq(oid("1.3.101.112"), NULL), bits(ed)))
    case("Ed25519 of 31 bytes", Key("short"), "key", seq(seq(oid("1.3.101.112")), bits(ed[1:])))
    n = (1 << 2047) + 12345

    def rsa(n, e, parameters=NULL):
        return seq(seq(oid("1.2.840.113549.1.1.1"), parameters), bits(seq(num(n), num(e))))
    for what, spki, fail in (("RSA whose modulus is even", rsa(n + 1, 65537), ""), ("RSA with e = 0", rsa(n, 0), ""),
                             ("RSA with parameters that are not NULL", rsa(n, 65537, seq(num(1))), "")):
        case(what, Key(what), fail, spki)


def certificates(catalogue):
    def read(what, certificate, fail="", rule="A-32"):
        files, _ = small(held=[(CA, [certificate])])
        catalogue.audit(rule, f"a certificate {what}", {**files, "ca.crt": pem(certificate)} if not fail else files, fail,
                        "" if fail else "receipts")
    leaf, root = Key("leaf"), Key("root")
    mine = root.certificate(begins="250101000000Z")
    for what, value, is_ca in (("a second member that is no INTEGER, and a third", seq(TRUE, NULL, num(0)), True),
                               ("a length in more bytes than it takes", b"\x30\x07" + TRUE + b"\x02\x81\x01\x00", False)):
        newer = leaf.certificate(begins="260201000000Z", extensions=((CONSTRAINTS, value), CA_EXTENSIONS[1]))
        files, _ = small(held=[(leaf, [newer]), (root, [mine])])
        if not is_ca:
            files["acme.escrow/README.txt"] = files["acme.escrow/README.txt"].replace(pairs(newer), pairs(mine))
        catalogue.audit("A-33", f"the newest certificate is {'a' if is_ca else 'no'} CA's: in basicConstraints {what}", {
            **files, "ca.crt": pem(mine)}, "", "receipts")
    read("whose time has a fraction behind a comma", CA.certificate(begins="20260101000000,5Z", time=0x18), "manifest")

    def nested(depth):
        """An algorithm's parameters, so that the innermost value is in `depth` values of the certificate, itself the last."""
        value = NULL
        for _ in range(depth - 4):
            value = seq(value)
        return seq(oid("1.3.6.1.4.1.99999.2"), value)
    for depth, fail in ((40, ""), (41, "manifest")):
        read(f"with {depth} values inside one another, the outermost and the innermost counted", CA.certificate(
            algorithm=nested(depth + 1)), fail)
    for what, parameters, fail in (("a string in pieces", der(0x24, der(4, b"x")), "manifest"),
                                   ("a SEQUENCE with a string in pieces", seq(der(0x24, der(4, b"x"))), ""),
                                   ("a SEQUENCE with an INTEGER in more bytes than it takes", seq(der(2, b"\0\1")), ""),
                                   ("a BOOLEAN of two bytes", der(1, b"\0\0"), "manifest"),
                                   ("an INTEGER in more bytes than it takes", der(2, b"\0\1"), "manifest")):
        read(f"whose signature's parameters are {what}", CA.certificate(
            algorithm=seq(oid("1.3.6.1.4.1.99999.2"), parameters)), fail)


def key_files(catalogue):
    def bag(kind, value):
        return seq(oid(f"1.2.840.113549.1.12.10.1.{kind}"), der(0xA0, value))
    held = seq(oid("1.2.840.113549.1.9.23.1"), der(0xA0, octets(b"x")))
    secret = password(Dealer((2, "alice", "bob"), "epoch 1").s)
    for what, kind in (("a CRL", 4), ("a secret", 5)):
        files, _ = small(key_file=pkcs12(secret, [(CA, [CERTIFICATE])], "epoch 1", besides=[bag(kind, held)]))
        catalogue.audit("A-36", f"{what} that is not encrypted", files, "", "receipts")


def records(catalogue):
    def stopped(what, fail, lay):
        files, epoch = plain()
        request = epoch.request()
        digest = lay(files, epoch, request)
        epoch.add("override", ("olga", "omar"), created=day(82), code="veto", officer="olga", reason="we need it",
                  refusals=[digest], request=request)
        catalogue.audit("A-43 A-54", f"an override, and {what}", files, fail)

    def copied(files, epoch, request):
        digest = epoch.add("refusal", ("carol",), name="carol", created=day(81), reason="no", request=request)
        path = epoch.last
        files[path.replace(request[:32], "0" * 32)] = files[path]
        return digest

    def large(files, epoch, request):
        data = b"x" * (300 << 10)
        files[f"{epoch.folder}/refusals/carol-{request[:32]}-{sha256(data)[:32]}.json"] = data
        return sha256(data)
    stopped("a refusal that it names lies there again, called for another request", "refusals", copied)
    stopped("it names a refusal that is too large", "refusals records", large)


def escrows(catalogue):
    files, first = plain()
    left = Epoch(files, before=first)
    Epoch(files, label="another", created=day(50), officers=(OLGA, OSCAR))
    files["acme.escrow/README.txt"] = first.readme()
    catalogue.audit("A-9 A-58", "two approved epochs 1, and the auditor knows the officers of what follows one of them", files,
                    "chain", about=left)
    for spoilt in (False, True):
        files, first = plain()
        left = Epoch(files, before=first)
        right = Epoch(files, before=first, officers=(OLGA, OSCAR), signers=(OLGA, OMAR, OSCAR), label="right")
        left.add("void", ("olga", "omar"), created=day(170), branch=right.digest, officer="olga", reason="a mistake")
        if spoilt:
            right.put("cards/alice.json", b"x")
        Epoch(files, label="another", created=day(50), officers=("otto", "oscar"))
        files["officers.signers"] = b"# nobody\n"
        catalogue.audit("A-9 A-58", "two approved epochs 1 of which the auditor knows neither, and " + (
            "a voided branch of one has a card that is none" if spoilt else "a voided branch of one"), files,
            "chain readme" + (" cards" if spoilt else ""))


def brought(catalogue):
    files, _ = plain()
    commented = OLGA.line().replace("\n", " a\x01b\n") + OMAR.line()
    for what, text, good in (("a control character in the comment of a line", commented, False),
                             ("a control character in a comment", "# a\x01b\n" + OLGA.line() + OMAR.line(), False),
                             ("a tab in a comment", "# a\tb\n" + OLGA.line() + OMAR.line(), True)):
        catalogue.audit("D-45", what, {**files, "officers.signers": text.encode()}, refused=not good)
    good = files["ca.crt"]
    for what, data, refused in (("with text before it and blanks in its lines",
                                 b"Acme\n" + good.replace(b"\n", b" \r\n"), False),
                                ("called X509 CERTIFICATE", good.replace(b" CERTIFICATE", b" X509 CERTIFICATE"), False),
                                ("behind one that does not decode", good.replace(b"\nM", b"\n!", 1) + good, True)):
        catalogue.audit("A-32 A-59", f"a certificate is given {what}", {**files, "ca.crt": data}, refused=refused)


def cases(catalogue):
    unread(catalogue)
    places(catalogue)
    times(catalogue)
    keys(catalogue)
    certificates(catalogue)
    key_files(catalogue)
    records(catalogue)
    escrows(catalogue)
    brought(catalogue)
