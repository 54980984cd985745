// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import SystemPackage
import TestSupport
import Testing

@testable import Audit
@testable import Escrow

/// Random sequences of acts by honest and hostile people over a small escrow: what holds in every one of them.
///
/// Two hundred in a whole run; a failure names its seed.
@Suite("Histories")
struct HistoryTests {
    private static let count = 200 / TestRun.step(16)

    @Test("fewer than the threshold change nothing that counts, and hide nothing", arguments: 1...count)
    func history(seed: Int) throws {
        var history = try History(seed: UInt64(seed))
        for _ in 0..<7 {
            let before = try history.counted()
            let isHonest = Bool.random(using: &history.random)
            if isHonest {
                try history.actHonestly()
                continue
            }
            try history.actBelowTheThreshold()
            let after = try history.counted()
            #expect(after.inForce == before.inForce, "seed \(seed): \(history.acts)")
            #expect(after.added == before.added, "seed \(seed): \(history.acts)")
            // One officer may suspend; nobody alone takes anybody back.
            #expect(after.suspended.isSuperset(of: before.suspended), "seed \(seed): \(history.acts)")
            #expect(try history.isRestored(), "seed \(seed): \(history.acts)")
        }
        let sharesOfSuspended = try history.sharesOfSuspended()
        #expect(sharesOfSuspended == [], "seed \(seed): \(history.acts)")
        #expect(
            try history.world.audit(signers: ["olga", "omar", "otto"]).failed.allSatisfy(History.harmless.contains)
        )
        try history.breakARule()
        let audit = try history.world.audit(signers: ["olga", "omar", "otto"])
        #expect(audit.verdict == .failed, "seed \(seed): \(history.acts)")
        #expect(!audit.findings(.succession).isEmpty, "seed \(seed): \(history.acts)")
        #expect(try history.counted().inForce == history.expected, "seed \(seed): \(history.acts)")
    }
}

/// What counts in an escrow for somebody who knows its officers.
private struct Counted {
    let inForce: SHA256Digest?
    let suspended: Set<Name>
    let added: Int
}

/// One escrow with its people: otto is hostile, carol's key may be a thief's, and mallory may write files.
private struct History {
    let world: World
    var random: SeededGenerator
    /// What was done, for whoever reads a failure.
    var acts: [String] = []
    /// The epoch that honest people have put in force.
    var expected: SHA256Digest
    private let mallory = Result { try Somebody("mallory") }
    /// Receivers who were suspended when a share was made for them.
    private var given: [String] = []

    /// What somebody with a pen can always make an audit say.
    static let harmless: [AuditCheck] = [.layout, .manifest, .chain, .quorum, .receipts]

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        world = try World(officers: "2 of (olga, omar, otto)")
        expected = try world.document().digest
    }

    private func chain() throws -> EpochChain {
        let anchor = try Anchor.of((["olga", "omar", "otto"] as [Name]).map { world.cast[$0].officer }, required: 2)
        return try world.directory().chain { (try? anchor.check($0, at: "x")) != nil }
    }

    func counted() throws -> Counted {
        let chain = try chain()
        guard let inForce = chain.inForce else {
            return Counted(inForce: nil, suspended: [], added: 0)
        }
        let suspensions = try Suspensions(in: chain.epochs, at: World.now)
        let people = inForce.document.manifest.people
        return Counted(
            inForce: inForce.document.digest,
            suspended: Set(people.filter { !suspensions.of($0).isEmpty }.map(\.name)),
            added: try inForce.document.approvedCertificates(in: world.directory()).records.count
        )
    }

    /// Whether a quorum in the room brings the key back, whatever lies in the escrow, by the digest from their sheet.
    func isRestored() throws -> Bool {
        let directory = try world.directory()
        let document = try chain().approval(.digest(prefix: expected.description)).document
        let people = document.manifest.people.map(\.name).filter { ["alice", "bob", "carol"].contains($0) }
        return try document.restore(by: people.prefix(2).map { world.cast[$0] }, in: directory) == [Acme.pkcs8(.root)]
    }

    func sharesOfSuspended() throws -> [String] { given }

    // MARK: Honest people

    mutating func actHonestly() throws {
        let chain = try chain()
        let inForce = try chain.requireInForce()
        let officers = inForce.document.manifest.approval.officers.map(\.name).filter { $0 != "otto" }
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            acts.append("new set")
            let new = try NewEpoch.make(
                officers: "2 of (olga, omar, otto)",
                of: Acme.material(),
                after: inForce.document,
                cast: world.cast
            )
            try publish(new, after: chain.epochs)
        case 1:
            acts.append("rotate")
            let text = officers.count == 2 ? "2 of (olga, omar)" : "2 of (olga, omar, otto)"
            let approval = try PeopleGiven(at: [world.cast.cards]).approval(PolicyText(text))
            guard approval != inForce.document.manifest.approval else {
                return
            }
            let successor = try SuccessorEpoch(after: inForce.document, approval: approval, now: World.created)
            _ = try world.publish(successor, signedBy: ["olga", "omar"].map { world.cast[$0] })
            expected = successor.digest
        case 2:
            acts.append("receipts")
            let share = try inForce.document.acknowledge(
                by: world.cast["alice"].identity,
                at: "alice.identity",
                in: world.directory(),
                now: World.now
            )
            try share.file()
        default:
            acts.append("reinstate")
            let standing = try Suspensions(in: chain.epochs, at: World.now).standing
            guard let first = standing.first else {
                return
            }
            let ending = standing.filter { $0.person.name == first.person.name }.map(\.filed.digest)
            try? world.reinstate(first.person.name, ending: ending, in: inForce.document, signedBy: ["olga", "omar"])
        }
    }

    private mutating func publish(_ new: NewEpoch, after line: [EpochApproval]) throws {
        if (try? new.manifest.checkBeforePublication(after: line, at: World.now)) == nil {
            acts.append("(refused: suspended)")
            return
        }
        let suspensions = try Suspensions(in: line, at: World.now)
        given += new.manifest.people.filter { !suspensions.of($0).isEmpty }.map(\.name.description)
        try world.publish(new, signedBy: ["olga", "omar"].map { world.cast[$0] })
        expected = new.digest
    }

    // MARK: Below the threshold

    mutating func actBelowTheThreshold() throws {
        let inForce = try chain().requireInForce().document
        let (otto, mallory) = (world.cast["otto"], try mallory.get())
        switch Int.random(in: 0..<9, using: &random) {
        case 0:
            acts.append("otto's draft of a new set")
            let new = try NewEpoch.make(
                officers: "1 of (otto)",
                of: Acme.material(),
                after: inForce,
                cast: world.cast
            )
            try world.publish(new, signedBy: [otto])
        case 1:
            acts.append("mallory's epoch")
            try place(inForce, [("approval", try approval([mallory.officer]))], signedBy: [mallory])
        case 2:
            acts.append("a key exchanged under a kept name")
            let mine = Signer(name: "omar", key: mallory.officer.key)
            try place(inForce, [("approval", try approval([otto.officer, mine]))], signedBy: [otto, mallory])
        case 3:
            acts.append("directories of no epoch")
            let number = Int.random(in: 9000...9999, using: &random)
            try world.folder.write([], to: world.escrow.appending("\(number)-0badc0de").appending("x"))
        case 4:
            acts.append("suspended by otto")
            guard inForce.manifest.approval.officers.contains(otto.officer) else {
                return
            }
            let causes = Suspension.Cause.allCases
            let date = [World.created, World.now, "2031-01-01T00:00:00Z"].randomElement(using: &random) ?? World.now
            let suspension = Suspension(
                of: ["alice", "bob", "carol"].randomElement(using: &random) ?? "carol",
                because: causes.randomElement(using: &random) ?? .left,
                by: "otto",
                in: inForce,
                at: date
            )
            try SignedDocument(suspension, in: inForce, by: otto.identity).file()
        case 5:
            acts.append("reinstated by otto")
            let standing = try Suspensions(in: chain().epochs, at: World.now).standing
            if inForce.manifest.approval.officers.contains(otto.officer), let first = standing.first {
                try? world.reinstate(first.person.name, ending: [first.filed.digest], in: inForce, signedBy: ["otto"])
            }
        case 6:
            acts.append("void by otto")
            if inForce.manifest.approval.officers.contains(otto.officer) {
                let record = VoidRecord(
                    heading: Heading(in: inForce, at: World.now),
                    branch: expected,
                    officer: "otto",
                    reason: "so"
                )
                try SignedDocument(record, in: inForce, by: otto.identity).file()
            }
        case 7:
            acts.append("another first epoch")
            let material = try Acme.material(.forged)
            let new = try NewEpoch.make(officers: "1 of (otto)", of: material, cast: world.cast)
            try world.publish(new, signedBy: [otto])
        default:
            acts.append("a certificate added by otto")
            if inForce.manifest.approval.officers.contains(otto.officer) {
                let record = AddedCertificate(
                    certificate: try Acme.certificate(.renewed),
                    created: World.now,
                    to: inForce
                )
                _ = try? inForce.file(record, signatures: [otto.sign(record.encoded(), .addedCertificate)])
            }
        }
    }

    private func approval(_ officers: [Signer]) throws -> JSONValue {
        let sorted = officers.sorted { $0.name < $1.name }.map { officer in
            JSONValue.object(["key": .string(officer.key.openSSH), "name": .string(officer.name.description)])
        }
        return .object(["officers": .array(sorted), "threshold": .integer(UInt64(officers.count))])
    }

    /// Lays an epoch that follows and keeps the set, but for these members.
    @discardableResult
    private func place(
        _ epoch: EpochDocument,
        _ members: [(String, JSONValue)],
        signedBy signers: [Somebody]
    ) throws -> FilePath {
        let number = epoch.manifest.epoch + 1
        var json = try JSONValue(canonical: epoch.bytes).setting("epoch", to: .integer(UInt64(number)))
        json["previous"] = .object([
            "epoch": .integer(UInt64(epoch.manifest.epoch)), "format": .string("ca-escrow/v1/manifest"),
            "sha256": .string(epoch.digest.description),
        ])
        json["occasion"] = .string("officer-change")
        for (member, value) in members {
            json[member] = value
        }
        return try world.place(
            json,
            epoch: number,
            signedBy: signers,
            cards: epoch.manifest.people.map { world.cast[$0.name].card }
        )
    }

    // MARK: Deceived officers

    /// Enough officers sign an epoch that breaks a rule of succession.
    mutating func breakARule() throws {
        let inForce = try chain().requireInForce().document
        let officers = ["olga", "omar", "otto"].map { world.cast[$0] }
        let honest = try approval(["olga", "omar"].map { world.cast[$0].officer })
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            acts.append("BROKEN: a key under a kept name")
            let mine = Signer(name: "omar", key: try mallory.get().officer.key)
            let approval = try approval([world.cast["olga"].officer, mine])
            // Custodians let it follow, or otto and olga: omar's own signature would stand in the way of the other.
            let signers = ["olga", "otto", "alice", "bob", "carol"].map { world.cast[$0] }
            let path = try place(inForce, [("approval", approval)], signedBy: signers)
            let manifest = path.appending("manifest.json")
            let signature = try mallory.get().sign(world.folder.read(manifest)).signature
            try world.folder.write(signature.armored, to: FiledSignature.path(of: manifest, by: "omar"))
        case 1:
            acts.append("BROKEN: a title")
            try place(inForce, [("title", .string("other")), ("approval", honest)], signedBy: officers)
        case 2:
            acts.append("BROKEN: nothing changes")
            try place(inForce, [], signedBy: officers)
        default:
            acts.append("BROKEN: another key file")
            let digest = JSONValue.string(String(repeating: "ab", count: 32))
            try place(inForce, [("pkcs12.sha256", digest)], signedBy: officers)
        }
    }
}
