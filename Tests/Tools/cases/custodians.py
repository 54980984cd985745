# SPDX-License-Identifier: Apache-2.0
"""C-1 to C-17: what a custodian's tool does with alice's identity, and what it refuses to do."""
import hashlib

from .escrow import Epoch, PEOPLE, REQUEST, plain
from .form import b64, canonical, day, lp, seeded, sha256
from .group import payload, seal

ALICE, OLGA = PEOPLE["alice"], PEOPLE["olga"]


def mine(files, **more):
    return {**files, "alice.identity": ALICE.identity(), **more}


def fresh(**what):
    """An escrow that nobody has acknowledged yet."""
    files, epoch = plain(**what)
    return mine({k: v for k, v in files.items() if "/receipts/" not in k}), epoch


def seen(*lines):
    return "".join(f"{e.set.hex()} {number} {digest}\n" for e, number, digest in lines).encode()


def acknowledging(catalogue):
    files, epoch = fresh()
    good = epoch.digest

    def case(rule, what, files, good_, **given):
        catalogue.act(rule, what, "acknowledge", files, good_, **given)
    case("C-1 C-2 C-4 C-5 C-6", "a first share, whose manifest is confirmed by its digest", files, True, manifest=good)
    case("C-4", "a first share, and no digest is given", files, False)
    case("C-4", "a first share, and the digest of another manifest is given", files, False, manifest="00" * 32)
    known = {**files, "alice.seen": seen((epoch, 1, good))}
    case("C-2 C-4", "a manifest that she has seen", known, True)
    case("C-2", "another manifest of the same set and epoch was seen", {**files, "alice.seen": seen((epoch, 1, "00" * 32))},
         False, manifest=good)
    case("C-2", "a higher epoch of this set was seen", {**files, "alice.seen": seen((epoch, 2, "00" * 32))}, False,
         manifest=good)
    for field, value in (("context", bytes(32)), ("set", bytes(16)), ("value", b"\5" + bytes(31))):
        other, made = fresh(fields={"alice": {field: value}})
        case("C-1" if field == "context" else "C-1 R-8 R-11", f"a box in which a field differs: {field}", other, False,
             manifest=made.digest)
    files, first = fresh()
    then = Epoch(files, before=first)
    case("C-3", "an epoch that follows the one she has seen", {**files, "alice.seen": seen((first, 1, first.digest))}, True,
         manifest=then.digest, time=day(130))
    case("C-3", "an epoch that does not follow the one she has seen", {
        **files, "alice.seen": seen((first, 1, "00" * 32))}, False, manifest=then.digest, time=day(130))
    both = seen((then, 2, then.digest), (first, 2, then.digest))
    older = {k: v for k, v in files.items() if not k.startswith(then.folder)}
    case("C-2", "an epoch before the one she has seen, of another set", {**older, "alice.seen": both}, False,
         manifest=first.digest, time=day(130))
    files, epoch = fresh(signers=("olga",))
    case("C-5", "an escrow whose first epoch lacks a signature", files, False, manifest=epoch.digest)
    files, first = fresh()
    left, right = Epoch(files, before=first), Epoch(files, before=first, label="right")
    case("C-5", "an escrow with a fork", files, False, manifest=left.digest, time=day(130))
    files, epoch = fresh()
    case("C-6", "an epoch in force that is dated ahead", files, False, manifest=epoch.digest, time=day(59, 86099))
    case("C-6", "an epoch in force that is dated 5 minutes ahead", files, True, manifest=epoch.digest, time=day(59, 86100))


def proving(catalogue):
    def case(what, tell, good, **given):
        files, epoch = plain()
        tell(epoch)
        given.setdefault("manifest", epoch.digest)
        catalogue.act("C-7", what, "prove", mine(files), good, time=given.pop("time", day(75)), **given)
    case("a challenge that is open", lambda e: e.challenge(), True)
    case("a challenge in its last second", lambda e: e.challenge(), True, time=day(100))
    case("a challenge that has expired", lambda e: e.challenge(), False, time=day(100, 1))
    case("no challenge", lambda e: None, False)
    case("a challenge that nobody has signed", lambda e: e.challenge(signers=()), False)
    case("a challenge of another manifest", lambda e: e.challenge(change=lambda d: d.update(manifest="00" * 32)), False)
    case("a challenge dated ahead", lambda e: e.challenge(created=day(76), expires=day(90)), False)
    files, first = plain()
    first.challenge()
    then = Epoch(files, before=first)
    catalogue.act("C-7", "a challenge in an epoch that is not in force any more", "prove", mine(files), False, time=day(130),
                  manifest=then.digest)


def releasing(catalogue):
    def case(rule, what, tell=None, good=False, request=None, confirm=True, time=day(82), extra=None, **layout):
        files, epoch = plain()
        asked = epoch.request(**(request or {}))
        epoch.requested = asked
        if tell:
            tell(epoch)
        files["request.identity"] = REQUEST.identity()
        files["bob.identity"] = PEOPLE["bob"].identity()
        confirm = asked if confirm is True else confirm
        layout = {key: ([path(epoch) for path in value] if key == "directories" else
                        {path(epoch): to for path, to in value.items()}) for key, value in layout.items()}
        drop = extra(epoch) if extra else ()
        catalogue.act(rule, what, "release", mine({k: v for k, v in files.items() if k not in drop}), good, time=time,
                      manifest=epoch.digest, confirm=confirm, **layout)
    case("C-8 C-9 C-10 C-11 C-13 C-14 C-15", "a request as it must be", good=True)
    case("C-9", "a request in the second in which it begins", good=True, time=day(80))
    case("C-9", "a request in its last second", good=True, time=day(85))
    case("C-9", "a request a second before it begins", request={"created": day(79)}, time=day(79, 86399))
    case("C-9", "a request that has expired", time=day(85, 1))
    case("C-9 D-44", "a request that is dated ahead", request={"created": day(81), "notBefore": day(81)}, time=day(80, 86000))
    for what, by in (("its officer alone", ("olga",)), ("another officer alone", ("omar",)), ("nobody", ())):
        case("C-8", f"a request that {what} has signed", request={"signers": by})
    case("C-13", "the request's digest is not given", confirm=None)
    case("C-13", "the digest of another request is given", confirm="00" * 32)

    def at(name):
        return lambda e: f"{e.folder}/refusals/{name}-{e.requested[:32]}-{'7' * 32}.json"

    def refusal(epoch, signers=("carol",), **other):
        return epoch.add("refusal", signers, **{"created": day(81), "name": "carol", "reason": "no",
                                                "request": epoch.requested, **other})

    def override(epoch, *refusals, signers=("olga", "omar"), request=None):
        epoch.add("override", signers, created=day(81, 60), code="veto", officer="olga", reason="she is on leave",
                  refusals=sorted(refusals), request=request or epoch.requested)

    def put(data):
        return lambda e: e.files.__setitem__(at("carol")(e), data)
    case("C-10", "a request that a custodian refuses", refusal)
    case("C-10", "a refusal that nobody has signed", lambda e: refusal(e, ()))
    case("C-10", "a refusal that is dated ahead", lambda e: refusal(e, created=day(90)))
    case("C-10", "a refusal that is dated before its manifest", lambda e: refusal(e, created=day(59)))
    case("C-10", "an empty file with the name of a refusal", put(b""))
    case("C-10", "a file with the name of a refusal that says something else", put(b"rubbish"))
    case("C-10", "a directory with the name of a refusal", directories=[at("carol")])
    case("C-10", "a symbolic link with the name of a refusal", links={at("carol"): "nowhere"})
    case("C-10", "a refusal that may not be read", refusal, modes={lambda e: e.last: "000"})
    case("C-10", "a refusal's signature, and the refusal is gone", refusal, extra=lambda e: (e.last,))
    case("C-10", "a file with the name of a refusal of another request",
         lambda e: e.put(f"refusals/carol-{'0' * 32}-{'7' * 32}.json", b""), True)
    case("C-10 C-12", "a refusal that an approved override covers", lambda e: override(e, refusal(e)), True)
    case("C-10", "a refusal that an override of one officer names", lambda e: override(e, refusal(e), signers=("olga",)))
    case("C-11", "`refusals` that cannot be listed", refusal, modes={lambda e: f"{e.folder}/refusals": "000"})
    case("C-11", "`refusals` that is a file", lambda e: e.put("refusals", b"x"))

    def elsewhere(epoch):
        another = epoch.request(created=day(80, 5), notBefore=day(80, 5), purpose="another")
        refusal(epoch)
        theirs = refusal(epoch, request=another)
        override(epoch, theirs, request=another)
        requested = [p for p in epoch.files if another[:32] in p and "/requests/" in p]
        epoch.others = requested
    case("C-12", "an override of a refusal of another request", elsewhere, extra=lambda e: e.others)

    def wrong(epoch):
        another = epoch.request(created=day(80, 5), notBefore=day(80, 5), purpose="another")
        override(epoch, refusal(epoch), request=another)
        epoch.others = [p for p in epoch.files if another[:32] in p and "/requests/" in p]
    case("C-12", "an override that names a refusal of this request, for another request", wrong, extra=lambda e: e.others)


def enrolling(catalogue):
    alice = ALICE.card()

    def case(rule, what, good=False, fields=None, card=alice, officer=OLGA, signer=OLGA, expires=day(90), promise=None, **other):
        context = hashlib.sha256(card).digest()
        value = seeded("enrolment value")
        message = payload(4, bytes(16), 0, (), context, ALICE.sealing, value, **(fields or {}))
        box = seal(message, ALICE.sealing)
        answer = hashlib.sha256(b"".join(map(lp, (b"ca-escrow/v1/enrolment", value, context)))).digest()
        document = {"answer": promise or sha256(answer), "box": b64(box), "card": sha256(card), "created": day(80),
                    "custodian": "alice", "expires": expires, "format": "ca-escrow/v1/enrolment-challenge",
                    "officer": {"key": officer.key, "name": officer.name}, **other}
        data = canonical(document)
        name = f"alice-{sha256(data)[:32]}.enrolment-challenge.json"
        held = {"alice.card": card, name: data}
        if signer:
            held[f"{name}.{officer.name}.sig"] = signer.sign(data, "enrolment-challenge")
        parcel = {"about": "an enrolment", "format": "ca-escrow/v1/parcel", "files": [
            {"content": b64(content), "escrow": "enrolment", "path": path} for path, content in sorted(held.items())]}
        expected = sha256(answer) if good else None
        catalogue.act(rule, what, "answer", mine({"alice.card": card, "enrol.parcel": canonical(parcel)}), good,
                      parcel="enrol.parcel", answer=expected, escrow=None, secret=value.hex())
    case("C-16 C-17", "a challenge as it must be", True)
    for purpose, what in ((1, "a share"), (2, "a release"), (3, "what is reserved")):
        case("C-16", f"a challenge whose box is of {what}", fields={"purpose": bytes([purpose])})
    case("C-16", "a challenge whose box is for another card", fields={"context": bytes(32)})
    case("C-16", "a challenge whose box has a set", fields={"set": seeded("set", 16)})
    case("C-16", "a challenge with 0 in its box", fields={"value": bytes(32)})
    case("C-16", "a challenge that promises another answer than its box gives", promise="00" * 32)
    case("C-17", "a challenge for another card of hers", card=PEOPLE["alice"].card(site="elsewhere"), good=True)
    case("C-17", "a challenge for somebody else", custodian="bob")
    other = type(ALICE)("alice", again=1)
    case("C-17", "a challenge for a card of her name with other keys", card=other.card())
    case("C-17", "a challenge whose officer is herself", officer=ALICE, signer=ALICE)
    case("C-17", "a challenge that has expired", expires=day(81))
    case("C-17", "a challenge that nobody has signed", signer=None)
    case("C-17", "a challenge that another key has signed", signer=PEOPLE["mallory"])
    case("C-17", "a challenge of 90 days and a second", expires=day(170, 1))


def cases(catalogue):
    acknowledging(catalogue)
    proving(catalogue)
    releasing(catalogue)
    enrolling(catalogue)
