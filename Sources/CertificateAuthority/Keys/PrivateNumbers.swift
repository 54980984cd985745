// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import SecretMemory

/// The private numbers of a key, one behind the other in secret memory, each with its highest byte first.
package struct PrivateNumbers: ~Copyable {
    /// What a number is to its key.
    package enum Name: Sendable {
        case privateExponent, prime1, prime2, exponent1, exponent2, coefficient
        /// The one number of an EC key.
        case privateValue
    }

    fileprivate let bytes: SecretBytes
    /// Which part of the bytes is which number.
    package let places: [(name: Name, range: Range<Int>)]

    package consuming func takeBytes() -> SecretBytes { bytes }
}

extension PrivateKey {
    /// The private numbers, straight from OpenSSL into secret memory.
    ///
    /// - Throws: ``KeyError``
    package func privateNumbers() throws(KeyError) -> PrivateNumbers {
        let names: [(PrivateNumbers.Name, String)]
        switch kind {
        case .rsa:
            guard numberByteCount("rsa-factor3") == nil else {
                throw .keyTypeNotAccepted("RSA with more than two primes")
            }
            // Swift does not import the OSSL_PKEY_PARAM names that are put together of two.
            names = [
                (.privateExponent, OSSL_PKEY_PARAM_RSA_D),
                (.prime1, "rsa-factor1"),
                (.prime2, "rsa-factor2"),
                (.exponent1, "rsa-exponent1"),
                (.exponent2, "rsa-exponent2"),
                (.coefficient, "rsa-coefficient1"),
            ]
        case .ec:
            names = [(.privateValue, OSSL_PKEY_PARAM_PRIV_KEY)]
        case .ed25519, .ed448: throw .keyTypeNotAccepted("\(kind)")
        }
        var places: [(name: PrivateNumbers.Name, range: Range<Int>)] = []
        var end = 0
        for (number, name) in names {
            guard let count = numberByteCount(name) else {
                throw .openSSL(.drainingQueue(after: "take the private key apart"))
            }
            places.append((number, end..<end + count))
            end += count
        }
        let bytes = try SecretBytes(count: end) { bytes throws(KeyError) in
            for (index, (_, name)) in names.enumerated() {
                try write(name, into: &bytes, at: places[index].range)
            }
        }
        return PrivateNumbers(bytes: bytes, places: places)
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

    /// OpenSSL writes the lowest byte first.
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
