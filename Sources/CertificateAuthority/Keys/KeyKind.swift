// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Files

/// What kind of key a certification authority has: exactly those that are accepted (docs/format.md, section 3.9).
package enum KeyKind: Hashable, Sendable {
    /// `rsaEncryption`, at most 16,384 bits.
    case rsa(bitCount: Int)
    /// An elliptic curve by name, of at least 224 bits: `P-256` and the like, or OpenSSL's short name.
    case ec(curve: String)
    case ed25519
    case ed448

    /// The shortest RSA key with which an audit finds no fault, in bits.
    package static let fewestRSABits = 2048
    /// The longest RSA key that is accepted, in bits.
    package static let rsaBitLimit = 16_384
    /// The smallest elliptic curve that is accepted, by the bits of its order.
    package static let smallestCurveBitCount = 224
}

extension KeyKind: CustomStringConvertible {
    package var description: String {
        switch self {
        case .rsa(let bitCount): "RSA-\(bitCount)"
        case .ec(let curve): "EC \(curve)"
        case .ed25519: "Ed25519"
        case .ed448: "Ed448"
        }
    }
}

extension KeyKind {
    /// Judges a public or private key.
    ///
    /// - Parameter key: `EVP_PKEY *`
    /// - Throws: ``KeyError/keyTypeNotAccepted(_:)``
    init(of key: OpaquePointer) throws(KeyError) {
        let bitCount = Int(unsafe EVP_PKEY_get_bits(key))
        let name = unsafe EVP_PKEY_get0_type_name(key).map { unsafe String(cString: $0) } ?? "unknown key type"
        switch name.uppercasedASCII {
        case "RSA":
            guard bitCount <= Self.rsaBitLimit else {
                throw .keyTypeNotAccepted("RSA-\(bitCount)")
            }
            self = .rsa(bitCount: bitCount)
        case "EC": self = .ec(curve: try unsafe Self.curve(of: key, bitCount: bitCount))
        case "ED25519": self = .ed25519
        case "ED448": self = .ed448
        case "RSA-PSS": throw .keyTypeNotAccepted("id-RSASSA-PSS")
        default: throw .keyTypeNotAccepted(name)
        }
    }

    private static func curve(of key: OpaquePointer, bitCount: Int) throws(KeyError) -> String {
        // A curve given by its numbers may be anybody's, even when OpenSSL finds a name for it.
        var isExplicit: Int32 = 0
        let hasAnswer = unsafe EVP_PKEY_get_int_param(
            key,
            OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS,
            &isExplicit
        )
        var bytes = [CChar](repeating: 0, count: 80)
        var count = 0
        guard hasAnswer == 1, isExplicit == 0,
            unsafe EVP_PKEY_get_group_name(key, &bytes, bytes.count, &count) == 1
        else {
            OpenSSLError.clearQueue()
            throw .keyTypeNotAccepted("EC with explicit parameters")
        }
        let shortName = String(decoding: bytes.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let name = standardNames[shortName] ?? shortName
        guard !shortName.isEqual(bytesOf: "SM2") else {
            throw .keyTypeNotAccepted(shortName)
        }
        guard bitCount >= smallestCurveBitCount else {
            throw .keyTypeNotAccepted("EC \(name)")
        }
        return name
    }

    /// FIPS 186 names for the short names that OpenSSL prefers.
    private static let standardNames = [
        "prime192v1": "P-192", "secp224r1": "P-224", "prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521",
    ]
}
