#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""damage-key.py KIND KEY OUT: a private key in PEM whose public numbers are right, and that is none.

Of an RSA key KIND says what is wrong in it:
  empty      its secret numbers are zero
  stub       they are other odd numbers, as hardware modules leave them in a file that stands for their key
  exponent   only the secret exponent, which OpenSSL does not look at while the primes are right
  primes     only the CRT numbers, without which OpenSSL signs
Of an EC key
  bit        one bit of its scalar
"""
import base64, hashlib, subprocess, sys


def read(data, at):  # tag, content, and where the next one begins
    tag, size, at = data[at], data[at + 1], at + 2
    if size > 127:
        count = size - 128
        size, at = int.from_bytes(data[at:at + count], "big"), at + count
    return tag, data[at:at + size], at + size


def element(tag, content):
    size = len(content)
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([128 + len(digits)]) + digits) + content


def integer(number):
    return element(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def other(number, name):  # odd, and as long
    size = (number.bit_length() + 7) // 8
    drawn = int.from_bytes(hashlib.shake_256(f"{name} {number}".encode()).digest(size), "big")
    return drawn % number | 1


kind, source, out = sys.argv[1:]
der = subprocess.run(["openssl", "ec" if kind == "bit" else "rsa", "-in", source, "-outform", "DER"]
                     + (["-traditional"] if kind != "bit" else []), check=True, capture_output=True).stdout
parts, at, content = [], 0, read(der, 0)[1]
while at < len(content):
    tag, part, at = read(content, at)
    parts.append((tag, part))
if kind == "bit":
    parts[1] = (4, parts[1][1][:-1] + bytes([parts[1][1][-1] ^ 1]))
    made = b"".join(element(tag, part) for tag, part in parts)
else:
    version, n, e, d, p, q, dp, dq, inverse = (int.from_bytes(part, "big") for _, part in parts)
    secret = {
        "empty": lambda: [0] * 6,
        "stub": lambda: [other(number, i) for i, number in enumerate((d, p, q, dp, dq, inverse))],
        "exponent": lambda: [d ^ 2, p, q, dp, dq, inverse],
        "primes": lambda: [d, p, q, dp ^ 2, dq, inverse],
    }[kind]()
    made = b"".join(integer(number) for number in [version, n, e] + secret)
text = base64.encodebytes(element(0x30, made)).decode().replace("\n", "")
label = "EC PRIVATE KEY" if kind == "bit" else "RSA PRIVATE KEY"
with open(out, "w") as file:
    print(f"-----BEGIN {label}-----", *(text[i:i + 64] for i in range(0, len(text), 64)), f"-----END {label}-----",
          sep="\n", file=file)
