// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import SystemPackage
import Testing

@testable import Escrow

/// A document that was made later than now: the clock is wrong, or the document.
@Suite struct ClockTests {
    let world: World
    let document: EpochDocument
    let later: Timestamp = "2026-12-02T12:00:00Z"

    init() throws {
        world = try World()
        document = try world.document()
    }

    /// Expects a document to be the newest of all, and the audit to say so.
    private func expectNewest(_ path: FilePath, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let newest = try document.newestDocument()
        #expect(newest.time == later && newest.path == path, sourceLocation: sourceLocation)
        let audit = try world.fullAudit()
        #expect(audit.failed == [.clock], sourceLocation: sourceLocation)
        let shown = path.components.suffix(3).map(\.string).joined(separator: "/")
        #expect(
            audit.findings(.clock) == ["\(shown): made \(later), which is still to come"],
            sourceLocation: sourceLocation
        )
        try world.folder.remove(path)
    }

    @Test("what custodians and auditors signed tells the time")
    func custodians() throws {
        try expectNewest(world.acknowledge("alice", at: later).file())
        try world.folder.remove(world.epoch.appending("receipts"))
        // Anybody can sign a challenge: it stops nobody, and the audit names it.
        _ = try world.challenge(at: later)
        #expect(try document.newestDocument().path == document.manifestPath)
        #expect(try world.fullAudit().failed == [.clock])
        try world.folder.remove(world.epoch.appending("challenges"))
        let request = try world.request(to: Somebody("request"))
        try expectNewest(SignedDocument(statementOf: world.release(request, by: "bob", at: later), in: document).file())
        try world.folder.remove(world.epoch.appending("releases"))
        try expectNewest(world.refuse(request, by: "bob", at: later).path)
    }

    @Test("so does what officers have approved, and not what waits for them")
    func officers() throws {
        let request = try world.request(to: Somebody("request"), signedBy: ["olga"], at: later)
        #expect(try document.newestDocument().path == document.manifestPath)
        try world.folder.write(
            world.cast["omar"].sign(request.bytes, .request).signature.armored,
            to: FiledSignature.path(of: request.path, by: "omar")
        )
        try expectNewest(request.path)
        try world.folder.remove(world.epoch.appending("requests"))
        try expectNewest(world.suspend("carol", at: later))
        try world.folder.remove(world.epoch.appending("records"))
        let refused = try world.request(to: Somebody("request"))
        let refusal = try world.refuse(refused, by: "bob")
        try expectNewest(world.override([refusal], of: refused, signedBy: ["olga", "omar"], at: later).path)
        try world.folder.remove(world.epoch.appending("records"))
        let added = AddedCertificate(certificate: try Acme.certificate(.renewed), created: later, to: document)
        let signatures = ["olga", "omar"].map { world.cast[$0].sign(added.encoded(), .addedCertificate) }
        try expectNewest(document.file(added, signatures: signatures))
    }
}
