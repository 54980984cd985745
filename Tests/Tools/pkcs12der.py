# SPDX-License-Identifier: Apache-2.0
"""PKCS#12 in DER by hand, for files that no library at hand writes: RFC 7292."""
import hashlib, hmac


def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + content


def sequence(*parts):
    return der(0x30, *parts)


def integer(number):
    return der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def octets(content):
    return der(0x04, content)


def oid(text):
    first, second, *rest = map(int, text.split("."))
    content = bytes([40 * first + second])
    for arc in rest:
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(0x80 | arc & 0x7F)
        content += bytes(reversed(digits))
    return der(0x06, content)


NULL = der(0x05)
PKCS7, PKCS12, PBE = "1.2.840.113549.1.7.", "1.2.840.113549.1.12.10.1.", "1.2.840.113549.1.12.1."


def derive(purpose, password, salt, count, size, digest="sha256"):
    """Keys and IVs: RFC 7292, appendix B. Purpose 1 is a key, 2 an IV, 3 the key of a MAC; `None` is no password."""
    def filled(text):
        whole = -(-len(text) // 64) * 64
        return (text * (whole // len(text) + 1))[:whole] if text else b""

    secret = b"" if password is None else (password + "\0").encode("utf-16-be")
    result = hashlib.new(digest, bytes([purpose]) * 64 + filled(salt) + filled(secret)).digest()
    for _ in range(count - 1):
        result = hashlib.new(digest, result).digest()
    if size <= len(result):
        return result[:size]
    # The second block: every 64 bytes of salt and password have the first block and one added.
    step = int.from_bytes((result * 4)[:64], "big") + 1
    blocks = filled(salt) + filled(secret)
    grown = b"".join(
        ((int.from_bytes(blocks[i : i + 64], "big") + step) % (1 << 512)).to_bytes(64, "big")
        for i in range(0, len(blocks), 64)
    )
    second = hashlib.new(digest, bytes([purpose]) * 64 + grown).digest()
    for _ in range(count - 1):
        second = hashlib.new(digest, second).digest()
    return (result + second)[:size]


def pfx(*safes, password, salt, count=1, said=None, digest="sha256"):
    """A file of content infos with a MAC that matches, unless it says another count of iterations."""
    content = sequence(*safes)
    size = hashlib.new(digest).digest_size
    tag = hmac.new(derive(3, password, salt, count, size, digest), content, digest).digest()
    algorithm = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1"}[digest]
    mac = sequence(sequence(sequence(oid(algorithm), NULL), octets(tag)), octets(salt), integer(said or count))
    return sequence(integer(3), data(content), mac)


def data(content):
    return sequence(oid(PKCS7 + "1"), der(0xA0, octets(content)))


def safe(*bags):
    return data(sequence(*bags))


def bag(kind, value, attributes=b""):
    return sequence(oid(PKCS12 + kind), der(0xA0, value), der(0x31, attributes) if attributes else b"")


def key_bag(key, attributes=b""):
    return bag("1", key, attributes)


def certificate_bag(certificate, attributes=b""):
    return bag("3", sequence(oid("1.2.840.113549.1.9.22.1"), der(0xA0, octets(certificate))), attributes)
