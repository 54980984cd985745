# SPDX-License-Identifier: Apache-2.0
"""An authority for time stamps, and what it signs: RFC 3161, RFC 5652, RFC 5816."""
import hashlib

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives import hashes

from .der import CN, Key, NULL, SHA256, TRUE, bits, der, name, num, octets, oid, pem, seq, utf8
from .form import seeded

RSA_SHA256 = seq(oid("1.2.840.113549.1.1.11"), NULL)
USAGE, PURPOSE, CONSTRAINTS = "2.5.29.15", "2.5.29.37", "2.5.29.19"
TIME_STAMPING = seq(oid("1.3.6.1.5.5.7.3.8"))


def prime(label, size):
    """The first prime behind what stands for chance here; good enough for keys that everybody knows."""
    candidate = int.from_bytes(seeded(label, size // 8), "big") | 3 << size - 2 | 1
    while not is_prime(candidate):
        candidate += 2
    return candidate


def is_prime(n):
    if any(n % p == 0 for p in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)):
        return False
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        x = pow(base, odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def rsa_key(label, size):
    """An RSA key that is the same every time, as `Key`."""
    e = 65537
    p, q = (prime(f"{label} {which}", size // 2) for which in "pq")
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    key = rsa.RSAPrivateNumbers(p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), public).private_key()
    return Key(label, key, RSA_SHA256, lambda data: key.sign(data, padding.PKCS1v15(), hashes.SHA256()))


class Authority:
    """One that certifies itself, or is certified by another key, (key, name)."""

    def __init__(self, label, by=None):
        self.key = rsa_key(f"authority {label}", 2048)
        self.name = name((CN, utf8(f"Time stamps of {label}")))
        signer, self.issuer = by or (self.key, self.name)
        self.certificate = certificate(self.key, self.name, signer, self.issuer)
        self.pem = pem(self.certificate)


def certificate(key, subject, signer, issuer, extensions=None, serial=7):
    """With the one purpose that RFC 3161 demands, which must be critical, unless it has other extensions."""
    extensions = extensions or [(PURPOSE, TIME_STAMPING), (USAGE, der(3, b"\6\xc0"))]
    more = der(0xA3, seq(*(seq(oid(kind), TRUE, octets(value)) for kind, value in extensions)))
    tbs = seq(der(0xA0, num(2)), num(serial), RSA_SHA256, issuer,
              seq(der(0x17, b"260101000000Z"), der(0x17, b"491231235959Z")), subject, key.spki, more)
    return seq(tbs, RSA_SHA256, bits(signer.sign(tbs)))


AUTHORITY = Authority("acme")


def stamp(data, when, authority=AUTHORITY):
    """A TimeStampResp, granted, over the SHA-256 of these bytes, at this time."""
    digits = "".join(c for c in when if c.isdigit()) + "Z"
    info = seq(num(1), oid("1.3.6.1.4.1.99999.1"), seq(SHA256, octets(hashlib.sha256(data).digest())), num(1),
               der(0x18, digits.encode()))
    hashed = hashlib.sha256(authority.certificate).digest()
    signed = [seq(oid("1.2.840.113549.1.9.3"), der(0x31, oid("1.2.840.113549.1.9.16.1.4"))),
              seq(oid("1.2.840.113549.1.9.4"), der(0x31, octets(hashlib.sha256(info).digest()))),
              seq(oid("1.2.840.113549.1.9.16.2.47"), der(0x31, seq(seq(seq(octets(hashed))))))]
    attributes = b"".join(sorted(signed))
    signature = authority.key.sign(der(0x31, attributes))
    signer = seq(num(1), seq(authority.issuer, num(7)), SHA256, der(0xA0, attributes), RSA_SHA256, octets(signature))
    content = seq(num(3), der(0x31, SHA256), seq(oid("1.2.840.113549.1.9.16.1.4"), der(0xA0, octets(info))),
                  der(0xA0, authority.certificate), der(0x31, signer))
    return seq(seq(num(0)), seq(oid("1.2.840.113549.1.7.2"), der(0xA0, content)))
