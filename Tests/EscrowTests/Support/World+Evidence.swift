// SPDX-License-Identifier: Apache-2.0

import Escrow
import SecretSharing
import SystemPackage

@testable import Custody
@testable import Encoding

// What people add to the newest epoch, as their commands would.
extension World {
    private func newest() throws -> EpochDocument { try directory().epoch(nil) }

    func acknowledge(by names: [Name], at time: Timestamp) throws {
        for name in names {
            let person = cast[name]
            _ = try newest().acknowledge(by: person.identity, at: person.path, in: directory(), now: time).file()
        }
    }

    /// A challenge of otto, who is an auditor here.
    @discardableResult
    func challenge(at time: Timestamp, until end: Timestamp) throws -> Filed<Challenge> {
        let epoch = try newest()
        return try file(Challenge(by: cast["otto"].officer, to: epoch, at: time, until: end), signedBy: ["otto"])
    }

    func prove(_ challenge: Filed<Challenge>, by names: [Name], at time: Timestamp) throws {
        for name in names {
            let person = cast[name]
            _ = try newest().prove(challenge, by: person.identity, at: person.path, in: directory(), now: time).file()
        }
    }

    func request(
        purpose: String,
        destination: String,
        signedBy signers: [Name] = ["olga", "omar"],
        at time: Timestamp,
        until end: Timestamp
    ) throws -> Filed<Request> {
        let request = Request(
            by: "olga",
            of: try newest(),
            for: Request.Words(purpose: purpose, destination: destination, machine: "ca2"),
            to: Identity(generatingFor: "request").sealingKey,
            at: time,
            from: time,
            until: end
        )
        return try file(request, signedBy: signers)
    }

    func release(_ request: Filed<Request>, by names: [Name], at time: Timestamp) throws {
        let epoch = try newest()
        for name in names {
            let person = cast[name]
            let release = try epoch.release(
                for: request,
                by: person.identity,
                at: person.path,
                in: directory(),
                now: time
            )
            _ = try SignedDocument(statementOf: release, in: epoch).file()
        }
    }

    func recordRestore(
        by names: [Name],
        to destination: String,
        request: Filed<Request>? = nil,
        overrides: [RestoreRecord.Override] = [],
        at time: Timestamp
    ) throws {
        let epoch = try newest()
        let secret = try epoch.secret(by: names.map { cast[$0] }, in: directory())
        let record = RestoreRecord(
            of: epoch,
            by: names,
            to: destination,
            request: request?.digest,
            overrides: overrides,
            at: time,
            provenBy: secret
        )
        try file(record, signedBy: [])
    }

    /// Files a document in the newest epoch and reads it back.
    @discardableResult
    func file<Document: AddedDocument>(_ document: Document, signedBy names: [Name]) throws -> Filed<Document> {
        let epoch = try newest()
        let bytes = document.encoded()
        let path = try epoch.file(document, signatures: names.map { cast[$0].sign(bytes, Document.format) })
        return try Filed(at: path, in: epoch)
    }

    /// What an auditor brings who knows olga and omar, and vouches for otto's challenges; the file is there, too.
    func anchorWithAuditor() throws -> Anchor {
        let officers: [(Name, [DocumentFormat])] = [
            ("olga", DocumentFormat.signedByOfficers), ("omar", DocumentFormat.signedByOfficers),
            ("otto", [.challenge]),
        ]
        let lines = officers.map { name, formats in
            AllowedSigners.line(name: name, key: cast[name].officer.key, namespaces: formats.map(\.namespace)) + "\n"
        }
        let bytes = Array(lines.joined().utf8)
        try folder.write("signers", bytes)
        return try Anchor(path: "signers", signers: try AllowedSigners(bytes), required: nil)
    }
}
