# SPDX-License-Identifier: Apache-2.0
"""Where docs/format.md was silent to a third one who wrote an auditor from it, and is not any more."""
from .der import CA_EXTENSIONS, CN, OU, Key, der, name, oid, pem, seq, utf8
from .escrow import CA, CERTIFICATE, Epoch, plain, small
from .form import day
from .settled import BOTH, OLGA, OMAR, OSCAR, OTTO, others
from .stamps import stamp


def void(epoch, branch, officers=(OLGA, OMAR)):
    epoch.add("void", officers, created=day(170), branch=branch.digest, officer=officers[0].name, reason="a mistake")


def forks(catalogue):
    brought = {"officers.signers": BOTH}

    def forked():
        """Two branches of one fork, the first of which forks again."""
        files, first = plain()
        left, right = Epoch(files, before=first), others(files, first, (OLGA, OSCAR))
        return files, first, left, right, Epoch(files, before=left), others(files, left, (OMAR, OTTO))
    files, first, *_ = forked()
    catalogue.audit("A-58 A-8", "an open fork, of which one branch forks again: it is about the epoch that the first one follows",
                    {**files, **brought}, "chain", about=first, require=1)
    files, _, left, right, newest, aside = forked()
    void(newest, aside)
    void(aside, right, (OMAR, OTTO))
    catalogue.audit("A-8", "a void lies in a part of the other branch that is itself voided, and voids all the same", {
        **files, **brought}, "", "receipts", about=newest, require=1)
    files, _, left, right, *_ = forked()
    void(right, left, (OLGA, OSCAR))
    catalogue.audit("A-8", "a fork in a branch that is voided", {**files, **brought}, "", "receipts", about=right, require=1)

    def beside(what, then, modes=lambda right: {}):
        files, first = plain(officers=(OLGA, OMAR, OTTO), threshold=2)
        left = Epoch(files, before=first)
        right = Epoch(files, before=first, keeps=True, officers=(OLGA, OMAR), signers=(OLGA, OMAR, OTTO))
        void(left, right)
        then(files, right)
        catalogue.audit("A-8 A-11", what, files, "", "receipts", about=left, modes=modes(right))
    beside("a voided branch, and behind it what breaks a rule of succession", lambda files, right: Epoch(
        files, before=right, keeps=True, change=lambda m: m.update(title="another"), signers=(OLGA, OMAR)))
    beside("a voided branch, and a signature in it that may not be read", lambda files, right: None,
           lambda right: {f"{right.folder}/manifest.json.otto.sig": "000"})


def unread(catalogue):
    files, first = plain()
    signature = f"{first.folder}/manifest.json.omar.sig"
    stamped = {**files, signature + ".tsr": stamp(files[signature], day(61))}
    catalogue.audit("A-57 A-31", "a time stamp that may not be read", stamped, "", "layout", modes={signature + ".tsr": "000"})
    draft = Epoch(files, before=first, signers=(OLGA,))
    draft.request(signers=(OLGA,), created=day(130), notBefore=day(130), expires=day(135))
    for what, place in (("directory", f"{draft.folder}/requests"), ("request", draft.last)):
        catalogue.audit("A-57 A-1", f"a {what} of a draft that may not be read: a secret may be in it", files, "", "layout",
                        modes={place: "000"})


def receipts(catalogue):
    for what, change, fail in (("of a leaf that is none", lambda d: d.update(path="9.9"), ""),
                               ("with a path of five numbers", lambda d: d.update(path="1.1.1.1.1"), "receipts"),
                               ("with a proof that is no element", lambda d: d["possession"].update(R="ff" * 32), "receipts"),
                               ("with a proof that is no scalar", lambda d: d["possession"].update(z="ff" * 32), "receipts")):
        files, first = plain()
        mine, first.digest = first.digest, "11" * 32
        first.claim("receipt", "bob", created=day(62), change=change)
        first.digest = mine
        catalogue.audit("A-49", f"a receipt of a manifest that is not here, {what}", files, fail, "" if fail else "receipts")


def given(catalogue):
    files, _ = plain()
    another, bad = Key("another").certificate(), CA.certificate(subject=name((CN, der(12, b"a\xff"))))
    for what, data, fail in (("in DER", CERTIFICATE, ""), ("that is the first of two", pem(CERTIFICATE) + pem(another), ""),
                             ("that is the second of two", pem(another) + pem(CERTIFICATE), "certificate")):
        catalogue.audit("A-32", f"a certificate is given {what}", {**files, "ca.crt": data}, fail)
    for what, data in (("nothing that is one", b"a certificate\n"), ("one that every reader refuses", pem(bad))):
        catalogue.audit("A-32 A-59", f"for a certificate is given {what}", {**files, "ca.crt": data}, refused=True)


def certificates(catalogue):
    def read(what, certificate, fail="", rule="A-32"):
        files, _ = small(held=[(CA, [certificate])])
        catalogue.audit(rule, f"a certificate {what}", {**files, "ca.crt": pem(certificate)} if not fail else files, fail,
                        "" if fail else "receipts")
    for what, begins, time, fail in (
            ("whose UTCTime has a fraction", "260101000000.5Z", 0x17, "manifest"),
            ("whose GeneralizedTime has a fraction", "20260101000000.5Z", 0x18, ""),
            ("with a fraction of a minute", "202601010000.5Z", 0x18, "manifest"),
            ("with hours alone", "2026010100Z", 0x18, "manifest"), ("of the year 0", "00000101000000Z", 0x18, "manifest"),
            ("of the year 1", "00010101000000Z", 0x18, ""), ("with a second of 60", "260101000060Z", 0x17, "manifest"),
            ("with an offset of 12 hours and 59 minutes", "260101000000+1259", 0x17, ""),
            ("with an offset of 13 hours", "260101000000+1300", 0x17, "manifest"),
            ("whose time is of no place", "260101000000", 0x17, "manifest")):
        read(what, CA.certificate(begins=begins, time=time), fail)
    empty = seq(der(0x31), der(0x31, seq(oid(CN), utf8("x"))))
    unknown = ("1.3.6.1.4.1.99999.1", b"\xff")
    for what, shape, fail in (
            ("of version 6", {"version": 5}, ""), ("with a serial number of 30 bytes", {"serial": 1 << 232}, ""),
            ("with other algorithms inside and outside", {"algorithm": seq(oid("1.3.101.113"))}, ""),
            ("with an extension that nobody knows, twice", {"extensions": (*CA_EXTENSIONS, unknown, unknown)}, ""),
            ("with an empty name of its issuer", {"issuer": seq()}, ""),
            ("with an empty relative distinguished name of its issuer", {"issuer": empty}, ""),
            ("whose issuer has a name that does not decode", {"issuer": name((CN, der(12, b"a\xff")))}, "manifest"),
            ("with an attribute of three members", {"issuer": seq(der(0x31, seq(oid(CN), utf8("x"), utf8("y"))))}, "manifest"),
            ("with a relative distinguished name that is no set", {"issuer": seq(seq(seq(oid(OU), utf8("x"))))}, "manifest"),
            ("whose signature has bits that are not used, and not 0", {"unused": 7}, "manifest"),
            ("whose signature has more than 7 bits that are not used", {"unused": 8}, "manifest")):
        read(what, CA.certificate(**shape), fail)


def cases(catalogue):
    forks(catalogue)
    unread(catalogue)
    receipts(catalogue)
    given(catalogue)
    certificates(catalogue)
