# SPDX-License-Identifier: Apache-2.0
"""The escrows that most cases begin with, and the cases in which nothing is wrong."""
from .escrow import CA, CERTIFICATE, Epoch, plain, small
from .form import b64, day, sha256

RENEWED = CA.certificate(begins="260301000000Z", ends="501231235959Z", serial=2)


def second(**what):
    """An escrow of two epochs: the second has a secret of its own. Custodians have not acknowledged it yet."""
    files, first = plain()
    return files, first, Epoch(files, before=first, **what)


def evidence(skip=()):
    """One document of every kind in one epoch: what custodians, officers and auditors add. `skip` leaves kinds out."""
    files, epoch = plain(officers=("olga", "omar", "otto"), threshold=2, signers=("olga", "omar"))
    epoch.asked = epoch.challenge()
    for n, name in enumerate(("alice", "bob", "carol")):
        epoch.claim("proof", name, created=day(71, n), challenge=epoch.asked)
    epoch.requested = epoch.request()
    epoch.releases = {}
    if "release" not in skip:
        for n, name in enumerate(("alice", "bob")):
            epoch.releases[name] = epoch.release(name, epoch.requested, created=day(81, n))
    if "refusal" not in skip:
        epoch.refused = epoch.add("refusal", ["carol"], created=day(82), name="carol", reason="nobody asked me",
                                  request=epoch.requested)
    if "override" not in skip and "refusal" not in skip:
        epoch.add("override", ("olga", "omar"), created=day(83), code="veto", officer="olga", reason="she is on leave",
                  refusals=[epoch.refused], request=epoch.requested)
    if "restore" not in skip:
        epoch.rebuilt("restore", ("olga",), created=day(84), destination="the CA's machine", request=epoch.requested)
    if "drill" not in skip:
        keys = [sha256(CA.spki)]
        epoch.rebuilt("drill", ("omar",), created=day(90), custodians=("bob", "carol"), keys=keys, challenge=epoch.asked,
                      certificate=sha256(CERTIFICATE), casig=CA)
    if "suspension" not in skip:
        epoch.suspended = epoch.add("suspension", ("olga",), created=day(91), because="left", custodian="carol",
                                    officer="olga")
        epoch.add("reinstatement", ("olga", "omar"), created=day(92), name="carol", officer="olga", reason="she is back",
                  suspensions=[epoch.suspended])
    epoch.added = epoch.add("added-certificate", ("olga", "omar"), created=day(93), certificate=b64(RENEWED))
    return files, epoch


WHOLE = """A-1 A-3 A-4 A-5 A-6 A-12 A-13 A-14 A-17 A-18 A-28 A-32 A-33 A-34 A-35 A-36 A-38 A-39 A-40 A-41 A-42 A-43 A-44
A-45 A-46 A-47 A-50 A-51 A-52 A-53 A-54 A-55 A-59 D-1 D-2 D-3 D-4 D-8 D-14 D-15 D-16 D-17 D-18 D-19 D-20 D-21
D-22 D-23 D-24 D-25 D-26 D-28 D-31 D-32 D-33 D-34 D-35 D-36 D-37 D-38 D-40 D-41 D-42 D-43 D-44"""


def cases(catalogue):
    catalogue.bases["small"] = small()[0]
    catalogue.bases["plain"] = plain()[0]
    catalogue.bases["second"] = second()[0]
    catalogue.bases["three"] = plain(policy=(3, "alice", "bob", "carol"))[0]
    catalogue.bases["evidence"] = evidence()[0]
    catalogue.audit(WHOLE, "one document of every kind, and nothing wrong", evidence()[0])
    files = {path: data for path, data in plain()[0].items() if "/receipts/" not in path}
    catalogue.audit("A-59 A-46", "an epoch that nobody has acknowledged yet", files, unchecked="receipts")
    catalogue.audit("A-59", "without the auditor's list of officers", plain()[0], unchecked="anchor", signers=None)
    files = {path: data for path, data in plain()[0].items() if not path.endswith(".p12")}
    catalogue.audit("A-59 A-57", "the PKCS#12 file is not here", files, unchecked="pkcs12 protection")
    catalogue.audit("A-59", "the PKCS#12 file is not here, and that is meant", files, keyFile=False)
    catalogue.audit("A-19 A-21 A-22 A-23 A-24 A-25 A-26 A-7 A-8 A-9 A-10", "two epochs, each with a secret of its own",
                    second()[0], unchecked="receipts")
