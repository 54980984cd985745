# SPDX-License-Identifier: Apache-2.0
"""A-55, A-56: who is suspended, and until when: section 5.12. The policy wants two; carol is suspended, and so is bob."""
from .escrow import Epoch, PEOPLE, plain
from .form import day
from .people import Person


class Story:
    """An escrow of (alice, bob, carol) in which carol is suspended: two are left, and `quorum` fails without bob, too."""

    def __init__(self):
        self.files, self.first = plain(policy=(3, "alice", "bob", "carol"))

    def suspend(self, epoch=None, because="left", created=None, signers=("olga",), officer="olga", custodian="carol", **more):
        return (epoch or self.first).add("suspension", signers, created=created or day(90), because=because,
                                         custodian=custodian, officer=officer, **more)

    def reinstate(self, digests, epoch=None, created=None, signers=("olga", "omar"), name="carol"):
        return (epoch or self.first).add("reinstatement", signers, created=created or day(95), name=name, officer="olga",
                                         reason="she is back", suspensions=sorted(digests))


def cases(catalogue):
    def case(rule, what, tell, fail="quorum", unchecked="", **given):
        story = Story()
        tell(story)
        catalogue.audit(rule, what, story.files, fail, unchecked, **given)

    def suspended(**other):
        return lambda story: story.suspend(**other)
    files, epoch = plain()
    epoch.add("suspension", ("olga",), created=day(90), because="left", custodian="carol", officer="olga")
    catalogue.audit("A-55", "one of three is suspended, and two satisfy the policy", files)
    catalogue.audit("A-55 A-56", "nobody is suspended", Story().files)
    for because in ("lost", "stolen", "passphrase", "left", "died", "unreachable"):
        case("A-55", f"one of three whom the policy wants is suspended: {because}", suspended(because=because))
    case("A-56", "a suspension that is dated ahead", suspended(created=day(210)), "", "clock")
    case("A-56", "a suspension that its officer has not signed", suspended(signers=("omar",)), "records quorum")
    case("A-56", "a suspension by somebody who is no officer", suspended(officer="mallory", signers=("mallory",)),
         "records quorum")
    case("A-56", "a suspension of somebody who is no custodian", suspended(custodian="mallory"), "records")

    def reached(story, kind="receipt", at=91):
        story.suspend(because="unreachable")
        if kind == "receipt":
            story.first.claim("receipt", "carol", created=day(at))
    case("A-56", "unreachable, until her own receipt, dated later", reached, "")
    case("A-56", "unreachable, and her receipt was dated before", lambda s: reached(s, at=89))

    def lifted(story, signers=("olga", "omar"), more=None, by=("olga",), created=96, other=False, first=("olga",)):
        digest = story.suspend(signers=first)
        story.reinstate(["00" * 32] if other else [digest], signers=signers)
        if more:
            story.suspend(because=more, created=day(created), signers=by)
    case("A-56", "left, until a reinstatement that officers have approved", lifted, "")
    case("A-56", "left, and a reinstatement that one officer of two has signed", lambda s: lifted(s, signers=("olga",)))
    case("A-56", "a reinstatement that names another suspension; one officer of two has signed this one",
         lambda s: lifted(s, other=True), "")
    case("A-56", "a reinstatement that names another suspension; both officers have signed this one",
         lambda s: lifted(s, other=True, first=("olga", "omar")))
    case("A-56", "reinstated, and suspended again by one officer of two", lambda s: lifted(s, more="died"), "")
    case("A-56", "reinstated, and suspended again by both officers", lambda s: lifted(s, more="died", by=("olga", "omar")))
    case("A-56", "reinstated, and suspended again by one officer, in a document dated earlier",
         lambda s: lifted(s, more="died", created=80), "")

    def twice(story):
        story.reinstate([story.suspend()])
        story.suspend(because="stolen", created=day(91), signers=("olga", "omar"))
    case("A-56", "two suspensions, of which a reinstatement ends one", twice)

    def later(story, because="left", people=(), created=90, officers=None, reinstated=None, when=95, policy=None, **other):
        digest = story.suspend(because=because, created=day(created))
        before = story.first
        then = Epoch(story.files, before=before, people=people, **({"officers": officers, "signers": [
            *map(PEOPLE.get, officers), *before.officers]} if officers else {}), **other)
        if reinstated:
            then.add("reinstatement", ("olga", "omar"), created=day(when + 40), name="carol", officer="olga", reason="back",
                     suspensions=[digest])
    both = "receipts succession"
    case("A-56", "left in an epoch before: the name is suspended in the next, too", later, "quorum", both)
    case("A-56", "left in an epoch before, and reinstated in the next", lambda s: later(s, reinstated=True), "", "receipts")
    case("A-56", "a stolen key, exchanged in the next epoch", lambda s: later(s, "stolen", [Person("carol", again=1)]), "",
         "receipts")
    case("A-56", "left, and another key in the next epoch under the same name",
         lambda s: later(s, people=[Person("carol", again=1)]), "quorum", both)
    case("A-56", "a suspension in an epoch before, dated after the next one, by an officer who is none any more",
         lambda s: later(s, created=130, officers=("omar", "oscar")), "", "receipts", require=1)
    case("A-56", "a suspension in an epoch before, dated after the next one, by an officer who still is one",
         lambda s: later(s, created=130), "quorum", "receipts")
