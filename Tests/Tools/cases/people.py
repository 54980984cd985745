# SPDX-License-Identifier: Apache-2.0
"""People: their seed, keys, card, identity file and signatures: sections 3.6, 3.7, 4.4 and 4.5."""
import base64, ctypes, hashlib, struct

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .form import b64, canonical, lp, seeded, without
from .group import sodium

ED25519, TOKEN = "ssh-ed25519", "sk-ssh-ed25519@openssh.com"


def armored(blob, width=70):
    text = b64(blob)
    lines = [text[at:at + width] for at in range(0, len(text), width)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""]).encode()


def key_text(raw, kind=ED25519, application=b"ssh:"):
    wire = lp(kind.encode()) + lp(raw) + (lp(application) if kind == TOKEN else b"")
    return f"{kind} {b64(wire)}"


class Person:
    """Somebody. `again` tells keys of one name apart; with `kind` TOKEN they sign with a FIDO token."""

    def __init__(self, name, again=0, kind=ED25519):
        self.name, self.kind, self.seed = name, kind, seeded(f"identity {name} {again}")
        subkeys = [sodium("kdf_derive_from_key", 32, ctypes.c_size_t(32), ctypes.c_uint64(i), b"caescrow", self.seed)
                   for i in (1, 2)]
        secret = ctypes.create_string_buffer(32)
        self.sealing, self.secret = sodium("box_seed_keypair", 32, secret, subkeys[0]), secret.raw
        self.signer = Ed25519PrivateKey.from_private_bytes(subkeys[1])
        self.private, raw = subkeys[1], serialization.Encoding.Raw
        self.raw = self.signer.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
        self.key = key_text(self.raw, kind)

    def card(self, **more):
        """Its bytes; `more` adds members or replaces them before it is signed."""
        card = {"format": "ca-escrow/v1/card", "name": self.name, "sealingKey": self.sealing.hex(), "signingKey": self.key,
                **more}
        return canonical({**card, "signature": b64(self.blob(canonical(card), "card"))})

    def entry(self, card=None):
        """How a manifest lists them among `people`."""
        digest = hashlib.sha256(card or self.card()).hexdigest()
        return {"card": digest, "name": self.name, "sealingKey": self.sealing.hex(), "signingKey": self.key}

    def blob(self, message, kind, flags=1, hash_=b"sha512", reserved=b"", version=1, more=b"", signature=None):
        """An SSHSIG for a document of this kind; what is given besides puts something else in the place of what is right."""
        space = f"ca-escrow-{kind}-v1".encode()
        hashed = hashlib.new(hash_.decode(), message).digest()
        data, counter = b"SSHSIG" + b"".join(map(lp, (space, reserved, hash_, hashed))), b""
        if self.kind == TOKEN:
            counter = bytes([flags]) + struct.pack(">I", 7)
            data = hashlib.sha256(b"ssh:").digest() + counter + hashlib.sha256(data).digest()
        signature = signature(data) if signature else self.signer.sign(data)
        inner = lp(self.kind.encode()) + lp(signature) + counter
        wire = base64.b64decode(self.key.split()[1])
        return b"SSHSIG" + struct.pack(">I", version) + b"".join(
            map(lp, (wire, space, reserved, hash_, inner))) + more

    def sign(self, message, kind, **other):
        return armored(self.blob(message, kind, **other))

    def line(self, *kinds, options=""):
        """A line of an allowed_signers file for these kinds of documents."""
        spaces = ",".join(f"ca-escrow-{kind}-v1" for kind in kinds or OFFICER_KINDS)
        return f'{self.name} namespaces="{spaces}"{options} {self.key}\n'

    def identity(self, *unlocks, **other):
        """The identity file: an unlock a call of `unlock`, or the one without passphrase."""
        document = {"format": "ca-escrow/v1/identity", "name": self.name, "sealingKey": self.sealing.hex(),
                    "signingKey": self.key, **other}
        made = []
        for unlock in unlocks or ({"kind": "none"},):
            passphrase, about = unlock.get("passphrase"), without(unlock, "passphrase", "ciphertext")
            about = {"nonce": seeded(f"{self.name} {about}", 24).hex(), **about}
            made.append({**about, "ciphertext": unlock.get("ciphertext") or b64(
                self.sealed_seed(canonical({**document, "unlocks": [about]}), about, passphrase))})
        return canonical({**document, "unlocks": made})

    def sealed_seed(self, data, about, passphrase):
        key = bytes(32)
        if passphrase is not None:
            kdf = about["kdf"]
            key = sodium("pwhash", 32, ctypes.c_ulonglong(32), passphrase, ctypes.c_ulonglong(len(passphrase)),
                         bytes.fromhex(kdf["salt"]), ctypes.c_ulonglong(kdf["passes"]), ctypes.c_size_t(kdf["memory"]), 2)
        return sodium("aead_xchacha20poly1305_ietf_encrypt", 48, None, self.seed, ctypes.c_ulonglong(32), data,
                      ctypes.c_ulonglong(len(data)), None, bytes.fromhex(about["nonce"]), key)


OFFICER_KINDS = ("manifest", "added-certificate", "request")
