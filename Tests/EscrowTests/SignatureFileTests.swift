// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Escrow

/// Signature files beside a manifest: those that count, those that are findings, and how they are filed.
@Suite struct SignatureFileTests {
    let world: World
    let document: EpochDocument

    init() throws {
        world = try World(officers: "2 of (olga, omar, otto)")
        document = try world.document()
    }

    private func file(_ signature: SSHSignature, as name: String) throws -> FilePath {
        let path = world.epoch.appending("manifest.json.\(name).sig")
        try world.folder.write(signature.armored, to: path)
        return path
    }

    private func expect(_ faults: EscrowError..., sourceLocation: SourceLocation = #_sourceLocation) throws {
        let approval = try world.directory().approval(of: 1)
        #expect(approval.faults == faults, sourceLocation: sourceLocation)
        #expect(approval.isApproved, sourceLocation: sourceLocation)
        let audit = try world.audit()
        // Two good signatures are enough to be in force, and never enough to hide a bad one.
        #expect(audit.failed == [.signatures], sourceLocation: sourceLocation)
        #expect(audit.findings(.signatures) == faults.map(\.description), sourceLocation: sourceLocation)
    }

    @Test("a signature of another text is a finding, beyond the threshold too")
    func otherText() throws {
        let path = try file(world.cast["otto"].sign(document.bytes + [0x0a]).signature, as: "otto")
        try expect(.signature(path: path.string, .doesNotVerify))
    }

    @Test("a signature for another purpose is a finding")
    func otherNamespace() throws {
        let path = try file(world.cast["otto"].sign(document.bytes, .addedCertificate).signature, as: "otto")
        try expect(
            .signature(
                path: path.string,
                .wrongNamespace(found: "ca-escrow-added-certificate-v1", expected: "ca-escrow-manifest-v1")
            )
        )
    }

    @Test("an officer's signature under another officer's name is a finding, and counts once")
    func otherName() throws {
        let olga = world.cast["olga"]
        let path = try file(olga.sign(document.bytes).signature, as: "otto")
        try expect(
            .directory(
                .escrowIsDamaged(
                    path: path.string,
                    finding: "signed with another key than otto's: \(olga.officer.key.fingerprint)"
                )
            )
        )
    }

    @Test("one officer's signature under two names is not two")
    func countedOnce() throws {
        let world = try World(signedBy: ["olga"])
        let signature = world.cast["olga"].sign(try world.document().bytes).signature
        try world.folder.write(signature.armored, to: world.epoch.appending("manifest.json.omar.sig"))
        let approval = try world.directory().approval(of: 1)
        #expect(approval.signed == [world.cast["olga"].officer])
        #expect(!approval.isSignedByItsOfficers)
    }

    @Test("a stranger's signature is a finding", arguments: ["mallory", "Mallory", "..", "olga.olga"])
    func stranger(name: String) throws {
        let path = try file(Somebody("mallory").sign(document.bytes).signature, as: name)
        try expect(
            .directory(
                .escrowIsDamaged(
                    path: path.string,
                    finding: "signed by someone who is not an officer of this manifest"
                )
            )
        )
    }

    @Test("what is no signature is a finding")
    func noSignature() throws {
        let path = world.epoch.appending("manifest.json.otto.sig")
        try world.folder.write([], to: path)
        try expect(.signature(path: path.string, .notArmored))
        try world.folder.write([UInt8](repeating: 0x2d, count: 8193), to: path)
        try expect(.file(.tooLarge(path: path.string, byteCount: 8193, limit: 8192)))
        try world.folder.sh("rm \(path); ln -s manifest.json.olga.sig \(path)")
        try expect(.file(.symbolicLink(path: path.string)))
    }

    @Test("an officer's signature is filed once, verified before")
    func filing() throws {
        let signable = try #require(try SignableDocument.all(in: world.directory()).first)
        #expect(signable.signers.map(\.name) == ["olga", "omar", "otto"])
        #expect(signable.signed.map(\.name) == ["olga", "omar"])
        #expect(signable.awaits(world.cast["otto"].officer.key, at: World.now))
        #expect(!signable.awaits(world.cast["olga"].officer.key, at: World.now))
        let mallory = try Somebody("mallory")
        #expect(
            throws: EscrowError.directory(
                .escrowIsDamaged(
                    path: "x.sig",
                    finding: "signed with \(mallory.officer.key.fingerprint), which is no officer's key here"
                )
            )
        ) {
            _ = try signable.file(mallory.sign(document.bytes).signature, from: "x.sig")
        }
        #expect(throws: EscrowError.signature(path: "x.sig", .doesNotVerify)) {
            _ = try signable.file(world.cast["otto"].sign([]).signature, from: "x.sig")
        }
        #expect(throws: EscrowError.trust(.signedAlready(path: document.manifestPath.string, "olga"))) {
            _ = try signable.file(world.cast["olga"].sign(document.bytes).signature, from: "x.sig")
        }
        let (officer, path) = try signable.file(world.cast["otto"].sign(document.bytes).signature, from: "x.sig")
        #expect(officer == world.cast["otto"].officer)
        #expect(path == world.epoch.appending("manifest.json.otto.sig"))
        #expect(try world.directory().approval(of: 1).signed.count == 3)
        #expect(try world.audit().failed.isEmpty)
    }
}
