# SPDX-License-Identifier: Apache-2.0
"""A-8 to A-11, A-16 to A-27, A-58: which epochs are approved, what follows what, and S1 to S5."""
from .der import Key, name, CN, pem, utf8
from .escrow import Epoch, PEOPLE, plain, signers, small
from .form import b64, day, seeded
from .people import Person

OSCAR, OTTO, MALLORY = PEOPLE["oscar"], PEOPLE["otto"], PEOPLE["mallory"]
BOTH = signers(*(PEOPLE[who].line() for who in ("olga", "omar", "oscar", "otto")))


def rotated(files, before, officers=("olga", "oscar"), **what):
    """An epoch of the same set with other officers; signed by them and by those before."""
    everybody = dict.fromkeys([*(PEOPLE.get(o, o) for o in officers), *before.officers])
    return Epoch(files, before=before, keeps=True, officers=officers, **{"signers": list(everybody), **what})


def lacking(files, path):
    assert path in files, path
    return {k: v for k, v in files.items() if k != path}


def forks(catalogue):
    files, first = plain()
    left = Epoch(files, before=first)
    right = rotated(files, first)
    fork = "chain"
    catalogue.audit("A-8 A-58", "two approved epochs that follow one", files, fork)
    catalogue.audit("A-58", "a fork, and nobody's word on which branch it is: the epoch before is looked at",
                    {k: v for k, v in files.items() if not k.startswith(f"{first.folder}/receipts/alice")}, fork)
    voided = dict(files)
    left.files = voided
    left.add("void", ("olga", "omar"), created=day(130), branch=right.digest, officer="olga", reason="a mistake")
    catalogue.audit("A-8 A-58", "a fork that a void has ended", voided, unchecked="receipts")
    asked = dict(files)
    left.files = asked
    left.add("void", ("olga",), created=day(130), branch=right.digest, officer="olga", reason="a mistake")
    catalogue.audit("A-8", "a fork, and a void that one officer of two has signed", asked, fork)
    itself = dict(files)
    left.files = itself
    left.add("void", ("olga", "omar"), created=day(130), branch=left.digest, officer="olga", reason="a mistake")
    catalogue.audit("A-8", "a fork, and a void of the branch in which it lies", itself, fork, require=1)
    files, first = plain()
    Epoch(files, label="another", created=day(50))
    files["acme.escrow/README.txt"] = first.readme()
    catalogue.audit("A-9 A-58", "two approved epochs 1", files, "chain readme")
    files, first = plain()
    Epoch(files, label="another", created=day(50), signers=("olga",))
    files["acme.escrow/README.txt"] = first.readme()
    catalogue.audit("A-9 A-11", "an approved epoch 1, and a draft of another", files)


def gone(catalogue):
    files, first = plain()
    middle = Epoch(files, before=first)
    Epoch(files, before=middle)
    without = {k: v for k, v in files.items() if not k.startswith(middle.folder)}
    catalogue.audit("A-10", "a manifest that officers have signed, whose predecessor is gone", without, "chain")
    files, first = plain()
    Epoch(files, before=first)
    unsigned = lacking(files, f"{first.folder}/manifest.json.omar.sig")
    catalogue.audit("A-10 A-18 A-19 A-58", "all have signed epoch 2, and epoch 1 lacks a signature", unsigned,
                    "approval chain", "receipts")
    files, first = plain()
    Epoch(files, before=first, signers=(MALLORY,), officers=(MALLORY,), threshold=1)
    catalogue.audit("A-10 A-11 A-19", "a stranger's manifest that follows", files)


def drafts(catalogue):
    files, first = plain()
    Epoch(files, before=first, signers=("olga",))
    catalogue.audit("A-11 A-19", "a draft that one officer of two has signed", files)
    files, first = plain()
    draft = Epoch(files, before=first, signers=("olga",), created=day(300))
    draft.put("cards/bob.json", b"rubbish")
    catalogue.audit("A-11 A-16", "a draft that is dated ahead, with a card that is none", files)
    files, first = plain()
    Epoch(files, before=first, signers=("olga",))
    Epoch(files, before=first, signers=("omar",), label="other")
    catalogue.audit("A-11 A-8", "two drafts of one number", files)
    files, first = plain()
    draft = Epoch(files, before=first, signers=("olga",))
    draft.sign("omar")
    catalogue.audit("A-11 A-19", "it is a draft no more once the second has signed", files, unchecked="receipts")


def approvals(catalogue):
    files, epoch = plain()
    base = f"{epoch.folder}/manifest.json"
    catalogue.audit("A-17", "a signature of somebody who may not sign", {
        **files, f"{base}.mallory.sig": MALLORY.sign(epoch.data, "manifest")}, "signatures")
    catalogue.audit("A-17", "a signature by another's key under an officer's name", {
        **files, f"{base}.omar.sig": MALLORY.sign(epoch.data, "manifest")}, "signatures approval anchor", "receipts")
    spare, more = plain(officers=("olga", "omar", "otto"), threshold=2)
    catalogue.audit("A-17", "a signature beyond the threshold", spare)
    catalogue.audit("A-17", "a signature beyond the threshold that does not hold", {
        **spare, f"{more.folder}/manifest.json.otto.sig": OTTO.sign(b"", "manifest")}, "signatures")
    catalogue.audit("A-18 A-58", "epoch 1 lacks a signature", lacking(files, f"{base}.omar.sig"), "approval anchor")
    files, first = plain()
    then = Epoch(files, before=first, officers=("oscar", "otto"), signers=("oscar", "otto", "olga", "omar"),
                 policy=first.policy)
    anchor = {"officers.signers": BOTH}
    catalogue.audit("A-19", "new officers, whom those before have let follow", {**files, **anchor}, unchecked="receipts",
                    require=2)
    catalogue.audit("A-19", "new officers, whom one of those before has let follow: a draft",
                    {**lacking(files, f"{then.folder}/manifest.json.omar.sig"), **anchor}, require=2)
    files, first = plain()
    then = Epoch(files, before=first, keeps=True, officers=("oscar", "otto"), signers=("oscar", "otto", "alice", "carol"))
    catalogue.audit("A-20", "new officers, whom custodians who satisfy the policy have let follow", {**files, **anchor},
                    unchecked="receipts", require=2)
    catalogue.audit("A-20", "new officers, and too few custodians: a draft",
                    {**lacking(files, f"{then.folder}/manifest.json.carol.sig"), **anchor}, require=2)
    files, first = plain()
    first.add("suspension", ("olga",), created=day(70), because="left", custodian="carol", officer="olga")
    Epoch(files, before=first, keeps=True, officers=("oscar", "otto"), signers=("oscar", "otto", "alice", "carol"))
    catalogue.audit("A-20", "new officers, whom custodians have let follow, one of them suspended", {**files, **anchor},
                    unchecked="receipts", require=2)


def s1_s2(catalogue):
    anchor = {"officers.signers": BOTH}

    def case(rule, what, files, fail="", **given):
        catalogue.audit(rule, what, {**files, **given.pop("brought", anchor)}, fail, "receipts", require=1, **given)
    files, first = plain()
    rotated(files, first)
    case("A-21 A-24", "another officer, under a name of their own", files)
    files, first = plain()
    again = Person("omar", again=1)
    rotated(files, first, officers=("olga", again), signers=("olga", "omar"), threshold=1)
    case("A-21", "an officer with another key than the name had", files, "succession")
    files, first = plain(officers=("olga", "omar", "otto"), threshold=2)
    between = rotated(files, first, officers=("olga", "otto"))
    rotated(files, between, officers=("olga", again, "otto"), signers=("olga", "otto"), threshold=2)
    case("A-21", "an officer who comes back with another key", files, "succession")
    files, first = plain(officers=("olga", "omar", "otto"), threshold=2)
    between = rotated(files, first, officers=("olga", "otto"))
    rotated(files, between, officers=("olga", "omar", "otto"), signers=("olga", "otto"), threshold=2)
    case("A-21", "an officer who comes back with the same key", files)
    token = Person("omar.token")
    files, first = plain()
    rotated(files, first, officers=("olga", token), signers=("olga", "omar", token), threshold=1)
    case("A-21", "another key of an officer under another name", files)
    files, _ = plain(officers=("olga", "omar", PEOPLE["alice"]), threshold=2, signers=("olga", "omar"))
    catalogue.audit("A-22", "an officer who is a custodian, with one key", files)
    files, _ = plain(officers=("olga", "omar", Person("alice", again=1)), threshold=2, signers=("olga", "omar"))
    catalogue.audit("A-22", "one name with two keys, in epoch 1", files, "succession approval")
    bob = Person("bob", again=1)

    def rekey(signers_, **what):
        files, first = plain()
        Epoch(files, before=first, keeps=True, people=[bob], occasion="custodian-change", signers=signers_, **what)
        return files
    everybody = ("olga", "omar", "bob")
    case("A-23 A-24 D-35", "an exchanged card that its custodian has signed with the old key", rekey(everybody))
    case("A-23", "an exchanged card that its custodian has not signed", rekey(("olga", "omar")), "succession")
    case("A-23", "an exchanged card that its custodian has signed with the new key",
         rekey(("olga", "omar", bob)), "succession signatures")


def s3_s4(catalogue):
    def kept(what, change=None, alter=None, rule="A-24", fail="succession", **other):
        files, first = plain(officers=("olga", "omar", "otto"), threshold=2)
        extra = {"change": change, "alter": alter, "officers": ("olga", "omar"), "signers": ("olga", "omar"), **other}
        Epoch(files, before=first, keeps=True, **extra)
        catalogue.audit(rule, what, files, fail, "receipts")
    kept("the same set, and other officers", fail="")
    kept("the same set, and nothing else", officers=("olga", "omar", "otto"), threshold=2)
    kept("the same set, and a title besides", lambda m: m.update(title="another"))
    kept("the same set, and another key file", lambda m: m["pkcs12"].update(sha256="00" * 32), fail="succession pkcs12")
    kept("the same set, and figures of a state besides", lambda m: m.update(state={"store": "openssl-ca", "serial": "10"}))
    kept("the same set, and another certificate", lambda m: m["certificates"].append(b64(
        Key("issuer").certificate(begins="250101000000Z"))), fail="succession")
    kept("the same set, and a box that is another while its card is not", alter=lambda m: m["shares"][0].update(
        box=b64(seeded("box", 192)), sealedIn=2))
    kept("the same set, and two changes: officers and a card", people=[Person("bob", again=1)],
         signers=("olga", "omar", "bob"))
    kept("the same set, and a rehearsal", lambda m: m.update(rehearsal=True), rule="A-26")
    kept("retired", lambda m: m.update(retired=True), rule="A-26", fail="", officers=("olga", "omar", "otto"), threshold=2)
    files, first = plain()
    then = Epoch(files, before=first, keeps=True, change=lambda m: m.update(retired=True))
    Epoch(files, before=then)
    catalogue.audit("A-26", "what follows a retired epoch, with another set", files, "succession")

    def dealt(what, rule="A-25", fail="succession", **other):
        files, first = plain()
        middle = Epoch(files, before=first) if other.pop("third", False) else first
        given = other.pop("of", lambda first: {})(first)
        Epoch(files, before=middle, **other, **given)
        brought = other.get("brought", {})
        catalogue.audit(rule, what, {**files, **brought}, fail, "receipts")
    dealt("another set, secret and key file", fail="")
    dealt("another set with the secret of the one before", of=lambda first: {"dealer": first.dealer},
          fail="succession commitments")
    dealt("another set with a secret of two epochs before", third=True, of=lambda first: {"dealer": first.dealer},
          fail="succession commitments")
    dealt("another set with the key file of the one before", of=lambda first: {
        "key_file": first.files[first.m["pkcs12"]["name"]]})
    dealt("a set of two epochs before", third=True, label="epoch 1", fail="succession")
    dealt("another set, and a share that was sealed in the epoch before",
          alter=lambda m: m["shares"][0].update(sealedIn=1))
    dealt("another set, and it is a rehearsal", rule="A-26", change=lambda m: m.update(rehearsal=True))
    other = name((CN, utf8("Acme Root CA 2")))
    files, first = plain()
    key = Key("two")
    certificate = key.certificate(subject=other)
    Epoch(files, before=first, held=[(key, [certificate])], subject="CN=Acme Root CA 2")
    catalogue.audit("A-25", "another set, and another CA", files, "succession")
    files, first = plain()
    certificate = key.certificate(subject=name((CN, utf8(" acme  ROOT ca "))), begins="260201000000Z")
    Epoch(files, before=first, held=[(key, [certificate])], subject="CN=\\ acme  ROOT ca\\ ")
    catalogue.audit("A-25 A-32", "another set, and the CA's name in other letters", {**files, "ca.crt": pem(certificate)}, "",
                    "receipts")


def s5(catalogue):
    def given(what, because="left", people=(), created=70, fail="", unchecked="receipts succession quorum", reinstated=False,
              rule="A-27"):
        files, first = plain(policy=(2, "alice", "bob", "carol"))
        suspension = first.add("suspension", ("olga",), created=day(created), because=because, custodian="carol",
                               officer="olga")
        then = Epoch(files, before=first, people=people)
        if reinstated:
            then.add("reinstatement", ("olga", "omar"), created=day(130), name="carol", officer="olga", reason="she is back",
                     suspensions=[suspension])
        if reinstated is None:
            then.add("reinstatement", ("olga", "omar"), created=day(130), name="carol", officer="olga", reason="she is back",
                     suspensions=["00" * 32])
        catalogue.audit(rule, what, files, fail, unchecked)
    given("a share for somebody who has left", unchecked="receipts succession")
    given("a share for a key that was stolen", "stolen", unchecked="receipts succession")
    given("a share for another key of somebody whose key was stolen", "stolen", people=[Person("carol", again=1)],
          unchecked="receipts")
    given("a share for another key of somebody who has left", people=[Person("carol", again=1)],
          unchecked="receipts succession")
    given("a share for somebody who was suspended later", created=150, unchecked="receipts")


def clocks(catalogue):
    files, _ = small(created=day(210))
    catalogue.audit("A-16 D-44", "the epoch in force is dated ahead", files, "clock", "receipts")
    files, _ = small()
    catalogue.audit("A-16", "the epoch in force is dated 5 minutes ahead", files, "", "receipts", time=day(59, 86100))
    files, first = small(created=day(60))
    catalogue.audit("A-16", "the epoch in force is dated 5 minutes and a second ahead", files, "clock", "receipts",
                    time=day(59, 86099))
    files, first = small(created=day(210))
    Epoch(files, before=first, created=day(120))
    catalogue.audit("A-16", "an epoch before the one in force is dated ahead", files, unchecked="clock receipts")
    files, epoch = plain()
    epoch.request(created=day(210), notBefore=day(210), expires=day(220))
    catalogue.audit("A-16 D-44", "a request that is dated ahead", files, unchecked="clock")
    files, epoch = plain()
    epoch.request(created=day(59))
    catalogue.audit("D-44", "a request that is dated before its manifest", files, "requests")
    files, epoch = small()
    epoch.claim("receipt", "alice", created=day(61))
    epoch.claim("receipt", "bob", created=day(210))
    catalogue.audit("D-44 A-46", "a receipt that is dated ahead, and does not count", files, unchecked="clock receipts")
    files, epoch = plain()
    epoch.request(created=day(60), notBefore=day(60), expires=day(70))
    catalogue.audit("D-44", "a request of the manifest's own second", files)


def cases(catalogue):
    forks(catalogue)
    gone(catalogue)
    drafts(catalogue)
    approvals(catalogue)
    s1_s2(catalogue)
    s3_s4(catalogue)
    s5(catalogue)
    clocks(catalogue)
