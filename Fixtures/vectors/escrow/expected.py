#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Works out expected.json from the files beside it: `python3 expected.py | cmp - expected.json`.

Written from docs/format.md over libsodium and the openssl command; it shares no code with ca-escrow. It opens every
identity and every share, which a restorer never does: these are test keys.
"""
import base64, ctypes, glob, hashlib, json, os, subprocess

os.chdir(os.path.dirname(os.path.abspath(__file__)))
na = ctypes.CDLL("libsodium.so.23")
na.crypto_pwhash.argtypes = [ctypes.c_char_p, ctypes.c_ulonglong, ctypes.c_char_p, ctypes.c_ulonglong, ctypes.c_char_p,
                             ctypes.c_ulonglong, ctypes.c_size_t, ctypes.c_int]
na.crypto_kdf_derive_from_key.argtypes = [ctypes.c_char_p, ctypes.c_size_t, ctypes.c_ulonglong, ctypes.c_char_p,
                                          ctypes.c_char_p]
assert na.sodium_init() >= 0
Q = 2**252 + 27742317777372353535851937790883648493


def call(name, size, *arguments):
    out = ctypes.create_string_buffer(size)
    assert getattr(na, name)(out, *arguments) == 0, name
    return out.raw


def le(number):
    return (number % Q).to_bytes(32, "little")


def times(number, point=None):
    if point is None:
        return call("crypto_scalarmult_ristretto255_base", 32, le(number))
    return call("crypto_scalarmult_ristretto255", 32, le(number), point)


def plus(a, b):
    return call("crypto_core_ristretto255_add", 32, a, b)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def canonical(document):
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    document = json.loads(data)
    assert canonical(document) == data, path
    return document, data


def without(document, member):
    return canonical({key: value for key, value in document.items() if key != member})


def lp(*fields):
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def identity(name):
    file, _ = read(f"identities/{name}.identity")
    [unlock], key = file["unlocks"], bytes(32)
    if unlock["kind"] == "passphrase":
        kdf = unlock["kdf"]
        word = open(f"identities/{name}.passphrase", "rb").read().rstrip(b"\n")
        key = call("crypto_pwhash", 32, 32, word, len(word), bytes.fromhex(kdf["salt"]), kdf["passes"], kdf["memory"], 2)
    box = base64.b64decode(unlock.pop("ciphertext"))
    data = canonical(file)
    seed = call("crypto_aead_xchacha20poly1305_ietf_decrypt", 32, None, None, box, ctypes.c_ulonglong(len(box)), data,
                ctypes.c_ulonglong(len(data)), bytes.fromhex(unlock["nonce"]), key)
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    na.crypto_box_seed_keypair(public, secret, call("crypto_kdf_derive_from_key", 32, 32, 1, b"caescrow", seed))
    assert public.raw.hex() == file["sealingKey"]
    return seed, public.raw, secret.raw


def gates(gate, path=()):
    """Every gate as (path, gate), a gate before those inside it."""
    yield path, gate
    for number, member in enumerate(gate["members"], 1):
        if "custodian" not in member:
            yield from gates(member, path + (number,))


def public_share(gate, number):
    points = [bytes.fromhex(point) for point in gate["commitments"]]
    total = points[-1]
    for point in reversed(points[:-1]):
        total = plus(times(number, total), point)
    return total


def combine(gate, path, shares):
    """The secret of a gate, from the first of its members that can be had; nothing when too few can."""
    points = {}
    for number, member in enumerate(gate["members"], 1):
        here = path + (number,)
        value = shares.get(here) if "custodian" in member else combine(member, here, shares)
        if value is not None and len(points) < gate["threshold"]:
            points[number] = value
    if len(points) < gate["threshold"]:
        return None
    total = 0
    for i, share in points.items():
        factor = 1
        for j in points:
            if j != i:
                factor = factor * j * pow(j - i, -1, Q) % Q
        total = (total + factor * share) % Q
    assert times(total).hex() == gate["commitments"][0]
    return total


def openssl(words, data=None):
    return subprocess.run(["openssl"] + words, input=data, stdout=subprocess.PIPE, check=True).stdout


def epoch(folder, head_of):
    manifest, data = read(f"{folder}/manifest.json")
    head = without(manifest, "shares")
    head_of[manifest["epoch"]] = hashlib.sha256(head).digest()
    expected, owners = {}, {}
    for path, gate in gates(manifest["policy"]):
        for number, member in enumerate(gate["members"], 1):
            expected[path + (number,)] = public_share(gate, number)
            if "custodian" in member:
                owners[path + (number,)] = member["custodian"]
    shares, payloads = {}, {}
    for entry in manifest["shares"]:
        path = tuple(int(number) for number in entry["path"].split("."))
        _, public, secret = identity(owners[path])
        box = base64.b64decode(entry["box"])
        payload = call("crypto_box_seal_open", 144, box, ctypes.c_ulonglong(len(box)), public, secret)
        header = b"CAES" + bytes([1, 1, 0, 0]) + bytes.fromhex(manifest["set"])
        header += entry["sealedIn"].to_bytes(4, "big") + b"".join(n.to_bytes(2, "big") for n in path)
        header = header.ljust(48, b"\0") + head_of[entry["sealedIn"]] + public
        assert payload[:112] == header
        shares[path] = int.from_bytes(payload[112:], "little")
        payloads[path] = payload
        assert 0 < shares[path] < Q and times(shares[path]) == expected[path]
    secret = combine(manifest["policy"], (), shares)
    digest = hashlib.sha256(b"ca-escrow/v1/password\0" + le(secret)).digest()
    password = base64.b32encode(digest).decode().lower()[:26]
    file = manifest["pkcs12"]["name"]
    pem = openssl(["pkcs12", "-in", file, "-nocerts", "-noenc", "-passin", "pass:" + password]).decode()
    keys = ["-----BEGIN PRIVATE KEY-----" + part for part in pem.split("-----BEGIN PRIVATE KEY-----")[1:]]
    name = {path: ".".join(map(str, path)) for path in expected}
    return {
        "directory": os.path.basename(folder),
        "manifest": sha256(data),
        "head": sha256(head),
        "set": manifest["set"],
        "A0": manifest["policy"]["commitments"][0],
        "X": {name[path]: point.hex() for path, point in sorted(expected.items())},
        "shares": {name[path]: le(share).hex() for path, share in sorted(shares.items())},
        "payloads": {name[path]: payload.hex() for path, payload in sorted(payloads.items())},
        "secret": le(secret).hex(),
        "password": password,
        "pkcs12": sha256(open(file, "rb").read()),
        "keys": [sha256(openssl(["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"], key.encode())) for key in keys],
        "certificates": [sha256(base64.b64decode(certificate)) for certificate in manifest["certificates"]],
        "people": {person["name"]: person["card"] for person in manifest["people"]},
    }


def record(path, a0):
    document, data = read(path)
    result = {"file": os.path.basename(path), "sha256": sha256(data)}
    if "possession" in document:
        r, z = (bytes.fromhex(document["possession"][member]) for member in "Rz")
        d = hashlib.sha256(without(document, "possession")).digest()
        fields = lp(b"ca-escrow/v1/possession/challenge", times(1), a0, r, d)
        c = int.from_bytes(hashlib.sha512(fields).digest(), "little") % Q
        assert times(int.from_bytes(z, "little")) == plus(r, times(c, a0))
        result.update(D=d.hex(), c=le(c).hex())
    return result


def main():
    heads, epochs = {}, []
    for folder in sorted(glob.glob("example-root-ca.escrow/0*")):
        found = epoch(folder, heads)
        records = [record(path, bytes.fromhex(found["A0"])) for path in sorted(glob.glob(folder + "/records/*.json"))]
        epochs.append({**found, "records": records} if records else found)
    names = sorted(os.path.basename(path)[:-9] for path in glob.glob("identities/*.identity"))
    seeds = {name: identity(name)[0].hex() for name in names}
    print(canonical({"epochs": epochs, "seeds": seeds}).decode(), end="")


main()
