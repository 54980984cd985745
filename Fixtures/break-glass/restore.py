#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Restores a CA's keys without ca-escrow: docs/format.md, section 7. Needs libsodium and the openssl command.

Usage: restore.py ESCROW PKCS12FILE OUT.pem [--epoch N|DIGEST] IDENTITY[=PASSPHRASEFILE]... [NAME.release]...

From afar, the identity is that of the request, and a release stands for each custodian who is not in the room.
It checks no signature and no refusal: verify manifest, request and releases before, by the officers whom you know
(section 6), and look into refusals/.
"""
import base64, ctypes, ctypes.util, getpass, hashlib, json, os, re, struct, subprocess, sys

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
U64, SIZE = ctypes.c_ulonglong, ctypes.c_size_t
Q = 2**252 + 27742317777372353535851937790883648493  # section 2: the order of ristretto255


def need(condition, otherwise):
    if not condition:
        raise ValueError(otherwise)


def reason(error):
    return str(error) if isinstance(error, (OSError, ValueError)) else repr(error)


def sized(data, size):  # libsodium believes every length
    need(len(data) == size, f"a value has {len(data)} bytes, not {size}")
    return data


def sodium(function, size, *arguments, otherwise="libsodium refuses a value"):  # what it writes to its first argument
    out = ctypes.create_string_buffer(size)
    need(getattr(SODIUM, "crypto_" + function)(out, *arguments) == 0, otherwise)
    return out.raw


def times_generator(scalar):
    return sodium("scalarmult_ristretto255_base", 32, scalar.to_bytes(32, "little"))


def canonical(document, without=None):  # section 4.1
    document = {key: value for key, value in document.items() if key != without}
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read(path, *kinds):
    with open(path, "rb") as file:
        data = file.read()
    for kind in kinds[:-1]:
        try:
            return parse(data, kind, path)
        except ValueError:
            pass
    return parse(data, kinds[-1], path)


def check(value, depth=1):  # section 4.1: what Python would write again, and no document has
    if isinstance(value, (dict, list)):
        need(value and depth <= 12, "not canonical")
        for inner in value.values() if isinstance(value, dict) else value:
            check(inner, depth + 1)
    else:
        need(isinstance(value, (str, bool)) or isinstance(value, int) and 0 <= value < 2**53, "not canonical")


def parse(data, kind, path):  # section 4.1: what is read is what is written
    try:
        document = json.loads(data)
        check(document)
        need(canonical(document) == data and document["format"] == f"ca-escrow/v1/{kind}", "not canonical")
    except Exception:
        raise ValueError(f"{path} is no {kind} of ca-escrow, or was altered")
    return document


def digest_of(document):
    return hashlib.sha256(canonical(document)).hexdigest()


def read_manifests():  # sections 4.6 and 4.10: by digest; what a directory is called says nothing
    found = {}
    for name in sorted(os.listdir(escrow)):
        path = os.path.join(escrow, name, "manifest.json")
        if os.path.isdir(os.path.join(escrow, name)):
            try:
                document = read(path, "manifest")
                need(document["suite"] == "ristretto255+x25519+ed25519", f"{path} has the suite {document['suite']}")
                found.setdefault(digest_of(document), (document, name))
            except Exception as error:
                print(f"restore.py: no epoch: {reason(error)}", file=sys.stderr)
    return found


def choose(wanted):  # the manifest that nothing follows; or that of a number, or of a digest's first digits
    followed = {found["previous"]["sha256"] for found, _ in manifests.values() if "previous" in found}
    digests = [digest for digest, (found, _) in manifests.items()
               if (digest not in followed if wanted is None else digest.startswith(wanted) if len(wanted) > 7
                   else str(found["epoch"]) == wanted)]
    what = "newest epoch" if wanted is None else f"epoch {wanted}"
    need(digests, f"{escrow} has no {what}")
    need(len(digests) == 1, f"{escrow} has more than one {what}: take that which your officers have signed, --epoch "
         + " or ".join(sorted(digests)))
    return manifests[digests[0]]


def manifest_of(epoch):  # section 5.2: from the manifest that is restored along `previous`
    found = manifest
    while found["epoch"] > epoch:
        need(found["previous"]["sha256"] in manifests, f"the manifest that epoch {found['epoch']} follows is not here")
        found = manifests[found["previous"]["sha256"]][0]
    need(found["epoch"] == epoch and found["set"] == manifest["set"], f"no manifest of epoch {epoch} leads to this one")
    return found


def unlock_key(unlock, passphrase):  # section 4.4: of the kinds `passphrase` and `none`
    if unlock["kind"] == "none":
        return bytes(32)
    kdf = unlock["kdf"]
    passes, memory = kdf["passes"], kdf["memory"]
    need(kdf["algorithm"] == "argon2id13" and 2**26 <= memory <= 2**30 and memory % 1024 == 0
         and 1 <= passes <= 16 and passes * memory <= 2**32, "its kdf is unknown, or out of bounds")
    return sodium("pwhash", 32, U64(32), passphrase, U64(len(passphrase)), sized(bytes.fromhex(kdf["salt"]), 16),
                  U64(passes), SIZE(memory), 2, otherwise=f"Argon2id did not get {memory >> 20} MiB of memory")


def open_seed(identity, passphrase_file):  # section 4.4: the first unlock that opens
    kinds = [unlock["kind"] for unlock in identity["unlocks"]]
    known = [unlock for unlock in identity["unlocks"] if unlock["kind"] in ("passphrase", "none")]
    need(known, f"it is opened by {', '.join(kinds)} alone, which this does not know")
    need("none" not in kinds or len(kinds) == 1, "an unlock without passphrase stands beside others")
    passphrase = None
    if "passphrase" in kinds and passphrase_file:
        with open(passphrase_file, "rb") as file:
            passphrase = re.sub(rb"\r?\n\Z", b"", file.read())
    elif "passphrase" in kinds:
        passphrase = os.fsencode(getpass.getpass(f"Passphrase of {identity['name']}: "))
    for unlock in known:
        bound = {key: value for key, value in unlock.items() if key != "ciphertext"}
        data = canonical({**identity, "unlocks": [bound]})
        key, seed = unlock_key(unlock, passphrase), ctypes.create_string_buffer(32)
        if SODIUM.crypto_aead_xchacha20poly1305_ietf_decrypt(
                seed, None, None, sized(base64.b64decode(unlock["ciphertext"]), 48), U64(48), data, U64(len(data)),
                sized(bytes.fromhex(unlock["nonce"]), 24), key) == 0:
            return seed.raw
    raise ValueError("the passphrase is wrong, or the file was altered")


def open_identity(identity, passphrase_file):  # sections 4.4 and 3.6: the X25519 key pair
    seed = open_seed(identity, passphrase_file)
    subkeys = [sodium("kdf_derive_from_key", 32, SIZE(32), U64(i), b"caescrow", seed) for i in (1, 2)]
    secret = ctypes.create_string_buffer(64)
    wire = struct.pack(">I11sI", 11, b"ssh-ed25519", 32) + sodium("sign_seed_keypair", 32, secret, subkeys[1])
    public = sodium("box_seed_keypair", 32, secret, subkeys[0])
    need(identity["signingKey"] == f"ssh-ed25519 {base64.b64encode(wire).decode()}"
         and identity["sealingKey"] == public.hex(), "its public keys are not those of its seed")
    return public, secret.raw[:32]


def open_release(release, path):  # section 7, from afar: the box in a release, and what must stand in it
    statement = parse(base64.b64decode(release["statement"]), "release", "its statement")
    [request] = [data for data in requests if hashlib.sha256(data).hexdigest() == statement["request"]] or [None]
    need(request, "the request that it answers is not in the escrow")
    asked = parse(request, "request", "the request")
    need(all(d["set"] == manifest["set"] and d["manifest"] == digest_of(manifest) for d in (statement, asked))
         and statement["path"] == ".".join(map(str, path)), "it is for another manifest or path")
    need(asked["notBefore"] <= statement["created"] <= asked["expires"], "it was not made in the request's time")
    box = sized(base64.b64decode(release["box"]), 192)
    need(hashlib.sha256(box).hexdigest() == statement["box"], "its statement is of another box")
    keys = [keys for keys in map(open_key, request_keys) if keys[0].hex() == asked["restoreKey"]]
    need(keys, "no identity here has the request's key")
    return box, keys[0], b"\2", manifest["epoch"], hashlib.sha256(request).digest()


opened = {}  # keys of requests, by file: nobody is asked twice


def open_key(given):
    file, identity, passphrase_file = given
    if file not in opened:
        opened[file] = open_identity(identity, passphrase_file)
    return opened[file]


def open_own(identity, passphrase_file, path):  # section 7, steps 2 and 3
    need(any(all(person[key] == identity[key] for key in ("name", "sealingKey", "signingKey"))
             for person in manifest["people"]), "the manifest has other keys for this custodian")
    keys = open_identity(identity, passphrase_file)
    [share] = [share for share in manifest["shares"] if share["path"] == ".".join(map(str, path))]
    head = canonical(manifest_of(share["sealedIn"]), without="shares")  # section 4.6
    return base64.b64decode(share["box"]), keys, b"\1", share["sealedIn"], hashlib.sha256(head).digest()


def open_share(commitments, path, given, passphrase_file):  # section 7, steps 2 to 5
    box, (public, secret), purpose, epoch, context = (
        open_release(given, path) if "statement" in given else open_own(given, passphrase_file, path))
    rest = sodium("box_seal_open", 144, sized(box, 192), U64(192), public, secret, otherwise="the box does not open")
    for field, value in (  # section 3.5
            ("magic", b"CAES"), ("version", b"\1"), ("purpose", purpose), ("reserved", bytes(2)),
            ("set", bytes.fromhex(manifest["set"])), ("epoch", struct.pack(">I", epoch)),
            ("path", struct.pack(">4H", *path, *[0] * (4 - len(path)))), ("sender", bytes(8)),
            ("second reserved", bytes(4)), ("context, the head digest,", context), ("recipient", public)):
        need(rest.startswith(value), f"the box was sealed for something else: its {field} differs")
        rest = rest[len(value):]
    y, x = int.from_bytes(rest, "little"), bytes(32)  # section 3.3: X = A_0 + j A_1 + j^2 A_2 + ..., beginning with O
    for k, commitment in enumerate(commitments):
        term = sodium("scalarmult_ristretto255", 32, pow(path[-1], k, Q).to_bytes(32, "little"),
                      sized(bytes.fromhex(commitment), 32))
        x = sodium("core_ristretto255_add", 32, x, term)
    need(0 < y < Q and times_generator(y) == x, "the share is not valid")
    return y


def gate_secret(gate, path=()):  # section 3.4, from the leaves up; None with too few shares
    shares = {}
    for j, member in enumerate(gate["members"], 1):
        y, name = None, member.get("custodian")
        if name is None:
            y = gate_secret(member, path + (j,))
        elif name in present:
            file, identity, passphrase_file = present.pop(name)
            try:
                y = open_share(gate["commitments"], path + (j,), identity, passphrase_file)
            except Exception as error:  # section 5.5, 6: whoever is refused is named, and others may step in
                print(f"restore.py: left out {name} ({file}): {reason(error)}", file=sys.stderr)
        if y is not None and len(shares) < gate["threshold"]:
            shares[j] = y
    if len(shares) < gate["threshold"]:
        return None
    secret = 0
    for i, y in shares.items():
        for j in shares:
            y = y * j * pow(j - i, -1, Q) % Q if j != i else y
        secret = (secret + y) % Q
    need(times_generator(secret).hex() == gate["commitments"][0],
         f"the shares do not give the secret of the gate at {'.'.join(map(str, path)) or 'the root'} of the policy")
    return secret


try:
    arguments, epoch, present, request_keys = sys.argv[1:], None, {}, []
    if "--epoch" in arguments[:-1]:
        at = arguments.index("--epoch")
        epoch = arguments[at + 1].lower()
        del arguments[at:at + 2]
    need(len(arguments) > 3 and arguments[0][0] != "-", __doc__)
    escrow, pkcs12, out = arguments[:3]
    need(SODIUM.sodium_init() >= 0, "libsodium does not start")
    need(not os.path.lexists(out), f"{out} is there already")
    manifests = read_manifests()
    manifest, folder = choose(epoch)
    with open(pkcs12, "rb") as file:
        need(hashlib.sha256(file.read()).hexdigest() == manifest["pkcs12"]["sha256"],
             f"{pkcs12} is not the PKCS#12 file of {folder}, or was altered")
    place = os.path.join(escrow, folder, "requests")
    requests = []
    for name in sorted(os.listdir(place)) if os.path.isdir(place) else ():
        if name.endswith(".json"):
            with open(os.path.join(place, name), "rb") as file:
                requests.append(file.read())
    for file, _, passphrase_file in (argument.partition("=") for argument in arguments[3:]):
        given = read(file, "release-box", "identity")
        if "statement" in given:
            present[parse(base64.b64decode(given["statement"]), "release", file)["custodian"]] = file, given, None
        elif given["name"] == "request":
            request_keys.append((file, given, passphrase_file))
        else:
            present[given["name"]] = file, given, passphrase_file
    s = gate_secret(manifest["policy"])
    for name, given in present.items():
        print(f"restore.py: left out {name} ({given[0]}): no custodian in {folder}", file=sys.stderr)
    need(s, f"the shares do not satisfy the policy: see 'who restores' in README.txt of {folder}")
    digest = hashlib.sha256(b"ca-escrow/v1/password\0" + s.to_bytes(32, "little")).digest()  # section 3.1
    done = subprocess.run(["openssl", "pkcs12", "-in", pkcs12, "-passin", "stdin", "-nodes", "-nocerts"],
                          input=base64.b32encode(digest).lower()[:26] + b"\n", capture_output=True)
    need(done.returncode == 0 and b"PRIVATE KEY" in done.stdout,
         f"openssl does not open {pkcs12}: {' '.join(done.stderr.decode(errors='replace').split())}")
    with open(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(done.stdout)
    print(f"{out}: the keys of {folder}, newest first, NOT ENCRYPTED. Check them: format.md, section 7, step 9")
except (Exception, KeyboardInterrupt) as error:
    sys.exit(f"restore.py: {reason(error)}")
