# SPDX-License-Identifier: Apache-2.0
"""R-20 to R-24: a restore from afar, with releases of alice and bob, and what may stop it."""
import base64, json

from .escrow import PEOPLE, REQUEST, plain
from .form import b64, canonical, day, sha256
from .restores import KEY


def asked(signers=("olga", "omar"), fields=None, context=None, created=81, change=None, second=0, who="alice",
          **request):
    """An escrow with a request, and what alice and bob have answered; `change` is of the statement."""
    files, epoch = plain()
    epoch.requested = epoch.request(signers=signers, **request)
    files["request.identity"] = REQUEST.identity()
    files["bob.release"] = epoch.release("bob", epoch.requested, created=day(81, 9))
    files["alice.release"] = epoch.release("alice", epoch.requested, created=day(created, second), change=change,
                                           fields=fields, context=context)
    kept = {k: v for k, v in files.items() if "/releases/" not in k}
    epoch.files = kept
    return kept, epoch


BOTH = ["alice.release", "bob.release"]


def cases(catalogue):
    def case(rule, what, files, epoch, good=False, names=(), by_hand=True, time=day(82), **given):
        catalogue.restore(rule, what, files, BOTH, KEY if good else None, names=names, by_hand=by_hand, time=time,
                          request=epoch.requested[:8], requestKey="request.identity", **given)
    files, epoch = asked()
    case("R-20 R-21 R-22 R-23 R-24", "two releases, as they must be", files, epoch, True)
    for rule, what, other in (
            ("R-20", "a release whose statement is for another request", {"change": lambda d: d.update(request="00" * 32)}),
            ("R-20", "a release whose statement is of another set", {"change": lambda d: d.update(set="00" * 16)}),
            ("R-20", "a release whose statement is of another manifest", {"change": lambda d: d.update(manifest="00" * 32)}),
            ("R-20", "a release whose statement has another path", {"change": lambda d: d.update(path="3")}),
            ("R-20 R-8", "a release whose box is for another request", {"context": "00" * 32}),
            ("R-7", "a release whose box is of purpose 1", {"fields": {"purpose": b"\1"}}),
            ("R-8", "a release whose box is of another path", {"fields": {"path": b"\0\3" + bytes(6)}}),
            ("R-8", "a release whose box is for another recipient", {"fields": {"recipient": bytes(32)}}),
            ("R-11", "a release whose share is not valid", {"fields": {"value": b"\5" + bytes(31)}}),
            ("R-21", "a release whose statement is of another box", {"change": lambda d: d.update(box="00" * 32)}),
            ("R-22", "a release made before the request's beginning", {"created": 79}),
            ("R-22", "a release made a second after the request's end", {"created": 85, "second": 1})):
        files, epoch = asked(**other)
        # A release of a time to come is looked at when that has come.
        case(rule, what, files, epoch, names=("alice",), time=day(82))
    files, epoch = asked()
    for what, blob in (("by somebody else", PEOPLE["mallory"].blob), ("in another namespace", None)):
        release = json.loads(files["alice.release"])
        statement = base64.b64decode(release["statement"])
        made = blob(statement, "release") if blob else PEOPLE["alice"].blob(statement, "receipt")
        case("R-21", f"a release that is signed {what}", {**files, "alice.release": canonical({
            **release, "signature": b64(made)})}, epoch, names=("alice",), by_hand=False)
    files, epoch = asked(created=80)
    case("R-22", "a release made in the second in which the request begins", files, epoch, True)
    for what, by in (("its officer alone", ("olga",)), ("another officer alone", ("omar",)), ("nobody", ())):
        files, epoch = asked(signers=by)
        case("R-24", f"a request that {what} has signed", files, epoch, by_hand=False)
    files, epoch = asked(officer="oscar", signers=("olga", "omar"))
    case("R-24", "a request by somebody who is no officer, which two officers have signed", files, epoch, by_hand=False)

    def refused(rule, what, tell, good=False, **given):
        files, epoch = asked()
        tell(epoch)
        case(rule, what, files if epoch.files is files else epoch.files, epoch, good, by_hand=False, **given)

    def refusal(epoch, signers=("carol",), **other):
        return epoch.add("refusal", signers, **{"created": day(81), "name": "carol", "reason": "no",
                                                "request": epoch.requested, **other})

    def file(epoch, data, request=None):
        epoch.put(f"refusals/carol-{(request or epoch.requested)[:32]}-{'7' * 32}.json", data)
        return sha256(data)

    def override(epoch, *refusals, signers=("olga", "omar")):
        epoch.add("override", signers, created=day(81, 60), code="veto", officer="olga", reason="she is on leave",
                  refusals=sorted(refusals), request=epoch.requested)
    refused("R-23", "a request that a custodian refuses", refusal)
    refused("R-23", "a refusal that nobody has signed", lambda e: refusal(e, ()))
    refused("R-23", "an empty file with the name of a refusal", lambda e: file(e, b""))
    refused("R-23", "a refusal of another request", lambda e: file(e, b"", "00" * 32), True)
    refused("R-23", "a refusal that an approved override covers", lambda e: override(e, refusal(e)), True,
            overrides=["veto"])
    refused("R-23", "a refusal that an override of one officer names", lambda e: override(e, refusal(e), signers=("olga",)))

    def again(epoch):
        override(epoch, refusal(epoch))
        refusal(epoch, created=day(81, 90), reason="no, once more")
    refused("R-23", "a refusal once more by whom an approved override names", again, True, overrides=["veto"])

    def rubbish(epoch, covered):
        digest = file(epoch, b"rubbish")
        override(epoch, digest if covered else refusal(epoch))
    refused("R-23", "a file that does not verify, which an approved override names", lambda e: rubbish(e, True), True,
            overrides=["veto"])
    refused("R-23", "a file that does not verify beside a refusal that an override covers", lambda e: rubbish(e, False))
