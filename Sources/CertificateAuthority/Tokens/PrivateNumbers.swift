// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import CPKCS11
import SecretMemory

extension PrivateKey {
    /// The private numbers as `C_CreateObject` takes them, straight from OpenSSL into secret memory.
    ///
    /// - Throws: ``KeyError``
    func tokenAttributes() throws(KeyError) -> SecretAttributes {
        let names: [(CK_ATTRIBUTE_TYPE, String)]
        switch kind {
        case .rsa:
            guard numberByteCount("rsa-factor3") == nil else {
                throw .keyTypeNotAccepted("RSA with more than two primes")
            }
            // Swift does not import the OSSL_PKEY_PARAM names that are put together of two.
            names = [
                (CK_ATTRIBUTE_TYPE(CKA_PRIVATE_EXPONENT), OSSL_PKEY_PARAM_RSA_D),
                (CK_ATTRIBUTE_TYPE(CKA_PRIME_1), "rsa-factor1"),
                (CK_ATTRIBUTE_TYPE(CKA_PRIME_2), "rsa-factor2"),
                (CK_ATTRIBUTE_TYPE(CKA_EXPONENT_1), "rsa-exponent1"),
                (CK_ATTRIBUTE_TYPE(CKA_EXPONENT_2), "rsa-exponent2"),
                (CK_ATTRIBUTE_TYPE(CKA_COEFFICIENT), "rsa-coefficient1"),
            ]
        case .ec:
            names = [(CK_ATTRIBUTE_TYPE(CKA_VALUE), OSSL_PKEY_PARAM_PRIV_KEY)]
        case .ed25519, .ed448: throw .keyTypeNotAccepted("\(kind)")
        }
        var fields: [(type: CK_ATTRIBUTE_TYPE, range: Range<Int>)] = []
        var end = 0
        for (type, name) in names {
            guard let count = numberByteCount(name) else {
                throw .openSSL(.drainingQueue(after: "take the private key apart"))
            }
            fields.append((type, end..<end + count))
            end += count
        }
        let bytes = try SecretBytes(count: end) { bytes throws(KeyError) in
            for (index, (_, name)) in names.enumerated() {
                try write(name, into: &bytes, at: fields[index].range)
            }
        }
        return SecretAttributes(bytes: bytes, fields: fields)
    }

    private func numberByteCount(_ name: String) -> Int? {
        if case .ec = kind {
            // As long as the order of the curve, with leading zeros: OpenSSL writes no other length.
            return (Int(unsafe EVP_PKEY_get_bits(handle)) + 7) / 8
        }
        var count = 0
        defer { OpenSSLError.clearQueue() }
        return unsafe COpenSSL_key_number(handle, name, nil, 0, &count) == 1 && count > 0 ? count : nil
    }

    /// OpenSSL writes the lowest byte first, tokens want the highest.
    private func write(
        _ name: String,
        into bytes: inout MutableSpan<UInt8>,
        at range: Range<Int>
    ) throws(KeyError) {
        var count = 0
        let status = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
            unsafe COpenSSL_key_number(handle, name, bytes.baseAddress! + range.lowerBound, range.count, &count)
        }
        guard status == 1, count == range.count else {
            throw .openSSL(.drainingQueue(after: "take the private key apart"))
        }
        for offset in 0..<range.count / 2 {
            bytes.swapAt(range.lowerBound + offset, range.upperBound - 1 - offset)
        }
    }
}
