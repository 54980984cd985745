// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Escrow

/// What an epoch of the same secret may change, whoever signs it: officers, and a card whose owner agrees.
@Suite struct KeptSecretTests {
    let world: World
    let first: EpochDocument
    /// Alice's new identity.
    let anew: Somebody

    init() throws {
        world = try World()
        first = try world.document()
        anew = try Somebody("alice")
    }

    /// Epoch 2 as it was before somebody edits it: all is kept.
    private func kept() throws -> JSONValue {
        let previous = JSONValue.object([
            "epoch": .integer(1), "format": .string("ca-escrow/v1/manifest"),
            "sha256": .string(first.digest.description),
        ])
        return try JSONValue(canonical: first.bytes).setting("epoch", to: .integer(2))
            .setting("previous", to: previous).setting("occasion", to: .string("officer-change"))
    }

    /// The same with alice's new card, as if her share were sealed to it.
    private func replaced() throws -> JSONValue {
        let card = anew.card
        return try kept().setting("people[0].card", to: .string(card.digest.description))
            .setting("people[0].sealingKey", to: .string(Hex.encode(card.sealingKey)))
            .setting("people[0].signingKey", to: .string(card.signingKey.openSSH))
            .setting("shares[0].sealedIn", to: .integer(2))
            .setting("shares[0].box", to: .string(Base64.encode([UInt8](repeating: 7, count: 192))))
    }

    private func fault(of manifest: JSONValue, signedBy signers: [Somebody] = []) throws -> SuccessionFault? {
        let everybody = ["olga", "omar", "otto"].map { world.cast[$0] } + signers
        let path = try world.place(manifest, epoch: 2, signedBy: everybody, cards: [])
        let approval = try #require(try world.directory().approvals().last)
        #expect(approval.document.manifest.epoch == 2 && approval.isSignedByItsOfficers)
        #expect(approval.isApproved == (approval.successionFault == nil))
        let found = try world.audit().findings(.succession)
        #expect(found == (approval.successionFault.map { ["\(path): epoch 2: \($0)"] } ?? []))
        try world.folder.remove(path)
        return approval.successionFault
    }

    /// The same with otto in omar's place.
    private func rotated() throws -> JSONValue {
        try kept().setting("approval.officers[1].name", to: .string("otto"))
            .setting("approval.officers[1].key", to: .string(world.cast["otto"].officer.key.openSSH))
    }

    @Test("exactly one thing changes: officers, a card, or that it is retired")
    func one() throws {
        #expect(try fault(of: kept()) == .changes([]))
        #expect(try fault(of: rotated()) == nil)
        #expect(try fault(of: kept().setting("retired", to: .boolean(true))) == nil)
        let alice = world.cast["alice"]
        #expect(try fault(of: replaced(), signedBy: [alice]) == nil)
        #expect(
            try fault(of: rotated().setting("retired", to: .boolean(true)))
                == .changes(["who approves", "it is retired"])
        )
        let both = try replaced().setting("approval.threshold", to: .integer(1))
        #expect(try fault(of: both, signedBy: [alice]) == .changes(["who approves", "the card of alice"]))
    }

    @Test("title and state stay, and so does whether it is a rehearsal")
    func rest() throws {
        #expect(try fault(of: rotated().setting("title", to: .string("other"))) == .keptSet(.title))
        #expect(
            try fault(of: rotated().setting("rehearsal", to: .boolean(true))) == .rehearsal(isRehearsal: true)
        )
    }

    @Test("policy and commitments stay")
    func policy() throws {
        let other = try NewEpoch.make(of: Acme.material(), after: first, cast: world.cast)
        let members = try #require(kept()["policy.members"])
        #expect(try self.fault(of: kept().setting("policy.members", to: members.swapping(0, 1))) == .keptSet(.policy))
        let commitment = try JSONValue(canonical: other.bytes)["policy.commitments[1]"]
        #expect(try self.fault(of: kept().setting("policy.commitments[1]", to: commitment)) == .keptSet(.commitments))
    }

    @Test("the PKCS#12 file and the certificates stay")
    func material() throws {
        let renewed = JSONValue.array([.string(Base64.encode(try Acme.certificate(.renewed).der))])
        let edits: [(String, JSONValue)] = [
            ("pkcs12.name", .string("other.p12")), ("pkcs12.sha256", .string(String(repeating: "ab", count: 32))),
            ("pkcs12.iterations", .integer(1)), ("certificates", renewed),
        ]
        for (member, value) in edits {
            let part: SuccessionFault.Part = member == "certificates" ? .certificates : .keyFile
            #expect(try self.fault(of: kept().setting(member, to: value)) == .keptSet(part), "\(member)")
        }
    }

    @Test("whose card stays keeps the box, and the epoch in which it was sealed")
    func boxes() throws {
        let fault = SuccessionFault.share("bob")
        let box = try #require(kept()["shares[0].box"])
        #expect(try self.fault(of: kept().setting("shares[1].box", to: box)) == fault)
        #expect(try self.fault(of: kept().setting("shares[1].sealedIn", to: .integer(2))) == fault)
    }

    @Test("nobody's card is replaced without their old key, whoever else signs")
    func cards() throws {
        let fault = SuccessionFault.notSignedByCustodian("alice")
        let others = ["bob", "carol"].map { world.cast[$0] }
        #expect(try self.fault(of: replaced()) == fault)
        #expect(try self.fault(of: replaced(), signedBy: others) == fault)
        #expect(try self.fault(of: replaced(), signedBy: [anew]) == fault)
        // Another member of hers is another card, too.
        let card = try kept().setting("people[0].card", to: .string(String(repeating: "ab", count: 32)))
        #expect(try self.fault(of: card) == fault)
        #expect(try self.fault(of: replaced(), signedBy: [world.cast["alice"]]) == nil)
    }

    @Test("a share is sealed to a new card in the epoch of that card")
    func sealedIn() throws {
        #expect(
            try fault(
                of: replaced().setting("shares[0].sealedIn", to: .integer(1)),
                signedBy: [world.cast["alice"]]
            ) == .share("alice")
        )
    }
}
