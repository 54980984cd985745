# SPDX-License-Identifier: Apache-2.0
"""What the other tools need of libsodium and of the escrow's format, by ctypes: for tests alone."""
import base64
import ctypes
import ctypes.util
import hashlib
import json
import os

sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
assert sodium.sodium_init() >= 0

ORDER = 2**252 + 27742317777372353535851937790883648493


def epoch(escrow):
    """The directory of the newest epoch, and its manifest."""
    name = max(entry for entry in os.listdir(escrow) if entry[:4].isdigit())
    with open(os.path.join(escrow, name, "manifest.json"), encoding="utf-8") as file:
        return os.path.join(escrow, name), json.load(file)


def encoded(document):
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def seed(identity_path, passphrase=None):
    """The 32 bytes that an identity's keys are derived from."""
    with open(identity_path, encoding="utf-8") as file:
        identity = json.load(file)
    [unlock] = identity["unlocks"]
    ciphertext = base64.b64decode(unlock.pop("ciphertext"))
    nonce, data = bytes.fromhex(unlock["nonce"]), encoded(identity)
    key, found = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    if passphrase is not None:
        kdf = unlock["kdf"]
        status = sodium.crypto_pwhash(
            key, ctypes.c_ulonglong(32), passphrase, ctypes.c_ulonglong(len(passphrase)), bytes.fromhex(kdf["salt"]),
            ctypes.c_ulonglong(kdf["passes"]), ctypes.c_size_t(kdf["memory"]), ctypes.c_int(2))
        assert status == 0, f"{identity_path}: no memory to derive its key"
    status = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        found, None, None, ciphertext, ctypes.c_ulonglong(len(ciphertext)),
        data, ctypes.c_ulonglong(len(data)), nonce, key)
    assert status == 0, f"{identity_path} has another passphrase"
    return found.raw


def subkey(number, seed):
    """Subkey 1 seeds the X25519 pair that opens boxes, subkey 2 the Ed25519 pair that signs."""
    key = ctypes.create_string_buffer(32)
    status = sodium.crypto_kdf_derive_from_key(
        key, ctypes.c_size_t(32), ctypes.c_uint64(number), b"caescrow", seed)
    assert status == 0
    return key.raw


def sealing_keys(identity_path, passphrase=None):
    """The sealing key pair of an identity."""
    public, private = (ctypes.create_string_buffer(32) for _ in range(2))
    assert sodium.crypto_box_seed_keypair(public, private, subkey(1, seed(identity_path, passphrase))) == 0
    return public.raw, private.raw


def open_box(box, keys):
    payload = ctypes.create_string_buffer(len(box) - 48)
    assert sodium.crypto_box_seal_open(payload, box, ctypes.c_ulonglong(len(box)), keys[0], keys[1]) == 0
    return payload.raw


def seal(payload, recipient):
    box = ctypes.create_string_buffer(len(payload) + 48)
    assert sodium.crypto_box_seal(box, payload, ctypes.c_ulonglong(len(payload)), recipient) == 0
    return box.raw


def head_digest(manifest):
    return hashlib.sha256(encoded({key: value for key, value in manifest.items() if key != "shares"})).digest()


def secret(shares):
    """The secret, from {number: 32 little-endian bytes} of a flat policy."""
    total = 0
    for j, value in shares.items():
        factor = 1
        for k in shares:
            if k != j:
                factor = factor * k * pow(k - j, -1, ORDER) % ORDER
        total += factor * int.from_bytes(value, "little")
    return (total % ORDER).to_bytes(32, "little")


def password(s):
    return base64.b32encode(hashlib.sha256(b"ca-escrow/v1/password\0" + s).digest())[:26].lower()
