// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The subject or the issuer of a certificate, compared as RFC 5280, section 7.1, has it.
///
/// Two names are equal when X509_NAME_cmp says so, as for every program that OpenSSL builds chains for: the same
/// attributes in the same order, their values without regard to the type of string (UTF8String, PrintableString,
/// BMPString, UniversalString, TeletexString, IA5String, VisibleString), to the case of ASCII letters, and to white space
/// at either end; white space inside counts as one blank. OpenSSL stops short of RFC 5280 in two things: letters beyond
/// ASCII are compared as they are, without case folding and Unicode normalisation, and NumericString is a type of its own.
/// Names that differ in these alone are different names here, as they are in a chain that OpenSSL builds.
@safe
package struct DistinguishedName: Sendable {
    /// Which of a certificate's two names.
    enum Part: Sendable {
        case subject, issuer
    }

    private let part: Part
    private let certificate: ParsedCertificate

    init(_ part: Part, of certificate: ParsedCertificate) {
        self.part = part
        self.certificate = certificate
    }

    /// `X509_NAME *`, which belongs to its certificate.
    var handle: OpaquePointer? {
        switch part {
        case .subject: unsafe X509_get_subject_name(certificate.handle)
        case .issuer: unsafe X509_get_issuer_name(certificate.handle)
        }
    }
}

extension DistinguishedName: Hashable {
    package static func == (left: DistinguishedName, right: DistinguishedName) -> Bool {
        unsafe X509_NAME_cmp(left.handle, right.handle) == 0
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(unsafe X509_NAME_hash_ex(handle, nil, nil, nil))
    }
}
