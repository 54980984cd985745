// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Foundation
import Testing

@testable import Escrow

/// What a manifest says of certificates, and what a reader makes of it.
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
