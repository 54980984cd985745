// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Ristretto255
import SystemPackage
import Testing

@testable import Escrow

/// Records of restores, which nobody can write who did not know the secret.
@Suite struct RestoreRecordTests {
    let world: World
    let document: EpochDocument
    let record: RestoreRecord

    init() throws {
        world = try World()
        document = try world.document()
        record = RestoreRecord(
            of: document,
            by: ["bob", "alice"],
            to: "pem:ca.key,ca.crt",
            overrides: [
                RestoreRecord.Override(code: .unverified, reason: "no signers at hand"),
                RestoreRecord.Override(code: .retired, reason: "on the auditor's wish"),
            ],
            at: World.now,
            provenBy: try document.secret(by: [world.cast["alice"], world.cast["bob"]], in: world.directory())
        )
    }

    @discardableResult
    private func file(_ bytes: [UInt8], in epoch: FilePath? = nil) throws -> FilePath {
        let created = (try? RestoreRecord(canonical: bytes))?.created ?? World.now
        return try Record.file(
            bytes,
            .restore,
            created: created,
            in: (epoch ?? world.epoch).appending("records")
        )
    }

    @Test("a record reads back, is proven, and the audit takes it")
    func proven() throws {
        let bytes = record.encoded()
        let read = try RestoreRecord(canonical: bytes)
        #expect(read.encoded() == bytes)
        #expect(read.isProven(for: document))
        #expect(read.custodians == ["bob", "alice"])
        #expect(read.overrides.map(\.code) == [.retired, .unverified])
        try file(bytes)
        #expect(try world.audit().failed.isEmpty)
    }

    @Test(
        "a record that was altered is not proven",
        arguments: [
            ("created", JSONValue.string("2026-12-01T12:00:01Z")), ("custodians[0]", .string("carol")),
            ("destination", .string("pem:other.key,ca.crt")), ("overrides[0].reason", .string("other")),
            ("overrides", nil), ("custodians", .array([.string("alice"), .string("bob")])),
            ("set", .string(String(repeating: "ab", count: 16))),
            ("manifest", .string(String(repeating: "ab", count: 32))),
        ] as [(String, JSONValue?)]
    )
    func altered(path: String, value: JSONValue?) throws {
        let bytes = try JSONValue(canonical: record.encoded()).setting(path, to: value).encoded()
        #expect(try !RestoreRecord(canonical: bytes).isProven(for: document))
        let file = try file(bytes)
        let reason: DocumentError =
            switch path {
            case "set": .wrongValue(field: "set", expected: "this epoch's, \(document.manifest.set)")
            case "manifest": .wrongValue(field: "manifest", expected: "this epoch's, \(document.digest.short)…")
            default: .wrongValue(field: "possession", expected: "a proof that holds for the secret")
            }
        let error = EscrowError.document(path: file.string, reason)
        #expect(throws: error) { try Filed<RestoreRecord>(at: file, in: document) }
        #expect(try world.audit().failed == [.records])
        #expect(try world.audit().findings(.records) == [error.description])
    }

    @Test("a record by someone who does not know the secret is not proven")
    func forged() throws {
        let forged = RestoreRecord(
            of: document,
            by: ["alice"],
            to: "pem:ca.key",
            overrides: [],
            at: World.now,
            provenBy: Scalar.random()
        )
        #expect(!forged.isProven(for: document))
        // A custodian's share is not the secret.
        let alice = world.cast["alice"]
        let share = RestoreRecord(
            of: document,
            by: ["alice"],
            to: "pem:ca.key",
            overrides: [],
            at: World.now,
            provenBy: try document.openShare(of: alice.identity, at: alice.path, in: world.directory())
        )
        #expect(!share.isProven(for: document))
        // R and z of another record.
        let borrowed = try JSONValue(canonical: share.encoded())
            .setting("possession", to: JSONValue(canonical: record.encoded())["possession"])
        #expect(try !RestoreRecord(canonical: borrowed.encoded()).isProven(for: document))
    }

    @Test(
        "a record of people who could not have restored is refused",
        arguments: [["alice"], ["alice", "alice"], ["alice", "dave"], ["olga", "omar"], ["alice", "bob", "bob"]]
            as [[Name]]
    )
    func noQuorum(custodians: [Name]) throws {
        let record = RestoreRecord(
            of: document,
            by: custodians,
            to: "pem:ca.key",
            overrides: [],
            at: World.now,
            provenBy: try document.secret(by: [world.cast["alice"], world.cast["bob"]], in: world.directory())
        )
        let path = try file(record.encoded())
        let expected = "custodians of this epoch, each once, who can restore"
        let error = EscrowError.document(path: path.string, .wrongValue(field: "custodians", expected: expected))
        #expect(throws: error) { try Filed<RestoreRecord>(at: path, in: document) }
        let audit = try world.audit()
        #expect(audit.failed == [.records] && audit.findings(.records) == [error.description])
    }

    @Test("a record of another epoch is not proven here")
    func otherEpoch() throws {
        let second = try world.next()
        let path = try file(record.encoded(), in: second)
        let set = try world.directory().epoch(2).manifest.set
        let error = EscrowError.document(
            path: path.string,
            .wrongValue(field: "set", expected: "this epoch's, \(set)")
        )
        #expect(try world.audit().findings(.records) == [error.description])
    }

    @Test("a record under another name is refused")
    func name() throws {
        let path = try file(record.encoded())
        let expected = try #require(path.lastComponent).string
        let moved = path.removingLastComponent().appending(
            "20270301T120000Z-restore-\(String(repeating: "0", count: 32)).json"
        )
        try world.folder.move(path, to: moved)
        let error = EscrowError.directory(.fileName(path: moved.string, expected: expected))
        #expect(throws: error) { try Filed<RestoreRecord>(at: moved, in: document) }
        #expect(try world.audit().findings(.records) == [error.description])
    }

    @Test("members are exact, overrides ordered, the proof canonical")
    func members() throws {
        let json = try JSONValue(canonical: record.encoded())
        for key in ["created", "custodians", "destination", "format", "manifest", "possession", "set"] {
            #expect(throws: DocumentError.missing(field: key)) {
                try RestoreRecord(canonical: json.setting(key, to: nil).encoded())
            }
        }
        let errors: [(String, JSONValue?, DocumentError)] = [
            ("more", .boolean(true), .unknown(field: "more")),
            ("possession.more", .boolean(true), .unknown(field: "possession.more")),
            ("overrides[0].more", .boolean(true), .unknown(field: "overrides[0].more")),
            ("possession.R", nil, .missing(field: "possession.R")),
            ("overrides[1].reason", nil, .missing(field: "overrides[1].reason")),
            (
                "overrides", json["overrides"]!.swapping(0, 1),
                .wrongValue(field: "overrides", expected: "order by code, each once")
            ),
            (
                "overrides[0].code", .string("unverified"),
                .wrongValue(field: "overrides", expected: "order by code, each once")
            ),
            (
                "overrides[0].code", .string("whim"),
                .wrongValue(
                    field: "overrides[0].code",
                    expected: "clock or retired or superseded or unverified or veto"
                )
            ),
            (
                "overrides[0].reason", .string(""),
                .wrongValue(
                    field: "overrides[0].reason",
                    expected: "1 to 500 characters, none invisible and no control character"
                )
            ),
            (
                "possession.z", .string(String(repeating: "ff", count: 32)),
                .wrongValue(field: "possession", expected: "a canonical element and scalar")
            ),
            (
                "possession.R", .string("01" + String(repeating: "00", count: 31)),
                .wrongValue(field: "possession", expected: "a canonical element and scalar")
            ),
        ]
        for (path, value, error) in errors {
            #expect(throws: error, "\(path)") {
                try RestoreRecord(canonical: json.setting(path, to: value).encoded())
            }
        }
    }
}
