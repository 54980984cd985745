# SPDX-License-Identifier: Apache-2.0
"""R-1 to R-19 and R-25 to R-29: identities, boxes, policies, key files, and whose word it needs. People are in the room."""
import json

from .bases import RENEWED
from .der import Key, pkcs12
from .escrow import BROUGHT, CA, CERTIFICATE, Epoch, PEOPLE, password, signers
from .form import b64, day, seeded, sha256
from .group import Q, little
from .people import Person

KEY = sha256(CA.pkcs8)
KDF = {"algorithm": "argon2id13", "memory": 1 << 26, "passes": 1, "salt": seeded("salt", 16).hex()}
NONE, WORDS = {"kind": "none"}, b"correct horse battery"
PHRASE = {"kind": "passphrase", "kdf": KDF, "passphrase": WORDS}
LATER = {"kind": "hmac-secret", "ciphertext": b64(seeded("later", 48)), "credential": "of a later edition"}


def room(*names, **what):
    """An escrow that nobody has acknowledged, and identity files without passphrase of these people."""
    files = dict(BROUGHT)
    epoch = Epoch(files, **what)
    files.update({f"{name}.identity": PEOPLE[name].identity() for name in names or ("alice", "bob", "carol")})
    return files, epoch


TWO = ["alice.identity", "bob.identity"]


def identities(catalogue):
    alice = PEOPLE["alice"]

    def case(rule, what, data, good=True, names=("alice",), phrase=True, **other):
        files, _ = room()
        given = {"passphrases": {"alice.identity": "alice.pass"}} if phrase else {}
        catalogue.restore(rule, what, {**files, "alice.identity": data, "alice.pass": WORDS + b"\n"}, TWO, KEY if good else None,
                          names=() if good else names, **given)
    case("R-1 R-3 R-5 R-6", "an identity without passphrase", alice.identity(NONE), phrase=False)
    case("R-1 R-4", "an identity under a passphrase", alice.identity(PHRASE))
    case("R-1", "an identity under another passphrase", alice.identity({**PHRASE, "passphrase": WORDS + b"!"}), False)
    case("R-1", "an identity under two passphrases, of which the second opens it", alice.identity(
        {**PHRASE, "passphrase": b"another"}, {**PHRASE, "kdf": {**KDF, "passes": 2}}))
    case("R-2 R-1", "an identity with an unlock of a kind to come before the passphrase", alice.identity(LATER, PHRASE))
    case("R-2", "an identity with an unlock of a kind to come behind the passphrase", alice.identity(PHRASE, LATER))
    case("R-2", "an identity that a kind to come alone opens", alice.identity(LATER), False, ("hmac-secret",), phrase=False)
    deep = "x"
    for _ in range(9):
        deep = [deep]
    case("D-7 R-2", "an unlock of a kind to come, 12 deep", alice.identity(PHRASE, {**LATER, "more": deep}))
    case("D-7", "an unlock of a kind to come, 13 deep", alice.identity(PHRASE, {**LATER, "more": [deep]}), False)
    case("R-3", "an identity in which `none` stands beside a passphrase", alice.identity(NONE, PHRASE), False)
    case("R-3", "an identity in which `none` stands beside a kind to come", alice.identity(NONE, LATER), False, phrase=False)
    for what, kdf in (("17 passes", {"passes": 17}), ("no pass", {"passes": 0}),
                      ("1,024 bytes of memory too few", {"memory": (1 << 26) - 1024}),
                      ("1,024 bytes of memory too many", {"memory": (1 << 30) + 1024}),
                      ("memory that is no multiple of 1,024", {"memory": (1 << 26) + 1}),
                      ("5 passes over a GiB", {"passes": 5, "memory": 1 << 30}),
                      ("another algorithm", {"algorithm": "argon2i13"})):
        sealed = {**PHRASE, "kdf": {**KDF, **kdf}, "ciphertext": b64(seeded("never opened", 48))}
        case("R-4", f"an identity whose passphrase wants {what}", alice.identity(sealed), False)
    good = alice.identity(NONE)
    for what, old, new in (("name", b'"alice"', b'"alicf"'), ("sealing key", alice.sealing.hex().encode(),
                                                              PEOPLE["bob"].sealing.hex().encode()),
                           ("signing key", alice.key.encode(), PEOPLE["bob"].key.encode()),
                           ("nonce", json.loads(good)["unlocks"][0]["nonce"][:8].encode(), b"00000000")):
        assert old in good
        case("R-5", f"an identity whose {what} was altered", good.replace(old, new), False,
             {"name": ("alicf",), "nonce": ("alice", "altered")}.get(what, ("alice",)), phrase=False)
    case("R-5", "an identity whose sealing key is not that of its seed, sealed with it", alice.identity(
        NONE, sealingKey=PEOPLE["bob"].sealing.hex()), False, phrase=False)
    case("R-6", "an identity of this name with other keys than in the manifest", Person("alice", again=1).identity(), False,
         phrase=False)
    case("R-6", "an identity of somebody who is no custodian", PEOPLE["mallory"].identity(), False, ("mallory",), phrase=False)


FIELDS = [("magic", b"CAEZ"), ("version", b"\2"), ("reserved", b"\0\1"), ("set", bytes(16)), ("epoch", b"\0\0\0\2"),
          ("path", b"\0\2" + bytes(6)), ("sender", b"\1" * 8), ("second", b"\0\0\0\1"), ("context", bytes(32)),
          ("recipient", bytes(32))]
SAID = {"context": ()}  # a reader may say what it means that the head is another


def boxes(catalogue):
    def case(rule, what, fields, good=False, people=TWO, names=("alice",)):
        files, _ = room(fields={"alice": fields})
        catalogue.restore(rule, what, files, people, KEY if good else None, names=() if good and people is TWO else names)
    case("R-7 R-8 R-11 R-13 R-14", "a box with every field as it must be", {}, True)
    for purpose in (2, 3, 4, 5):
        case("R-7", f"a box of the purpose {purpose}", {"purpose": bytes([purpose])})
    for field, value in FIELDS:
        case("R-8", f"a box in which a field differs: {field}", {field: value}, names=("alice", *SAID.get(field, (field,))))
    case("R-8", "a box in which two fields differ: set and context", {"set": bytes(16), "context": bytes(32)},
         names=("alice", "set"))
    for what, value in (("0", bytes(32)), ("q", little(Q)), ("another scalar", little(5))):
        case("R-11", f"a share that is {what}", {"value": value})
        case("R-11", f"a share that is {what}, and another custodian steps in", {"value": value}, True,
             ["alice.identity", "bob.identity", "carol.identity"])
    case("R-11", "a box that does not open", {"recipient": bytes(32)}, True,
         ["alice.identity", "bob.identity", "carol.identity"])


def chains(catalogue):
    def rekeyed():
        files, first = room()
        bob = Person("bob", again=1)
        then = Epoch(files, before=first, keeps=True, people=[bob], occasion="custodian-change",
                     signers=("olga", "omar", "bob"))
        files["bob.identity"] = bob.identity()
        return files, first, then
    files, first, then = rekeyed()
    catalogue.restore("R-9 R-10", "shares of two epochs of one set", files, TWO, KEY)
    other = Epoch({}, dealer=first.dealer, label="epoch 1", change=lambda m: m.update(title="another"), signers=())
    forged = {k.replace(other.name, f"0001-{'0' * 8}"): v for k, v in other.files.items() if k.startswith(other.folder)}
    catalogue.restore("R-9", "another manifest in a directory of the number 1", {**files, **forged}, TWO, KEY, epoch="2")
    gone = {k: v for k, v in files.items() if not k.startswith(first.folder)}
    catalogue.restore("R-10", "the epoch in which a share was sealed is gone", gone, TWO, names=("alice",), epoch="2",
                      signers=None, unverified="the escrow is incomplete")
    files, first = room()
    Epoch(files, before=first, alter=lambda m: m["shares"][0].update(sealedIn=1))
    catalogue.restore("R-10", "a share said to be of an epoch of another set", files, TWO, names=("alice",), epoch="2",
                      signers=None, unverified="a broken epoch")


def policies(catalogue):
    nested = (2, "alice", (2, "bob", "carol", "dave"), (1, "erin", "oscar"))
    everybody = ("alice", "bob", "carol", "dave", "erin", "oscar")
    files, _ = room(*everybody, policy=nested)
    for people, good in (("alice erin", True), ("alice bob dave", True), ("carol bob erin", True), ("oscar dave carol", True),
                         ("erin oscar", False), ("alice bob", False), ("bob carol dave", False)):
        catalogue.restore("R-12 R-13" if good else "R-12", f"2 of (alice, 2 of (bob, carol, dave), 1 of (erin, oscar)), by {people}", files,
                          [f"{name}.identity" for name in people.split()], KEY if good else None)
    four = (2, "alice", (1, "bob", (2, "carol", (2, "dave", "erin"))))
    files, _ = room(*everybody, policy=four)
    catalogue.restore("R-12", "gates four deep", files, [f"{n}.identity" for n in ("alice", "carol", "erin", "dave")], KEY)


def key_files(catalogue):
    files, epoch = room()
    path = epoch.m["pkcs12"]["name"]
    catalogue.restore("R-15 R-16 R-17", "the PKCS#12 file of the manifest", files, TWO, KEY)
    catalogue.restore("R-15", "a PKCS#12 file with a byte more", {**files, path: files[path] + b"\0"}, TWO)
    secret = password(epoch.dealer.s)
    wrong = pkcs12(b"another password of 26 ch.", epoch.held, "epoch 1")
    catalogue.restore("R-14", "a PKCS#12 file under a password that is not that of s", room(key_file=wrong)[0], TWO)
    many = pkcs12(secret, epoch.held, "epoch 1", claimed=600001)
    catalogue.restore("R-16", "a PKCS#12 file of 600,001 iterations", room(
        key_file=many, change=lambda m: m["pkcs12"].update(iterations=600000))[0], TWO, by_hand=False)
    older = Key("older")
    pair = pkcs12(secret, [*epoch.held, (older, [older.certificate(begins="250101000000Z")])], "epoch 1")
    catalogue.restore("R-17", "a PKCS#12 file with a key and certificate that the manifest does not list",
                      room(key_file=pair)[0], TWO, by_hand=False)
    other = Key("other")
    swapped = pkcs12(secret, [(other, [other.certificate()])], "epoch 1")
    catalogue.restore("R-17", "a PKCS#12 file with another key than the manifest's", room(key_file=swapped)[0], TWO,
                      by_hand=False)


def beliefs(catalogue):
    def case(rule, what, files, good, key=KEY, **given):
        catalogue.restore(rule, what, files, TWO, key if good else None, by_hand=False, **given)
    files, first = room()
    catalogue.bases["room"] = room()[0]
    why = "the officers cannot be reached"
    case("R-18", "anchored and in force", files, True)
    case("R-18", "without a list of officers", files, False, signers=None)
    case("R-18", "without a list of officers, with a reason", files, True, signers=None, unverified=why,
         overrides=["unverified"])
    stranger = signers(PEOPLE["mallory"].line())
    case("R-18", "a list of other officers", {**files, "officers.signers": stranger}, False)
    then = dict(files)
    first.files = then
    Epoch(then, before=first)
    case("R-18", "an epoch that another has followed", then, False, epoch="1")
    case("R-18", "an epoch that another has followed, with a reason", then, True, epoch="1",
         override="superseded", reason=why, overrides=["superseded"])
    ended, first = room()
    Epoch(ended, before=first, keeps=True, change=lambda m: m.update(retired=True))
    case("R-18", "a retired escrow", ended, False)
    case("R-18", "a retired escrow, with a reason", ended, True, override="retired", reason=why, overrides=["retired"])
    probe, _ = room(change=lambda m: m.update(rehearsal=True))
    case("R-19", "a rehearsal, and nobody has said that it is one", probe, False)
    case("R-19", "a rehearsal, as its user says", probe, True, rehearsal=True)
    case("R-19", "an escrow that is none, restored as a rehearsal", files, False, rehearsal=True)
    ahead, _ = room(created=day(210))
    case("R-27 D-44", "an epoch in force that is dated ahead", ahead, False)
    case("R-27", "an epoch in force that is dated ahead, with a reason", ahead, True, override="clock", reason=why,
         overrides=["clock"])

    def renewed(by, data=RENEWED, raw=None):
        files, epoch = room()
        if raw:
            epoch.put("records/20260311T000000Z-added-certificate-" + sha256(raw)[:32] + ".json", raw)
        else:
            epoch.add("added-certificate", by, created=day(70), certificate=b64(data))
        return files
    case("R-25", "an added certificate that officers have approved", renewed(("olga", "omar")), True,
         certificates=[sha256(CERTIFICATE), sha256(RENEWED)])
    case("R-25", "an added certificate that one officer of two has signed", renewed(("olga",)), True,
         certificates=[sha256(CERTIFICATE)])
    case("R-26", "an added certificate that cannot be read", renewed((), raw=b"{"), True, warns=["added-certificate"],
         certificates=[sha256(CERTIFICATE)])
    case("R-28 R-29", "the key is read back, and a record proves s", files, True, overrides=[])


def cases(catalogue):
    identities(catalogue)
    boxes(catalogue)
    chains(catalogue)
    policies(catalogue)
    key_files(catalogue)
    beliefs(catalogue)
