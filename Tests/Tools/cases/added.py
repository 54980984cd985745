# SPDX-License-Identifier: Apache-2.0
"""A-38 to A-43, A-45 to A-54: documents that people have added to an epoch."""
from .bases import evidence
from .der import Key
from .escrow import CA, CERTIFICATE, Epoch, PEOPLE, plain
from .form import day, sha256
from .people import Person

KEYS = [sha256(CA.spki)]


def records(catalogue):
    files, epoch = plain()
    epoch.add("retirement", ("olga",), created=day(90), officer="olga", reason="what a later edition says")
    catalogue.audit("A-38", "a record of a kind to come, with a signature", files, unchecked="records")
    rubbish = {f"{epoch.folder}/records/20260331T000000Z-retirement-{'0' * 32}.json": b"{}"}
    catalogue.audit("A-38", "a file that is called as a record of a kind to come", {**plain()[0], **rubbish},
                    unchecked="records")
    known = {path.replace("-retirement-", "-restore-"): data for path, data in rubbish.items()}
    catalogue.audit("A-38 D-1", "the same, called as a record of a kind that every reader knows", {**plain()[0], **known},
                    "records")

    def restore(rule, what, fail="records", base=None, **other):
        files, epoch = plain() if base is None else base()
        members = {"created": day(84), "destination": "the CA's machine", **other}
        epoch.rebuilt("restore", members.pop("signers", ()), **members)
        catalogue.audit(rule, what, files, fail)
    restore("A-39 A-40", "a restore record that nobody has signed", "")
    restore("A-39", "a restore record with a proof of another secret", secret=4711)
    restore("A-39", "a restore record whose proof is of another document", change=lambda d: d.update(destination="elsewhere"))
    restore("A-40", "a restore by one custodian of the two that the policy wants", custodians=("alice",))
    restore("A-40", "a restore by somebody who is no custodian", custodians=("alice", "mallory"))
    restore("A-40", "a restore by a custodian who is there twice", custodians=("alice", "alice"))
    restore("A-40", "a restore by all custodians, in another order than the policy's", "", custodians=("carol", "alice", "bob"))
    over = [{"code": "clock", "reason": "no clock"}, {"code": "veto", "reason": "on leave"}]
    restore("A-39", "a restore with rules set aside", "", overrides=over)
    restore("A-39", "a restore with rules set aside that are not in order", overrides=over[::-1])
    restore("A-39", "a restore with a rule set aside that nobody knows", overrides=[{"code": "other", "reason": "x"}])
    restore("A-42", "a restore by a request that is not filed", request="00" * 32)
    restore("D-44", "a restore that is dated before its manifest", created=day(59))
    restore("D-44", "a restore that is dated before its manifest, and records `clock`", "", created=day(59), overrides=over[:1])


def drills(catalogue):
    signed = {"certificate": sha256(CERTIFICATE), "casig": CA}

    def drill(rule, what, fail="records", drop=None, **other):
        files, epoch = plain()
        members = {"created": day(84), "keys": KEYS, **signed, **other}
        epoch.rebuilt("drill", (), **members)
        if drop:
            del files[epoch.last + drop]
        catalogue.audit(rule, what, files, fail)
    drill("A-40 A-41", "a drill receipt that the CA's key has signed", "")
    drill("A-41", "a drill receipt in which public keys were only compared", "", certificate=None, casig=None)
    drill("A-41", "a drill receipt with another key", keys=["00" * 32])
    drill("A-41", "a drill receipt with a key twice", keys=KEYS * 2)
    drill("A-41", "a drill receipt whose CA signature is missing", drop=".casig")
    drill("A-41", "a drill receipt that another key has signed", casig=Key("other"))
    drill("A-41", "a drill receipt with a CA signature that it does not name", certificate=None)
    drill("A-41", "a drill receipt that names a certificate of no key here", certificate="00" * 32)
    drill("A-40", "a drill by one custodian of the two that the policy wants", custodians=("alice",))
    drill("A-39 A-41", "a drill receipt with a proof of another secret", secret=4711)
    drill("A-42", "a drill by a challenge that is not filed", challenge="00" * 32)
    drill("A-42", "a drill by a request that is not filed", request="00" * 32)


def overrides(catalogue):
    def override(what, fail="", rule="A-43", signers_=("olga", "omar"), **other):
        files, epoch = evidence(skip=("override", "restore", "drill", "suspension"))
        another = epoch.request(created=day(86), notBefore=day(86), expires=day(87), purpose="another")
        elsewhere = epoch.add("refusal", ["carol"], created=day(87), name="carol", reason="again", request=another)
        members = {"refusals": [epoch.refused], "request": epoch.requested, "officer": "olga", "code": "veto"}
        picked = {key: value(epoch, another, elsewhere) for key, value in other.items()}
        epoch.add("override", signers_, created=day(88), reason="she is on leave", **{**members, **picked})
        catalogue.audit(rule, what, files, fail)
    override("an override of a refusal of its request")
    override("an override that one officer of two has signed", rule="A-43 A-59", signers_=("olga",))
    override("an override of a refusal of another request", "records", refusals=lambda e, a, r: [r])
    override("an override of a file that is not here", "records", refusals=lambda *_: ["00" * 32])
    override("an override of a request that is not here", "records", request=lambda *_: "00" * 32)
    override("an override of a code that is none", "records", code=lambda *_: "clock")
    override("an override with a refusal twice", "records", refusals=lambda e, *_: [e.refused] * 2)


def beside(catalogue):
    files, epoch = evidence()
    for folder, code in (("receipts", "receipts"), ("proofs", "proofs"), ("requests", "requests"), ("releases", "releases"),
                         ("refusals", "refusals"), ("records", "records"), ("challenges", "challenges")):
        path = next(p for p in sorted(files) if f"/{folder}/" in p and p.endswith(".json"))
        kind = {"records": "drill"}.get(folder, folder[:-1])
        path = next(p for p in sorted(files) if f"-{kind}-" in p and p.endswith(".json")) if folder == "records" else path
        catalogue.audit("A-45", f"a signature of somebody who may not sign, beside one of {folder}", {
            **files, f"{path}.mallory.sig": PEOPLE["mallory"].sign(files[path], kind)}, code)
    path = next(p for p in files if "/records/" in p and "-added-certificate-" in p and p.endswith(".json"))
    catalogue.audit("A-45", "an officer's signature beside an added certificate that does not hold", {
        **files, f"{path}.otto.sig": PEOPLE["otto"].sign(b"", "added-certificate")}, "records")


def claims(catalogue):
    def receipt(rule, what, change=None, fail="receipts", unchecked="receipts", who="alice", signers_=None, **other):
        files, epoch = plain()
        for path in [p for p in files if "/receipts/alice-" in p]:
            del files[path]
        epoch.claim("receipt", who, created=day(61), change=change, signers=signers_, **other)
        catalogue.audit(rule, what, files, fail, unchecked)

    receipt("A-47", "a receipt of the custodian's own share", fail="", unchecked="")
    receipt("A-47", "a receipt of another path", lambda d: d.update(path="2"))
    receipt("A-47", "a receipt of another box", lambda d: d.update(share="00" * 32))
    receipt("A-47", "a receipt that somebody else has signed", signers_=("bob",))
    receipt("A-47", "a receipt that nobody has signed", signers_=())
    receipt("A-47", "a receipt of a person who is no custodian", lambda d: d.update(custodian="mallory"),
            signers_=("mallory",))
    receipt("A-46", "a custodian whose receipt is missing", fail="", who="bob")
    files, epoch = plain()
    receipt_ = [p for p in files if "/receipts/carol-" in p]
    catalogue.audit("A-46", "one of three receipts is missing", {k: v for k, v in files.items() if k not in receipt_},
                    unchecked="receipts")


def equivocations(catalogue):
    def shown(what, draft_by=("olga",), fail="", unchecked="", rule="A-48", again=False, early=False):
        files, first = plain()
        if early:
            for path in [p for p in files if "/receipts/" in p]:
                del files[path]
            first.receipts(created=day(60, 5))
        # Another manifest of the same set and number, which bob was shown; it lies here as a draft.
        other = Epoch({}, dealer=first.dealer, label="epoch 1", change=lambda m: m.update(title="another"), signers=draft_by)
        if draft_by is not None:
            files.update({p: d for p, d in other.files.items() if p.startswith(other.folder)})
        first.claim("receipt", "bob", created=day(60, 30), change=lambda d: d.update(manifest=other.digest))
        reprove(files, first, other)
        if again:
            first.claim("receipt", "bob", created=day(62))
        catalogue.audit(rule, what, files, fail, unchecked)

    def reprove(files, first, other):
        """A receipt for the other manifest, whose proof is of that receipt."""
        del files[first.last]
        del files[first.last + ".bob.sig"]
        kept, first.digest = first.digest, other.digest
        first.claim("receipt", "bob", created=day(60, 30))
        first.digest = kept
    shown("a receipt for another manifest of this set and number, which is here and an officer has signed",
          fail="equivocation")
    shown("the same, and a later receipt for this manifest", fail="equivocation", again=True)
    shown("a receipt for another manifest, which is here, and which nobody has signed", draft_by=(), rule="A-49", early=True,
          unchecked="receipts")
    shown("the same, and a later receipt for this manifest", draft_by=(), rule="A-49", early=True, again=True)
    files, first = plain()
    then = Epoch(files, before=first)
    then.receipts(created=day(130))
    kept, first.digest = first.digest, then.digest
    first.claim("receipt", "bob", created=day(130))
    first.digest = kept
    catalogue.audit("A-48", "a receipt for a later epoch of the same number of another set, in the wrong directory", files,
                    "receipts")
    catalogue.audit("A-48", "receipts for the manifests in whose directories they lie", plain()[0])


def challenges(catalogue):
    def challenge(what, fail="", **other):
        files, epoch = plain()
        epoch.challenge(**other)
        catalogue.audit("A-50", what, files, fail, "" if fail else "proofs")
    challenge("a challenge of 30 days")
    challenge("a challenge of 400 days", expires=day(470))
    challenge("a challenge of 400 days and a second", "challenges", expires=day(470, 1))
    challenge("a challenge that expires when it begins", "challenges", expires=day(70))
    challenge("a challenge that nobody has signed", "challenges", signers=())
    challenge("a challenge that another key has signed", "challenges", signers=[Person("wanda", again=1)])

    def answered(rule, what, fail="", unchecked="", late=None, newer=None, who=("alice", "bob", "carol"), **given):
        files, epoch = plain()
        asked = epoch.challenge(**({"expires": day(80)} if late else {}))
        for n, name in enumerate(who):
            epoch.claim("proof", name, created=late or day(71, n), challenge=asked)
        if newer is not None:
            epoch.challenge(created=day(75), label="b", **newer)
        catalogue.audit(rule, what, files, fail, unchecked, **given)
    answered("A-51", "all have answered the newest challenge")
    answered("A-51", "one has not answered", unchecked="proofs", who=("alice", "bob"))
    answered("A-51", "all have answered an older challenge, and nobody the newest", unchecked="proofs", newer={})
    answered("A-51", "a newer challenge, by somebody whom the auditor does not know", newer={"who": "mallory"})
    answered("A-51", "proofs made after the challenge's end", "proofs", late=day(81))
    answered("A-51", "an auditor without a list: no challenge counts", unchecked="proofs anchor", signers=None)
    files, epoch = plain()
    epoch.challenge()
    epoch.claim("proof", "alice", created=day(71), challenge="00" * 32)
    catalogue.audit("A-51", "a proof that answers no challenge here", files, "proofs")


def requests(catalogue):
    def request(what, fail="requests", **other):
        files, epoch = plain()
        epoch.request(**other)
        catalogue.audit("A-52", what, files, fail)
    request("a request that nobody has signed", "", signers=())
    request("a request of 30 days", "", expires=day(110))
    request("a request of 30 days and a second", expires=day(110, 1))
    request("a request that ends when it begins", expires=day(80))
    request("a request that begins before it was made", notBefore=day(79))
    request("a request of another epoch", epoch=2)
    request("a request for a custodian's key", restoreKey=PEOPLE["bob"].sealing.hex())
    request("a request by somebody who is no officer", officer="mallory", signers=("mallory",))

    def released(what, fail="releases", **other):
        files, epoch = plain()
        requested = epoch.request()
        epoch.release("alice", other.pop("request", requested), **other)
        catalogue.audit("A-53", what, files, fail)
    released("a release in the request's time", "")
    released("a release in the request's last second", "", created=day(85))
    released("a release a second after the request's end", created=day(85, 1))
    released("a release before the request's beginning", created=day(79, 86399))
    released("a release that answers no request here", request="00" * 32)
    released("a release of another path", change=lambda d: d.update(path="2"))
    released("a release that its custodian has not signed", signers=())

    def refused(what, fail="refusals", path=None, data=None, members=(), signers_=("carol",), drop=None, links=None,
                directories=()):
        files, epoch = plain()
        requested = epoch.request()
        name = f"{epoch.folder}/refusals/carol-{requested[:32]}-{'7' * 32}.json"
        if data is None and not links and not directories:
            epoch.add("refusal", signers_, **{"created": day(82), "name": "carol", "reason": "no", "request": requested,
                                              **dict(members)})
            if drop is not None:
                del files[epoch.last + drop]
        elif data is not None:
            files[name] = data
        catalogue.audit("A-54", what, files, fail, links={name: "nowhere"} if links else None,
                        directories=[name] if directories else ())
    refused("a refusal that its custodian has signed", "")
    refused("a refusal that an officer has signed", "", members={"name": "omar"}, signers_=("omar",))
    refused("a refusal that nobody has signed", signers_=())
    refused("a refusal by somebody who is no person of the manifest", members={"name": "mallory"}, signers_=("mallory",))
    refused("an empty file with the name of a refusal", data=b"")
    refused("a file with the name of a refusal that is not canonical", data=b"{}")
    refused("a directory with the name of a refusal", "refusals layout", directories=True)
    refused("a symbolic link with the name of a refusal", "refusals layout", links=True)
    refused("a refusal that answers no request here", members={"request": "00" * 32})
    refused("a signature whose refusal is missing", "refusals layout", drop="")


def cases(catalogue):
    records(catalogue)
    drills(catalogue)
    overrides(catalogue)
    beside(catalogue)
    claims(catalogue)
    equivocations(catalogue)
    challenges(catalogue)
    requests(catalogue)
