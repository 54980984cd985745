// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Escrow

/// A receipt travels with the signature of the CA's key, and neither is taken for what it is not.
@Suite struct DrillParcelTests {
    let world: World
    let drill: Filed<DrillReceipt>
    let casig: FilePath

    init() throws {
        world = try World()
        drill = try world.drill()
        casig = CASignatureFile.path(of: drill.path)
    }

    /// Another copy, which nobody has told of the drill.
    private func other() throws -> World {
        let other = try world.copy()
        try other.folder.remove(other.epoch.appending("records"))
        return other
    }

    private func place(_ path: FilePath, in other: World) throws -> FilePath {
        other.epoch.appending("records").appending(try #require(path.lastComponent))
    }

    @Test("a loose receipt is filed with what lies beside it")
    func loose() throws {
        let other = try other()
        let place = try place(drill.path, in: other)
        guard case .document(kind: "drill", place) = try other.directory().collect(drill.path) else {
            Issue.record("not filed")
            return
        }
        #expect(try other.folder.read(CASignatureFile.path(of: place)) == world.folder.read(casig))
        #expect(try other.audit().failed.isEmpty)
        guard case .alreadyHere(place) = try other.directory().collect(drill.path) else {
            Issue.record("filed twice")
            return
        }
    }

    @Test("a receipt without its signature is refused, and one that lacks it here gets it")
    func alone() throws {
        let other = try other()
        let bare = world.folder(try #require(drill.path.lastComponent).string)
        try world.folder.write(drill.bytes, to: bare)
        let missing = EscrowError.caSignature(path: CASignatureFile.path(of: bare).string, .missing)
        #expect(throws: CollectError.escrow(missing)) { try other.directory().collect(bare) }
        #expect(throws: CollectError.signatureOfNothing(path: casig.string)) { try other.directory().collect(casig) }

        let place = try place(drill.path, in: other)
        try other.folder.write(drill.bytes, to: place)
        #expect(try other.audit().failed == [.records])
        let there = CASignatureFile.path(of: place)
        guard case .document(kind: "signature by the CA's key", there) = try other.directory().collect(casig) else {
            Issue.record("not filed")
            return
        }
        #expect(try other.audit().failed.isEmpty)
        guard case .alreadyHere(there) = try other.directory().collect(casig) else {
            Issue.record("filed twice")
            return
        }
        // What lies here and does not hold is not replaced.
        try other.folder.write([0x30], to: there)
        #expect(throws: CollectError.escrow(.file(.exists(path: there.string)))) {
            try other.directory().collect(casig)
        }
    }

    @Test("a PKCS#12 file, a private key and another drill's signature are not packed under a signature's name")
    func leftOut() throws {
        let second = try world.makeDrill(for: "another")
        let key = Array("-----BEGIN PRIVATE KEY-----\n".utf8)
        for content in [try world.folder.read(world.pkcs12), key, try #require(second.signature), []] {
            try world.folder.write(content, to: casig)
            var leftOut: [String] = []
            let files = try world.directory().packed { leftOut.append($0) }
            #expect(!files.contains { $0.path.hasSuffix(".casig") })
            let fault =
                content.count > ByteLimit.signature
                ? EscrowError.file(
                    .tooLarge(path: casig.string, byteCount: content.count, limit: ByteLimit.signature)
                ) : EscrowError.caSignature(path: casig.string, .doesNotHold(subject: "CN=Acme Root CA"))
            #expect(leftOut == ["\(casig): not a signature that holds: \(fault)"])
            #expect(try world.audit().failed == [.records])
        }
    }
}
