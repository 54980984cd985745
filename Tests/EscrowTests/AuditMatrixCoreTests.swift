// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// The same for what was there from the beginning, and for what belongs nowhere.
@Suite struct AuditMatrixCoreTests {
    private static let made = Result { try CompleteEscrow().world }

    private let world: World

    init() throws {
        world = try Self.made.get().copy()
    }

    private func expect(_ failed: [AuditCheck], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let audit = try Audit(of: world.escrow, with: world.fullInput(time: CompleteEscrow.end))
        #expect(audit.failed == failed, sourceLocation: sourceLocation)
    }

    /// A file that one corruption is done to, and the checks that fail then.
    struct Core: Sendable, CustomTestStringConvertible {
        let path: @Sendable (World) -> FilePath
        let flipped: [AuditCheck]
        let removed: [AuditCheck]
        let renamed: [AuditCheck]
        let testDescription: String
    }

    static let files: [Core] = [
        Core(
            path: { $0.escrow.appending("README.txt") },
            flipped: [.readme],
            removed: [.readme],
            renamed: [.layout, .readme],
            testDescription: "README.txt"
        ),
        Core(
            path: { $0.epoch.appending("cards").appending("bob.json") },
            flipped: [.cards],
            removed: [.cards],
            renamed: [.cards],
            testDescription: "card"
        ),
        Core(
            path: { $0.epoch.appending("manifest.json.otto.sig") },
            flipped: [.signatures],
            // Two of three officers are left, as many as the manifest demands.
            removed: [],
            renamed: [.signatures],
            testDescription: "signature of the manifest"
        ),
        Core(
            path: { $0.pkcs12 },
            flipped: [.pkcs12],
            // Not seen is not wrong.
            removed: [],
            renamed: [],
            testDescription: "PKCS#12 file"
        ),
        Core(
            path: { $0.epoch.appending("manifest.json") },
            flipped: [.manifest],
            // Its signatures are signatures of nothing then.
            removed: [.layout, .manifest],
            renamed: [.layout, .manifest],
            testDescription: "manifest"
        ),
    ]

    @Test("a file with one changed bit, more behind it, or none", arguments: files)
    func flipped(core: Core) throws {
        let path = core.path(world)
        let bytes = try world.folder.read(path)
        var changed = bytes
        changed[bytes.count - 3] ^= 0x01
        for content in [changed, bytes + [0x0a]] {
            try world.folder.write(content, to: path)
            try expect(core.flipped)
        }
    }

    @Test("a file that is gone, or has another name", arguments: files)
    func gone(core: Core) throws {
        let path = core.path(world)
        try world.folder.move(path, to: world.folder("aside"))
        try expect(core.removed)
        let name = try #require(path.lastComponent).string
        let other = name.hasPrefix("manifest.json.") ? "manifest.json.eve.sig" : "x-\(name)"
        try world.folder.move(world.folder("aside"), to: path.removingLastComponent().appending(other))
        try expect(core.renamed)
    }

    @Test("one member of the manifest that is another")
    func manifest() throws {
        let path = world.epoch.appending("manifest.json")
        let json = try JSONValue(canonical: world.folder.read(path))
        let boxes = json.setting("shares[0].box", to: json["shares[1].box"])
            .setting("shares[1].box", to: json["shares[0].box"])
        let members: [(JSONValue, [AuditCheck])] = [
            (json.setting("created", to: .string("2026-11-23T12:00:01Z")), [.chain]), (boxes, [.chain]),
            (json.setting("rehearsal", to: .boolean(true)), [.chain]),
            (
                json.setting("policy.commitments[1]", to: .string(String(repeating: "00", count: 32))),
                [.commitments]
            ),
            (json.setting("policy.threshold", to: .integer(3)), [.commitments]),
            (json.setting("policy.threshold", to: .integer(1)), [.policy]),
            (json.setting("people", to: json["people"]!.swapping(0, 1)), [.people]),
            (json.setting("shares", to: json["shares"]!.swapping(0, 1)), [.shares]),
            (json.setting("set", to: nil), [.manifest]),
        ]
        for (changed, failed) in members {
            try world.folder.write(changed.encoded(), to: path)
            try expect(failed)
        }
    }

    @Test("what belongs nowhere")
    func strays() throws {
        let document = try world.document()
        let receipts = try Files.names(in: world.epoch.appending("receipts"))
        let receipt = try #require(receipts.first { $0.hasPrefix("alice-") && $0.hasSuffix(".json") })
        let alices = try world.folder.read(world.epoch.appending("receipts").appending(receipt))
        let identity = try Identity(generatingFor: "alice").sealed(passphrase: nil).encoded()
        let pkcs12 = try world.folder.read(world.pkcs12)
        let digest = String(repeating: "0a", count: 16)
        let strays: [(String, [UInt8], [AuditCheck])] = [
            ("notes.txt", [1], [.layout]), (".x.partial", [1], [.layout]), ("acme.p12", pkcs12, [.layout]),
            ("alice.identity", identity, [.layout]), ("0002-3fa9c2d1/manifest.json", [1], [.manifest]),
            ("E/notes.txt", [1], [.layout]), ("E/README.txt", [1], [.layout]), ("E/drills/x.json", [1], [.layout]),
            ("E/receipts/x.txt", [1], [.layout]), ("E/receipts/.alice.json.x.partial", [1], [.layout]),
            ("E/receipts/alice-\(digest).json", pkcs12, [.layout, .receipts]),
            ("E/requests/olga-\(digest).json", identity, [.layout, .requests]),
            ("E/challenges/ada-\(digest).json", [], [.challenges]),
            ("E/receipts/alice-\(digest).json.alice.sig", [1], [.layout]),
            ("E/releases/\(receipt)", alices, [.releases]), ("E/proofs/\(receipt)", alices, [.proofs]),
            ("E/cards/dave.json", world.cast["dave"].card.bytes, [.cards]),
            ("E/manifest.json.eve.sig", [1], [.signatures]),
            (
                "E/manifest.json.alice.sig", world.cast["alice"].sign(document.bytes).signature.armored, [.signatures]
            ),
        ]
        let epoch = try #require(world.epoch.lastComponent).string
        for (place, content, failed) in strays {
            let parts = place.replacing("E/", with: "\(epoch)/").split(separator: "/").map(String.init)
            let path = parts.reduce(world.escrow) { $0.appending($1) }
            let isNew = try Files.kind(of: path.removingLastComponent()) == nil
            try world.folder.write(content, to: path)
            let audit = try Audit(of: world.escrow, with: world.fullInput(time: CompleteEscrow.end))
            #expect(audit.failed == failed, "\(place)")
            try world.folder.remove(isNew ? path.removingLastComponent() : path)
        }
        try expect([])
    }

    @Test("custodians who are gone")
    func people() throws {
        try world.suspend("alice", because: .died, at: "2026-12-03T12:00:00Z")
        try expect([])
        try world.suspend("bob", because: .left, at: "2026-12-03T12:00:00Z")
        try expect([.quorum])
    }
}
