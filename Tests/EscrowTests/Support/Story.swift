// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding

@testable import Audit
@testable import Escrow

/// An escrow with a year behind it: everything that people can add to it, once at least.
struct Story {
    let world: World
    let challenge: Filed<Challenge>
    let request: Filed<Request>
    let input: AuditInput

    static let now: Timestamp = "2027-12-01T12:00:00Z"

    /// What people wrote who wish the reader of a page ill; TextRule allows it.
    static let hostile = "</td></table><script>alert(\"1\")</script><img src=x onerror='y'> & `$(touch z)`"

    init(title: String? = nil, words: String = "INC-4711", name: String = "acme.escrow") throws {
        world = try World(
            policy: "2 of (2 of (alice, bob, carol), dave, 2 of (erin, frank))",
            name: name,
            title: title
        )
        try world.acknowledge(by: ["alice", "bob", "carol"], at: "2026-11-24T10:00:00Z")
        try world.acknowledge(by: ["dave"], at: "2026-11-25T10:00:00Z")
        let first = try world.challenge(at: "2026-12-01T08:00:00Z", until: "2027-01-01T08:00:00Z")
        try world.prove(first, by: ["alice", "bob"], at: "2026-12-02T08:00:00Z")
        challenge = try world.challenge(at: "2027-11-01T12:00:00Z", until: "2027-12-31T12:00:00Z")
        try world.prove(challenge, by: ["alice"], at: "2027-11-02T08:00:00Z")
        try world.suspend("carol", because: .lost, at: "2027-11-03T08:00:00Z")
        try world.drill(
            by: ["alice", "bob", "dave"],
            for: words,
            answering: challenge.digest,
            at: "2027-11-10T08:00:00Z"
        )
        request = try world.request(
            purpose: words,
            destination: words,
            at: "2027-11-20T08:00:00Z",
            until: "2027-11-23T08:00:00Z"
        )
        try world.release(request, by: ["alice", "bob"], at: "2027-11-20T09:00:00Z")
        let refusal = try world.refuse(request, by: "dave", because: words, at: "2027-11-20T10:00:00Z")
        try world.file(
            VetoOverride(of: [refusal.digest], for: request, by: "omar", because: words, at: "2027-11-20T11:00:00Z"),
            signedBy: ["olga", "omar"]
        )
        try world.recordRestore(
            by: ["alice", "bob", "dave"],
            to: words,
            request: request,
            overrides: [RestoreRecord.Override(code: .veto, reason: words)],
            at: "2027-11-21T08:00:00Z"
        )
        var input = try world.auditInput(time: Self.now)
        input.anchor = try world.anchorWithAuditor()
        try world.folder.write("ca.crt", Acme.certificate(.root).pem)
        self.input = input
    }

    func report() throws -> AuditReport { try Audit(of: world.escrow, with: input).report }
}
