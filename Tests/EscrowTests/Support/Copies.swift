// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage

@testable import Escrow

extension World {
    /// The same people before another copy of the escrow.
    init(_ other: World, at escrow: FilePath, in folder: TemporaryFolder) throws {
        self.folder = folder
        cast = other.cast
        self.escrow = escrow
        pkcs12 = escrow.removingLastComponent().appending(other.pkcs12.lastComponent!)
        epoch = escrow.appending(other.epoch.lastComponent!)
    }

    /// A copy of the escrow and its key file in a folder of its own.
    func copy() throws -> World {
        let folder = try TemporaryFolder()
        let world = try World(self, at: folder("acme.escrow"), in: folder)
        try folder.copy(escrow, to: world.escrow)
        try folder.copy(pkcs12, to: world.pkcs12)
        return world
    }
}

/// An escrow with one of everything that people add, and whose audit finds nothing.
struct CompleteEscrow {
    let world: World
    let challenge: Filed<Challenge>
    let request: Filed<Request>
    /// What travelled to the restoring machine.
    let releases: [ReleaseBox]

    /// Custodians of the policy `2 of (alice, bob, carol)`.
    static let custodians: [Name] = ["alice", "bob", "carol"]
    /// When everything has been done.
    static let end: Timestamp = "2026-12-20T12:00:00Z"

    init() throws {
        world = try World(officers: "2 of (olga, omar, otto)", signedBy: ["olga", "omar", "otto"])
        let world = world
        let document = try world.document()
        // Carol's identity was lost and found again.
        for name in ["alice", "bob"] as [Name] {
            try world.acknowledge(name).file()
        }
        try world.suspend("carol", because: .unreachable)
        try world.acknowledge("carol", at: "2026-12-02T12:00:00Z").file()
        let challenge = try world.challenge()
        for name in Self.custodians {
            try world.prove(challenge, by: name).file()
        }
        self.challenge = challenge
        // Bob refuses, the officers go on, alice and carol release, and the key is restored.
        let key = try Somebody("request")
        let request = try world.request(to: key, signedBy: ["olga", "omar", "otto"])
        let refusal = try world.refuse(request, by: "bob")
        try world.override([refusal], of: request, signedBy: ["olga", "omar"])
        self.request = request
        releases = try (["alice", "carol"] as [Name]).map { try world.release(request, by: $0) }
        for release in releases {
            try SignedDocument(statementOf: release, in: document).file()
        }
        let record = RestoreRecord(
            of: document,
            by: ["alice", "carol"],
            to: "pem:ca.key",
            request: request.digest,
            overrides: [RestoreRecord.Override(code: .veto, reason: "we told them")],
            at: World.now,
            provenBy: try document.secret(by: [world.cast["alice"], world.cast["carol"]], in: world.directory())
        )
        try document.file(record, signatures: [world.cast["olga"].sign(record.encoded(), .restore)])
        let added = AddedCertificate(certificate: try Acme.certificate(.renewed), created: World.now, to: document)
        let signatures = ["olga", "omar"].map { world.cast[$0].sign(added.encoded(), .addedCertificate) }
        try document.file(added, signatures: signatures)
        try world.drill(by: ["alice", "bob"], for: "yearly", answering: challenge.digest, signedBy: ["olga"])
    }
}
