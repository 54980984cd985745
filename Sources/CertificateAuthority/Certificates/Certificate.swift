// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Why bytes are no certificate.
package indirect enum CertificateError: Error, Equatable {
    /// No certificate in it.
    case none
    /// Not exactly one certificate in DER.
    case notDER
    case pem(PEMFault)
    case openSSL(OpenSSLError)
}

extension CertificateError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .none: "no certificate in it"
        case .notDER: "not exactly one certificate in DER"
        case .pem(let fault): fault.description
        case .openSSL(let error): error.description
        }
    }
}

/// An X.509 certificate, read once.
///
/// Nothing about it is verified: it is what it says of itself.
package struct Certificate: Sendable {
    /// The certificate itself; two values are equal when these bytes are.
    package let der: [UInt8]
    /// The subject for people to read: most significant part first, `CN=Acme Root CA, O=Acme` in the certificate's order.
    ///
    /// In the form of ``WrittenName``, which is that of README.txt.
    package let subject: String
    /// The subject in DER, as it stands in the certificate; names are compared as ``subjectName``.
    package let subjectDER: [UInt8]
    /// The issuer, written like ``subject``.
    package let issuer: String
    /// The serial number in lower-case hex, two digits a byte, with `-` before a negative one.
    package let serial: String
    /// Seconds since 1970.
    package let notBefore: Int
    /// Seconds since 1970.
    package let notAfter: Int
    /// Whether it is a certification authority's by its extensions, or self-issued in the days before these:
    /// docs/format.md, section 4.6.
    package let isCA: Bool
    /// Subject and issuer are the same name; nothing is said about the signature.
    package let isSelfIssued: Bool
    /// The public key as it stands in the certificate: DER SubjectPublicKeyInfo.
    package let spki: [UInt8]
    /// The kind of key, or nothing when it is of none that is accepted.
    package let keyKind: KeyKind?
    /// Which generation it is, where Microsoft Certificate Services says so.
    package let caVersion: CAVersion?
    /// The SHA-1 of the certification authority's certificate before this one, 20 bytes, where Microsoft Certificate
    /// Services says so (1.3.6.1.4.1.311.21.2).
    package let previousCAHash: [UInt8]?
    /// What OpenSSL made of it, kept because most of its work goes into the public key.
    let parsed: ParsedCertificate

    /// Reads out what OpenSSL parsed, and takes over the handle.
    init(owning handle: OpaquePointer) throws(CertificateError) {
        parsed = unsafe ParsedCertificate(owning: handle)
        guard let der = unsafe OpenSSL.der({ unsafe i2d_X509(handle, $0) }),
            let subjectDER = unsafe OpenSSL.der({ unsafe i2d_X509_NAME(X509_get_subject_name(handle), $0) }),
            let issuerDER = unsafe OpenSSL.der({ unsafe i2d_X509_NAME(X509_get_issuer_name(handle), $0) }),
            let spki = unsafe OpenSSL.der({ unsafe i2d_X509_PUBKEY(X509_get_X509_PUBKEY(handle), $0) }),
            let notBefore = unsafe Self.seconds(X509_get0_notBefore(handle)),
            let notAfter = unsafe Self.seconds(X509_get0_notAfter(handle))
        else {
            throw .openSSL(.drainingQueue(after: "read the certificate"))
        }
        self.der = der
        self.subjectDER = subjectDER
        self.spki = spki
        self.notBefore = notBefore
        self.notAfter = notAfter
        subject = WrittenName(subjectDER).text
        issuer = WrittenName(issuerDER).text
        serial = unsafe Self.hex(X509_get0_serialNumber(handle))
        isSelfIssued = DistinguishedName(.subject, of: parsed) == DistinguishedName(.issuer, of: parsed)
        isCA = unsafe Self.isCA(handle, isSelfIssued: isSelfIssued)
        keyKind = unsafe X509_get0_pubkey(handle).flatMap { try? unsafe KeyKind(of: $0) }
        caVersion = unsafe CAVersion(of: handle)
        previousCAHash = unsafe Self.previousCAHash(of: handle)
        OpenSSLError.clearQueue()
    }

    /// The subject, to be compared with other names.
    package var subjectName: DistinguishedName { DistinguishedName(.subject, of: parsed) }

    /// The issuer, to be compared with other names.
    package var issuerName: DistinguishedName { DistinguishedName(.issuer, of: parsed) }

    /// The certificate as a PEM file.
    package var pem: [UInt8] { PEM.text(label: "CERTIFICATE", der) }

    /// The SHA-256 of the certificate, 64 lower-case hex digits: its fingerprint.
    package var sha256Hex: String { OpenSSL.sha256Hex(der) }

    /// The serial number in DER.
    package var serialDER: [UInt8] {
        unsafe OpenSSL.der { unsafe i2d_ASN1_INTEGER(X509_get0_serialNumber(parsed.handle), $0) } ?? []
    }

    /// `EVP_PKEY *`, the caller's to free, or nothing when OpenSSL does not know the kind of key.
    func publicKey() -> OpaquePointer? {
        unsafe X509_get_pubkey(parsed.handle)
    }

    /// What C functions take that want the whole certificate: `X509 *`, the caller's to free.
    func handle() -> OpaquePointer {
        let isCounted = unsafe X509_up_ref(parsed.handle) == 1
        precondition(isCounted, "OpenSSL counts its owners")
        return unsafe parsed.handle
    }
}

/// OpenSSL's certificate, freed with its last owner.
///
/// It is never changed once read, so threads may share it.
@safe final class ParsedCertificate: @unchecked Sendable {
    let handle: OpaquePointer  // X509 *

    init(owning handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe X509_free(handle)
    }
}

extension Certificate: Hashable {
    package static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }

    package func hash(into hasher: inout Hasher) { hasher.combine(der) }
}
