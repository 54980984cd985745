# SPDX-License-Identifier: Apache-2.0
"""Every command that writes, with the world it runs in."""
import re

AUDIT = "ca-escrow audit acme.escrow --signers officers.signers --certificate cacert.pem --quiet"
RESTORE = (
    "ca-escrow restore acme.escrow --certificate cacert.pem --signers officers.signers"
    " -i alice.identity -i bob.identity -i carol.identity")
BACKUP = "--policy '3 of all' --officers '2 of (olga, omar, otto)' --card cards -i olga.identity"


class Scenario:
    """One command in one world.

    base      the level of world.sh that it starts from, or nothing
    setup     what is done there first, in bash; functions of worlds.sh may be called
    command   the command line, as bash reads it in the prepared world
    check     a command that is held against the new state, and must end as it does after an undisturbed run
    grows     paths to which lines are added; replaces, erases, free: paths that are replaced, erased, not judged
    gone      what the next run says when others' module has lost what it keeps for itself
    last      the paths that come last, and count alone; optional: paths that the command can do without
    prompts   questions of the terminal with their answers; asking: the command line that asks them
    slow      a passphrase is stretched, or the program's own file read, for a second in each run, or others' modules
              write hundreds of times: only SIGKILL and ENOSPC at each system call
    held      a ceremony, whose people answer its questions: SIGKILL at some of its system calls
    """

    def __init__(self, name, base, setup, command, check=None, **more):
        self.name, self.base, self.setup, self.command, self.check = name, base, setup, command, check
        kinds = ("grows", "replaces", "erases", "free", "gone", "last", "optional")
        self.patterns = {kind: more.pop(kind, None) for kind in kinds}
        self.environment = more.pop("environment", {})
        self.prompts, self.asking = more.pop("prompts", []), more.pop("asking", None)
        self.slow, self.held = more.pop("slow", False), more.pop("held", False)
        assert not more, more

    def matches(self, kind, path):
        """Whether the scenario expects this of a path."""
        return self.patterns[kind] is not None and re.search(self.patterns[kind], path) is not None


SCENARIOS = [
    Scenario(
        "identity create", None, "", "ca-escrow identity create zoe --no-passphrase",
        "ca-escrow show zoe.identity zoe.card",
        asking="ca-escrow identity create zoe",
        prompts=[("new passphrase: ", "correct horse battery"), ("again: ", "correct horse battery")]),
    Scenario(
        "identity passphrase", None, "ca-escrow identity create zoe --no-passphrase; echo correct horse battery"
        " >to.pass",
        "ca-escrow identity passphrase zoe.identity --out new.identity --passphrase-file to=to.pass",
        "ca-escrow show new.identity", slow=True,
        asking="ca-escrow identity passphrase zoe.identity --out new.identity",
        prompts=[("new passphrase: ", "correct horse battery"), ("again: ", "correct horse battery")]),
    Scenario("pack", "complete", "", "ca-escrow pack acme.escrow --out all.parcel", "ca-escrow show all.parcel"),
    Scenario(
        "collect", "approved",
        "cp -r acme.escrow home; for name in alice bob; do acknowledge home $name --out $name.parcel; done; rm -r home",
        "ca-escrow collect acme.escrow alice.parcel bob.parcel", AUDIT),
    Scenario(
        "answer: acknowledge", "approved", "ca-escrow pack acme.escrow --out asked.parcel",
        "ca-escrow answer asked.parcel -i alice.identity --manifest $(digest acme.escrow) --yes",
        "ca-escrow show alice-*.parcel", grows="seen$",
        asking="ca-escrow answer asked.parcel -i alice.identity",
        prompts=[("Enter stops): ", "=digest acme.escrow"), ("Type yes: ", "yes")]),
    Scenario(
        "answer: challenge", "complete", "challenge --out asked.parcel",
        "ca-escrow answer asked.parcel -i alice.identity --yes", "ca-escrow show alice-*.parcel", grows="seen$"),
    Scenario(
        "answer: request", "complete", "request; ca-escrow pack acme.escrow --out asked.parcel",
        "ca-escrow answer asked.parcel -i alice.identity --confirm \"$(cat telephone)\" --yes",
        None, grows="seen$"),
    Scenario(
        "answer: enrolment", "people", "ca-escrow enrol challenge cards -i olga.identity --out asked.parcel",
        "ca-escrow answer asked.parcel -i alice.identity --yes", "ca-escrow show alice-*.parcel"),
    Scenario(
        "acknowledge", "approved", "",
        "ca-escrow acknowledge acme.escrow -i alice.identity --manifest $(digest acme.escrow) --out alice.parcel",
        AUDIT, grows="seen$", asking="ca-escrow acknowledge acme.escrow -i alice.identity",
        prompts=[("Enter stops): ", "=digest acme.escrow")]),
    Scenario(
        "prove", "complete", "challenge", "ca-escrow prove acme.escrow -i alice.identity --out alice.parcel", AUDIT,
        grows="seen$"),
    Scenario(
        "release", "complete", "request",
        "ca-escrow release acme.escrow -i alice.identity --confirm \"$(cat telephone)\"", AUDIT, grows="seen$",
        optional="/releases(/|$)",  # the release itself carries the statement
        asking="ca-escrow release acme.escrow -i alice.identity", prompts=[("nothing is sent): ", "=cat telephone")]),
    Scenario(
        "refuse", "complete", "request",
        "ca-escrow refuse acme.escrow -i alice.identity --reason 'nobody called' --out alice.parcel",
        AUDIT, grows="seen$"),
    Scenario(
        "rekey", "complete", "ca-escrow identity create bob --no-passphrase --out new 2>/dev/null || { mkdir new; "
        "ca-escrow identity create bob --no-passphrase --out new; }",
        "ca-escrow rekey acme.escrow -i bob.identity --card new/bob.card --yes", AUDIT, grows="seen$",
        asking="ca-escrow rekey acme.escrow -i bob.identity --card new/bob.card", prompts=[("Type yes: ", "yes")]),
    Scenario(
        "backup", "ca", "", f"ca-escrow backup acme.escrow --from openssl-ca:ca {BACKUP}",
        "ca-escrow audit acme.escrow --quiet", last=r"^acme\.escrow$"),
    Scenario(
        "backup: another epoch", "approved", "",
        "ca-escrow backup acme.escrow --from openssl-ca:ca --occasion scheduled -i olga.identity --yes", AUDIT,
        last=r"/0002-\w+$", asking="ca-escrow backup acme.escrow --from openssl-ca:ca --occasion scheduled -i"
        " olga.identity",
        prompts=[("Type yes: ", "yes")]),
    Scenario(
        "backup: renewed", "approved", "renew",
        "ca-escrow backup acme.escrow --from openssl-ca:ca -i olga.identity --yes",
        AUDIT),
    Scenario(
        "backup: with state", "ca", "database",
        f"ca-escrow backup acme.escrow --from openssl-ca:ca {BACKUP} --with-state",
        "ca-escrow audit acme.escrow --quiet",
        last=r"^acme\.escrow$"),
    Scenario(
        "backup: rehearsal", "people", "", f"ca-escrow backup toy.escrow --rehearsal {BACKUP}",
        "ca-escrow audit toy.escrow --quiet", last=r"^toy\.escrow$"),
    Scenario(
        "add-certificate", "approved", "renew",
        "ca-escrow add-certificate acme.escrow ca/cacert.pem -i olga.identity --yes",
        AUDIT),
    Scenario(
        "sign", "escrow", "", "ca-escrow sign acme.escrow -i omar.identity --yes",
        "ca-escrow audit acme.escrow --quiet",
        asking="ca-escrow sign acme.escrow -i omar.identity", prompts=[("Type yes: ", "yes")]),
    Scenario(
        "sign: plan", "ca", "ceremony-plan.py --people >plan.json", "ca-escrow sign plan.json -i olga.identity --yes",
        "ca-escrow ceremony check plan.json", slow=True),
    Scenario(
        "status --prometheus", "complete",
        "ca-escrow status acme.escrow --prometheus ca.prom --quiet --at 2040-01-01T00:00:00Z || true",
        "ca-escrow status acme.escrow --signers officers.signers --prometheus ca.prom --quiet", None,
        replaces=r"ca\.prom$"),
    Scenario(
        "drill", "complete", "challenge",
        "ca-escrow drill acme.escrow --certificate cacert.pem --signers officers.signers --purpose 'yearly test'"
        " -i olga.identity -i alice.identity -i bob.identity -i carol.identity", AUDIT),
    Scenario(
        "request", "complete", "echo correct horse battery >request.pass",
        "ca-escrow request acme.escrow --purpose 'the server burnt' --destination Lyon --machine ca2 --key request.key"
        " -i olga.identity --passphrase-file request=request.pass", AUDIT, slow=True),
    Scenario(
        "restore", "complete", "mv ca lost", RESTORE + " --to pem:new.key,new.crt --plain-key",
        AUDIT, last=r"^new\.key$",
        asking="ca-escrow restore acme.escrow --certificate cacert.pem --signers officers.signers --plain-key"
        " --to pem:new.key,new.crt",
        prompts=[("Enter stops): ", "alice.identity"), ("Enter stops): ", "bob.identity"),
                 ("Enter stops): ", "carol.identity")]),
    Scenario(
        "restore: from afar", "complete", "request; mv ca lost; for name in alice bob carol; do release $name; done",
        "ca-escrow restore acme.escrow --certificate cacert.pem --signers officers.signers --key request.key"
        r" --request $(ls acme.escrow/0001-*/requests | sed -n 's/^olga-\(.\{8\}\).*json$/\1/p')"
        " --release alice.release --release bob.release --release carol.release -i olga.identity"
        " --passphrase-file request=request.pass --to pem:new.key,new.crt --plain-key", AUDIT,
        last=r"^new\.key$", erases=r"^request\.key$", slow=True),
    Scenario(
        "restore: openssl-ca", "complete", "mv ca lost", RESTORE + " --to openssl-ca:ca --plain-key", AUDIT,
        last=r"private/cakey\.pem$"),
    Scenario(
        "restore: easy-rsa", "complete", "", RESTORE + " --to easy-rsa:vpn --plain-key",
        AUDIT, last=r"private/ca\.key$"),
    Scenario(
        "restore: step-ca", "complete", "", RESTORE + " --to step-ca:step#root --plain-key", AUDIT,
        last="root_ca_key$"),
    Scenario(
        "restore: PKCS#12", "complete", "echo correct horse battery >to.pass",
        RESTORE + " --to p12:new.p12 --passphrase-file to=to.pass", AUDIT),
    Scenario(
        "restore: with state", "ca",
        f"database; ca-escrow backup acme.escrow --from openssl-ca:ca {BACKUP} --with-state;"
        " approve; mv ca lost", RESTORE + " --to openssl-ca:ca --plain-key --with-state", AUDIT),
    Scenario(
        "restore: PKCS#11 token", "complete", "token_here",
        RESTORE + " --to 'pkcs11:token=here;object=root?module-path=/usr/lib/softhsm/libsofthsm2.so'"
        " --passphrase-file to=pin", AUDIT, free="^tokens/", slow=True, gone="no such token here",
        environment={"SOFTHSM2_CONF": "softhsm2.conf"}),
    Scenario(
        "restore: NSS", "complete", "echo correct horse battery >to.pass; mkdir db; certutil -N -d sql:db -f to.pass",
        RESTORE + " --to 'nss:db?nickname=root' --passphrase-file to=to.pass", AUDIT, free="^db/", slow=True),
    Scenario(
        "suspend", "complete", "", "ca-escrow suspend acme.escrow bob --because lost -i olga.identity", AUDIT),
    Scenario(
        "rotate open", "complete", "ca-escrow identity create oscar --no-passphrase",
        "ca-escrow rotate open acme.escrow --officers '2 of (olga, oscar, otto)' --card oscar.card -i"
        " olga.identity --yes",
        AUDIT, last=r"/0002-\w+$"),
    Scenario("envelope print", "approved", "", "ca-escrow envelope print acme.escrow --out sheets.html"),
    Scenario(
        "enrol challenge", "people", "", "ca-escrow enrol challenge cards -i olga.identity --out asked.parcel",
        "ca-escrow show asked.parcel"),
    Scenario(
        "enrol verify", "people",
        "rm cards/*.json*; ca-escrow enrol challenge cards -i olga.identity --out asked.parcel;"
        " for name in alice bob; do ca-escrow answer asked.parcel -i $name.identity --yes --out $name.parcel; done",
        "ca-escrow enrol verify alice.parcel bob.parcel -i olga.identity --out cards",
        "ca-escrow enrol verify cards -i olga.identity"),
    Scenario(
        "challenge", "complete", "auditor", "ca-escrow challenge acme.escrow -i wanda.identity --out asked.parcel",
        AUDIT),
    Scenario(
        "audit --report", "complete", "", AUDIT.replace("--quiet", "--report report.html")),
    Scenario(
        "ceremony stamp", "ca", "ceremony-plan.py --people >plan.json; ceremony.py ca-escrow ceremony run plan.json",
        "ca-escrow ceremony stamp plan.ceremony"),
    Scenario(
        "ceremony run", "ca", "ceremony-plan.py --people >plan.json", "ca-escrow ceremony run plan.json",
        "ca-escrow ceremony verify plan.ceremony", grows="seen$", held=True),
    Scenario(
        "ceremony script", "ca", "ceremony-plan.py --people >plan.json",
        "ca-escrow ceremony script plan.json --out sheet.html"),
]
