// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import Ristretto255
import SystemPackage
import Testing

@testable import Escrow

/// Receipts of drills: what they say, how they are spelt, and what stands beside them.
@Suite struct DrillReceiptTests {
    let world: World
    let document: EpochDocument
    let challenge: Filed<Challenge>
    let receipt: DrillReceipt
    let signature: [UInt8]

    init() throws {
        world = try World()
        document = try world.document()
        challenge = try world.challenge()
        let made = try world.makeDrill(
            by: ["bob", "alice"],
            for: "yearly test",
            answering: challenge.digest,
            overrides: [
                RestoreRecord.Override(code: .unverified, reason: "no signers at hand"),
                RestoreRecord.Override(code: .retired, reason: "on the auditor's wish"),
            ]
        )
        receipt = made.receipt
        signature = try #require(made.signature)
    }

    private func casig(_ path: FilePath) -> FilePath { CASignatureFile.path(of: path) }

    private func expect(
        _ error: EscrowError,
        at path: FilePath,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(throws: error, sourceLocation: sourceLocation) { try Filed<DrillReceipt>(at: path, in: document) }
        let audit = try world.audit()
        #expect(audit.failed == [.records], sourceLocation: sourceLocation)
        #expect(audit.findings(.records) == [error.description], sourceLocation: sourceLocation)
    }

    @Test("a receipt reads back, holds, and the audit takes it")
    func holds() throws {
        let bytes = receipt.encoded()
        let read = try DrillReceipt(canonical: bytes)
        #expect(read.encoded() == bytes)
        #expect(read.custodians == ["bob", "alice"])
        #expect(read.overrides.map(\.code) == [.retired, .unverified])
        #expect(read.purpose == "yearly test")
        #expect(try read.certificate == SHA256Digest(of: Acme.certificate(.root).der))
        #expect(try read.keys == [SHA256Digest(of: Acme.certificate(.root).spki)])
        let path = try world.file(bytes, signature, signedBy: ["olga"])
        let filed = try Filed<DrillReceipt>(at: path, in: document)
        #expect(filed.signatures.signed.map(\.name) == ["olga"])
        #expect(try world.audit().failed.isEmpty)
    }

    @Test("without a signature of the CA's key it names no certificate")
    func unsigned() throws {
        let filed = try world.drill(isSigned: false)
        #expect(filed.document.certificate == nil)
        #expect(try world.audit().failed.isEmpty)
        // The key's signature beside it would be one that nobody announced.
        let other = try #require(try world.makeDrill().signature)
        try world.folder.write(other, to: casig(filed.path))
        try expect(.caSignature(path: casig(filed.path).string, .notNamed), at: filed.path)
    }

    @Test(
        "a receipt that was altered is not proven",
        arguments: [
            ("created", JSONValue.string("2026-12-01T12:00:01Z")), ("custodians[0]", .string("carol")),
            ("custodians", .array([.string("alice"), .string("bob")])), ("purpose", .string("other")),
            ("purpose", nil), ("overrides[0].reason", .string("other")), ("overrides", nil), ("certificate", nil),
            ("challenge", nil), ("keys[0]", .string(String(repeating: "ab", count: 32))),
            ("request", .string(String(repeating: "ab", count: 32))),
            ("set", .string(String(repeating: "ab", count: 16))),
            ("manifest", .string(String(repeating: "ab", count: 32))),
        ] as [(String, JSONValue?)]
    )
    func altered(path: String, value: JSONValue?) throws {
        let bytes = try JSONValue(canonical: receipt.encoded()).setting(path, to: value).encoded()
        let file = try world.file(bytes, signature)
        let reason: DocumentError =
            switch path {
            case "set": .wrongValue(field: "set", expected: "this epoch's, \(document.manifest.set)")
            case "manifest": .wrongValue(field: "manifest", expected: "this epoch's, \(document.digest.short)…")
            default: .wrongValue(field: "possession", expected: "a proof that holds for the secret")
            }
        try expect(.document(path: file.string, reason), at: file)
    }

    @Test("a signature of the CA's key that is missing, empty, or another's is named")
    func signatures() throws {
        let path = try world.file(receipt.encoded(), signature)
        let (file, subject) = (casig(path), document.manifest.certificate.subject)
        try world.folder.remove(file)
        try expect(.caSignature(path: file.string, .missing), at: path)
        let other = try #require(try world.makeDrill(for: "another").signature)
        for content in [[], other, signature + [0], Array(signature.dropLast())] {
            try world.folder.write(content, to: file)
            try expect(.caSignature(path: file.string, .doesNotHold(subject: subject)), at: path)
        }
    }

    @Test("a signature beside no receipt, or beside a record of another kind, belongs nowhere")
    func strays() throws {
        let records = world.epoch.appending("records")
        let digest = String(repeating: "0a", count: 16)
        try world.file(receipt.encoded(), signature)
        let nothing = records.appending("20260301T120000Z-drill-\(digest).json.casig")
        let other = records.appending("20260301T120000Z-restore-\(digest).json.casig")
        try world.folder.write(signature, to: nothing)
        try world.folder.write(signature, to: other)
        let audit = try world.audit()
        #expect(audit.failed == [.layout])
        #expect(
            audit.findings(.layout) == [
                "\(nothing): a signature of no document here", "\(other): neither a document nor a signature",
            ]
        )
    }

    @Test("every changed byte of receipt and signature is found", arguments: [SampleCA.rsa2048, .p384, .ed25519])
    func flips(sample: SampleCA) throws {
        let world = try World(of: sample.material())
        let document = try world.document()
        let path = try world.drill().path
        for file in [path, CASignatureFile.path(of: path)] {
            let bytes = try world.folder.read(file)
            for index in bytes.indices {
                var altered = bytes
                altered[index] ^= 1 << UInt8(index % 8)
                try world.folder.write(altered, to: file)
                if (try? Filed<DrillReceipt>(at: path, in: document)) != nil {
                    Issue.record("\(file.extension ?? ""): byte \(index)")
                }
            }
            #expect(try world.audit(certificate: sample.certificate).failed == [.records])
            try world.folder.write(bytes, to: file)
        }
        #expect(try world.audit(certificate: sample.certificate).failed.isEmpty)
    }

    @Test("of a CA with two keys both are opened, and the newest signs")
    func generations() throws {
        let world = try World(of: Acme.renewedMaterial())
        let receipt = try world.drill().document
        let certificates = [try Acme.certificate(.rekeyed), try Acme.certificate(.root)]
        #expect(receipt.keys == certificates.map { SHA256Digest(of: $0.spki) })
        #expect(receipt.certificate == SHA256Digest(of: certificates[0].der))
        #expect(try receipt.caSigner(in: world.document().manifest) == certificates[0])
        #expect(try world.audit(certificate: certificates[0]).failed.isEmpty)
    }

    @Test("members are exact, overrides ordered, the proof canonical")
    func members() throws {
        let json = try JSONValue(canonical: receipt.encoded())
        for key in ["created", "custodians", "format", "keys", "manifest", "possession", "set"] {
            #expect(throws: DocumentError.missing(field: key)) {
                try DrillReceipt(canonical: json.setting(key, to: nil).encoded())
            }
        }
        let short = JSONValue.string("abcd")
        let errors: [(String, JSONValue?, DocumentError)] = [
            ("more", .boolean(true), .unknown(field: "more")),
            ("possession.more", .boolean(true), .unknown(field: "possession.more")),
            (
                "overrides", json["overrides"]!.swapping(0, 1),
                .wrongValue(field: "overrides", expected: "order by code, each once")
            ),
            (
                "purpose", .string(""),
                .wrongValue(field: "purpose", expected: "1 to 500 characters, none invisible and no control character")
            ),
            (
                "possession.z", .string(String(repeating: "ff", count: 32)),
                .wrongValue(field: "possession", expected: "a canonical element and scalar")
            ),
            ("challenge", short, .wrongValue(field: "challenge", expected: "64 lower-case hexadecimal digits")),
            ("certificate", short, .wrongValue(field: "certificate", expected: "64 lower-case hexadecimal digits")),
            ("keys[0]", short, .wrongValue(field: "keys[0]", expected: "64 lower-case hexadecimal digits")),
        ]
        for (path, value, error) in errors {
            #expect(throws: error, "\(path)") {
                try DrillReceipt(canonical: json.setting(path, to: value).encoded())
            }
        }
        let found = "ca-escrow/v1/restore"
        #expect(throws: DocumentError.wrongFormat(found: found, expected: "ca-escrow/v1/drill")) {
            try DrillReceipt(canonical: json.setting("format", to: .string(found)).encoded())
        }
    }

    @Test("the age is the challenge's when its signer is known, else the receipt's own")
    func age() throws {
        try world.file(receipt.encoded(), signature)
        let evidence = try Evidence(of: document, in: world.directory())
        let input = try world.fullInput()
        let counted = evidence.countedDrills(by: input.anchor)
        #expect(counted.map(\.time) == [challenge.document.created])
        #expect(counted[0].challenge?.digest == challenge.digest)
        let tomorrow = World.now.adding(seconds: 86_400)
        let known = try world.drill(answering: challenge.digest, at: tomorrow)
        let later = try Evidence(of: document, in: world.directory(), at: tomorrow)
        #expect(later.countedDrills(by: input.anchor).map(\.time) == [World.now, World.now])
        // Of two that answer one challenge, the later one is the last.
        #expect(later.countedDrills(by: input.anchor).last?.receipt.digest == known.digest)
        #expect(later.countedDrills(by: nil).last?.time == known.document.created)
        #expect(later.countedDrills(by: nil).last?.challenge == nil)
    }

    @Test("a challenge that is not here, or not answered in time, is named, and such a drill does not count")
    func challenges() throws {
        let late = challenge.document.expires.adding(seconds: 1)
        for (digest, time, error) in [
            (
                SHA256Digest(of: [1]), World.now,
                DocumentError.wrongValue(field: "challenge", expected: "the digest of a challenge in this epoch")
            ),
            (
                challenge.digest, late,
                .wrongValue(
                    field: "created",
                    expected: "a time from \(challenge.document.created) to \(challenge.document.expires)"
                )
            ),
        ] {
            let filed = try world.drill(answering: digest, at: time)
            let audit = try world.audit(time: late)
            #expect(audit.findings(.records) == ["\(filed.path): \(error)"])
            let evidence = try Evidence(of: document, in: world.directory())
            #expect(evidence.countedDrills(by: nil).isEmpty)
            #expect(try filed.document.referenceFault(in: document) == error)
            try world.folder.remove(filed.path)
            try world.folder.remove(casig(filed.path))
        }
    }
}
