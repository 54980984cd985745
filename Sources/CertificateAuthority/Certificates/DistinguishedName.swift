// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Files

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

extension DistinguishedName: CustomStringConvertible {
    /// As ``Certificate/subject`` has it.
    package var description: String {
        WrittenName(der).text
    }

    /// The name beside another one that it is not, so that people see a difference.
    ///
    /// Names that cannot be told apart by eye are written with `\XX` for the bytes that they differ in, and names of the same
    /// characters with their values in DER (`CN=#1203…`): both are forms of RFC 4514.
    package func toldApart(from other: DistinguishedName) -> String {
        let (own, theirs) = (Array(description.unicodeScalars), Array(other.description.unicodeScalars))
        guard own != theirs else {
            return WrittenName(der, dumped: true).text
        }
        guard Self.looksLike(own, theirs) else {
            return description
        }
        let first = zip(own, theirs).prefix { $0 == $1 }.count
        return own.enumerated().map { index, scalar in
            scalar.isASCII && index != first
                ? String(scalar) : String(scalar).utf8.map { "\\" + OpenSSL.hex([$0]).uppercasedASCII }.joined()
        }.joined()
    }

    /// As it stands in the certificate.
    package var der: [UInt8] { unsafe OpenSSL.der { unsafe i2d_X509_NAME(handle, $0) } ?? [] }

    /// Whether a reader may take one for the other: they differ only in characters that are drawn alike, or hardly seen.
    private static func looksLike(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Bool {
        guard max(left.count, right.count) <= scalarLimit else {
            return true
        }
        // Which beginnings of the right one the beginning of the left one looks like.
        var row = [true] + right.indices.map { right[...$0].allSatisfy(isSlight) }
        for own in left {
            var next = [row[0] && isSlight(own)]
            for (index, theirs) in right.enumerated() {
                next.append(
                    row[index] && areAlike(own, theirs) || row[index + 1] && isSlight(own)
                        || next[index] && isSlight(theirs)
                )
            }
            row = next
        }
        return row[right.count]
    }

    /// A blank, or a mark on the letter before it.
    private static func isSlight(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// Which letters of two alphabets are drawn alike no table says here: all of them may be.
    private static func areAlike(_ own: Unicode.Scalar, _ theirs: Unicode.Scalar) -> Bool {
        shape(own) == shape(theirs) || own.isASCII != theirs.isASCII || own.value >> 8 != theirs.value >> 8
    }

    private static func shape(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "1", "I", "i", "l", "L", "|", "!": "l"
        case "0", "O", "o", "Q": "0"
        case "5", "S", "s": "s"
        case "8", "B", "b": "b"
        case "2", "Z", "z": "z"
        case "A"..."Z": Unicode.Scalar(UInt8(scalar.value) + 0x20)
        default: scalar
        }
    }

    /// Names that are longer are taken for alike, and written so that they differ.
    private static let scalarLimit = 1024
}

extension [DistinguishedName] {
    /// Each name beside the others, so that people see which differ.
    package func toldApart() -> [String] {
        map { name in
            let plain = name.description
            let others = filter { $0 != name }.map { name.toldApart(from: $0) }
            return others.first { !$0.isEqual(bytesOf: plain) } ?? plain
        }
    }
}
