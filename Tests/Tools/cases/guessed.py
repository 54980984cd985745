# SPDX-License-Identifier: Apache-2.0
"""What somebody else, who wrote a second auditor from docs/format.md, had to guess, and need not any more."""
from cryptography.hazmat.primitives.asymmetric import ec

from .bases import RENEWED
from .der import CA_EXTENSIONS, CN, CONSTRAINTS, Key, TRUE, USAGE, bits, der, name, num, octets, oid, pem, pkcs12, seq
from .escrow import CA, CERTIFICATE, Epoch, PEOPLE, password, plain, signers, small
from .form import b64, day
from .group import Dealer
from .holdings import curve_key, pairs
from .people import Person
from .settled import BOTH, OLGA, OMAR, OSCAR, OTTO, others, without
from .stamps import Authority, CONSTRAINTS as BASIC, certificate, rsa_key, stamp
from .suspensions import Story


def forks(catalogue):
    def fork(what, about, void, brought=None, right=None, spoil=False, codes="chain", **given):
        """Two branches, and a third one that has a card which is none; `about` is a branch, or the epoch before."""
        files, first = plain()
        left = Epoch(files, before=first, **({"officers": (OLGA, OMAR, OTTO), "threshold": 2, "signers": (OLGA, OMAR)}
                                             if brought else {}))
        branches = {"first": first, "left": left, "right": others(files, first, right or (OLGA, OSCAR))}
        if spoil:
            branches["third"] = others(files, first, (OLGA, OTTO))
            branches["third"].put("cards/alice.json", PEOPLE["bob"].card())
        if void:
            by, of, created = void
            officers = branches[by].officers
            branches[by].add("void", officers, created=created, branch=branches[of].digest, officer=officers[0].name,
                             reason="a mistake")
        catalogue.audit("A-8 A-58", what, {**files, **(brought or {})}, codes, about=branches[about], **given)
    fork("a fork, and a void that is dated before its manifest", "first", ("left", "right", day(119)), codes="chain records", require=1)
    fork("a fork of three branches, one of which another has voided: that one is not looked at", "first",
         ("left", "third", day(130)), spoil=True, require=1)
    other_key = {"officers.signers": signers(OLGA.line(), OMAR.line(), Person("otto", again=1).line())}
    fork("a fork, and the file has another key of an officer of the one branch that enough have signed", "first", None,
         other_key)
    fork("a fork, and former officers have voided the branch that the auditor knows", "left", ("right", "left", day(130)),
         right=(OSCAR, OTTO))
    files, first = plain()
    Epoch(files, label="another", created=day(50), officers=(OSCAR, OTTO))
    files["acme.escrow/README.txt"] = first.readme()
    catalogue.audit("A-9 A-58", "two approved epochs 1, and the auditor knows the officers of one", files, "chain",
                    about=first)
    files, first = plain()
    Epoch(files, before=first)
    Epoch(files, before=first, label="other", signers=(), alter=lambda m: m["shares"][0].update(sealedIn=3))
    catalogue.audit("A-10 A-6", "all have signed epoch 2, epoch 1 lacks a signature, and a manifest is refused",
                    without(files, f"{first.folder}/manifest.json.omar.sig"), "approval shares")
    files, first = plain()
    Epoch(files, before=first, dealer=first.dealer, signers=(OLGA,))
    catalogue.audit("A-13 A-11", "a commitment recurs under another set, in a draft", files)


def custodians(catalogue):
    files, first = plain()
    bob = Person("bob", again=1)
    draft = Epoch(files, before=first, keeps=True, people=[bob], occasion="custodian-change", signers=("olga", "omar", "bob"))
    catalogue.audit("A-23 A-57", "an exchanged card, and the signature of its custodian may not be read", files, "",
                    "signatures approval anchor succession", modes={f"{draft.folder}/manifest.json.bob.sig": "000"},
                    about=first)


def receipts(catalogue):
    def shown(rule, what, other, fail="", unchecked="", created=day(60, 30), later=None, lay=True, about=True):
        files, first = plain()
        for path in [p for p in files if "/receipts/" in p]:
            del files[path]
        first.receipts(created=day(60, 5))
        shown = other(first)
        if lay:
            files.update({p: d for p, d in shown.files.items() if p.startswith(shown.folder)})
        kept, first.digest = first.digest, shown.digest
        first.claim("receipt", "bob", created=created)
        first.digest = kept
        if later:
            first.claim("receipt", "bob", created=later)
        catalogue.audit(rule, what, files, fail, unchecked, about=first if about else None)

    def twin(*by, officers=("olga", "omar"), place=None):
        return lambda first: Epoch({}, dealer=first.dealer, label="epoch 1", officers=officers, signers=by, place=place,
                                   change=lambda m: m.update(title="another"))
    shown("A-48", "a receipt for a draft of the next number, which nobody has signed", lambda first: Epoch(
        {}, before=first, keeps=True, officers=(OLGA, OSCAR), signers=()), "receipts")
    shown("A-49", "a receipt for another manifest, which one of its own officers alone has signed", twin(
        "mallory", officers=("mallory", "wanda")), unchecked="receipts")
    shown("A-49", "a receipt for another manifest, which a custodian has signed", twin("alice"), unchecked="receipts")
    shown("A-48 A-7", "a receipt for another manifest, whose directory is not called after it", twin(
        "olga", place="0001-00000000"), "chain layout manifest", about=False)
    gone = {"lay": False}
    shown("A-49", "a receipt of a manifest that is not here, and a later one that is dated ahead", twin(), "", "clock receipts",
          later=day(210), **gone)
    shown("A-49 D-44", "a receipt of a manifest that is not here, dated ahead", twin(), "", "clock", created=day(210), **gone)
    shown("A-48 D-44", "a receipt of another manifest, which is here and an officer has signed, dated ahead", twin("olga"), "",
          "clock", created=day(210))
    shown("A-49 D-44", "a receipt of a manifest that is not here, dated before this one, and a later one of this", twin(),
          created=day(59), **gone)


def evidence(catalogue):
    files, epoch = plain()
    epoch.challenge(created=day(210), expires=day(220))
    catalogue.audit("A-51 D-44", "a challenge that is dated ahead: it is filed, and does not count", files, "", "clock proofs")
    files, epoch = plain()
    requested = epoch.request(restoreKey=PEOPLE["bob"].sealing.hex())
    epoch.release("alice", requested)
    catalogue.audit("A-53 A-52", "a release that answers a request which is refused", files, "releases requests")
    files, epoch = plain()
    requested = epoch.request()
    epoch.add("refusal", ["carol"], created=day(59), name="carol", reason="no", request=requested)
    catalogue.audit("A-54 D-44", "a refusal that is dated before its manifest", files, "refusals")
    files, epoch = plain()
    receipt = next(p for p in files if "/receipts/alice-" in p and p.endswith(".json"))
    catalogue.audit("A-45", "a signature file that has no signer in its name", {**files, f"{receipt}.sig": b"x"},
                    "receipts layout")
    files, epoch = plain()
    at = f"{epoch.folder}/reshares"
    catalogue.audit("A-2 A-4 A-1", "in a reserved directory a secret, a link, and what an interrupted run has left", {
        **files, f"{at}/a.json": PEOPLE["mallory"].identity(), f"{at}/.b.x1y2z3.partial": b"{"}, "", "layout",
        links={f"{at}/c.json": "nowhere"})
    beside = without(files, epoch.m["pkcs12"]["name"])
    catalogue.audit("A-35", "the escrow's path is a symbolic link, and the PKCS#12 file lies beside that", {
        **beside, f"there/{epoch.m['pkcs12']['name']}": files[epoch.m["pkcs12"]["name"]]}, escrow="there/acme",
        links={"there/acme": "../acme.escrow"})
    catalogue.audit("A-35", "a path that ends in a full stop, behind a symbolic link", files, escrow="there/acme/.",
                    links={"there/acme": "../acme.escrow"})


def suspended(catalogue):
    def reached(what, unchecked, where, then=False):
        files, first = plain(policy=(3, "alice", "bob", "carol"))
        first.add("suspension", ("olga",), created=day(70), because="unreachable", custodian="carol", officer="olga")
        asked = first.challenge()
        for n, who in enumerate(("alice", "bob", "carol")):
            first.claim("proof", who, created=day(71, n), challenge=asked)
        if then:
            Epoch(files, before=first)
        catalogue.audit("A-57 A-56", what, files, "", unchecked, modes={f"{first.folder}/{where}": "000"})
    reached("a proof may not be read that would end a suspension", "layout clock proofs quorum", "proofs")
    reached("challenges may not be read, one of which was answered by somebody suspended",
            "layout clock challenges proofs records quorum", "challenges")
    reached("a proof of the epoch before may not be read that would end a suspension",
            "layout clock receipts proofs quorum succession", "proofs", then=True)

    def late(what, officers, fail, unchecked="receipts"):
        story = Story()
        digest = story.suspend()
        Epoch(story.files, before=story.first, officers=officers, threshold=2, signers=dict.fromkeys(
            [*officers, OLGA, OMAR]))
        story.reinstate([digest], created=day(130))
        catalogue.audit("A-56", what, {**story.files, "officers.signers": BOTH}, fail, unchecked, require=2)
    late("a reinstatement in the epoch before, dated after the next, by officers who are none any more", (OSCAR, OTTO), "quorum")
    late("the same, by officers who still are as many as it takes", (OLGA, OMAR, OSCAR), "")
    late("the same, by officers of whom one is left", (OLGA, OSCAR), "quorum")


def anchors(catalogue):
    def brought(rule, what, files, data, fail="", unchecked="", **given):
        catalogue.audit(rule, what, {**files, "officers.signers": data.encode()}, fail, unchecked, **given)
    files, epoch = plain()
    ended = OLGA.line() + OMAR.line(options=',valid-before="20260501Z"')
    strangers = "".join(Person(f"officer{n}").line() for n in range(3))
    brought("A-30", "as many as the manifest demands, but the key of one has ended, and the default is three", files,
            ended + strangers, "anchor")
    alone, _ = small()
    brought("A-28", "a file in which no key counts any more, of a manifest that demands one", alone,
            OLGA.line(options=',valid-before="20260501Z"'), "anchor", "receipts")
    both = OLGA.line() + OMAR.line()
    for k in (0, 1001):
        catalogue.audit("A-28", f"an auditor who demands {k}", files, refused=True, require=k)
    brought("A-28", "an auditor who demands a thousand", files, both, "anchor", require=1000)
    brought("D-45", "a time before 1970", files, OLGA.line(options=',valid-after="19691231Z"') + OMAR.line(), refused=True)
    epoch.add("added-certificate", ("olga", "omar"), created=day(70), certificate=b64(RENEWED))
    later = {**files, "ca.crt": pem(RENEWED)}
    brought("A-32 A-31", "of an added certificate that officers have signed, the key of one of whom has ended since", later,
            OLGA.line() + OMAR.line("manifest") + OMAR.line("added-certificate", options=',valid-before="20260501Z"'), "",
            "certificate")
    root = rsa_key("root of time stamps", 2048)
    above = name((CN, der(12, b"Root of time stamps")))
    usage = (USAGE, der(3, b"\1\6"))
    top, no_ca, long = (pem(certificate(root, above, root, above, [(BASIC, value), usage], serial=6))
                        for value in (seq(TRUE), seq(), seq(TRUE, num(0))))
    below = Authority("acme, certified", by=(root, above))
    files, epoch = plain()
    signature = files[f"{epoch.folder}/manifest.json.omar.sig"]
    stamped = {**files, f"{epoch.folder}/manifest.json.omar.sig.tsr": stamp(signature, day(61), below)}
    for what, given, unchecked in (("the root that certifies its authority", top, ""),
                                   ("a root that certifies its authority and may certify no other authority", long, ""),
                                   ("a root that is no CA's", no_ca, "anchor"),
                                   ("its authority's certificate alone, which another has signed", below.pem, "anchor")):
        brought("A-31", f"a time stamp, and the auditor names {what}", {**stamped, "tsa.crt": given}, ended, "", unchecked,
                tsa="tsa.crt")
    for what, given in (("nothing that is a certificate", b"a root\n"), ("a certificate in DER", certificate(
            root, above, root, above, [(BASIC, seq(TRUE)), usage], serial=6))):
        brought("A-31", f"a time stamp, and the auditor brings as its authority's {what}", {**stamped, "tsa.crt": given},
                ended, refused=True, tsa="tsa.crt")


def key_files(catalogue):
    secret = password(Dealer((2, "alice", "bob"), "epoch 1").s)

    def case(what, fail="", entry=(), **shape):
        files, _ = small(key_file=pkcs12(secret, [(CA, [CERTIFICATE])], "epoch 1", **shape),
                         change=lambda m: m["pkcs12"].update(entry))
        catalogue.audit("A-36", what, files, fail, "receipts")
    case("a MAC of fewer iterations than the rest, as the manifest says", entry={"iterations": 1000}, mac_count=1000)
    case("a MAC of fewer iterations than the rest, and the manifest has the others'", "protection", mac_count=1000)
    case("scrypt, as the manifest says", entry={"kdf": "scrypt"}, scrypt=(1 << 14, 8, 1))
    case("scrypt of more than 600,000, and a MAC of fewer", entry={"kdf": "scrypt"}, scrypt=(1 << 18, 8, 2))
    case("PBKDF2 with a function that is not listed, as the manifest says", entry={"kdf": "pbkdf2-1.2.840.113549.2.99"},
         function="1.2.840.113549.2.99")
    case("PBKDF2 with HMAC-SHA-3, as the manifest says", entry={"kdf": "pbkdf2-hmac-sha3-256"},
         function="2.16.840.1.101.3.4.2.14")

    def bag(kind, value):
        return seq(oid(f"1.2.840.113549.1.12.10.1.{kind}"), der(0xA0, value))

    def nested(depth, *bags):
        return [bag(6, seq(*nested(depth - 1, *bags)))] if depth else list(bags)
    for what, bags, fail in (("safes nested 4 deep", nested(4, bag(99, octets(b"x"))), ""),
                             ("safes nested 5 deep", nested(5, bag(99, octets(b"x"))), "pkcs12"),
                             ("200 safes and bags of which most are of an unknown type", nested(
                                 2, *[bag(99, octets(b"x"))] * 196), ""),
                             ("201 safes and bags", nested(2, *[bag(99, octets(b"x"))] * 197), "pkcs12")):
        case(what, fail, besides=bags)
    case("scrypt of more than 4,194,304", "pkcs12 protection", {"kdf": "scrypt"}, scrypt=(1 << 19, 8, 2))


def certificates(catalogue):
    long = seq(der(0x31, seq(oid(CN), b"\x0c\x81\x0cAcme Root CA")))
    cut = CA.certificate(subject=long)
    files, _ = small(held=[(CA, [cut])])
    catalogue.audit("A-32 A-6", "a certificate with a length in more bytes than it takes", files, "manifest")
    first = CA.certificate(version=0, says_version=True, extensions=())
    files, _ = small(held=[(CA, [first])])
    catalogue.audit("A-32 A-33", "a certificate that says it is of version 1", {**files, "ca.crt": pem(first)}, "", "receipts")
    leaf, root = Key("leaf"), Key("root")
    mine = root.certificate(begins="250101000000Z")
    for what, extensions in (("basicConstraints with something behind it", ((CONSTRAINTS, seq(TRUE) + b"\5\0"), CA_EXTENSIONS[1])),
                             ("a keyUsage of no bits", (CA_EXTENSIONS[0], (USAGE, der(3, b"\0")))),
                             ("a keyUsage that does not decode", (CA_EXTENSIONS[0], (USAGE, b"\xff\xff"))),
                             ("basicConstraints of a length that is not definite", (
                                 (CONSTRAINTS, b"\x30\x80" + TRUE + b"\0\0"), CA_EXTENSIONS[1]))):
        newer = leaf.certificate(begins="260201000000Z", extensions=extensions)
        files, _ = small(held=[(leaf, [newer]), (root, [mine])])
        files["acme.escrow/README.txt"] = files["acme.escrow/README.txt"].replace(pairs(newer), pairs(mine))
        catalogue.audit("A-33", f"the newest certificate is no CA's: {what}", {**files, "ca.crt": pem(mine)}, "", "receipts")
    nowhere = Key("nowhere")
    nowhere.spki = seq(seq(oid("1.2.840.10045.2.1"), oid("1.3.6.1.4.1.99999.9")), bits(b"\4" + bytes(64)))
    off = Key("off")
    off.spki = seq(seq(oid("1.2.840.10045.2.1"), oid("1.2.840.10045.3.1.7")), bits(b"\4" + bytes(64)))
    for what, key, fail in (("secp256k1", curve_key("k256", ec.SECP256K1(), 1), ""),
                            ("brainpoolP256r1", curve_key("bp256", ec.BrainpoolP256R1(), 1), ""),
                            ("a curve of another object identifier", nowhere, "key"),
                            ("P-256, with a point that is not on it", off, "key")):
        its = key.certificate()
        files, _ = small(held=[(key, [its])])
        catalogue.audit("A-34", f"an EC key on {what}", {**files, "ca.crt": pem(its)}, fail, "receipts")


def cases(catalogue):
    forks(catalogue)
    custodians(catalogue)
    receipts(catalogue)
    evidence(catalogue)
    suspended(catalogue)
    anchors(catalogue)
    key_files(catalogue)
    certificates(catalogue)
