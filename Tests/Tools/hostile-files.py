#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hostile-files.py: makes files that hurt in the working directory, and lets `ca-escrow backup` read each of them.

For each it prints the exit status and what was said; and when it took more than it may of processor time or memory, how
much. DER is made by hand: no library writes such files. They are made by another process than the one that measures: a
child's peak begins with what its parent had.
"""
import base64, json, os, re, subprocess, sys

from pkcs12der import *

SECONDS, KIBIBYTES = 2, 200 * 1024  # what a file may cost before it is refused or asked about
LAST = 2**31 - 1  # the largest count that C's int holds
SALT = b"saltsalt"


def archive(*safes, password="secret", salt=SALT, said=None):
    return pfx(*safes, password=password, salt=salt, said=said)


def encrypted_safe(algorithm, content=der(0x80, bytes(64))):
    inner = sequence(oid(PKCS7 + "1"), algorithm, content) if content else sequence(oid(PKCS7 + "1"), algorithm)
    return sequence(oid(PKCS7 + "6"), der(0xA0, sequence(integer(0), inner)))


def nested(inner, depth):
    for _ in range(depth):
        inner = bag("6", sequence(inner))
    return inner


def pbe(kind, count):
    return sequence(oid(PBE + kind), sequence(octets(SALT), integer(count)))


def pbes2(function):
    cipher = sequence(oid("2.16.840.1.101.3.4.1.42"), octets(bytes(16)))
    return sequence(oid("1.2.840.113549.1.5.13"), sequence(function, cipher))


def pbkdf2(count, size=b""):
    prf = sequence(oid("1.2.840.113549.2.9"), NULL)
    return sequence(oid("1.2.840.113549.1.5.12"), sequence(octets(SALT), integer(count), size, prf))


def scrypt(n, r, p):
    return sequence(oid("1.3.6.1.4.1.11591.4.11"), sequence(octets(SALT), integer(n), integer(r), integer(p)))


def shrouded(algorithm):
    return sequence(algorithm, octets(bytes(64)))


def shrouded_bag(algorithm):
    return bag("2", shrouded(algorithm))


def pem(label, content):
    text = base64.b64encode(content).decode()
    lines = "\n".join(text[i : i + 64] for i in range(0, len(text), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def rsa_key(bits):
    number = (1 << bits) - 1
    half = (1 << bits // 2) - 1
    numbers = [0, number, 65537, number - 2, half, half - 2, half - 4, half - 6, half - 8]
    algorithm = sequence(oid("1.2.840.113549.1.1.1"), NULL)
    return sequence(integer(0), algorithm, octets(sequence(*map(integer, numbers))))


def certificate(public, subject, issuer):
    """A version 1 certificate, self-issued or not, that nobody signed."""
    def name(text):
        return sequence(der(0x31, sequence(oid("2.5.4.3"), der(0x0C, text.encode()))))

    algorithm = sequence(oid("1.2.840.113549.1.1.11"), NULL)
    times = sequence(der(0x17, b"200101000000Z"), der(0x17, b"400101000000Z"))
    body = sequence(integer(1), algorithm, name(issuer), times, name(subject), public)
    return sequence(body, algorithm, der(0x03, bytes(65)))


def rsa_public(bits, exponent):
    numbers = sequence(integer((1 << bits) - 1), integer(exponent))
    return sequence(sequence(oid("1.2.840.113549.1.1.1"), NULL), der(0x03, b"\0", numbers))


def openssl(*arguments):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True).stdout


def write(name, content):
    with open(name, "wb") as file:
        file.write(content)


def make():
    """Name, store, and whether a passphrase is there, of every file."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem",
            "-out", "cert.pem", "-subj", "/CN=Acme Root CA", "-days", "3650")
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt",
            "ec_param_enc:explicit", "-nodes", "-keyout", "explicit.pem", "-out", "explicit.crt", "-subj", "/CN=X")
    key = openssl("pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-outform", "DER")
    explicit = openssl("pkcs8", "-topk8", "-nocrypt", "-in", "explicit.pem", "-outform", "DER")
    cert = openssl("x509", "-in", "cert.pem", "-outform", "DER")
    own = openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER")
    other = openssl("x509", "-in", "explicit.crt", "-noout", "-pubkey")
    other = base64.b64decode(b"".join(other.splitlines()[1:-1]))
    good = [key_bag(key), certificate_bag(cert)]
    whole = archive(safe(*good))
    attribute = sequence(oid("1.2.3"), der(0x31))
    name = sequence(oid("1.2.840.113549.1.9.20"), der(0x31, der(0x1E, b"\0A" * 400_000)))
    heavy = shrouded_bag(pbes2(pbkdf2(600_000)))

    archives = {
        "good": whole,
        "mac-iterations": archive(safe(*good), said=LAST),
        "mac-iterations-negative": whole[:-3] + der(0x02, b"\xff"),
        "pbes2-iterations": archive(safe(shrouded_bag(pbes2(pbkdf2(LAST))))),
        "pbe-iterations": archive(encrypted_safe(pbe("3", LAST))),
        "nested-iterations": archive(safe(nested(shrouded_bag(pbe("3", LAST)), 3))),
        "iterations-in-all": archive(safe(*[heavy] * 199)),
        "iterations-bignum": archive(safe(shrouded_bag(pbes2(pbkdf2(1 << 4000))))),
        "scrypt": archive(safe(shrouded_bag(pbes2(scrypt(1 << 40, 8, 1))))),
        "key-length": archive(safe(shrouded_bag(pbes2(pbkdf2(1, integer(LAST)))))),
        "length-outside": b"\x30\x84\x7f\xff\xff\xff" + whole[4:],
        "length-inside": whole.replace(octets(SALT), b"\x04\x7f" + SALT),
        "content-missing": archive(encrypted_safe(pbe("3", 1), None)),
        "content-missing-no-password": archive(sequence(oid(PKCS7 + "6")), password=""),
        "bags": archive(safe(*good, *[certificate_bag(cert)] * 2000)),
        "tiny-bags": archive(safe(*[sequence(oid("1.2"), der(0xA0, NULL))] * 90_000)),
        "safes": archive(*[safe()] * 40_000),
        "attributes": archive(safe(key_bag(key, attribute * 90_000), certificate_bag(cert))),
        "nested-safes": archive(safe(nested(good[0], 1000))),
        "nested-strings": whole[:4] + b"\x24\x80" * 100_000,
        "indefinite": b"\x30\x80" * 400_000,
        "friendly-name": archive(safe(key_bag(key, name), certificate_bag(cert))),
        "rsa-key": archive(safe(key_bag(rsa_key(65536)), good[1])),
        "rsa-certificate": archive(safe(*good, *[certificate_bag(certificate(rsa_public(65536, LAST), "R", "R"))] * 20)),
        "rsa-exponent": archive(safe(*good, certificate_bag(certificate(rsa_public(65536, (1 << 65535) + 1), "R", "R")))),
        "explicit-curve": archive(safe(key_bag(explicit), good[1])),
        "mac-salt": archive(safe(*good), salt=b"s" * 900_000),
        "mac-salt-16-mib": archive(safe(*good), salt=b"s" * (16 << 20)),
        "cycle": archive(safe(*good, certificate_bag(certificate(own, "A", "B")), certificate_bag(certificate(other, "B", "A")),
                          certificate_bag(certificate(other, "Acme Root CA", "Acme Root CA")))),
        "empty": b"",
    }
    for file, content in archives.items():
        write(f"{file}.p12", content)
        yield file, f"p12:{file}.p12", True
    write("no-password.p12", archive(safe(heavy, heavy), password=""))
    yield "no-password", "p12:no-password.p12", False
    write("none-at-all.p12", archive(safe(*good), password=None))
    yield "none-at-all", "p12:none-at-all.p12", False

    small = pem("PRIVATE KEY", openssl("genpkey", "-algorithm", "ED25519", "-outform", "DER"))
    keys = {
        "key-headers": b"-----BEGIN PRIVATE KEY-----\n" + b"Proc-Type: 4,ENCRYPTED\n" * 40_000,
        "key-headers-16-mib": b"-----BEGIN PRIVATE KEY-----\n" + b"Proc-Type: 4,ENCRYPTED\n" * 730_000,
        "key-header": b"-----BEGIN PRIVATE KEY-----\nX: " + b"x" * 1_000_000,
        "key-begins": b"-----BEGIN PRIVATE KEY-----\n" * 30_000,
        "key-garbage": b"-----BEGIN PRIVATE KEY-----\n" + b"!" * 900_000 + b"\n-----END PRIVATE KEY-----\n",
        "key-base64": pem("PRIVATE KEY", os.urandom(700_000)),
        "key-line": b"A" * 1_000_000,
        "key-zeros": bytes(1_000_000),
        "keys": small * 8000,
        "keys-encrypted": pem("ENCRYPTED PRIVATE KEY", shrouded(pbes2(pbkdf2(600_000)))) * 2000,
        "key-pbkdf2": pem("ENCRYPTED PRIVATE KEY", shrouded(pbes2(pbkdf2(LAST)))),
        "key-scrypt-n": pem("ENCRYPTED PRIVATE KEY", shrouded(pbes2(scrypt(1 << 40, 8, 1)))),
        "key-scrypt-p": pem("ENCRYPTED PRIVATE KEY", shrouded(pbes2(scrypt(1 << 17, 1, 1 << 17)))),
        "key-scrypt-bignum": pem("ENCRYPTED PRIVATE KEY", shrouded(pbes2(scrypt(1 << 100, 1 << 100, 1 << 100)))),
        "key-3des": pem("ENCRYPTED PRIVATE KEY", shrouded(pbe("3", LAST))),
        "key-md5-des": pem("ENCRYPTED PRIVATE KEY", shrouded(
            sequence(oid("1.2.840.113549.1.5.3"), sequence(octets(SALT), integer(LAST))))),
        "key-rsa": pem("PRIVATE KEY", rsa_key(65536)),
        "key-der": b"\x30\x84\x7f\xff\xff\xff" + key[4:],
    }
    for file, content in keys.items():
        write(f"{file}.pem", content)
        yield file, f"pem:{file}.pem,cert.pem", True
    text = pem("CERTIFICATE", cert)
    certificates = {
        "certificates": text * (1_000_000 // len(text)),
        "certificates-30000": text * 30_000,
        "certificate-base64": pem("CERTIFICATE", os.urandom(700_000)),
        "certificate-rsa": text + pem("CERTIFICATE", certificate(rsa_public(65536, (1 << 65535) + 1), "R", "R")) * 30,
        "certificate-der": b"\x30\x84\x7f\xff\xff\xff" + cert[4:],
    }
    for file, content in certificates.items():
        write(f"{file}.crt", content)
        yield file, f"pem:key.pem,{file}.crt", False

    os.mkdir("folder")
    os.mkfifo("fifo")
    with open("sparse", "wb") as file:
        file.truncate(1 << 40)
    for file in ["folder", "fifo", "sparse", "/dev/zero", "/dev/full"]:
        short = file.removeprefix("/dev/")
        yield f"{short}-p12", f"p12:{file}", True
        yield f"{short}-key", f"pem:{file},cert.pem", True
        yield f"{short}-certificate", f"pem:key.pem,{file}", False
        yield f"{short}-bare", file, True


def run(name, store, has_passphrase):
    command = ["ca-escrow", "backup", f"{name}.escrow", "--from", store, "--policy", "2 of all", "--officers",
               "1 of (olga)", "--card", "cards"] + ["--passphrase-file", "from=secret"] * has_passphrase
    with open("output", "wb") as output:
        process = subprocess.Popen(["timeout", "--foreground", "100"] + command, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=output, start_new_session=True)
        _, status, usage = os.wait4(process.pid, 0)
    with open("output") as output:
        lines = output.read().splitlines()
    said = [line for line in lines if "error:" in line] or [line for line in lines if "escrowed" in line] or lines + [""]
    # Its reasons change from release to release.
    text = re.sub(r"(OpenSSL could not [a-z0-9 ]*): .*", r"\1: …", said[0]).removeprefix("ca-escrow: error: ")
    seconds = usage.ru_utime + usage.ru_stime
    cost = "" if seconds <= SECONDS and usage.ru_maxrss <= KIBIBYTES else f" [{seconds:.1f} s, {usage.ru_maxrss} KiB]"
    print(f"{os.waitstatus_to_exitcode(status)} {text}{cost}", flush=True)


def main():
    if sys.argv[1:] == ["make"]:
        json.dump(list(make()), sys.stdout)
        return
    os.mkdir("cards")
    for person in ["alice", "bob", "carol", "olga"]:
        subprocess.run(["ca-escrow", "identity", "create", person, "--no-passphrase"], check=True, capture_output=True)
        os.rename(f"{person}.card", f"cards/{person}.card")
    write("secret", b"secret\n")
    made = subprocess.run([sys.executable, sys.argv[0], "make"], check=True, capture_output=True).stdout
    for name, store, has_passphrase in json.loads(made):
        run(name, store, has_passphrase)


if __name__ == "__main__":
    sys.exit(main())
