# SPDX-License-Identifier: Apache-2.0
"""An escrow as files: epochs, and what people add to them: sections 4.6, 4.9 to 4.11."""
import base64, copy, functools, hashlib, os, re

from .der import Key, pem, pkcs12
from .form import b64, canonical, day, seeded, sha256, without
from .group import Dealer, dotted, little, payload, possession, seal
from .people import Person, TOKEN

SPECIFICATION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../docs/format.md")
ROOT = "acme.escrow"
FOLDERS = {"receipt": "receipts", "challenge": "challenges", "proof": "proofs", "request": "requests", "release": "releases",
           "refusal": "refusals"}
WHO = {"challenge": lambda d: d["auditor"]["name"], "request": lambda d: d["officer"], "refusal": lambda d: d["name"]}
PEOPLE = {name: Person(name) for name in "alice bob carol dave erin olga omar otto oscar wanda mallory".split()}
PEOPLE["tony"] = Person("tony", kind=TOKEN)
REQUEST = Person("request")
CA = Key("ca")
CERTIFICATE = CA.certificate()
POLICY = (2, "alice", "bob", "carol")
NOW = day(200)


def person(who):
    return PEOPLE[who] if isinstance(who, str) else who


def template():
    """README.txt as section 4.11 of the specification has it."""
    with open(SPECIFICATION, encoding="utf-8") as file:
        after = file.read().split("### 4.11 README.txt")[1]
    return after.split("```\n")[1]


TEMPLATE = template()


def password(s):
    digest = hashlib.sha256(b"ca-escrow/v1/password\0" + little(s)).digest()
    return base64.b32encode(digest).lower()[:26]


@functools.cache
def key_file_of(secret, label, held):
    return pkcs12(secret, held, label)


def names(policy):
    return [name for member in policy[1:] for name in ([member] if isinstance(member, str) else names(member))]


def policy_text(gate):
    return gate.get("custodian") or f"{gate['threshold']} of ({', '.join(map(policy_text, gate['members']))})"


class Epoch:
    """An epoch, which lies in `files` once it is made. Of `before` it keeps what is not given; with `keeps` the set, too.

    `change` is called with the manifest before shares are sealed, `alter` before it is signed.
    """

    def __init__(self, files, *, before=None, keeps=False, policy=None, officers=None, threshold=None, created=None,
                 people=(), held=None, certificates=None, label=None, occasion=None, change=None, alter=None, signers=None,
                 subject="CN=Acme Root CA", key_file=None, fields=None, dealer=None, root=ROOT, place=None, cards=None):
        self.files, self.before, self.root = files, before, root
        self.number = before.number + 1 if before else 1
        self.created = created or day(60 if self.number == 1 else 40 + 40 * self.number)
        self.people = {p.name: p for p in map(person, people)}
        self.subject = subject
        if before:
            policy, officers = policy or before.policy, officers or before.officers
            threshold, held = threshold or before.threshold, held or before.held
            self.people = {**before.people, **self.people}
        self.policy, self.officers = policy or POLICY, [person(o) for o in officers or ("olga", "omar")]
        self.threshold, self.held = threshold or len(self.officers), held or [(CA, [CERTIFICATE])]
        self.people = {name: self.people.get(name) or PEOPLE[name] for name in names(self.policy)}
        self.cards = {name: (cards or {}).get(name) or p.card() for name, p in self.people.items()}
        if keeps:
            self.dealer, self.set, self.m = before.dealer, before.set, copy.deepcopy(before.m)
        else:
            label = label or f"epoch {self.number}"
            self.dealer, self.set = dealer or Dealer(self.policy, label), seeded(f"{label} set", 16)
            self.m = self.fresh(label, key_file, certificates)
        self.fill(occasion, keeps, people)
        if change:
            change(self.m)
        self.seal(keeps, people, fields or {})
        if alter:
            alter(self.m)
        self.data = canonical(self.m)
        self.digest = sha256(self.data)
        self.name = place or f"{self.m['epoch']:04}-{self.digest[:8]}"
        self.folder = f"{root}/{self.name}"
        self.lay(signers)

    def fresh(self, label, key_file, certificates):
        """What comes with a new set."""
        data = key_file or key_file_of(password(self.dealer.s), label, tuple((key, tuple(its)) for key, its in self.held))
        name = f"acme-{self.set.hex()[:8]}.p12"
        self.files[name] = data
        listed = certificates if certificates is not None else [c for _, its in self.held for c in its]
        return {"certificates": list(map(b64, listed)), "policy": self.dealer.gate, "set": self.set.hex(),
                "pkcs12": {"encryption": "aes-256-cbc", "iterations": 2048, "kdf": "pbkdf2-hmac-sha256", "mac": "hmac-sha256",
                           "name": name, "sha256": sha256(data), "size": len(data)},
                "people": [p.entry(self.cards[name]) for name, p in sorted(self.people.items())]}

    def fill(self, occasion, keeps, people):
        first = self.number == 1
        self.m.update({
            "approval": {"officers": [{"key": o.key, "name": o.name} for o in sorted(self.officers, key=lambda o: o.name)],
                         "threshold": self.threshold},
            "created": self.created, "epoch": self.number, "format": "ca-escrow/v1/manifest",
            "occasion": occasion or ("installation" if first else "officer-change" if keeps else "scheduled"),
            "rehearsal": self.m.get("rehearsal", False), "suite": "ristretto255+x25519+ed25519"})
        if not first:
            self.m["previous"] = {"epoch": self.number - 1, "format": "ca-escrow/v1/manifest", "sha256": self.before.digest}
        if keeps:
            for p in map(person, people):
                [entry] = [e for e in self.m["people"] if e["name"] == p.name]
                entry.update(p.entry(self.cards[p.name]))

    def seal(self, keeps, people, fields):
        """Every share of a new set, and of a kept one those of whoever comes with another card."""
        head = hashlib.sha256(canonical(without(self.m, "shares"))).digest()
        renewed = {p.name for p in map(person, people)}
        shares = {s["path"]: s for s in self.m.get("shares", ())} if keeps else {}
        for name, path in self.dealer.paths.items():
            if keeps and name not in renewed:
                continue
            recipient = self.people[name].sealing
            other = dict(fields.get(name, {}))
            message = payload(1, self.set, self.number, path, head, recipient, little(self.dealer.shares[path]), **other)
            shares[dotted(path)] = {"box": b64(seal(message, recipient)), "path": dotted(path), "sealedIn": self.number}
        order = [dotted(path) for path in self.dealer.shares]
        self.m["shares"] = [shares[path] for path in order]
        self.head = head

    def lay(self, signers):
        self.put("manifest.json", self.data)
        for who in signers if signers is not None else self.officers:
            self.sign(who)
        for name, card in self.cards.items():
            self.put(f"cards/{name}.json", card)
        self.files[f"{self.root}/README.txt" if self.m["epoch"] == 1 else f"{self.folder}/README.txt"] = self.readme()

    def put(self, path, data):
        self.files[f"{self.folder}/{path}"] = data

    def sign(self, who, data=None):
        who = person(who)
        self.put(f"manifest.json.{who.name}.sig", data or who.sign(self.data, "manifest"))

    def readme(self):
        m = self.m
        fingerprint = sha256(base64.b64decode(m["certificates"][0])) if m["certificates"] else ""
        rows = {"subject": self.subject, "number of certificates": str(len(m["certificates"])),
                "digest of the certificate, as pairs of digits with colons between": ":".join(re.findall("..", fingerprint)),
                "title, or none": m.get("title", "none"), "set": m["set"], "epoch": str(m["epoch"]), "created": m["created"],
                "occasion": m["occasion"], "manifest digest": self.digest, "pkcs12.name": m["pkcs12"]["name"],
                "pkcs12.sha256": m["pkcs12"]["sha256"], "policy, as in section 3.2": policy_text(m["policy"]),
                "threshold": str(m["approval"]["threshold"]), "epoch's directory": self.name,
                "officers' names, with \", \" between": ", ".join(o["name"] for o in m["approval"]["officers"])}
        text = re.sub(r"\[(THIS IS A REHEARSAL.*?)\]\n\n", r"\1\n\n" if m["rehearsal"] else "", TEMPLATE)
        return re.sub(r"\{([^}]*)\}", lambda found: rows[found[1]], text).encode()

    # ---- What people add

    def document(self, kind, created=None, **members):
        given = {key: value for key, value in members.items() if value is not None}
        return {"created": created or day(61, self.number), "format": f"ca-escrow/v1/{kind}", "manifest": self.digest,
                "set": self.m["set"], **given}

    def add(self, kind, signers, called=None, data=None, change=None, **members):
        """A document, signed by these people; its digest. `called` is another name than its own, `data` other bytes."""
        d = self.document(kind, **members)
        if change:
            change(d)
        data = data or canonical(d)
        path = called or self.place(d, kind, data)
        self.put(path, data)
        for who in signers:
            who = person(who)
            self.put(f"{path}.{who.name}.sig", who.sign(data, kind))
        self.last = f"{self.folder}/{path}"
        return sha256(data)

    @staticmethod
    def place(d, kind, data):
        folder = FOLDERS.get(kind, "records")
        prefix = WHO.get(kind, lambda d: d["custodian"])(d) if folder != "records" else \
            f"{d['created'].replace('-', '').replace(':', '')}-{kind}"
        prefix += f"-{d['request'][:32]}" if kind == "refusal" else ""
        return f"{folder}/{prefix}-{sha256(data)[:32]}.json"

    def claim(self, kind, who, change=None, signers=None, **members):
        """A receipt or a proof: that they know their share."""
        who = person(who)
        path = self.dealer.paths[who.name]
        [share] = [s for s in self.m["shares"] if s["path"] == dotted(path)]
        d = self.document(kind, custodian=who.name, path=dotted(path), share=sha256(base64.b64decode(share["box"])), **members)
        d["possession"] = possession(d, self.dealer.shares[path])

        def replaced(document):
            document.update(d)
            if change:
                change(document)
        return self.add(kind, [who] if signers is None else signers, change=replaced)

    def rebuilt(self, kind, signers=(), change=None, custodians=("alice", "bob"), secret=None, casig=None, **members):
        """A restore record or a drill receipt: that whoever made it knew s. `casig` is the key that signs a drill."""
        d = self.document(kind, custodians=list(custodians), **members)
        d["possession"] = possession(d, self.dealer.s if secret is None else secret)

        def replaced(document):
            document.update(d)
            if change:
                change(document)
        digest = self.add(kind, signers, change=replaced)
        if casig:
            statement = f"ca-escrow/v1/ca-key-statement\n{kind}\n{digest}\n".encode()
            self.files[self.last + ".casig"] = casig.sign(statement)
        return digest

    def receipts(self, created=None):
        for name in self.people.values():
            self.claim("receipt", name, created=created)

    def challenge(self, who="wanda", created=None, expires=None, signers=None, change=None, label="a"):
        who = person(who)
        return self.add("challenge", [who] if signers is None else signers, created=created or day(70), change=change,
                        auditor={"key": who.key, "name": who.name}, expires=expires or day(100),
                        nonce=seeded(f"nonce {label}").hex())

    def request(self, signers=None, created=None, change=None, **members):
        return self.add("request", ("olga", "omar") if signers is None else signers, created=created or day(80),
                        change=change, **{
            "destination": "the CA's machine", "epoch": self.number, "expires": day(85), "machine": "restore.example",
            "notBefore": day(80), "officer": "olga", "purpose": "a new machine", "restoreKey": REQUEST.sealing.hex(),
            **members})

    def release(self, who, request, created=None, change=None, signers=None, fields=None, context=None):
        """The statement in the escrow, and the file that travels."""
        who = person(who)
        path = self.dealer.paths[who.name]
        message = payload(2, self.set, self.number, path, bytes.fromhex(context or request), REQUEST.sealing,
                          little(self.dealer.shares[path]), **(fields or {}))
        box = seal(message, REQUEST.sealing)
        self.add("release", [who] if signers is None else signers, created=created or day(81), change=change,
                 box=sha256(box), custodian=who.name, path=dotted(path), request=request)
        statement = self.files[self.last]
        return canonical({"box": b64(box), "format": "ca-escrow/v1/release-box",
                          "signature": b64(who.blob(statement, "release")), "statement": b64(statement)})


def signers(*lines):
    return "".join(lines).encode()


ANCHOR = signers(PEOPLE["olga"].line(), PEOPLE["omar"].line(), PEOPLE["wanda"].line("challenge"))
BROUGHT = {"officers.signers": ANCHOR, "ca.crt": pem(CERTIFICATE)}


def small(**what):
    """A first epoch of two custodians and one officer, with nothing added: what a document's own rules need."""
    files = {**BROUGHT, "officers.signers": signers(PEOPLE["olga"].line())}
    what = {"policy": (2, "alice", "bob"), "officers": ("olga",), **what}
    return files, Epoch(files, **what)


def plain(**what):
    """A first epoch of three custodians and two officers, acknowledged."""
    files = dict(BROUGHT)
    epoch = Epoch(files, **what)
    epoch.receipts()
    return files, epoch
