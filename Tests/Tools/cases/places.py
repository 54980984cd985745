# SPDX-License-Identifier: Apache-2.0
"""A-1 to A-7, A-12 to A-17, A-57, A-60: what lies where, and an epoch by itself."""
from .bases import evidence, second
from .codes import CODES
from .der import CN, OU, der, name, oid, pem, seq, utf8
from .escrow import CA, Epoch, PEOPLE, plain, small
from .people import Person


def layout(catalogue):
    files, epoch = plain()
    at = epoch.folder
    p12 = next(data for path, data in files.items() if path.endswith(".p12"))
    identity = PEOPLE["mallory"].identity()
    for what, path, data in (
            ("a file that has no place here", "acme.escrow/notes.txt", b"call bob\n"),
            ("a file in an epoch that has no place there", f"{at}/notes.txt", b"call bob\n"),
            ("a document of another name in a directory of documents", f"{at}/receipts/bob.json", b"{}\n"),
            ("an identity file", f"{at}/mallory.identity", identity),
            ("an identity file called as desktops call theirs", f"{at}/receipts/.DS_Store", identity),
            ("a PKCS#12 file", "acme.escrow/acme.p12", p12),
            ("a private key in PEM called as desktops call theirs", f"{at}/records/Thumbs.db",
             b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n")):
        catalogue.audit("A-1", what, {**files, path: data}, "layout receipts records")
    catalogue.audit("A-1", "a directory that has no place here, with nothing in it", files, "layout",
                    directories=[f"{at}/archive"])
    catalogue.audit("A-2", "reserved directories with nothing in them", files,
                    directories=[f"{at}/{name}" for name in ("rotations", "reshares", "acceptances")])
    catalogue.audit("A-2", "a directory of documents with nothing in it", files, directories=[f"{at}/requests"])
    catalogue.audit("A-2", "something in a reserved directory", {**files, f"{at}/rotations/a.json": b"{}\n"}, "", "layout")
    catalogue.audit("A-2", "a file with the name of a reserved directory", {**files, f"{at}/reshares": b"x"}, "layout")
    clutter = ("acme.escrow/.DS_Store", f"{at}/desktop.ini", f"{at}/THUMBS.DB", f"{at}/.gitignore", f"{at}/._manifest.json",
               f"{at}/cards/.DS_Store", f"{at}/receipts/._bob.json")
    catalogue.audit("A-3", "what desktops and version control leave", {**files, **{path: b"x\n" for path in clutter}})
    catalogue.audit("A-3", "a name that begins otherwise than theirs", {**files, f"{at}/DS_Store": b"x\n"}, "layout")
    catalogue.audit("A-4", "an epoch that was half made", {**files, "acme.escrow/.0002.x1y2z3.partial/manifest.json": b"{"},
                    "layout")
    catalogue.audit("A-4", "a document that was half written", {**files, f"{at}/receipts/.bob.x1y2z3.partial": b"{"},
                    "layout receipts")


def alone(catalogue):
    files, epoch = evidence()
    documents = [path for path in files if "/records/" in path and path.endswith(".json")]
    drill = next(path for path in documents if "-drill-" in path)
    receipt = next(path for path in files if "/receipts/alice-" in path and path.endswith(".json"))

    def lacking(path):
        return {k: v for k, v in files.items() if k != path}
    catalogue.audit("A-5", "a receipt's signature whose receipt is gone", lacking(receipt), "layout receipts", "receipts")
    catalogue.audit("A-5", "a drill's signatures, that of the CA's key among them, whose receipt is gone", lacking(drill),
                    "layout records")
    added = next(path for path in documents if "added" in path)
    catalogue.audit("A-5", "a signature of the CA's key beside a record that has none", {
        **files, added + ".casig": files[drill + ".casig"]}, "layout records")
    catalogue.audit("A-5", "a time stamp without its signature", {
        **files, f"{epoch.folder}/manifest.json.otto.sig.tsr": b"\x30\x00"}, "layout signatures")
    catalogue.audit("A-5", "a time stamp that is none", {
        **files, f"{epoch.folder}/manifest.json.olga.sig.tsr": b"\x30\x00"}, "layout signatures")
    catalogue.audit("A-5", "a manifest's signature in a directory without a manifest", {
        **files, "acme.escrow/0002-00000000/manifest.json.olga.sig": files[f"{epoch.folder}/manifest.json.olga.sig"]},
        "layout chain manifest")


def unread(catalogue):
    files, first, then = second()
    path = f"{then.folder}/manifest.json"
    catalogue.audit("A-6", "a manifest cut off", {**files, path: files[path][:900]}, "manifest chain layout")
    gone = {k: v for k, v in files.items() if k != path}
    catalogue.audit("A-6 A-57", "an epoch's directory without a manifest", gone, "manifest chain layout")
    catalogue.audit("A-6 A-57", "a manifest that may not be read", files, "", everything("layout"), modes={path: "000"},
                    time="2026-07-19T00:00:00Z")
    moved = {k.replace(then.name, "0002-00000000"): v for k, v in files.items()}
    catalogue.audit("A-7", "an epoch's directory that is not called after its manifest", moved, "chain layout manifest")
    moved = {k.replace(then.name, "0003" + then.name[4:]): v for k, v in files.items()}
    catalogue.audit("A-7", "an epoch's directory with another number", moved, "chain layout manifest")
    evidence_, epoch = evidence()
    folder = f"{epoch.folder}/refusals"
    catalogue.audit("A-57", "a directory of documents that may not be read", evidence_, "", "layout clock records refusals",
                    modes={folder: "000"})
    receipt = next(p for p in evidence_ if "/receipts/alice-" in p and p.endswith(".json"))
    catalogue.audit("A-57", "a receipt that may not be read", evidence_, "",
                    "layout clock receipts equivocation quorum", modes={receipt: "000"})
    catalogue.audit("A-57 A-14", "README.txt that is not there",
                    {k: v for k, v in evidence_.items() if k != "acme.escrow/README.txt"}, "readme")
    for target, what in (("../nowhere", "that leads nowhere"), (".", "to the escrow itself")):
        catalogue.audit("A-60", f"a symbolic link {what}", files, "layout chain", links={"acme.escrow/0003-00000000": target})
    cards = {k: v for k, v in files.items() if not k.startswith(f"{first.folder}/cards/")}
    beside = {k.replace(f"{first.folder}/cards", "cards"): v for k, v in files.items() if k.startswith(f"{first.folder}/cards/")}
    catalogue.audit("A-60", "a symbolic link to a directory of cards", {**cards, **beside}, "layout cards",
                    links={f"{first.folder}/cards": "../../cards"})
    catalogue.audit("A-60 A-57", "nothing that is a link, and all that can be read", evidence_)


def everything(*but):
    return " ".join(code for code in CODES if code not in but)


def cards(catalogue):
    files, epoch = plain()
    card = f"{epoch.folder}/cards/bob.json"

    def with_card(data):
        return {**files, card: data}
    catalogue.audit("A-12", "a card that is missing", {k: v for k, v in files.items() if k != card}, "cards")
    catalogue.audit("A-12", "a card that was altered", with_card(files[card].replace(b"bob", b"bab", 1)), "cards")
    catalogue.audit("A-12", "another card of the same keys, signed by them", with_card(
        PEOPLE["bob"].card(site="the safe")), "cards")
    catalogue.audit("A-12", "a card of nobody", {**files, f"{epoch.folder}/cards/mallory.json": PEOPLE["mallory"].card()},
                    "cards layout")
    other = Person("bob", again=1)
    files, _ = small(cards={"bob": other.card()})
    catalogue.audit("A-12", "a card with other keys than the manifest's", files, "cards")


def commitments(catalogue):
    files, first = plain()
    Epoch(files, before=first, dealer=first.dealer)
    catalogue.audit("A-13", "a commitment recurs under another set", files, "commitments succession")


def readmes(catalogue):
    files, epoch = plain()
    readme = files["acme.escrow/README.txt"]
    for what, data in (("a byte is another", readme.replace(b"2 of (", b"3 of (", 1)), ("a line feed more", readme + b"\n"),
                       ("lines that end with CR LF", readme.replace(b"\n", b"\r\n")), ("nothing", b"")):
        catalogue.audit("A-14", f"README.txt: {what}", {**files, "acme.escrow/README.txt": data}, "readme")
    files, _ = small(change=lambda m: m.update(rehearsal=True, title="Probe"))
    catalogue.audit("A-14", "README.txt of a rehearsal with a title", files, "", "receipts")
    odd = [
        ("2.5.4.6", der(19, b"CH"), "C=CH"), ("2.5.4.10", utf8('a, "b" + <c>; \\d'), 'O=a\\, \\"b\\" \\+ \\<c\\>\\; \\\\d'),
        (OU, utf8(" #x "), "OU=\\ #x\\ "), ("2.5.4.8", utf8("#x"), "ST=\\#x"),
        ("2.5.4.7", utf8("a\u200bb\u0378"), "L=a\\E2\\80\\8Bb\u0378"),
        ("2.5.4.5", der(18, b"42"), "serialNumber=42"), ("2.5.4.17", utf8("8000"), "2.5.4.17=8000"),
        ("2.5.4.9", der(20, "Straße".encode("latin-1")), "STREET=Straße"),
        ("0.9.2342.19200300.100.1.25", der(22, b"example"), "DC=example"),
        ("2.5.4.97", der(30, "Zürich".encode("utf-16-be")), "organizationIdentifier=Zürich"),
        ("1.2.840.113549.1.9.1", der(22, b"ca@example"), "emailAddress=ca@example"),
        ("2.5.4.65", der(3, b"\0\5"), "2.5.4.65=#03020005"),
        (CN, der(28, "Root".encode("utf-32-be")), "CN=Root")]
    subject = name(*((kind, value) for kind, value, _ in odd))
    two = seq(der(0x31, seq(oid(CN), utf8("a")), seq(oid(OU), utf8("b"))))
    for what, subject, text in (("with every type of string", subject, ", ".join(text for *_, text in odd)),
                                ("of two attributes in one relative name", two, "CN=a + OU=b")):
        certificate = CA.certificate(subject=subject)
        files, _ = small(held=[(CA, [certificate])], subject=text)
        catalogue.audit("A-15", f"a subject {what}", {**files, "ca.crt": pem(certificate)}, "", "receipts")
        files, _ = small(held=[(CA, [certificate])], subject=text.replace("CN=", "CN =", 1))
        catalogue.audit("A-15", f"README.txt says it otherwise: a subject {what}", {**files, "ca.crt": pem(certificate)},
                        "readme")


def cases(catalogue):
    layout(catalogue)
    alone(catalogue)
    unread(catalogue)
    cards(catalogue)
    commitments(catalogue)
    readmes(catalogue)
