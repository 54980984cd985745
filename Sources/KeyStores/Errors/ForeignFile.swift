// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
import Files

/// A kind of file that people give where a key, a certificate or a store of keys is wanted, and that is none.
package enum ForeignFile: Equatable, Sendable {
    /// A Java keystore, as it was before Java 9.
    case jks
    case jceks
    /// A keystore of BouncyCastle; its other form, UBER, begins in the same way.
    case bks
    case pkcs7(isPEM: Bool)
    case pkcs12
    case openSSHKey
    /// A key that only one TPM can use.
    case tss2Key
    /// In Berkeley DB, as NSS kept its databases until 2018.
    case legacyNSS
    /// XCA keeps its keys so, and NSS its own.
    case sqlite
    /// DER in base64, as PEM has it, but without BEGIN and END.
    case base64

    /// Recognises a file by its first bytes, or by the first block of PEM that is none of ours.
    ///
    /// Nothing but a label is copied, for the file may hold a key.
    ///
    /// - Returns: Nothing for a file that is not known, and for one that should have been read.
    package init?(of bytes: Span<UInt8>) {
        if let known = Self.beginnings.first(where: { bytes.starts(with: $0.bytes) }) {
            self = known.kind
        } else if let kind = PEM.blocks(in: bytes).lazy.compactMap({ Self.kind(labelled: $0.label) }).first {
            self = kind
        } else if bytes.isPKCS7 {
            self = .pkcs7(isPEM: false)
        } else if !bytes.isEmpty, bytes[0] == DERValue.sequence, PKCS12Reader.isPKCS12(bytes) {
            self = .pkcs12
        } else if bytes.isBase64OfDER {
            self = .base64
        } else {
            return nil
        }
    }

    /// Whether it is one private key, and nothing else.
    var isKey: Bool { self == .openSSHKey || self == .tss2Key }

    private static let beginnings: [(bytes: [UInt8], kind: ForeignFile)] = [
        ([0xFE, 0xED, 0xFE, 0xED], .jks),
        ([0xCE, 0xCE, 0xCE, 0xCE], .jceks),
        // The version, and a salt of 20 bytes.
        ([0, 0, 0, 1, 0, 0, 0, 20], .bks),
        ([0, 0, 0, 2, 0, 0, 0, 20], .bks),
        // The hash table of Berkeley DB 1.85, in either order of bytes.
        ([0x00, 0x06, 0x15, 0x61], .legacyNSS),
        ([0x61, 0x15, 0x06, 0x00], .legacyNSS),
        (Array("SQLite format 3\0".utf8), .sqlite),
    ]

    private static func kind(labelled label: String) -> ForeignFile? {
        labels.first { $0.label.isEqual(bytesOf: label) }?.kind
    }

    private static let labels: [(label: String, kind: ForeignFile)] = [
        ("OPENSSH PRIVATE KEY", .openSSHKey), ("TSS2 PRIVATE KEY", .tss2Key), ("TSS2 KEY BLOB", .tss2Key),
        ("PKCS7", .pkcs7(isPEM: true)), ("PKCS #7 SIGNED DATA", .pkcs7(isPEM: true)),
    ]
}

extension ForeignFile: CustomStringConvertible {
    package var description: String {
        switch self {
        case .jks: "a Java keystore (JKS)"
        case .jceks: "a Java keystore (JCEKS)"
        case .bks: "a keystore of BouncyCastle (BKS)"
        case .pkcs7: "PKCS#7, which holds certificates and never a private key"
        case .pkcs12: "a PKCS#12 file"
        case .openSSHKey: "a private key in OpenSSH's own form"
        case .tss2Key: "a private key sealed to a TPM (TSS2)"
        case .legacyNSS: "an NSS database of the old kind (cert8.db, key3.db)"
        case .sqlite: "an SQLite database, such as XCA and NSS keep"
        case .base64: "base64 without BEGIN and END lines"
        }
    }
}

extension Span<UInt8> {
    /// Whether it is a sequence, of any length, that begins with one of the content types of PKCS#7.
    fileprivate var isPKCS7: Bool {
        guard count > 2, self[0] == DERValue.sequence else {
            return false
        }
        let start = self[1] > 0x80 ? 2 + Int(self[1] & 0x7F) : 2
        return start < count && extracting(start..<count).starts(with: Self.pkcs7Type)
    }

    /// 1.2.840.113549.1.7 and one more number, with tag and length.
    private static var pkcs7Type: [UInt8] { [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07] }

    /// Whether all of it is letters of base64 in lines, and the first of them spell a sequence.
    fileprivate var isBase64OfDER: Bool {
        var (letterCount, isEnding) = (0, false)
        for index in 0..<count {
            switch self[index] {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
            case UInt8(ascii: "="): isEnding = true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                guard !isEnding else {
                    return false
                }
            default: return false
            }
            letterCount += 1
        }
        // 0x30 is M and one of the first 16 letters; no key or certificate is shorter than 48 bytes.
        return letterCount >= 64 && letterCount % 4 == 0 && self[0] == UInt8(ascii: "M")
            && (UInt8(ascii: "A")...UInt8(ascii: "P")).contains(self[1])
    }
}

/// What is said of a file that a reader refused: what it is, where that is known, and else what the reader found.
extension StoreError {
    static func key(path: String, _ error: KeyError, in bytes: Span<UInt8>) -> StoreError {
        switch error {
        case .noKey, .malformed: foreign(path, bytes, needed: .key) ?? .key(path: path, error)
        default: .key(path: path, error)
        }
    }

    /// Why a file is not read as certificates.
    package static func certificate(path: String, _ error: CertificateError, in bytes: Span<UInt8>) -> StoreError {
        switch error {
        case .none, .openSSL, .notDER:
            foreign(path, bytes, needed: .certificate) ?? .certificate(path: path, error)
        case .pem: .certificate(path: path, error)
        }
    }

    static func pkcs12(path: String, _ error: PKCS12Error, in bytes: Span<UInt8>) -> StoreError {
        guard case .malformed = error, let kind = ForeignFile(of: bytes), kind != .pkcs12 else {
            return .pkcs12(path: path, error)
        }
        return .foreign(path: path, kind, needed: .pkcs12)
    }

    private static func foreign(_ path: String, _ bytes: Span<UInt8>, needed: Needed) -> StoreError? {
        ForeignFile(of: bytes).map { .foreign(path: path, $0, needed: needed) }
    }
}
