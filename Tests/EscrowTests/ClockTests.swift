// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Escrow

/// A document that is dated ahead: the clock is wrong, or the document, and nobody is stopped by it.
@Suite struct ClockTests {
    let world: World
    let document: EpochDocument
    let later: Timestamp = "2026-12-02T12:00:00Z"

    init() throws {
        world = try World()
        document = try world.document()
    }

    /// Expects a document not to count before its date, and the audit to say so and no more.
    private func expectLate(_ path: FilePath, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let audit = try world.fullAudit()
        let shown = path.components.suffix(3).map(\.string).joined(separator: "/")
        guard case .notChecked(let reason)? = audit.outcome(.clock) else {
            Issue.record("\(audit.outcome(.clock).map { "\($0)" } ?? "none")", sourceLocation: sourceLocation)
            return
        }
        #expect(reason.contains("\(shown): does not count before \(later)"), sourceLocation: sourceLocation)
        #expect(!audit.failed.contains(.clock), sourceLocation: sourceLocation)
        let evidence = try Evidence(of: document, in: world.directory())
        #expect(evidence.ahead.contains { $0.path == path }, sourceLocation: sourceLocation)
    }

    @Test("what is dated ahead does not count, whoever has signed it, and the audit names it")
    func ahead() throws {
        let request = try world.request(to: Somebody("request"))
        for path in [
            try world.acknowledge("alice", at: later).file(), try world.challenge(at: later).path,
            try SignedDocument(statementOf: world.release(request, by: "bob", at: later), in: document).file(),
            try world.request(to: Somebody("request"), signedBy: ["olga", "omar"], at: later).path,
            try world.suspend("carol", because: .lost, at: later),
        ] {
            try expectLate(path)
        }
        let evidence = try Evidence(of: document, in: world.directory())
        #expect(evidence.receipt(of: "alice") == nil)
        #expect(evidence.challenges.documents.isEmpty && evidence.releases.documents.isEmpty)
        #expect(evidence.suspended == [])
        #expect(evidence.requests.map(\.request.identifier) == [request.identifier])
        // When the day has come they count.
        let then = try Evidence(of: document, in: world.directory(), at: later)
        #expect(then.ahead.isEmpty && then.suspended == ["carol"] && then.receipt(of: "alice") != nil)
    }

    @Test("only the manifest in force and the request that is acted on stop an act; five minutes are granted")
    func stops() throws {
        let early: Timestamp = "2026-11-23T11:55:00Z"
        #expect(!ClockRule.isAhead(World.created, of: early))
        #expect(ClockRule.isAhead(World.created, of: early.adding(seconds: -1)))
        #expect(throws: Never.self) { try ClockRule.check(document, at: early) }
        // What is written in that slack takes the manifest's date; a clock that is far behind takes none.
        #expect(ClockRule.date(about: document.manifest, at: early) == World.created)
        #expect(ClockRule.date(about: document.manifest, at: "2020-01-01T00:00:00Z") == "2020-01-01T00:00:00Z")
        #expect(ClockRule.date(about: document.manifest, at: later) == later)
    }

    @Test("what is dated before its manifest does not count")
    func before() throws {
        let path = try world.suspend("carol", because: .lost, at: World.created.adding(seconds: -1))
        let error = EscrowError.document(
            path: path.string,
            .wrongValue(field: "created", expected: "a time not before the manifest's, \(World.created)")
        )
        #expect(throws: error) { try Filed<Suspension>(at: path, in: document) }
        #expect(try Evidence(of: document, in: world.directory()).suspended == [])
    }
}
