# SPDX-License-Identifier: Apache-2.0
"""W-1 to W-14: what a writer makes is read by the second auditor; what it must not make is refused, and nothing is changed."""
from cryptography.hazmat.primitives import serialization

from .der import Key, pem
from .escrow import CA, CERTIFICATE, Epoch, PEOPLE, plain
from .form import b64, canonical, day
from .restores import LATER, PHRASE, WORDS

READING = {
    "W-1": "where chance comes from shows only in the source",
    "W-3": "no input makes a writer write what is wrong: a fault has to be put into the program",
    "W-6": "what is there when the machine stops in between shows only where it is stopped",
    "W-7": "what is there when the machine stops in between shows only where it is stopped",
}
HALVES = {
    "D-13": "every text that must be refused is one of D-9 to D-12",
    "R-9": "what breaks the way along `previous` is R-10",
    "R-25": "where an added certificate does not count, the others come back all the same",
    "R-26": "it says that nothing is refused",
    "A-11": "it says that nothing is refused; what has become more than a draft is A-8 and A-10",
    "A-20": "too few custodians leave a draft, which changes no verdict",
    "R-13": "a share that is valid gives a secret that is right, so that no escrow can break this alone",
    "R-28": "a place that gives another key back than was put there is no matter of an escrow",
    "R-29": "a record that proves nothing is the auditor's A-39",
    "C-14": "a box with another field is the restorer's R-7, R-8 and R-20 to R-22",
    "C-15": "what must never be written is not refused: what was written is searched for it",
    "W-12": "what must be kept is looked for in what was written",
    "W-14": "what must never be written is not refused: what was written is searched for it",
}


def private(key):
    return key.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def cards(*names):
    return {f"cards/{name}.card": PEOPLE[name].card() for name in names}


def identities(*names):
    return {f"{name}.identity": PEOPLE[name].identity() for name in names}


def firsts(catalogue):
    world = {"ca.key": private(CA), "ca.crt": pem(CERTIFICATE), **cards("alice", "bob", "carol", "olga", "omar"),
             **identities("olga")}
    given = {"person": "olga.identity", "policy": "2 of (alice, 1 of (bob, carol))", "officers": "2 of (olga, omar)",
             "key": "ca.key", "certificate": "ca.crt"}
    act = catalogue.act
    act("W-2 W-4 W-14", "a first escrow of a key and its certificate", "escrow", world, True, time=day(60), **given)
    act("W-4", "the key of another certificate", "escrow", {**world, "ca.key": private(Key("other"))}, False, time=day(60), **given)
    act("W-5", "a file lies where the escrow would", "escrow", {**world, "acme.escrow": b"mine\n"}, False, time=day(60), **given)
    bad = {**world, "cards/bob.card": world["cards/bob.card"].replace(b'"bob"', b'"bab"')}
    act("W-2", "a card whose signature does not hold", "escrow", bad, False, time=day(60), **given)


def successors(catalogue):
    def case(rule, what, tell=None, good=False, who="olga", time=day(150), **other):
        given = {"person": f"{who}.identity", "key": "ca.key", "certificate": "ca.crt", **other.pop("given", {})}
        files, epoch = plain(**other)
        if tell:
            tell(files, epoch)
        files = {**files, **identities(who), "ca.key": private(CA)}
        catalogue.act(rule, what, "successor", files, good, time=time, **given)
    case("W-2 W-5 W-8 W-9 W-10", "a new epoch, by an officer who has signed the one in force", good=True)
    case("W-10", "a new epoch, by an officer who has not signed the one in force, and knows nobody", who="otto",
         officers=("olga", "omar", "otto"), threshold=2, signers=("olga", "omar"), )
    case("W-10", "a new epoch, by an officer who has not signed the one in force, which is anchored", good=True, who="otto",
         officers=("olga", "omar", "otto"), threshold=2, signers=("olga", "omar"), given={"signers": "officers.signers"})

    def suspend(files, epoch):
        epoch.add("suspension", ("olga",), created=day(90), because="stolen", custodian="carol", officer="olga")

    def reinstated(files, epoch):
        digest = epoch.add("suspension", ("olga",), created=day(90), because="stolen", custodian="carol", officer="olga")
        epoch.add("reinstatement", ("olga", "omar"), created=day(95), name="carol", officer="olga", reason="a mistake",
                  suspensions=[digest])
    case("W-8", "a new epoch in which a suspended key would get a share", suspend)
    case("W-8", "a new epoch in which a key gets a share whose suspension was ended", reinstated, True)
    case("W-9 D-44", "a new epoch with the true date, where the one in force is dated ahead", None, True, time=day(59))


def signatures(catalogue):
    def case(rule, what, files, good, who="omar", time=day(130)):
        catalogue.act(rule, what, "sign", {**files, **identities(who)}, good, person=f"{who}.identity", time=time)
    files, first = plain()
    Epoch(files, before=first, signers=("olga",))
    case("W-9 W-11", "a draft that another officer has signed", files, True)
    case("W-9", "a draft that is dated ahead", files, False, time=day(119))
    twice = dict(files)
    first.files = twice
    Epoch(twice, before=first, signers=("omar",), label="other")
    case("W-11", "a second draft of one number", twice, False)
    case("W-11", "two drafts of one number, of which she has signed one", twice, False, who="olga")


def rewriting(catalogue):
    alice = PEOPLE["alice"]
    catalogue.act("W-12", "an identity with an unlock of a kind to come gets another passphrase", "passphrase", {
        "alice.identity": alice.identity(PHRASE, LATER), "alice.pass": WORDS + b"\n", "new.pass": b"another passphrase\n"}, True,
        escrow=None, time=None, old="alice=alice.pass", new="to=new.pass", kept=LATER["kind"])


def parcel(files, root="acme.escrow"):
    held = [(path[len(root) + 1:], data) for path, data in sorted(files.items()) if path.startswith(root + "/")]
    return canonical({"about": "what has become of it", "format": "ca-escrow/v1/parcel", "files": [
        {"content": b64(data), "escrow": root, "path": path} for path, data in sorted(held)]})


def collecting(catalogue):
    def case(what, sent, good):
        files, _ = plain()
        catalogue.act("W-13", what, "collect", {**files, "sent.parcel": parcel(sent)}, good, person=None, time=None,
                      parcel="sent.parcel", epochs=2 if good else 1)
    sent, first = plain()
    Epoch(sent, before=first)
    case("a parcel with an epoch that follows the one in force", sent, True)
    other, _ = plain(label="another", change=lambda m: m.update(title="another"))
    case("a parcel with the first epoch of another escrow", other, False)
    sent, first = plain()
    then = Epoch(sent, before=first)
    gap = Epoch(sent, before=then)
    without = {k: v for k, v in sent.items() if not k.startswith(then.folder)}
    case("a parcel with an epoch whose predecessor is missing", without, False)
    sent, first = plain()
    broken = Epoch(sent, before=first, dealer=first.dealer)
    case("a parcel with an epoch that breaks a rule of succession", sent, False)
    files, first = plain()
    here = dict(files)
    left = Epoch(here, before=first)
    first.files = files
    Epoch(files, before=first, label="right")
    catalogue.act("W-13", "a parcel with an epoch beside the one in force", "collect", {**here, "sent.parcel": parcel(files)},
                  False, person=None, time=None, parcel="sent.parcel", epochs=2)


def cases(catalogue):
    firsts(catalogue)
    successors(catalogue)
    signatures(catalogue)
    rewriting(catalogue)
    collecting(catalogue)
    catalogue.reading, catalogue.halves = READING, HALVES
