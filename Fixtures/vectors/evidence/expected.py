#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Works out expected.json in the working directory, from docs/format.md alone: what a reader must find here."""
import base64, ctypes, ctypes.util, glob, hashlib, json, os, subprocess, sys

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
SODIUM.sodium_init()
U64, SIZE = ctypes.c_ulonglong, ctypes.c_size_t
Q = 2**252 + 27742317777372353535851937790883648493
HERE = os.path.dirname(os.path.abspath(__file__))
AT = "2100-01-01T00:00:00Z"


def call(name, size, *arguments):
    out = ctypes.create_string_buffer(size)
    if getattr(SODIUM, "crypto_" + name)(out, *arguments) != 0:
        sys.exit(f"{name} fails")
    return out.raw


def canonical(document):
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read(path):
    with open(path, "rb") as file:
        return json.loads(file.read())


def sealing_pair(identity, passphrase):  # sections 4.4 and 3.6
    [unlock], key = identity["unlocks"], bytes(32)
    if unlock["kind"] == "passphrase":
        kdf = unlock["kdf"]
        key = call("pwhash", 32, U64(32), passphrase, U64(len(passphrase)), bytes.fromhex(kdf["salt"]),
                   U64(kdf["passes"]), SIZE(kdf["memory"]), 2)
    box = base64.b64decode(unlock.pop("ciphertext"))
    data = canonical(identity)
    seed = call("aead_xchacha20poly1305_ietf_decrypt", 32, None, None, box, U64(48),
                data, U64(len(data)), bytes.fromhex(unlock["nonce"]), key)
    subkey = call("kdf_derive_from_key", 32, SIZE(32), U64(1), b"caescrow", seed)
    secret = ctypes.create_string_buffer(32)
    return call("box_seed_keypair", 32, secret, subkey), secret.raw


def lp(data):
    return len(data).to_bytes(4, "big") + data


def proof(document, x):  # section 3.8: D and c
    d = hashlib.sha256(canonical({name: value for name, value in document.items() if name != "possession"})).digest()
    g = call("scalarmult_ristretto255_base", 32, (1).to_bytes(32, "little"))
    r = bytes.fromhex(document["possession"]["R"])
    text = lp(b"ca-escrow/v1/possession/challenge") + lp(g) + lp(x) + lp(r) + lp(d)
    c = int.from_bytes(hashlib.sha512(text).digest(), "little") % Q
    return {"D": d.hex(), "c": c.to_bytes(32, "little").hex()}


epoch = glob.glob("example.escrow/0001-*")[0]
manifest = read(os.path.join(epoch, "manifest.json"))
[request] = glob.glob(os.path.join(epoch, "requests", "*.json"))
with open("request.passphrase", "rb") as file:
    public, secret = sealing_pair(read("request.identity"), file.read().rstrip(b"\n"))
releases, shares = {}, {}
for path in sorted(glob.glob("releases/*.release")):
    release = read(path)
    statement = json.loads(base64.b64decode(release["statement"]))
    payload = call("box_seal_open", 144, base64.b64decode(release["box"]), U64(192), public, secret)
    shares[int(statement["path"])] = int.from_bytes(payload[112:], "little")
    releases[statement["custodian"]] = {"payload": payload.hex(), "share": payload[112:].hex()}
s = 0
for i, y in shares.items():
    for j in shares:
        y = y * j * pow(j - i, -1, Q) % Q if j != i else y
    s = (s + y) % Q
commitments = [bytes.fromhex(element) for element in manifest["policy"]["commitments"]]
proofs = {}
for path in sorted(glob.glob(os.path.join(epoch, "*", "*.json"))):
    document = read(path)
    if "possession" in document:
        x = commitments[0] if "path" not in document else bytes(32)
        for k, commitment in enumerate(commitments if "path" in document else []):
            factor = pow(int(document["path"]), k, Q).to_bytes(32, "little")
            x = call("core_ristretto255_add", 32, x, call("scalarmult_ristretto255", 32, factor, commitment))
        proofs[os.path.relpath(path, epoch)] = {"X": x.hex(), **proof(document, x)}
audit = subprocess.run(
    [sys.executable, os.path.join(HERE, "../../break-glass/audit.py"), "example.escrow", "--signers", "officers.signers",
     "--certificate", "ca.crt", "--at", AT, "--json"], capture_output=True, text=True)
report = json.loads(audit.stdout)
json.dump({
    "at": AT,
    "audit": {"checks": report["checks"], "exitStatus": report["exitStatus"], "verdict": report["verdict"]},
    "proofs": proofs,
    "releases": releases,
    "request": hashlib.sha256(open(request, "rb").read()).hexdigest(),
    "secret": s.to_bytes(32, "little").hex(),
}, sys.stdout, indent=2, sort_keys=True)
print()
