// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import Foundation
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// What a manifest says of certificates, times and its PKCS#12 file, and what a reader makes of it.
@Suite("What a manifest says")
struct ManifestFactsTests {
    @Test("the escrow is for the newest certificate of a certification authority, not for a newer encryption key's")
    func certificate() throws {
        let manifest = try altered { $0.insert(Self.encryptionCertificate, at: 0) }
        #expect(manifest.certificates.map(\.subject) == ["CN=Encryption", Self.subject])
        #expect(manifest.certificate.subject == Self.subject)
    }

    @Test("certificates out of order are refused")
    func order() throws {
        let expected = ManifestError.certificate(field: "certificates[1]", "out of order: the newest comes first")
        #expect(throws: expected) { _ = try altered { $0.append(Self.encryptionCertificate) } }
    }

    @Test("a certificate that stands there twice is refused")
    func duplicate() throws {
        let expected = ManifestError.certificate(field: "certificates[1]", "a certificate that stands there twice")
        #expect(throws: expected) { _ = try altered { $0.append($0[0]) } }
    }

    @Test("an audit names a PKCS#12 file of another size than the manifest says")
    func size() throws {
        let document = try ExampleEscrow.epoch(0).document
        let entry = document.manifest.pkcs12
        let text = String(decoding: document.bytes, as: UTF8.self)
        let bytes = Array(text.replacing("\"size\": \(entry.byteCount)", with: "\"size\": 1").utf8)
        let folder = FilePath(FileManager.default.temporaryDirectory.path).appending("escrow-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let epoch = folder.appending("x.escrow").appending(EpochDirectory.name(of: 1, SHA256Digest(of: bytes)))
        try FileManager.default.createDirectory(atPath: epoch.string, withIntermediateDirectories: true)
        try Files.create(epoch.appending("manifest.json"), bytes, permissions: .publicFile)
        let archive = try document.pkcs12(given: nil, escrow: ExampleEscrow.directory().path)
        try Files.create(folder.appending(entry.name), archive, permissions: .secretFile)

        let audit = try Audit(of: folder.appending("x.escrow"), with: input(at: "2027-01-01T00:00:00Z"))
        let finding = "\(entry.name): \(entry.byteCount) bytes, where the manifest says 1"
        #expect(audit.outcomes.first { $0.check == .pkcs12 }?.outcome == .fail([finding]))
    }

    @Test("an audit names a manifest in force that is newer than its clock")
    func clock() throws {
        // Epoch 1 is as old as the tolerance of five minutes allows; all that came in the seconds after it is not.
        let audit = try Audit(of: ExampleEscrow.directory().path, with: input(at: "2026-11-23T22:27:33Z"))
        // The epoch in force fails the check; what was added, and is dated ahead, only does not count yet.
        let newer = try ExampleEscrow.epoch(1).expected.directory
        let expected = ["\(newer): made 2026-11-23T22:32:37Z, which is in the future"]
        #expect(audit.outcomes.first { $0.check == .clock }?.outcome == .fail(expected))
    }

    private func input(at time: String) throws -> AuditInput {
        AuditInput(
            anchor: nil,
            certificates: [],
            pkcs12: nil,
            isWithoutPKCS12: false,
            time: try #require(Timestamp(time)),
            epoch: nil
        )
    }

    /// The example's first manifest with other certificates, read back.
    private func altered(_ alter: (inout [String]) -> Void) throws -> Manifest {
        let document = try ExampleEscrow.epoch(0).document
        guard case .object(var members) = try JSONValue(canonical: document.bytes) else {
            preconditionFailure("a manifest is an object")
        }
        var certificates = document.manifest.certificates.map { Base64.encode($0.der) }
        alter(&certificates)
        members["certificates"] = .array(certificates.map { .string($0) })
        return try Manifest(canonical: JSONValue.object(members).encoded())
    }

    private static let subject = #"C=CH, O=Example Works\, Zürich, CN=Example Root CA"#

    /// Self-signed, CA:FALSE, and newer than the example's certificates: base64 DER.
    private static let encryptionCertificate = """
        MIIBXDCCAQOgAwIBAgIUdD4/i86fNLbhIrRRtRWZk8OhkkswCgYIKoZIzj0EAwIw
        FTETMBEGA1UEAwwKRW5jcnlwdGlvbjAgFw0yNjExMjMyMjM5MjZaGA8yMTI2MTAz
        MDIyMzkyNlowFTETMBEGA1UEAwwKRW5jcnlwdGlvbjBZMBMGByqGSM49AgEGCCqG
        SM49AwEHA0IABGPeCGWXmsKogR7GLwB9XLwyPE5G+JhTJQAdUD4BZIsERpiS+ijR
        TDeoZzLSCt0+CPyO+19vxaxSTCRmwwV2Ab+jLzAtMAwGA1UdEwEB/wQCMAAwHQYD
        VR0OBBYEFCa9u5Yp8DZLVir82WGbbUavBksWMAoGCCqGSM49BAMCA0cAMEQCIH6N
        xomOqvt6lWEQyN6aV4C7QIhmNTSluha3lHJVY05eAiBU6cXyEBS4U1+bM37eikTT
        OZ6R48Q5hfDQA7GyOlIDGA==
        """.replacing("\n", with: "")
}
