#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""expected.py [DIR]: works out the values of the drill receipts here with docs/format.md alone, and prints expected.json.

For each CA: the receipt's file, the text that the CA's key signed (section 3.9), the digests of the keys (section 4.22),
and A_0, D and c of the possession proof (section 3.8). Everything is verified on the way: the CA's signature by the
openssl command as section 6 has it, the proof over libsodium.
"""
import base64, glob, hashlib, json, os, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../break-glass"))
import audit

OPTIONS = {"rsa-3072": "-digest sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:32",
           "p-384": "-digest sha256", "ed25519": ""}


def run(*command, given=None):
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def values(folder, name):
    epoch, = glob.glob(os.path.join(folder, name + ".escrow", "0001-*"))
    file, = glob.glob(os.path.join(epoch, "records", "*-drill-*.json"))
    with open(os.path.join(epoch, "manifest.json")) as stream:
        manifest = json.load(stream)
    with open(file, "rb") as stream:
        data = stream.read()
    receipt = json.loads(data)
    text = f"ca-escrow/v1/ca-key-statement\ndrill\n{hashlib.sha256(data).hexdigest()}\n"
    with tempfile.NamedTemporaryFile("w") as tbs:
        tbs.write(text)
        tbs.flush()
        run("openssl", "pkeyutl", "-verify", "-rawin", *OPTIONS[name].split(), "-certin", "-inkey",
            os.path.join(folder, name + ".crt"), "-in", tbs.name, "-sigfile", file + ".casig")
    first = bytes.fromhex(manifest["policy"]["commitments"][0])
    audit.check_possession(receipt, first)
    d = hashlib.sha256(audit.canonical({k: v for k, v in receipt.items() if k != "possession"})).digest()
    parts = (b"ca-escrow/v1/possession/challenge", audit.times(1), first, bytes.fromhex(receipt["possession"]["R"]), d)
    c = int.from_bytes(hashlib.sha512(b"".join(map(audit.lp, parts))).digest(), "little") % audit.Q
    keys = []
    for certificate in map(base64.b64decode, manifest["certificates"]):
        pem = run("openssl", "x509", "-inform", "DER", "-pubkey", "-noout", given=certificate)
        keys.append(hashlib.sha256(run("openssl", "pkey", "-pubin", "-outform", "DER", given=pem)).hexdigest())
    assert receipt["keys"] == list(dict.fromkeys(keys))
    return {"A0": first.hex(), "D": d.hex(), "c": c.to_bytes(32, "little").hex(), "created": receipt["created"],
            "keys": keys, "receipt": os.path.relpath(file, folder), "signed": text}


audit.need(audit.SODIUM.sodium_init() >= 0, "libsodium does not start")
folder = sys.argv[1] if len(sys.argv) > 1 else here
print(json.dumps({name: values(folder, name) for name in sorted(OPTIONS)}, indent=2, sort_keys=True))
