// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority

/// A public key as tokens write it down.
extension PublicNumbers {
    /// Whether it is the public part of an object: the modulus, or the point alone.
    func isSame(as shown: Shown) -> Bool {
        switch (self, shown) {
        case (.rsa(let modulus, _), .modulus(let other)): modulus == other.drop { $0 == 0 }.map(\.self)
        case (.ec(_, let point), .point(let other)): other == point || other == Self.octetString(point)
        default: false
        }
    }

    /// What an object shows of a public key.
    enum Shown: Equatable {
        case modulus([UInt8])
        /// Most tokens write the point as an OCTET STRING, some as it is.
        case point([UInt8])
    }

    /// What NSS hashes for CKA_ID, and writes into CKA_NSS_DB: the modulus, or the point.
    var raw: [UInt8] {
        switch self {
        case .rsa(let modulus, _): modulus
        case .ec(_, let point): point
        }
    }

    /// The identifier by which a key and its certificates find one another: NSS knows no other, any other software takes it.
    var identifier: [UInt8] { OpenSSL.sha1(raw) }

    /// The attributes of a public key object.
    var attributes: [TokenAttribute] {
        switch self {
        case .rsa(let modulus, let exponent):
            [
                .number(CK_ATTRIBUTE_TYPE(CKA_KEY_TYPE), CK_ULONG(CKK_RSA)),
                .bytes(CK_ATTRIBUTE_TYPE(CKA_MODULUS), modulus),
                .bytes(CK_ATTRIBUTE_TYPE(CKA_PUBLIC_EXPONENT), exponent),
            ]
        case .ec(let parameters, let point):
            [
                .number(CK_ATTRIBUTE_TYPE(CKA_KEY_TYPE), CK_ULONG(CKK_EC)),
                .bytes(CK_ATTRIBUTE_TYPE(CKA_EC_PARAMS), parameters),
                .bytes(CK_ATTRIBUTE_TYPE(CKA_EC_POINT), Self.octetString(point)),
            ]
        }
    }

    static func octetString(_ bytes: [UInt8]) -> [UInt8] {
        DERValue.head(DERValue.octetString, contentCount: bytes.count) + bytes
    }
}
