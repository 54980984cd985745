# SPDX-License-Identifier: Apache-2.0
"""A-32 to A-37, A-44: certificates, the CA's key, the PKCS#12 file and the archive of the state."""
from cryptography.hazmat.primitives.asymmetric import ec

from .bases import RENEWED
from .der import CA_EXTENSIONS, CN, CONSTRAINTS, Key, TRUE, USAGE, der, name, oid, pem, pkcs12, seq, utf8
from .escrow import CA, CERTIFICATE, Epoch, password, plain, small
from .form import b64, day, seeded, sha256
from .group import Dealer
from .stamps import rsa_key

ROOT = name((CN, utf8("Acme Root CA")))


def certificates(catalogue):
    files, epoch = plain()
    other = Key("other").certificate()
    catalogue.audit("A-32", "of the certificate given", files)
    catalogue.audit("A-32", "of another CA of the same name", {**files, "ca.crt": pem(other)}, "certificate")
    catalogue.audit("A-32", "without a certificate", files, unchecked="certificate", certificate=None)

    def added(signers, set_kept=None):
        files, epoch = plain()
        epoch.add("added-certificate", signers, created=day(70), certificate=b64(RENEWED))
        if set_kept is not None:
            Epoch(files, before=epoch, keeps=set_kept, **({"officers": ("olga",), "threshold": 1,
                                                          "signers": ("olga", "omar")} if set_kept else {}))
        return {**files, "ca.crt": pem(RENEWED)}
    catalogue.audit("A-32", "of a certificate that officers have added and approved", added(("olga", "omar")))
    catalogue.audit("A-32", "of a certificate that one officer of two has added", added(("olga",)), "certificate")
    catalogue.audit("A-32", "of a certificate that was added in an epoch before, of the same set",
                    added(("olga", "omar"), True), "", "receipts", require=1)
    catalogue.audit("A-32", "of a certificate that was added in an epoch before, of another set",
                    added(("olga", "omar"), False), "certificate", "receipts")


def authorities(catalogue):
    """Which of two certificates the escrow is of: the first that is a CA's. README.txt names it by its digest."""
    leaf, root = Key("leaf"), Key("root")
    mine = root.certificate(begins="250101000000Z")
    usage = der(3, b"\1\6")
    twice = ((CONSTRAINTS, seq(TRUE)), (CONSTRAINTS, seq(TRUE)), (USAGE, usage))
    for what, extensions, version, is_ca in (
            ("basicConstraints and keyCertSign", CA_EXTENSIONS, 2, True),
            ("cA TRUE, and no keyUsage", ((CONSTRAINTS, seq(TRUE)),), 2, True),
            ("keyCertSign, and no basicConstraints", ((USAGE, usage),), 2, True),
            ("version 1, whose issuer is its subject", (), 0, True),
            ("cA TRUE, and a keyUsage without keyCertSign", ((CONSTRAINTS, seq(TRUE)), (USAGE, der(3, b"\1\2"))), 2, False),
            ("cA FALSE", ((CONSTRAINTS, seq()), (USAGE, usage)), 2, False),
            ("no extension, in version 3", (), 2, False),
            ("basicConstraints twice", twice, 2, False)):
        newer = leaf.certificate(begins="260201000000Z", extensions=extensions, version=version)
        files, epoch = small(held=[(leaf, [newer]), (root, [mine])])
        if not is_ca:
            files["acme.escrow/README.txt"] = files["acme.escrow/README.txt"].replace(
                pairs(newer), pairs(mine))
        catalogue.audit("A-33", f"the newest certificate is {'' if is_ca else 'no '}CA's: {what}",
                        {**files, "ca.crt": pem(mine)}, "", "receipts")
        files["acme.escrow/README.txt"] = files["acme.escrow/README.txt"].replace(
            *((pairs(newer), pairs(mine)) if is_ca else (pairs(mine), pairs(newer))))
        catalogue.audit("A-33", f"README.txt names the other certificate: {what}", {**files, "ca.crt": pem(mine)}, "readme",
                        "receipts")


def pairs(certificate):
    digest = sha256(certificate)
    return ":".join(digest[i:i + 2] for i in range(0, 64, 2)).encode()


def curve_key(label, curve, number):
    private = ec.derive_private_key(int.from_bytes(seeded(label, 24), "big") | 1, curve)
    return Key(label, private, seq(oid("1.2.840.10045.4.3.2")), lambda data: b"\x30\x06\x02\x01\x01\x02\x01\x01")


def kinds(catalogue):
    def case(what, key, fail=""):
        certificate = key.certificate()
        files, _ = small(held=[(key, [certificate])])
        catalogue.audit("A-34", what, {**files, "ca.crt": pem(certificate)}, fail, "receipts")
    case("an Ed25519 key", CA)
    case("an RSA key of 2,048 bits", rsa_key("rsa", 2048))
    case("an RSA key of 1,024 bits", rsa_key("weak", 1024), "key")
    case("an EC key on P-256", curve_key("p256", ec.SECP256R1(), 1))
    case("an EC key on a curve whose order has 192 bits", curve_key("p192", ec.SECP192R1(), 1), "key")


def key_files(catalogue):
    files, epoch = plain()
    path = epoch.m["pkcs12"]["name"]
    data = files[path]
    for what, wrong in (("a byte is another", data[:-1] + bytes([data[-1] ^ 1])), ("a byte more", data + b"\0"),
                        ("nothing", b""), ("the file of another escrow", pkcs12(b"another", epoch.held, "another"))):
        catalogue.audit("A-35", f"the PKCS#12 file: {what}", {**files, path: wrong}, "pkcs12", "protection")
    secret = password(Dealer((2, "alice", "bob"), "epoch 1").s)

    def case(what, fail="protection", change=None, **shape):
        files, _ = small(key_file=pkcs12(secret, [(CA, [CERTIFICATE])], "epoch 1", **shape), change=change)
        catalogue.audit("A-36", what, files, fail, "receipts")
    case("safe and keys encrypted, with a MAC", "")
    case("a key in the clear", clear="key")
    case("certificates in the clear", clear="certificate")
    case("no MAC", change=lambda m: m["pkcs12"].update(mac="none"), has_mac=False)
    for key, value in (("encryption", "aes-128-cbc"), ("kdf", "pbkdf2-hmac-sha1"), ("mac", "hmac-sha1")):
        case(f"the manifest has another word: {key}", change=lambda m: m["pkcs12"].update({key: value}))
    case("the manifest has another count of iterations", change=lambda m: m["pkcs12"].update(iterations=2047))
    case("300,000 iterations, as the manifest says", "", change=lambda m: m["pkcs12"].update(iterations=300000), claimed=300000)
    case("600,001 iterations", "protection pkcs12", change=lambda m: m["pkcs12"].update(iterations=600000), claimed=600001)


def archives(catalogue):
    data = b"the archive of a CA's state, of which an auditor sees figures alone\n"
    about = {"store": "openssl-ca", "serial": "1001", "archive": {
        "name": "acme-state.tar", "sha256": sha256(data), "size": len(data)}}
    files, _ = small(change=lambda m: m.update(state=about))
    for what, held, fail, unchecked in (
            ("the archive of the manifest", data, "", "receipts"), ("a byte is another", data[:-1] + b" ", "state", "receipts"),
            ("a byte more", data + b"\n", "state", "receipts"), ("it is not here", None, "", "state receipts")):
        catalogue.audit("A-37", f"the archive of the state: {what}", {
            **files, **({"acme-state.tar": held} if held else {})}, fail, unchecked)
    files, _ = small(change=lambda m: m.update(state={"store": "a-store-to-come"}))
    catalogue.audit("A-37", "figures of a store that nobody knows yet, and no archive", files, "", "receipts")
    bad = {"store": "openssl-ca", "index": {"revoked": 2, "rows": 1, "serials": "00" * 32, "sha256": "00" * 32}}
    files, _ = small(change=lambda m: m.update(state=bad))
    catalogue.audit("D-3 A-6", "figures of a state with more certificates revoked than there are", files,
                    "manifest chain approval layout readme")


def renewals(catalogue):
    other = name((CN, utf8("Acme Root CA, another")))
    for what, certificate, fail in (
            ("of the same key and name", RENEWED, ""),
            ("of the same key, with the name in other letters", CA.certificate(
                begins="260301000000Z", subject=name((CN, der(19, b"ACME root CA"))), serial=3), ""),
            ("of another key", Key("other").certificate(begins="260301000000Z"), "records"),
            ("of another name", CA.certificate(begins="260301000000Z", subject=other), "records"),
            ("that the manifest has", CERTIFICATE, "records"), ("that is none", seeded("no certificate", 99), "records")):
        files, epoch = plain()
        epoch.add("added-certificate", ("olga", "omar"), created=day(70), certificate=b64(certificate))
        catalogue.audit("A-44", f"an added certificate {what}", files, fail)


def cases(catalogue):
    certificates(catalogue)
    authorities(catalogue)
    kinds(catalogue)
    key_files(catalogue)
    archives(catalogue)
    renewals(catalogue)
