# SPDX-License-Identifier: Apache-2.0
"""D-45, A-28 to A-31: the file that an auditor brings, whom it makes count, and time stamps."""
from .escrow import PEOPLE, plain
from .form import day
from .people import Person
from .stamps import AUTHORITY, stamp

OLGA, OMAR, OTTO, WANDA = (PEOPLE[who] for who in ("olga", "omar", "otto", "wanda"))
REST = WANDA.line("challenge")


def files_of_signers(catalogue):
    files, _ = plain()

    def brought(rule, what, data, good=False, unchecked=""):
        data = data.encode() if isinstance(data, str) else data
        catalogue.audit(rule, what, {**files, "officers.signers": data}, refused=not good, unchecked=unchecked)
    both = OLGA.line() + OMAR.line()
    brought("D-45", "comments, empty lines, tabs, several principals of one key, and a demand",
            "# ca-escrow: require 2\n\n  # officers of Acme\n" + OLGA.line().replace(" ", "\t", 1)
            + OMAR.line().replace("omar", "omar,omar.old", 1), True)
    brought("D-45", "valid-after and valid-before in every form of time", OLGA.line(
        options=',valid-after="20260101Z",valid-before="202612312359Z"') + OMAR.line(
        options=',valid-after="20260101000000Z"'), True)
    brought("D-45", "a line without namespaces", OLGA.line() + f"omar {OMAR.key} omar@example\n", True)
    for what, text in (
            ("a pattern as a principal", OLGA.line().replace("olga", "o*", 1)),
            ("a principal that is denied", OLGA.line().replace("olga", "!olga", 1)),
            ("a pattern as a namespace", both.replace("ca-escrow-manifest-v1", "ca-escrow-*", 1)),
            ("an unknown option", OLGA.line(options=",no-touch-required")),
            ("cert-authority", OLGA.line().replace(" namespaces", " cert-authority,namespaces", 1)),
            ("an option twice", OLGA.line(options=',namespaces="git"')),
            ("an empty namespace", OLGA.line().replace("manifest-v1,", "manifest-v1,,", 1)),
            ("a time in local form", OLGA.line(options=',valid-after="20260101"')),
            ("a date that does not exist", OLGA.line(options=',valid-after="20260230Z"')),
            ("the first second of 1970", OLGA.line(options=',valid-after="19700101Z"')),
            ("a line that never counts", OLGA.line(options=',valid-after="20260201Z",valid-before="20260101Z"')),
            ("a key of another type", "olga ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ==\n"),
            ("a carriage return", OLGA.line().replace("\n", "\r\n")),
            ("a demand twice", "# ca-escrow: require 2\n# ca-escrow: require 2\n" + both),
            ("a demand in other letters", "# CA-ESCROW: require 2\n" + both),
            ("a demand with two blanks", "#  ca-escrow: require 2\n" + both),
            ("a demand of 0", "# ca-escrow: require 0\n" + both),
            ("a demand of 1001", "# ca-escrow: require 1001\n" + both),
            ("a demand with a leading zero", "# ca-escrow: require 02\n" + both)):
        brought("D-45", what, text)
    brought("D-45", "bytes that are no UTF-8", both.encode() + b"# \xff\n")


def counted(catalogue):
    files, _ = plain()

    def case(rule, what, data, fail="", unchecked="", **given):
        catalogue.audit(rule, what, {**given.pop("files", files), "officers.signers": data.encode()}, fail, unchecked, **given)
    both = OLGA.line() + OMAR.line()
    case("A-28", "a name of which the officer's is the beginning", OLGA.line() + OMAR.line().replace("omar", "omar.k", 1),
         "anchor")
    case("A-28", "an officer's key for requests alone", OLGA.line() + OMAR.line("request"), "anchor")
    case("A-28", "a line that begins after the manifest was made", OLGA.line() + OMAR.line(
        options=',valid-after="20260302Z"'), "anchor")
    case("A-28", "lines that begin in the second in which the manifest was made", both.replace(
        '-v1" ', '-v1",valid-after="20260301000000Z" '))
    case("A-28", "a file that demands three", "# ca-escrow: require 3\n" + both, "anchor")
    case("A-28", "a file that demands three, and an auditor who demands two", "# ca-escrow: require 3\n" + both, require=2)
    case("A-28", "a file that demands one, of a manifest that demands two of its officers",
         "# ca-escrow: require 1\n" + OLGA.line(), "anchor")
    case("A-28", "an auditor who demands one, and knows one", OLGA.line(), require=1)
    case("A-28", "an auditor who demands three", both, "anchor", require=3)
    case("A-29", "the file has a name of an officer with another key", both + Person("omar", again=1).line(
        ).replace("omar", "omar", 1))
    case("A-29", "the file has an officer's name, and never the manifest's key", OLGA.line() + Person("omar", again=1).line(),
         "anchor", require=1)
    spare, epoch = plain(officers=("olga", "omar", "otto"), threshold=2, signers=("olga", "omar"))
    case("A-29", "the file has another key of an officer who has not signed", both + Person("otto", again=1).line(), "anchor",
         files=spare)
    case("A-29 A-28", "the file does not know an officer who has not signed", both, files=spare)
    strangers = "".join(Person(f"officer{n}").line() for n in range(3))
    case("A-30", "as many as the manifest demands, and fewer than half of those in the file", both + strangers, "", "anchor")
    case("A-30", "the same, and the auditor demands two", both + strangers, require=2)
    case("A-30", "the same, and the file demands three", "# ca-escrow: require 3\n" + both + strangers, "anchor")
    ended = OLGA.line() + OMAR.line(options=',valid-before="20260501Z"')
    case("A-30 A-31", "an officer whose key has ended since", ended, "", "anchor")
    case("A-31", "the same, at a time at which it had not", ended, time="2026-05-01T00:00:00Z")
    case("A-30", "an officer's key had ended when the manifest was made",
         OLGA.line() + OMAR.line(options=',valid-before="20260201Z"'), "anchor")


def stamped(catalogue):
    files, epoch = plain()
    ended = (OLGA.line() + OMAR.line(options=',valid-before="20260501Z"')).encode()
    signature = files[f"{epoch.folder}/manifest.json.omar.sig"]
    place = f"{epoch.folder}/manifest.json.omar.sig.tsr"

    def case(what, data, unchecked="", fail="", tsa="tsa.crt", authority=AUTHORITY):
        brought = {**files, "officers.signers": ended, "tsa.crt": authority.pem, place: data}
        given = {"tsa": tsa} if tsa else {}
        catalogue.audit("A-31", what, brought, fail, unchecked, **given)
    case("a time stamp of a named authority, before the key's end", stamp(signature, day(61)))
    case("a time stamp of a named authority, after the key's end", stamp(signature, day(150)), "anchor")
    case("a time stamp, and no authority is named", stamp(signature, day(61)), "anchor", tsa=None)
    case("a time stamp of an authority that is not named", stamp(signature, day(61), authority=type(AUTHORITY)("mallory")),
         "anchor")
    case("a time stamp that was altered", stamp(signature, day(61)).replace(b"20260302", b"20260301"), "anchor")
    case("a time stamp over another signature", stamp(signature + b"\n", day(61)), fail="layout signatures")


def cases(catalogue):
    files_of_signers(catalogue)
    counted(catalogue)
    stamped(catalogue)
