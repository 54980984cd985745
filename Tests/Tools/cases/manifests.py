# SPDX-License-Identifier: Apache-2.0
"""D-32 to D-40: what a manifest must be by itself; its boxes are sealed and its signatures hold."""
from .der import Key, pem
from .escrow import BROUGHT, Epoch, PEOPLE, plain, small
from .form import b64, canonical, seeded, sha256, without
from .group import Dealer, O, Q, times

UNREAD = "manifest chain approval layout readme"
NESTED = (2, "alice", (2, "bob", "carol", (1, "dave", "erin")), (1, "oscar", "otto"))


class Crafted(Dealer):
    """Deals with coefficients of somebody's choice: `chosen` says them by path and power."""

    def __init__(self, policy, label, chosen):
        self.chosen = chosen
        super().__init__(policy, label)

    def coefficient(self, path, k):
        value = self.chosen.get((path, k))
        return super().coefficient(path, k) if value is None else value(self.s) % Q


def dealt(policy, chosen):
    return Crafted(policy, "crafted", chosen)


def half(number):
    return number * pow(2, -1, Q) % Q


COMMITMENTS = [
    ("D-38", "a commitment too many", (2, "alice", "bob"), {},
     lambda m: m["policy"]["commitments"].append(times(5).hex())),
    ("D-38", "a commitment too few", (2, "alice", "bob"), {}, lambda m: m["policy"]["commitments"].pop()),
    ("D-38", "a commitment that is O", (2, "alice", "bob"), {},
     lambda m: m["policy"]["commitments"].__setitem__(1, O.hex())),
    ("D-31", "a commitment that is no element", (2, "alice", "bob"), {},
     lambda m: m["policy"]["commitments"].__setitem__(1, "01" + "00" * 31)),
    ("D-39", "an inner gate whose A_0 is another than its X", NESTED, {},
     lambda m: m["policy"]["members"][1]["commitments"].__setitem__(0, times(5).hex())),
    ("D-40", "X of a member is O", (2, "alice", "bob", "carol"), {((), 1): lambda s: -half(s)}, None),
    # f(x) = s + ax + bx^2 with a = -3b has f(1) = f(2); with a = -b it has f(1) = s.
    ("D-40", "two members have one X", (3, "alice", "bob", "carol"),
     {((), 1): lambda s: -15, ((), 2): lambda s: 5}, None),
    ("D-40", "a member's X is the root's A_0", (3, "alice", "bob", "carol"),
     {((), 1): lambda s: -5, ((), 2): lambda s: 5}, None),
]


def commitments(catalogue):
    for rule, what, policy, chosen, change in COMMITMENTS:
        files, _ = small(policy=policy, dealer=dealt(policy, chosen), change=change)
        catalogue.audit(f"{rule} A-13", what, files, "commitments policy manifest")
    # Across gates: the inner gate's polynomial gives its second member what alice has.
    inner = (2, "alice", (2, "bob", "carol"))
    probe = Dealer(inner, "crafted")
    wanted, secret = probe.shares[(1,)], probe.s
    gate = (secret + 2 * probe.coefficient((), 1)) % Q
    files, _ = small(policy=inner, dealer=dealt(inner, {((2,), 1): lambda s: half(wanted - gate)}))
    catalogue.audit("D-40 A-13", "members of two gates have one X", files, "commitments policy")
    files, _ = small(policy=NESTED)
    catalogue.audit("D-33 D-38 D-39 D-40", "gates in gates, one of them with a threshold of 1", files, unchecked="receipts")


def shaped(policy):
    """A policy that no dealer deals: the text of it, with commitments that are right only in number."""
    threshold, *members = policy
    return {"commitments": [times(9 + k).hex() for k in range(max(threshold, 1))], "threshold": threshold,
            "members": [{"custodian": m} if isinstance(m, str) else shaped(m) for m in members]}


POLICIES = [
    ("a policy that one person satisfies", (1, "alice", "bob")),
    ("a threshold of 0 in a gate", (2, "alice", (0, "bob", "carol"))),
    ("a threshold above the number of members", (3, "alice", "bob")),
    ("a gate of one member", (2, "alice", (1, "bob"))),
    ("a custodian twice", (2, "alice", (1, "alice", "bob"))),
    ("gates 5 deep", (2, "alice", (1, "bob", (1, "carol", (1, "dave", (1, "erin", "oscar")))))),
]


def policies(catalogue):
    for what, policy in POLICIES:
        files, _ = small(change=lambda m: m.update(policy=shaped(policy)))
        catalogue.audit("D-33", what, files, "policy people shares commitments manifest quorum")
    deepest = (2, "alice", (1, "bob", (1, "carol", (1, "dave", "erin"))))
    files, _ = small(policy=deepest)
    catalogue.audit("D-33", "gates 4 deep", files, unchecked="receipts")


def swapped(key, first=0, second=1):
    def change(m):
        rows = m[key] if key != "officers" else m["approval"]["officers"]
        rows[first], rows[second] = rows[second], rows[first]
    return change


def entry(who, **other):
    return lambda m: m["people"][[p["name"] for p in m["people"]].index(who)].update(other)


ALICE = PEOPLE["alice"].entry()
FIRST = [  # rule, what, change before sealing, change before signing
    ("D-32", "another suite", lambda m: m.update(suite="ristretto255+x25519+ed448"), None, UNREAD),
    ("D-34", "people who are not in order", swapped("people"), None, "people"),
    ("D-34", "a person who is no custodian", lambda m: m["people"].append(PEOPLE["carol"].entry()), None, "people cards"),
    ("D-34", "a custodian who is not among people", lambda m: m["people"].pop(), None, "people cards quorum"),
    ("D-34", "two people with one sealing key", entry("bob", sealingKey=ALICE["sealingKey"]), None, "people cards"),
    ("D-34", "two people with one signing key", entry("bob", signingKey=ALICE["signingKey"]), None, "people cards"),
    ("D-18 D-34", "a person whose sealing key is of small order", entry("bob", sealingKey="00" * 32), None, "people cards"),
    ("D-35", "shares in another order than the leaves", None, swapped("shares"), "shares"),
    ("D-35", "a share too few", None, lambda m: m["shares"].pop(), "shares"),
    ("D-35", "a share of a path that is no leaf", None, lambda m: m["shares"][1].update(path="3"), "shares"),
    ("D-35", "a share that is sealed in a later epoch", None, lambda m: m["shares"][1].update(sealedIn=2), "shares succession"),
    ("D-35", "a share that is sealed in the epoch 0", None, lambda m: m["shares"][1].update(sealedIn=0), "shares"),
    ("D-35", "a box of 191 bytes", None, lambda m: m["shares"][1].update(box=b64(seeded("box", 191))), "shares"),
    ("D-36", "`previous` in epoch 1", lambda m: m.update(previous={
        "epoch": 1, "format": "ca-escrow/v1/manifest", "sha256": "00" * 32}), None, UNREAD),
    ("D-37", "a threshold of more officers than there are", lambda m: m["approval"].update(threshold=2), None, UNREAD),
    ("D-37", "a certificate twice", lambda m: m["certificates"].append(m["certificates"][0]), None, UNREAD),
    ("D-3", "a manifest without its occasion", lambda m: m.pop("occasion"), None, UNREAD),
    ("D-2", "a manifest with a member more", lambda m: m.update(note="x"), None, UNREAD),
    ("D-14", "a set in capitals", lambda m: m.update(set="AB" * 16), None, UNREAD),
    ("D-10", "a title with an invisible character", lambda m: m.update(title="a\u200bb"), None, UNREAD),
]


def firsts(catalogue):
    for rule, what, change, alter, fail in FIRST:
        # A README.txt needs an occasion; without one there is nothing to compare it with.
        if "without its occasion" in what:
            files, epoch = small()
            files = lacking_occasion(epoch.m)
        else:
            files, _ = small(change=change, alter=alter)
        catalogue.audit(f"{rule} A-6" if fail == UNREAD else rule, what, files, fail if fail == UNREAD else fail + " manifest")
    files, _ = small(officers=("olga", "omar"), threshold=1, change=swapped("officers"))
    catalogue.audit("D-37", "officers who are not in order", files, UNREAD, require=1)
    twin = PEOPLE["olga"].key
    files, _ = small(officers=("olga", "omar"), threshold=1, change=lambda m: m["approval"]["officers"][1].update(key=twin))
    catalogue.audit("D-37", "two officers with one key", files, UNREAD, require=1)
    older, newer = Key("older"), Key("newer")
    pair = [(newer, [newer.certificate(begins="260201000000Z")]), (older, [older.certificate(begins="250201000000Z")])]
    brought = {"ca.crt": pem(pair[0][1][0])}
    files, _ = small(held=pair)
    catalogue.audit("D-37 A-32", "certificates of two keys, newest first", {**files, **brought}, unchecked="receipts")
    files, _ = small(held=pair, certificates=[pair[1][1][0], pair[0][1][0]])
    catalogue.audit("D-37", "certificates with the newest last", {**files, **brought}, UNREAD)


def lacking_occasion(m):
    """An epoch 1 whose manifest lacks a member; its README.txt is that of the whole one."""
    files = dict(BROUGHT)
    _, whole = small()
    data = canonical(without(m, "occasion"))
    folder = f"acme.escrow/0001-{sha256(data)[:8]}"
    for path, content in whole.files.items():
        if path.startswith(whole.folder):
            files[path.replace(whole.folder, folder)] = content
        elif path.endswith(".p12") or path.endswith("README.txt"):
            files[path] = content
    files[f"{folder}/manifest.json"] = data
    files[f"{folder}/manifest.json.olga.sig"] = PEOPLE["olga"].sign(data, "manifest")
    return files


def seconds(catalogue):
    """D-36: an epoch 2 that nothing can follow so; epoch 1 goes on."""
    for what, change in (
            ("epoch 2 without `previous`", lambda m: m.pop("previous")),
            ("`previous` with another number than the one before", lambda m: m["previous"].update(epoch=2))):
        files, first = plain()
        Epoch(files, before=first, change=change)
        catalogue.audit("D-36 A-6", what, files, "manifest chain layout")
    files, first = plain()
    Epoch(files, before=first)
    catalogue.audit("D-36", "epoch 2 with the number and digest of epoch 1 as `previous`", files, unchecked="receipts")


def cases(catalogue):
    commitments(catalogue)
    policies(catalogue)
    firsts(catalogue)
    seconds(catalogue)
