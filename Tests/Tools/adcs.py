#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""adcs.py FOLDER PASSWORD-FILE: makes what `certutil -backupKey FOLDER` leaves behind, as far as its shape is known.

No Windows is at hand. The shape is that of PKCS#12 files made by Windows: 3DES and SHA-1, 2,000 iterations, a MAC salt
of 20 bytes; keys in a safe of their own, each with a localKeyID that counts, the name of its key container and that of
its provider; the usage of a key of an old provider as an attribute in its PKCS#8.

The CA was renewed twice, with the same key and with a new one: CA Version V0.0, V1.0, V2.2. The first key is in an old
provider (CSP), the second in a key storage provider (KSP). Beside FOLDER it leaves root.crt, issuing.crt, which is the
newest, and the keys as PKCS#8, key-0.der and key-2.der.
"""
import os, subprocess, sys, tempfile

from pkcs12der import *

COUNT = 2000
CSP = "Microsoft Strong Cryptographic Provider"
KSP = "Microsoft Software Key Storage Provider"


def openssl(*arguments, **options):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, **options).stdout


def attribute(identifier, *values):
    return sequence(oid(identifier), der(0x31, *values))


def labels(number, name=None, provider=None):
    """The attributes of a bag, in the order of DER."""
    found = [attribute("1.2.840.113549.1.9.21", octets(number.to_bytes(4, "little")))]
    if name:
        found.append(attribute("1.2.840.113549.1.9.20", der(0x1E, name.encode("utf-16-be"))))
        found.append(attribute("1.3.6.1.4.1.311.17.1", der(0x1E, provider.encode("utf-16-be"))))
    return b"".join(sorted(found))


def encrypted(content, password):
    """The algorithm, 3DES under a key from SHA-1, and what it makes of `content`."""
    salt = os.urandom(8)
    key, iv = (derive(purpose, password, salt, COUNT, size, "sha1") for purpose, size in ((1, 24), (2, 8)))
    text = openssl("enc", "-des-ede3-cbc", "-K", key.hex(), "-iv", iv.hex(), input=content)
    return sequence(oid(PBE + "3"), sequence(octets(salt), integer(COUNT))), text


def shrouded(key, password, usage):
    """A bag's value; `usage` becomes an attribute, [0], of the PKCS#8."""
    if usage:
        body = key[4:] if key[1] == 0x82 else key[3:]
        key = sequence(body, der(0xA0, attribute("2.5.29.15", der(0x03, bytes([0, usage])))))
    algorithm, text = encrypted(key, password)
    return sequence(algorithm, octets(text))


def certificates(folder):
    """A root, and the issuing CA's keys and certificates by their index."""
    def path(name):
        return os.path.join(folder, name)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path("root.key"), "-out", "root.crt", "-subj",
            "/DC=test/DC=acme/CN=Acme Root CA", "-days", "7300")
    keys, certs = {}, {}
    for index, key_index in [(0, 0), (1, 0), (2, 2)]:
        key = path(f"{key_index}.key")
        if key_index not in keys:
            openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key)
            keys[key_index] = openssl("pkcs8", "-topk8", "-nocrypt", "-in", key, "-outform", "DER")
        lines = ["basicConstraints = critical,CA:TRUE", "keyUsage = digitalSignature,keyCertSign,cRLSign",
                 f"1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:{key_index << 16 | index}"]
        if index:
            previous = hashlib.sha1(certs[index - 1]).hexdigest()
            lines.append(f"1.3.6.1.4.1.311.21.2 = ASN1:FORMAT:HEX,OCTETSTRING:{previous}")
        with open(path("ext"), "w") as file:
            file.write(
                "[ca]\ndefault_ca=x\n[x]\ndatabase=%s\nnew_certs_dir=%s\nrand_serial=yes\npolicy=any\n"
                "default_md=sha256\nunique_subject=no\nx509_extensions=v3\n"
                "[any]\ndomainComponent=optional\ncommonName=supplied\n[v3]\n" % (path("index"), folder)
                + "\n".join(lines) + "\n"
            )
        open(path("index"), "a").close()
        openssl("req", "-new", "-key", key, "-subj", "/DC=test/DC=acme/CN=Acme Issuing CA", "-out", path("csr"))
        openssl("ca", "-config", path("ext"), "-batch", "-notext", "-preserveDN", "-keyfile", path("root.key"), "-cert",
                "root.crt", "-in", path("csr"), "-startdate", f"{2016 + 4 * index}0101000000Z", "-enddate",
                "20450101000000Z", "-out", path("crt"))
        certs[index] = openssl("x509", "-in", path("crt"), "-outform", "DER")
        with open("issuing.crt", "wb") as file:
            file.write(openssl("x509", "-in", path("crt")))
    for index, key in keys.items():
        with open(f"key-{index}.der", "wb") as file:
            file.write(key)
    return keys, certs


def main(folder, password_file):
    with open(password_file) as file:
        password = file.read().rstrip("\n")
    with tempfile.TemporaryDirectory() as temporary:
        keys, certs = certificates(temporary)
    name = "Acme Issuing CA"
    key_bags = [
        bag("2", shrouded(keys[0], password, 0x80), labels(1, name, CSP)),
        bag("2", shrouded(keys[2], password, None), labels(2, f"{name}(2)", KSP)),
    ]
    root = openssl("x509", "-in", "root.crt", "-outform", "DER")
    certificate_bags = [certificate_bag(certs[i], labels(1 if i < 2 else 2)) for i in certs] + [certificate_bag(root)]
    algorithm, text = encrypted(sequence(*certificate_bags), password)
    inner = sequence(oid(PKCS7 + "1"), algorithm, der(0x80, text))
    encrypted_safe = sequence(oid(PKCS7 + "6"), der(0xA0, sequence(integer(0), inner)))
    os.mkdir(folder)
    with open(os.path.join(folder, f"{name}.p12"), "wb") as file:
        file.write(pfx(safe(*key_bags), encrypted_safe, password=password, salt=os.urandom(20), count=COUNT, digest="sha1"))


if __name__ == "__main__":
    main(*sys.argv[1:])
