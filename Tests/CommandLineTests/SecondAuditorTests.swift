// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The program's audit against `Fixtures/break-glass/audit.py`, which was written from docs/format.md alone.
@Suite("Two auditors", .serialized)
struct SecondAuditorTests {
    /// An escrow with one document of every kind, made as people make them.
    private static let story = [
        "world.sh complete",
        "ca-escrow identity create wanda --no-passphrase",
        "ca-escrow show --allowed-signers --auditors wanda.card >> officers.signers",
        "ca-escrow challenge acme.escrow -i wanda.identity",
        "for name in alice bob carol dave erin; do ca-escrow prove acme.escrow -i $name.identity; done",
        "echo 'a long passphrase' > key.pass",
        "ca-escrow request acme.escrow --purpose p --destination d --key k.key -i olga.identity "
            + "--passphrase-file request=key.pass",
        "ca-escrow sign acme.escrow -i omar.identity --yes",
        "request=$(sha256sum acme.escrow/0001-*/requests/*.json | cut -c1-64)",
        "for name in alice bob carol; do ca-escrow release acme.escrow -i $name.identity --confirm $request; done",
        "ca-escrow refuse acme.escrow --reason r -i dave.identity",
        "ca-escrow restore acme.escrow --to pem:new.key,new.crt --plain-key --certificate ca/cacert.pem "
            + "--signers officers.signers --request ${request:0:8} --key k.key --release alice-release-*.release "
            + "--release bob-release-*.release --release carol-release-*.release -i olga.identity -i omar.identity "
            + "--passphrase-file request=key.pass --override veto --reason s",
        "ca-escrow drill acme.escrow --certificate ca/cacert.pem --signers officers.signers -i olga.identity "
            + "-i alice.identity -i bob.identity -i carol.identity",
        "ca-escrow suspend acme.escrow erin --because lost -i olga.identity",
        "sleep 1",
        "ca-escrow acknowledge acme.escrow -i erin.identity",
        "openssl req -x509 -key ca/private/cakey.pem -out renewed.crt -subj '/CN=Acme Root CA' -days 3999",
        "ca-escrow backup acme.escrow --from pem:ca/private/cakey.pem,renewed.crt -i olga.identity --yes",
        "ca-escrow sign acme.escrow -i omar.identity --yes",
    ]

    /// An escrow whose CA has a state that was archived.
    private static let archived = [
        "world.sh people", "mkdir -p ca/private ca/newcerts",
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca/private/cakey.pem "
            + "-out ca/cacert.pem -subj '/CN=Acme Root CA' -days 3650",
        #"printf 'R\t301231000000Z\t261125000000Z\t1000\tunknown\t/CN=one\n' > ca/index.txt"#,
        "echo 1001 > ca/serial", "echo 0A > ca/crlnumber", "cp ca/cacert.pem ca/newcerts/1000.pem",
        "ca-escrow backup acme.escrow --from openssl-ca:ca --policy '2 of (alice, bob, carol)' "
            + "--officers '2 of (olga, omar)' --card cards -i olga.identity --with-state",
        "ca-escrow sign acme.escrow -i omar.identity --yes",
        "ca-escrow show --allowed-signers olga.card omar.card > officers.signers",
    ]

    @Test("the second one takes the signatures that the format takes, of those that verifiers disagree about")
    func signatures() throws {
        try withTemporaryFolder { folder in
            let said = try Shell(folder: folder).run("ed25519.py check")
            #expect(said == "compared: 39 signatures\n")
        }
    }

    @Test("they agree on an escrow with the archive of a CA's state")
    func state() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run("(\(Self.archived.joined(separator: " && "))) > log 2>&1 || cat log") == "")
            let compared = try shell.run("compare-audits.py acme.escrow officers.signers ca/cacert.pem", limit: 600)
            #expect(compared == "compared: 12 escrows, 0 differ; verdicts: FAILED, INCOMPLETE\n")
        }
    }

    @Test("they agree on escrows as people leave them, and as nobody may")
    func states() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            #expect(try shell.run("audit-states.sh states > log 2>&1 || cat log", limit: 600) == "")
            let every = TestRun.step(3)
            let compare = "unprivileged.sh compare-audits.py states \(every); chmod -R u+rwX states"
            let compared = try shell.run(compare, limit: 600)
            let verdicts = "FAILED, INCOMPLETE, NOT ANCHORED, NOT FULLY CHECKED, refused, sound"
            #expect(compared == "compared: \((272 + every - 1) / every) escrows, 0 differ; verdicts: \(verdicts)\n")
        }
    }

    @Test("they agree on an escrow, and on every copy with one file altered or gone")
    func agreement() throws {
        try withTemporaryFolder { folder in
            let shell = Shell(folder: folder)
            let steps = Self.story.joined(separator: " && ")
            #expect(try shell.run("(\(steps)) > log 2>&1 || cat log") == "")
            let audit = "ca-escrow audit acme.escrow --signers officers.signers --certificate renewed.crt"
            #expect(try shell.run("\(audit) | tail -n 1") == "acme.escrow: sound\n")
            let compared = try shell.run("compare-audits.py acme.escrow officers.signers renewed.crt", limit: 600)
            #expect(compared == "compared: 56 escrows, 0 differ; verdicts: FAILED, sound\n")
        }
    }
}
