# SPDX-License-Identifier: Apache-2.0
"""What somebody who wrote an auditor from docs/format.md had to guess, and need not any more."""
import copy

from .chains import rotated
from .der import CN, der, name, pem, utf8
from .escrow import CA, Epoch, PEOPLE, plain, signers, small
from .form import day
from .people import Person
from .suspensions import Story

OLGA, OMAR, OSCAR, OTTO, MALLORY = (PEOPLE[who] for who in ("olga", "omar", "oscar", "otto", "mallory"))
BOTH = signers(*(person.line() for person in (OLGA, OMAR, OSCAR, OTTO)))


def without(files, *paths):
    assert set(paths) <= set(files), paths
    return {path: data for path, data in files.items() if path not in paths}


def others(files, before, people=(OSCAR, OTTO), **what):
    """An epoch of the same set with other officers, signed by them and by those before."""
    return Epoch(files, before=before, keeps=True, officers=people, threshold=len(people), signers=[*people, *before.officers],
                 **what)


def about(catalogue):
    files, first = plain()
    then = Epoch(files, before=first)
    catalogue.audit("A-61", "two approved epochs", files, unchecked="receipts", about=then)
    path = f"{then.folder}/manifest.json.omar.sig"
    catalogue.audit("A-61 A-11", "a signature of the newest epoch was taken away: it is a draft, and the one before is sound",
                    without(files, path), about=first)
    catalogue.audit("A-61 A-11 A-17", "a signature of the newest epoch was spoilt, which is no finding beside a draft",
                    {**files, path: MALLORY.sign(b"", "manifest")}, about=first)
    everything = [p for p in files if p.startswith(then.folder)]
    catalogue.audit("A-61", "the newest epoch was taken away", without(files, *everything), about=first)
    files, first = plain()
    Epoch(files, before=first)
    others(files, first, (OSCAR, PEOPLE["wanda"]))
    catalogue.audit("A-61 A-58", "an open fork", {**files, "officers.signers": BOTH}, "chain", about=first, require=1)
    files, first = plain()
    left = Epoch(files, before=first)
    then = others(files, left)
    others(files, first)
    catalogue.audit("A-58 A-8", "a fork, and an epoch of one branch is anchored, while its newest is not", files, "chain anchor",
                    about=then)


def refused(catalogue):
    def with_draft(what, alter, codes, by=()):
        files, first = plain()

        def change(m):
            m["policy"] = copy.deepcopy(m["policy"])
            alter(m)
        Epoch(files, before=first, alter=change, signers=by)
        catalogue.audit("A-6", what, files, codes, about=first)
    with_draft("a draft whose policy one person satisfies", lambda m: m["policy"].update(
        threshold=1, commitments=m["policy"]["commitments"][:1]), "policy")
    with_draft("a draft with a gate that has a commitment too few", lambda m: m["policy"]["commitments"].pop(),
               "commitments policy manifest")
    with_draft("a draft with a sealing key that is none", lambda m: m["people"][0].update(sealingKey="00" * 32),
               "people manifest", by=(OLGA,))
    with_draft("a draft with a share of a later epoch", lambda m: m["shares"][0].update(sealedIn=3), "shares")
    files, first = plain()
    path = f"{first.folder}/manifest.json"
    catalogue.audit("A-6", "no epoch that can be read", {**files, path: files[path][:900]}, "manifest")
    catalogue.audit("A-6 A-60", "a directory in the place of a manifest", without(files, path), "manifest layout",
                    directories=[path])


def places(catalogue):
    files, first = plain()
    draft = Epoch(files, before=first, signers=(OLGA,))
    key_file = files[first.m["pkcs12"]["name"]]
    name_ = f"bob-{'0' * 32}.json"
    catalogue.audit("A-1", "a PKCS#12 file called as a receipt, in a draft", {
        **files, f"{draft.folder}/receipts/{name_}": key_file}, "layout")
    catalogue.audit("A-1", "a release called as desktops call theirs", {
        **files, f"{first.folder}/releases/.DS_Store": b'{\n  "format": "ca-escrow/v1/release-box"\n}\n'}, "layout")
    catalogue.audit("A-1", "README.txt in the directory of epoch 1", {
        **files, f"{first.folder}/README.txt": first.readme()}, "layout")
    catalogue.audit("A-5", "a signature without its receipt, in a draft", {
        **files, f"{draft.folder}/receipts/{name_}.bob.sig": b"x"}, "layout")
    catalogue.audit("A-2", "something in a reserved directory of a draft", {**files, f"{draft.folder}/rotations/a": b"x"}, "",
                    "layout")
    catalogue.audit("A-3 A-60", "a symbolic link that is called as version control calls its directory", files,
                    links={"acme.escrow/.git": "../nowhere"})
    record = f"{first.folder}/records/20260331T000000Z-KIND-{'0' * 32}.json"
    catalogue.audit("A-38", "a record of a kind to come, larger than documents are", {
        **files, record.replace("KIND", "rotation"): b"x" * (300 << 10)}, "", "records")
    catalogue.audit("A-38 A-1", "a PKCS#12 file called as a record of a kind to come", {
        **files, record.replace("KIND", "rotation"): key_file}, "layout")
    catalogue.audit("A-45 A-17", "a signature file whose signer is called as nobody is", {
        **files, f"{first.folder}/manifest.json.Olga.sig": files[f"{first.folder}/manifest.json.olga.sig"]},
        "signatures layout")
    files, first = small(key_file=b"0 is no PKCS#12 file")
    catalogue.audit("A-35", "a file of the manifest's digest that is no PKCS#12 file", files, "pkcs12", "protection")


def chains(catalogue):
    files, first = plain()
    Epoch(files, before=first)
    gone = [path for path in files if path.startswith(first.folder)]
    signed = [path for path in files if "/manifest.json." in path and path not in gone]
    catalogue.audit("A-10 A-18", "nothing is approved, nobody has signed, and the epoch before is gone",
                    without(files, *gone, *signed), "chain approval anchor")
    files, first = plain()
    two = others(files, first, (OLGA, OSCAR))
    Epoch(files, before=two, policy=(2, "alice", "bob", "omar"), people=[Person("omar", again=1)], officers=(OLGA, OSCAR),
          signers=(OLGA, OSCAR))
    catalogue.audit("A-21 A-22", "a custodian with the name of a former officer, and another key", {
        **files, "officers.signers": BOTH}, "", "receipts", require=1)

    def suspended(what, because, unchecked, keeps=False, people=(), by=(), then=None):
        files, first = plain()
        first.add("suspension", ("olga",), created=day(70), because=because, custodian="carol", officer="olga")
        if then:
            first.claim("receipt", "carol", created=day(then))
        Epoch(files, before=first, keeps=keeps, people=people, signers=(OLGA, OMAR, *by))
        catalogue.audit("A-27", what, files, "", unchecked)
    carol, bob = (Person(who, again=1) for who in ("carol", "bob"))
    both = "receipts succession"
    suspended("a share sealed anew for somebody who has left", "left", both, True, [carol], (PEOPLE["carol"],))
    suspended("a share sealed anew by a key that was stolen", "stolen", both, True, [carol], (PEOPLE["carol"],))
    suspended("a share sealed anew for somebody else", "left", "receipts", True, [bob], (PEOPLE["bob"],))
    suspended("a share for somebody unreachable", "unreachable", both)
    suspended("a share for somebody unreachable, who has shown themselves since", "unreachable", "receipts", then=199)


def records(catalogue):
    story = Story()
    story.reinstate([story.suspend()], name="bob")
    catalogue.audit("A-56", "a reinstatement of another custodian that names the suspension", story.files, "quorum")
    for kind, members in (("reinstatement", {"name": "bob", "suspensions": ["00" * 32]}), ("void", {"branch": "00" * 32})):
        for what, by, officer, fail in (("that nobody has signed, of something that is not here", (), "olga", ""),
                                        ("that its officer has not signed", ("omar",), "olga", ""),
                                        ("whose officer is none", ("omar",), "mallory", "records")):
            files, first = plain()
            first.add(kind, by, created=day(90), officer=officer, reason="why not", **members)
            catalogue.audit("A-45", f"a {kind} {what}", files, fail)
    for what, asked, when in (("that nobody has approved", (), 84), ("that has ended", ("olga", "omar"), 179)):
        files, first = plain()
        request = first.request(signers=asked)
        first.rebuilt("restore", (), created=day(when), destination="the CA's machine", request=request)
        catalogue.audit("A-42", f"a restore record of a request {what}", files)


def brought(catalogue):
    files, first = plain()
    text = (OLGA.line() + OMAR.line())
    for what, data, good in (("lines that begin and end with blanks", text.replace("olga", "  olga").replace("\n", " \t\n"), True),
                             ("a comment that speaks of it", "# see ca-escrow: require 9\n" + text, True),
                             ("a demand after a blank", " # ca-escrow: require 2\n" + text, False),
                             ("an option in capitals", text.replace("namespaces", "NAMESPACES"), False),
                             ("a namespace beyond ASCII", text.replace("manifest-v1", "manifest-v1,é", 1), False),
                             ("nothing", "", False)):
        catalogue.audit("D-45", what, {**files, "officers.signers": data.encode()}, refused=not good)
    catalogue.audit("A-28", "a list of officers with a comment alone", {**files, "officers.signers": b"# nobody\n"}, "anchor")
    catalogue.audit("A-59", "no epoch's directory", {
        path: data for path, data in files.items() if not path.startswith("acme.escrow/0")}, refused=True)


def certificates(catalogue):
    for what, begins in (("without seconds", "2601010000Z"), ("with an offset", "260101010000+0100")):
        certificate = CA.certificate(begins=begins)
        files, _ = small(held=[(CA, [certificate])])
        catalogue.audit("A-32", f"a certificate whose time is written {what}", {**files, "ca.crt": pem(certificate)}, "",
                        "receipts")
    for what, value, text in (("a blank of another kind at either end", utf8("\u00a0x\u00a0"), "CN=\u00a0x\u00a0"),
                              ("blanks alone", utf8("   "), "CN=\\  \\ "), ("nothing", utf8(""), "CN="),
                              ("a tab", utf8("a\tb"), "CN=a\\09b")):
        certificate = CA.certificate(subject=name((CN, value)))
        files, _ = small(held=[(CA, [certificate])], subject=text)
        catalogue.audit("A-15", f"a subject of {what}", {**files, "ca.crt": pem(certificate)}, "", "receipts")
    for what, value in (("UTF-8 that is none", der(12, b"a\xff")), ("a surrogate", der(30, b"\xd8\0")),
                        ("a type that no name has", der(27, b"x"))):
        certificate = CA.certificate(subject=name((CN, value)))
        files, _ = small(held=[(CA, [certificate])])
        catalogue.audit("A-15", f"a subject with {what}", files, "manifest")


def after(catalogue):
    record = "records/20260331T000000Z-{}-" + "0" * 32 + ".json"
    # P1: signatures that cannot be read of a draft that nobody is known to have signed
    files, first = plain()
    draft = Epoch(files, before=first, signers=(OMAR,))
    catalogue.audit("A-57", "the only signature of a draft that would follow may not be read", files, "",
                    "signatures approval anchor succession", modes={f"{draft.folder}/manifest.json.omar.sig": "000"})
    files, first = plain()
    then = Epoch(files, before=first)
    catalogue.audit("A-57", "an epoch's directory that may not be listed", files, "",
                    "layout signatures approval anchor succession", modes={then.folder: "311"})
    # P2: records
    files, first = plain()
    draft = Epoch(files, before=first, signers=(OLGA,))
    catalogue.audit("A-38 A-11", "a record of a kind to come in a draft", {
        **files, f"{draft.folder}/{record.format('rotation')}": b"x"})
    catalogue.audit("A-1", "a file among records that is called as none is", {
        **files, f"{first.folder}/records/x.json": b"x"}, "layout records")
    catalogue.audit("A-38", "a record of a kind that begins as one that every reader knows", {
        **files, f"{first.folder}/{record.format('drill-x')}": b"x"}, "", "records")
    # P3: what officers have voided
    files, first = plain()
    left = Epoch(files, before=first)
    right = rotated(files, first)
    left.add("void", ("olga", "omar"), created=day(130), branch=right.digest, officer="olga", reason="a mistake")
    for what, path in (("card", "cards/alice.json"), ("signature", "manifest.json.mallory.sig"),
                       ("receipt", f"receipts/alice-{'0' * 32}.json")):
        catalogue.audit("A-11 A-8", f"a voided branch with a {what} that is none", {
            **files, f"{right.folder}/{path}": b"x"}, "", "receipts")
    # P4: who has signed what lost its predecessor
    files, first = plain()
    middle = Epoch(files, before=first)
    Epoch(files, before=middle, officers=(MALLORY,), threshold=1, signers=(MALLORY, OLGA))
    gone = [path for path in files if path.startswith(middle.folder)]
    catalogue.audit("A-10", "a draft that an officer has signed who is none of its own, and whose predecessor is gone",
                    without(files, *gone), "chain")


def cases(catalogue):
    about(catalogue)
    refused(catalogue)
    places(catalogue)
    chains(catalogue)
    records(catalogue)
    brought(catalogue)
    certificates(catalogue)
    after(catalogue)
