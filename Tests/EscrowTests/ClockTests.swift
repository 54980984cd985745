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

    @Test("what one custodian or a stranger signs sets no clock, and the audit names it")
    func alone() throws {
        let request = try world.request(to: Somebody("request"))
        let files = [
            try world.acknowledge("alice", at: later).file(), try world.challenge(at: later).path,
            try SignedDocument(statementOf: world.release(request, by: "bob", at: later), in: document).file(),
            try world.refuse(request, by: "bob", at: later).path,
        ]
        for path in files {
            let shown = path.components.suffix(3).map(\.string).joined(separator: "/")
            let finding = "\(shown): made \(later), which is still to come"
            #expect(try world.fullAudit().findings(.clock).contains(finding))
        }
        #expect(try document.newestDocument().time < later)
    }

    @Test("what officers have approved tells the time, and not what waits for them")
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
