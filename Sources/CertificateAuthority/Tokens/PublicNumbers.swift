// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import CPKCS11

/// A public key as tokens write it down, to compare keys and certificates by.
enum PublicNumbers: Hashable {
    /// Big-endian, without leading zeros.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// The curve's parameters in DER, and the point as it stands in a certificate.
    case ec(parameters: [UInt8], point: [UInt8])

    /// Of a certificate; nothing for kinds of keys that tokens do not take.
    init?(of certificate: Certificate) {
        defer { OpenSSLError.clearQueue() }
        guard let key = unsafe certificate.publicKey() else {
            return nil
        }
        defer { unsafe EVP_PKEY_free(key) }
        guard let numbers = unsafe PublicNumbers(key, kind: certificate.keyKind) else {
            return nil
        }
        self = numbers
    }

    /// Of a private key.
    init?(of key: borrowing PrivateKey) {
        defer { OpenSSLError.clearQueue() }
        guard let numbers = unsafe PublicNumbers(key.handle, kind: key.kind) else {
            return nil
        }
        self = numbers
    }

    private init?(_ key: OpaquePointer, kind: KeyKind?) {
        switch kind {
        case .rsa:
            guard let modulus = unsafe Self.number(OSSL_PKEY_PARAM_RSA_N, of: key),
                let exponent = unsafe Self.number(OSSL_PKEY_PARAM_RSA_E, of: key)
            else {
                return nil
            }
            self = .rsa(modulus: modulus, exponent: exponent)
        case .ec:
            var count = 0
            guard let parameters = unsafe OpenSSL.der({ unsafe i2d_KeyParams(key, $0) }),
                unsafe EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, nil, 0, &count) == 1
            else {
                return nil
            }
            var point = [UInt8](repeating: 0, count: count)
            guard unsafe EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, &point, count, &count) == 1
            else {
                return nil
            }
            self = .ec(parameters: parameters, point: point)
        case .ed25519, .ed448, nil: return nil
        }
    }

    private static func number(_ name: String, of key: OpaquePointer) -> [UInt8]? {
        var count = 0
        guard unsafe COpenSSL_key_number(key, name, nil, 0, &count) == 1, count > 0 else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: count)
        guard unsafe COpenSSL_key_number(key, name, &bytes, count, &count) == 1 else {
            return nil
        }
        return bytes.reversed()
    }

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
    var identifier: [UInt8] { unsafe OpenSSL.digest(raw, EVP_sha1()) }

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
        // A point on the longest named curve has 145 bytes.
        let length = bytes.count < 0x80 ? [UInt8(bytes.count)] : [0x81, UInt8(bytes.count)]
        return [0x04] + length + bytes
    }
}
