// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Ristretto255
import SecretSharing
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// Dealers, forgers, and whoever can write to an escrow.
extension AttackTests {
    @Test("a dealer (whoever runs backup): bad shares and bad commitments are found; a kept copy of the key is not")
    func dealer() throws {
        // A share that is not on the polynomial, in a box that says all the right things: alice finds out, alone.
        let header = document.headerOfFirstShare(to: world.cast["alice"].identity.sealingKey)
        let box = try SealedPayload.seal(value: world.share(of: "bob").bytes, header: header)
        let json = try JSONValue(canonical: document.bytes)
        let dealt = try EpochDocument(
            json.setting("shares[0].box", to: .string(Base64.encode(box))).encoded(),
            in: "0001-dealt"
        )
        let alice = world.cast["alice"]
        #expect(throws: EscrowError.share("alice", .shareDoesNotMatchCommitments("1"))) {
            _ = try dealt.openShare(of: alice.identity, at: alice.path, in: world.directory())
        }
        // Commitments are refused by every reader: CheatingDealerTests has each kind of them.
        let elements = json["policy.commitments"]!.items
        let lowered = json.setting("policy.commitments", to: .array([elements[0]]))
        #expect(
            throws: ManifestError.sharing(.wrongCommitmentCount(gate: .root, expected: 2, found: 1))
        ) { try Manifest(canonical: lowered.encoded()) }
        // The loss: the dealer has had the key, and what is escrowed is that key.
        let copy = try Acme.material().pkcs8
        #expect(try world.restore(by: ["alice", "carol"]) == copy)
        #expect(try world.audit().failed.isEmpty)
    }

    @Test("whoever can write to the escrow's directory: an altered byte, a moved share; an older state is the loss")
    func writer() throws {
        // Officers of one's own around the real shares: alice's box says which head it was made for.
        let mallory = try Somebody("mallory")
        let json = try JSONValue(canonical: document.bytes)
        let forged = json.setting(
            "approval",
            to: .object([
                "officers": .array([
                    .object(["key": .string(mallory.officer.key.openSSH), "name": .string("mallory")])
                ]), "threshold": .integer(1),
            ])
        )
        let republished = try EpochDocument(forged.encoded(), in: "0001-forged")
        let alice = world.cast["alice"]
        #expect(throws: EscrowError.opening(.headDigest("alice", "1"))) {
            _ = try republished.openShare(of: alice.identity, at: alice.path, in: world.directory())
        }
        // A byte of the real manifest.
        let manifest = try world.folder.read(document.manifestPath)
        var altered = manifest
        altered[altered.count / 2] ^= 1
        try world.folder.write(altered, to: document.manifestPath)
        #expect(try world.audit().verdict == .failed)
        try world.folder.write(manifest, to: document.manifestPath)
        // The loss: who takes the newest epoch away leaves an escrow in which nothing is wrong.
        let path = try world.next()
        let second = try world.directory().epoch(2)
        var seen = try SeenManifests(of: "alice", beside: world.folder("alice.identity"))
        try seen.remember(second, in: world.directory())
        #expect(try world.audit(epoch: 2).failed.isEmpty)
        try world.folder.remove(path)
        let audit = try world.audit()
        #expect(audit.failed.isEmpty && audit.verdict == .incomplete)
        // Who has seen the newer one refuses the older.
        #expect(throws: EscrowError.seen(path: document.path.string, .older(epoch: 1, seen: 2))) {
            try seen.check(document, in: world.directory())
        }
    }

    @Test("a forger with a CA of the same name: the real officers and certificate refuse it; --unverified does not")
    func forger() throws {
        let real = world.cast
        let attackers = [try Somebody("olga"), try Somebody("omar")]
        let cast = try Cast(Cast.custodians.map { real[$0] } + attackers)
        let forged = try World(of: Acme.material(.forged), cast: cast)
        let approval = try forged.directory().approval(of: nil)
        let refusal = attackers[0].posing(as: real["olga"])
        let anchor = try Anchor.of([real["olga"].officer, real["omar"].officer])
        #expect(throws: refusal) { _ = try anchor.check(approval, at: "acme.escrow") }
        let certificate = try Acme.certificate(.root)
        let (found, given) = (try Acme.certificate(.forged), CertificateTrust.file(certificate, path: "ca.crt"))
        #expect(found.subject == certificate.subject)
        #expect(
            throws: EscrowError.trust(
                .anotherCertificate(
                    path: "x",
                    subject: found.subject,
                    digest: SHA256Digest(of: found.der),
                    given: given.given
                )
            )
        ) { try forged.document().check(given, added: [], escrow: "x") }
        let input = AuditInput(
            anchor: anchor,
            certificates: [given],
            pkcs12: nil,
            isWithoutPKCS12: false,
            time: World.now,
            epoch: nil
        )
        #expect(try Audit(of: forged.escrow, with: input).failed == [.anchor, .certificate])
        // The loss: whoever asks for neither restores the forger's key; what stays is the reason, in the record.
        #expect(try forged.restore(by: ["alice", "bob"]) == [Acme.pkcs8(.forged)])
        let override = ManifestTrust.unverified(reason: "no time").override
        #expect(override == RestoreRecord.Override(code: .unverified, reason: "no time"))
    }

    @Test("a dealer who shows people different escrows (equivocation): receipts that meet show it; others never do")
    func equivocation() throws {
        try equivocate()
    }

    @Test("equivocation: two manifests of one secret, each acknowledged by whom it was shown to")
    func equivocationByName() throws {
        try equivocate()
    }

    /// Officers who conspire publish two successors of one epoch: alice is shown one, bob the other.
    private func equivocate() throws {
        let officers: [Name] = ["olga", "omar", "otto"]
        let other = try world.copy()
        _ = try world.rotate(to: "2 of (olga, otto)", signedBy: officers)
        _ = try other.rotate(to: "2 of (omar, otto)", signedBy: officers)
        let (shown, hidden) = (try world.directory().epoch(2), try other.directory().epoch(2))
        #expect(shown.manifest.set == hidden.manifest.set && shown.digest != hidden.digest)
        let alices = try world.acknowledge("alice", in: 2)
        try alices.file()
        try other.acknowledge("bob", in: 2).file()
        // The loss: as long as the receipts do not meet, nothing is wrong with either.
        for world in [world, other] {
            let audit = try world.audit(signers: ["olga", "omar", "otto"])
            #expect(audit.failed.isEmpty && audit.verdict == .incomplete)
        }
        // Where they meet, alice's is evidence.
        let path = try other.file(Receipt.self, alices.bytes, signedBy: [world.cast["alice"]], in: hidden.path)
        let unknown = EscrowError.trust(
            .otherManifest(
                path: path.string,
                "alice",
                World.now,
                found: shown.digest,
                here: hidden.digest
            )
        )
        #expect(throws: unknown) { try Filed<Receipt>(at: path, in: hidden) }
        var audit = try other.audit(signers: ["olga", "omar", "otto"])
        #expect(audit.failed.isEmpty)
        #expect(
            audit.outcome(.receipts) == .notChecked("INCOMPLETE: no receipt from alice, carol; \(unknown)")
        )
        try other.acknowledge("alice", in: 2, at: World.now.adding(seconds: 1)).file()
        audit = try other.audit(signers: ["olga", "omar", "otto"], time: World.now.adding(seconds: 1))
        #expect(audit.outcome(.receipts) == .notChecked("INCOMPLETE: no receipt from carol"))
        // It is evidence where what she was shown is at hand, and an officer has signed that: no newer receipt ends it.
        let copy = other.escrow.appending(try #require(shown.path.lastComponent))
        try world.folder.copy(shown.path, to: copy)
        audit = try other.audit(signers: ["olga", "omar", "otto"])
        let evidence = EscrowError.trust(
            .equivocation(path: path.string, "alice", found: shown.digest, here: hidden.digest)
        )
        #expect(audit.findings(.equivocation) == [evidence.description])
        // Signed by nobody whom this chain knows, it shows nothing: anybody can have made it.
        for officer in officers {
            try world.folder.remove(copy.appending("manifest.json.\(officer).sig"))
        }
        #expect(try !other.audit(signers: ["olga", "omar", "otto"]).failed.contains(.equivocation))
        try world.folder.remove(copy)
        // And alice herself, shown the other one later, is told by what she remembers.
        var seen = try SeenManifests(of: "alice", beside: world.folder("alice.identity"))
        try seen.remember(shown, in: world.directory())
        let refusal = EscrowError.seen(
            path: hidden.path.string,
            .another(found: hidden.digest, epoch: 2, seen: shown.digest)
        )
        #expect(throws: refusal) { try seen.check(hidden, in: other.directory()) }
    }

    @Test("whoever resets the clock: a clock behind the documents stops; a clock ahead is the loss")
    func clock() throws {
        let later: Timestamp = "2026-12-02T12:00:00Z"
        let path: FilePath = try world.suspend("carol", at: later)
        let audit = try world.fullAudit(time: World.now)
        #expect(audit.failed == [])
        let shown = path.components.suffix(3).map(\.string).joined(separator: "/")
        #expect(audit.outcome(.clock) == .notChecked("\(shown): does not count before \(later)"))
        // The manifest alone stops whoever acts on it.
        #expect(
            throws: EscrowError.trust(
                .clockIsWrong(
                    newest: World.created,
                    path: document.manifestPath.string,
                    now: "2026-11-23T11:54:59Z"
                )
            )
        ) { try ClockRule.check(document, at: "2026-11-23T11:54:59Z") }
        // The loss: two years ahead nothing is wrong, and what is signed then is believed.
        let ahead: Timestamp = "2028-12-02T12:00:00Z"
        try world.acknowledge("alice", at: ahead).file()
        #expect(try world.fullAudit(time: ahead).failed.isEmpty)
    }
}
