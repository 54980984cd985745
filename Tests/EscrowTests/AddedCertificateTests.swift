// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import SystemPackage
import Testing

@testable import Escrow

/// Certificates that join an epoch: the CA was renewed under the same key.
@Suite struct AddedCertificateTests {
    let world: World
    let document: EpochDocument
    let created: Timestamp = "2026-11-24T09:00:00Z"

    init() throws {
        world = try World()
        document = try world.document()
    }

    @discardableResult
    private func add(
        _ certificate: Certificate,
        signedBy signers: [Name] = ["olga", "omar"],
        format: DocumentFormat = .addedCertificate
    ) throws -> FilePath {
        let bytes = AddedCertificate(certificate: certificate, created: created, to: document).encoded()
        return try file(bytes, signedBy: signers, format: format)
    }

    private func file(
        _ bytes: [UInt8],
        signedBy signers: [Name] = [],
        format: DocumentFormat = .addedCertificate
    ) throws -> FilePath {
        try Record.file(
            bytes,
            .addedCertificate,
            created: created,
            in: world.epoch.appending("records"),
            signatures: signers.map { world.cast[$0].sign(bytes, format) }
        )
    }

    private func expect(
        _ error: EscrowError,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(throws: error, sourceLocation: sourceLocation) { try document.addedCertificates() }
        let audit = try world.audit()
        #expect(audit.failed == [.records], sourceLocation: sourceLocation)
        #expect(audit.findings(.records) == [error.description], sourceLocation: sourceLocation)
    }

    @Test("it counts when as many officers have signed as the manifest demands")
    func approved() throws {
        for (signers, missing) in [([], ["olga", "omar"]), (["omar"], ["olga"]), (["olga", "omar"], [])]
            as [([Name], [Name])]
        {
            let path = try add(Acme.certificate(.renewed), signedBy: signers)
            let filed = try #require(try document.addedCertificates().first)
            #expect(filed.isApproved == missing.isEmpty)
            #expect(filed.missing == missing)
            #expect(filed.path == path)
            let audit = try world.audit(certificate: Acme.certificate(.renewed))
            // The certificate that the auditor wants counts only with approval.
            #expect(audit.failed == (missing.isEmpty ? [] : [.certificate]))
            #expect(try world.audit().failed.isEmpty)
            try world.folder.remove(world.epoch.appending("records"))
        }
    }

    @Test(
        "another key, another subject and what is held do not join",
        arguments: [
            Acme.Issue.rekeyed, .renamed, .root, .encryption,
        ]
    )
    func refused(_ issue: Acme.Issue) throws {
        let path = try add(Acme.certificate(issue))
        try expect(
            .document(
                path: path.string,
                .wrongValue(field: "certificate", expected: "the same key and subject as a certificate of the manifest")
            )
        )
    }

    @Test("a record for another manifest, or another set, is refused")
    func otherEpoch() throws {
        let other = try World().document()
        let bytes = AddedCertificate(certificate: try Acme.certificate(.renewed), created: created, to: other).encoded()
        var path = try file(bytes, signedBy: ["olga", "omar"])
        let set = DocumentError.wrongValue(field: "set", expected: "this epoch's, \(document.manifest.set)")
        try expect(.document(path: path.string, set))
        try world.folder.remove(world.epoch.appending("records"))
        let mine = AddedCertificate(certificate: try Acme.certificate(.renewed), created: created, to: document)
        let json = try JSONValue(canonical: mine.encoded()).setting("manifest", to: .string(other.digest.description))
        path = try file(json.encoded(), signedBy: ["olga", "omar"])
        let manifest = DocumentError.wrongValue(field: "manifest", expected: "this epoch's, \(document.digest.short)…")
        try expect(.document(path: path.string, manifest))
    }

    @Test("for whoever brings an anchor, only those whom they know for this kind of record count")
    func anchored() throws {
        try add(Acme.certificate(.renewed))
        let filed = try #require(try document.addedCertificates().first)
        let (olga, omar) = (world.cast["olga"].officer, world.cast["omar"].officer)
        #expect(filed.counts(for: nil, at: World.now))
        #expect(try filed.counts(for: .of([olga, omar]), at: World.now))
        #expect(try !filed.counts(for: .of([olga, world.cast["otto"].officer]), at: World.now))
        #expect(try filed.counts(for: .of([olga], required: 1), at: World.now))
        let manifests = AllowedSigners.line(name: "olga", key: olga.key, namespaces: ["ca-escrow-manifest-v1"]) + "\n"
        let anchor = try Anchor(path: "signers", signers: try AllowedSigners(Array(manifests.utf8)), required: 1)
        #expect(!filed.counts(for: anchor, at: World.now))
    }

    @Test("a record from before its manifest is refused")
    func early() throws {
        let record = AddedCertificate(
            certificate: try Acme.certificate(.renewed),
            created: "2020-01-01T00:00:00Z",
            to: document
        )
        let expected = EscrowError.document(
            path: "x",
            .wrongValue(field: "created", expected: "a time not before the manifest's, \(document.manifest.created)")
        )
        #expect(throws: expected) { try AddedCertificate(checking: record.encoded(), at: "x", in: document) }
    }

    @Test("a file under another name is refused")
    func name() throws {
        let path = try add(Acme.certificate(.renewed), signedBy: [])
        let expected = try #require(path.lastComponent).string
        let moved = path.removingLastComponent()
            .appending("20261124T090001Z-added-certificate-00000000000000000000000000000000.json")
        try world.folder.move(path, to: moved)
        try expect(.directory(.fileName(path: moved.string, expected: expected)))
    }

    @Test("a changed record is refused: its name, its signatures or its form tell")
    func altered() throws {
        let path = try add(Acme.certificate(.renewed))
        let bytes = try world.folder.read(path)
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= 0x01
            try world.folder.write(altered, to: path)
            guard (try? document.addedCertificates()) == nil else {
                Issue.record("byte \(index)")
                continue
            }
        }
        try world.folder.write(bytes, to: path)
        #expect(try document.addedCertificates().map(\.isApproved) == [true])
    }

    @Test("members are exact")
    func members() throws {
        let record = AddedCertificate(certificate: try Acme.certificate(.renewed), created: created, to: document)
        let json = try JSONValue(canonical: record.encoded())
        for key in ["certificate", "created", "format", "manifest", "set"] {
            #expect(throws: DocumentError.missing(field: key)) {
                try AddedCertificate(canonical: json.setting(key, to: nil).encoded())
            }
            #expect(throws: DocumentError.wrongType(field: key, expected: "a string")) {
                try AddedCertificate(canonical: json.setting(key, to: .integer(1)).encoded())
            }
        }
        #expect(throws: DocumentError.unknown(field: "more")) {
            try AddedCertificate(canonical: json.setting("more", to: .integer(1)).encoded())
        }
        #expect(
            throws: DocumentError.wrongFormat(found: "ca-escrow/v1/restore", expected: "ca-escrow/v1/added-certificate")
        ) {
            try AddedCertificate(canonical: json.setting("format", to: .string("ca-escrow/v1/restore")).encoded())
        }
        #expect(
            throws: DocumentError.wrongValue(field: "certificate", expected: "an X.509 certificate in DER")
        ) {
            try AddedCertificate(canonical: json.setting("certificate", to: .string("AAAA")).encoded())
        }
    }

    @Test("a manifest's signature is none of a record, and is a finding")
    func namespace() throws {
        let path = try add(Acme.certificate(.renewed), format: .manifest)
        let filed = try #require(try document.addedCertificates().first)
        #expect(!filed.isApproved)
        let expected = ["olga", "omar"].map { name in
            EscrowError.signature(
                path: "\(path).\(name).sig",
                .wrongNamespace(found: "ca-escrow-manifest-v1", expected: "ca-escrow-added-certificate-v1")
            )
        }
        #expect(filed.signatures.faults == expected)
        #expect(try world.audit().findings(.records) == expected.map(\.description))
    }
}
