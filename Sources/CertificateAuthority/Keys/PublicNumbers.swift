// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The numbers of a public key, to compare keys and certificates by.
package enum PublicNumbers: Hashable {
    /// Big-endian, without leading zeros.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// The curve's parameters in DER, and the point as it stands in a certificate.
    case ec(parameters: [UInt8], point: [UInt8])

    /// Of a private key.
    package init?(of key: borrowing PrivateKey) {
        defer { OpenSSLError.clearQueue() }
        unsafe self.init(key.handle, kind: key.kind)
    }

    /// - Parameters:
    ///   - key: `EVP_PKEY *`
    ///   - kind: Nothing when it is of none that is accepted.
    init?(_ key: OpaquePointer, kind: KeyKind?) {
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
}
