# SPDX-License-Identifier: Apache-2.0
"""Certificates and PKCS#12 files, in DER by hand: every byte is ours to choose (RFC 5280, RFC 7292)."""
import base64, hashlib, hmac

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from .form import seeded


def der(tag, *parts):
    content = b"".join(parts)
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([len(content)]) if len(content) < 128 else bytes([128 + len(size)]) + size) + content


def seq(*parts):
    return der(0x30, *parts)


def num(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(content):
    return der(4, content)


def bits(content):
    return der(3, b"\0", content)


def oid(text):
    first, second, *rest = map(int, text.split("."))
    content = b""
    for number in (40 * first + second, *rest):
        digits = [number & 127]
        while number := number >> 7:
            digits.append(128 | number & 127)
        content += bytes(reversed(digits))
    return der(6, content)


NULL, TRUE = der(5), der(1, b"\xff")
CN, OU = "2.5.4.3", "2.5.4.11"
CONSTRAINTS, USAGE = "2.5.29.19", "2.5.29.15"
CA_EXTENSIONS = ((CONSTRAINTS, seq(TRUE)), (USAGE, der(3, b"\1\6")))


def utf8(text):
    return der(12, text.encode())


def name(*attributes):
    """(type, value as DER) each, one relative distinguished name each."""
    return seq(*(der(0x31, seq(oid(kind), value)) for kind, value in attributes))


ROOT = name((CN, utf8("Acme Root CA")))


class Key:
    """A CA's key: Ed25519, whose signatures are the same every time, unless another one is given with its algorithm."""

    def __init__(self, label, key=None, algorithm=None, signer=None):
        self.key = key or Ed25519PrivateKey.from_private_bytes(seeded(f"key {label}"))
        self.algorithm = algorithm or seq(oid("1.3.101.112"))
        self.sign = signer or (lambda data: self.key.sign(data))
        self.spki = self.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        self.pkcs8 = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())

    def certificate(self, begins="260101000000Z", ends="491231235959Z", subject=ROOT, extensions=CA_EXTENSIONS, serial=1,
                    issuer=None, version=2, says_version=False, time=0x17, algorithm=None, unused=0):
        """`time` is the type of `begins`, `algorithm` that outside where it is another, `unused` how many bits of the
        signature are said to be unused."""
        more = [der(0xA3, seq(*(seq(oid(kind), *([TRUE] if kind in (CONSTRAINTS, USAGE) else []), octets(value))
                                for kind, value in extensions)))] if extensions else []
        tbs = seq(*([der(0xA0, num(version))] if version or says_version else []), num(serial), self.algorithm, issuer or subject,
                  seq(der(time, begins.encode()), der(0x17, ends.encode())), subject, self.spki, *more)
        return seq(tbs, algorithm or self.algorithm, der(3, bytes([unused]), self.sign(tbs)))


def pem(certificate):
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(certificate) + b"-----END CERTIFICATE-----\n"


# ---- PKCS#12: section 3.10

DATA, ENCRYPTED, BAG = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.6", "1.2.840.113549.1.12.10.1."
SHA256 = seq(oid("2.16.840.1.101.3.4.2.1"), NULL)
AES = "2.16.840.1.101.3.4.1.42"


def encrypted(data, password, count, label, derive=True, scrypt=None, function="1.2.840.113549.2.9"):
    """PBES2 with AES-256-CBC and PBKDF2 with HMAC-SHA-256: the algorithm, and the ciphertext. `scrypt` (N, r, p) only
    stands there in the place of PBKDF2, and another `function` in the place of HMAC-SHA-256."""
    salt, iv = seeded(f"{label} salt", 16), seeded(f"{label} iv", 16)
    kdf = seq(oid("1.2.840.113549.1.5.12"), seq(octets(salt), num(count), seq(oid(function), NULL)))
    if scrypt:
        kdf = seq(oid("1.3.6.1.4.1.11591.4.11"), seq(octets(salt), *map(num, scrypt)))
    algorithm = seq(oid("1.2.840.113549.1.5.13"), seq(kdf, seq(oid(AES), octets(iv))))
    key = hashlib.pbkdf2_hmac("sha256", password, salt, count, 32) if derive else bytes(32)
    padder, encryptor = PKCS7(128).padder(), Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return algorithm, encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()


def mac_key(password, salt, count):
    """RFC 7292, Appendix B, with SHA-256 and the id 3; 32 bytes are one round."""
    def filled(text):
        return (text * 64)[:-(-len(text) // 64) * 64]
    found = bytes([3]) * 64 + filled(salt) + filled((password.decode() + "\0").encode("utf-16-be"))
    for _ in range(count):
        found = hashlib.sha256(found).digest()
    return found


def attributes(key, number):
    local = hashlib.sha1(key.spki[-32:]).digest()
    friendly = f"ca-{number}".encode("utf-16-be")
    return der(0x31, seq(oid("1.2.840.113549.1.9.20"), der(0x31, der(30, friendly))),
               seq(oid("1.2.840.113549.1.9.21"), der(0x31, octets(local))))


def pkcs12(password, held, label, count=2048, clear=None, has_mac=True, claimed=None, scrypt=None,
           mac_count=None, besides=(), function="1.2.840.113549.2.9"):
    """The keys in `held`, [(key, [certificate, …]), …], newest first. `clear` is `key` or `certificate`; `claimed` is a
    count that stands in the file, and by which nothing was derived; `scrypt` likewise; `function` likewise; `mac_count` is that of the MAC. `besides` are bags
    of a second safe, which anybody can see."""
    def certificate_bag(der_, key, number):
        return seq(oid(BAG + "3"), der(0xA0, seq(oid("1.2.840.113549.1.9.22.1"), der(0xA0, octets(der_)))),
                   attributes(key, number))
    keys, certificates = [], []
    for number, (key, its) in enumerate(held):
        if clear == "key":
            keys.append(seq(oid(BAG + "1"), der(0xA0, key.pkcs8), attributes(key, number)))
        else:
            algorithm, text = encrypted(key.pkcs8, password, claimed or count, f"{label} key {number}", not claimed, scrypt,
                                        function)
            keys.append(seq(oid(BAG + "2"), der(0xA0, seq(algorithm, octets(text))), attributes(key, number)))
        certificates += [certificate_bag(c, key, number) for c in its]
    inside = keys if clear is None else []
    safe = seq(*inside, *([] if clear == "certificate" else certificates))
    algorithm, text = encrypted(safe, password, claimed or count, f"{label} safe", not claimed, scrypt, function)
    safes = [seq(oid(ENCRYPTED), der(0xA0, seq(num(0), seq(oid(DATA), algorithm, der(0x80, text)))))]
    if clear:
        bags = keys + (certificates if clear == "certificate" else [])
        safes.append(seq(oid(DATA), der(0xA0, octets(seq(*bags)))))
    if besides:
        safes.append(seq(oid(DATA), der(0xA0, octets(seq(*besides)))))
    content = seq(*safes)
    mac = b""
    if has_mac:
        salt = seeded(f"{label} mac", 16)
        tag = bytes(32) if claimed else hmac.digest(mac_key(password, salt, mac_count or count), content, "sha256")
        mac = seq(seq(SHA256, octets(tag)), octets(salt), num(claimed or mac_count or count))
    return seq(num(3), seq(oid(DATA), der(0xA0, octets(content))), mac)
