#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""from-readme.py EPOCH KEYFILE OUT FILE[=PASSPHRASEFILE]...: restores by what README.txt of an epoch says, and nothing else.

FILEs are identity files and releases. The numbers below are those of that text.
"""
import base64, ctypes, glob, hashlib, json, os, struct, subprocess, sys

sodium = ctypes.CDLL("libsodium.so.23")
sodium.sodium_init()
U64, SIZE = ctypes.c_ulonglong, ctypes.c_size_t
q = 2**252 + 27742317777372353535851937790883648493


def call(name, size, *arguments):
    out = ctypes.create_string_buffer(size)
    assert getattr(sodium, "crypto_" + name)(out, *arguments) == 0, name
    return out.raw


def canonical(d):  # 1
    return (json.dumps(d, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def without(d, member):
    return {key: value for key, value in d.items() if key != member}


def document(data, *kinds):  # 1
    d = json.loads(data)
    assert canonical(d) == data and d["format"] in [f"ca-escrow/v1/{kind}" for kind in kinds], d["format"]
    return d


def load(path):
    with open(path, "rb") as file:
        return file.read()


def sha256(data):
    return hashlib.sha256(data).digest()


def key_pair(d, passphrase):  # 2
    for u in d["unlocks"]:
        if u["kind"] == "passphrase":
            key = call("pwhash", 32, U64(32), passphrase, U64(len(passphrase)), bytes.fromhex(u["kdf"]["salt"]),
                       U64(u["kdf"]["passes"]), SIZE(u["kdf"]["memory"]), 2)
        elif u["kind"] == "none":
            key = bytes(32)
        else:
            continue
        ad, sealed = canonical({**d, "unlocks": [without(u, "ciphertext")]}), base64.b64decode(u["ciphertext"])
        seed = call("aead_xchacha20poly1305_ietf_decrypt", 32, None, None, sealed, U64(len(sealed)), ad, U64(len(ad)),
                    bytes.fromhex(u["nonce"]), key)
        secret = ctypes.create_string_buffer(32)
        public = call("box_seed_keypair", 32, secret, call("kdf_derive_from_key", 32, SIZE(32), U64(1), b"caescrow", seed))
        assert public.hex() == d["sealingKey"]
        return public, secret.raw
    sys.exit("nothing here opens it")


def times_base(y):
    return call("scalarmult_ristretto255_base", 32, y.to_bytes(32, "little"))


def x_of(gate, j):  # 3
    x = bytes(32)
    for k, point in enumerate(gate["commitments"]):
        x = call("core_ristretto255_add", 32, x, call(
            "scalarmult_ristretto255", 32, pow(j, k, q).to_bytes(32, "little"), bytes.fromhex(point)))
    return x


def leaves(gate, path=()):  # 3
    for j, member in enumerate(gate["members"], 1):
        if "custodian" in member:
            yield member["custodian"], (path + (j,), gate)
        else:
            assert x_of(gate, j).hex() == member["commitments"][0]
            yield from leaves(member, path + (j,))


def head(epoch):  # 4
    d = manifest
    while d["epoch"] != epoch:
        older = {sha256(data).hex(): data for data in map(load, glob.glob(os.path.join(place, "../*/manifest.json")))}
        if d["previous"]["sha256"] not in older:
            return None  # it is lost
        d = document(older[d["previous"]["sha256"]], "manifest")
    return sha256(canonical(without(d, "shares")))


def share(name, box, keys, purpose, epoch, context):  # 4
    path, gate = where[name]
    p = call("box_seal_open", 144, box, U64(192), *keys)
    assert p[:48] == b"CAES" + bytes([1, purpose, 0, 0]) + bytes.fromhex(manifest["set"]) + struct.pack(">I", epoch) + \
        struct.pack(">4H", *path, *[0] * (4 - len(path))) + bytes(12)
    assert context in (p[48:80], None) and p[80:112] == keys[0]
    y = int.from_bytes(p[112:], "little")
    assert 0 < y < q and times_base(y) == x_of(gate, path[-1])
    shares[path] = y


def released(d):  # 5
    statement = document(base64.b64decode(d["statement"]), "release")
    [request] = [data for data in map(load, glob.glob(os.path.join(place, "requests/*.json")))
                 if sha256(data).hex() == statement["request"]]
    [keys] = [keys for keys in asking if keys[0].hex() == document(request, "request")["restoreKey"]]
    share(statement["custodian"], base64.b64decode(d["box"]), keys, 2, manifest["epoch"], sha256(request))


def add_up(gate, path=()):  # 6
    found = {}
    for j, member in enumerate(gate["members"], 1):
        y = shares.get(path + (j,)) if "custodian" in member else add_up(member, path + (j,))
        if y is not None and len(found) < gate["threshold"]:
            found[j] = y
    if len(found) < gate["threshold"]:
        return None
    secret = 0
    for i, y in found.items():
        for j in found:
            y = y * j * pow(j - i, -1, q) % q if j != i else y
        secret = (secret + y) % q
    assert times_base(secret).hex() == gate["commitments"][0]
    return secret


place, key_file, out = sys.argv[1:4]
manifest = document(load(os.path.join(place, "manifest.json")), "manifest")
assert sha256(load(key_file)).hex() == manifest["pkcs12"]["sha256"]
where, shares, asking, releases = dict(leaves(manifest["policy"])), {}, [], []
for path, _, passphrase in (argument.partition("=") for argument in sys.argv[4:]):
    d = document(load(path), "identity", "release-box")
    if "box" in d:
        releases.append(d)
        continue
    keys = key_pair(d, load(passphrase).rstrip(b"\n") if passphrase else b"")
    if d["name"] not in where:
        asking.append(keys)
        continue
    assert any(p["name"] == d["name"] and p["sealingKey"] == keys[0].hex() for p in manifest["people"])
    [entry] = [s for s in manifest["shares"] if s["path"] == ".".join(map(str, where[d["name"]][0]))]
    share(d["name"], base64.b64decode(entry["box"]), keys, 1, entry["sealedIn"], head(entry["sealedIn"]))
for d in releases:
    released(d)
s = add_up(manifest["policy"])
assert s is not None, "too few shares"
password = base64.b32encode(sha256(b"ca-escrow/v1/password" + b"\0" + s.to_bytes(32, "little"))).lower()[:26]  # 7
subprocess.run(["openssl", "pkcs12", "-in", key_file, "-passin", "stdin", "-nocerts", "-nodes", "-out", out], check=True,
               input=password + b"\n", stderr=subprocess.DEVNULL)
