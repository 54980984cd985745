// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

extension PrivateKey {
    /// Whether all numbers of an RSA key are of one key; `true` of other kinds of keys, which have one secret number.
    ///
    /// *RFC 8017, section 3.2.* OpenSSL signs with the primes and, when that goes wrong, with the exponent: a signature shows only that one of the two
    /// is right, and other programs take the other one. That the primes are primes is left to the signature.
    /// Variable time; the numbers lie in OpenSSL's locked heap.
    package var isConsistent: Bool {
        guard case .rsa = kind else {
            return true
        }
        defer { OpenSSLError.clearQueue() }
        guard let modulus = number(OSSL_PKEY_PARAM_RSA_N), let exponent = number(OSSL_PKEY_PARAM_RSA_D),
            let publicExponent = number(OSSL_PKEY_PARAM_RSA_E)
        else {
            return false
        }
        // Swift does not import the names that are put together of two.
        let (primes, exponents, inverses) = (
            numbers("rsa-factor"), numbers("rsa-exponent"), numbers("rsa-coefficient")
        )
        // With no primes, the exponent is all that there is to sign with.
        guard var product = primes.first else {
            return exponents.isEmpty && inverses.isEmpty
        }
        guard primes.count > 1, exponents.count == primes.count, inverses.count == primes.count - 1 else {
            return false
        }
        for (index, prime) in primes.enumerated() {
            guard let order = prime.predecessor, exponent.times(publicExponent, modulo: order)?.isOne == true,
                exponent.reduced(modulo: order)?.isEqual(to: exponents[index]) == true
            else {
                return false
            }
            guard index > 0 else {
                continue
            }
            // q's inverse is modulo p; that of all primes before it, modulo every further one.
            let (value, inverseOf) = index == 1 ? (prime, primes[0]) : (product, prime)
            guard inverses[index - 1].times(value, modulo: inverseOf)?.isOne == true, let next = product.times(prime)
            else {
                return false
            }
            product = next
        }
        return product.isEqual(to: modulus)
    }

    /// Those of a name with 1, 2, … behind it.
    private func numbers(_ name: String) -> [KeyNumber] {
        var numbers: [KeyNumber] = []
        while numbers.count < Self.primeLimit, let next = number("\(name)\(numbers.count + 1)") {
            numbers.append(next)
        }
        return numbers
    }

    /// OpenSSL has names for as many.
    private static let primeLimit = 10

    private func number(_ name: String) -> KeyNumber? {
        var count = 0
        guard unsafe COpenSSL_key_number(handle, name, nil, 0, &count) == 1, count > 0 else {
            return nil
        }
        let bytes = SecretBytes(count: count) { bytes in
            _ = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
                unsafe COpenSSL_key_number(handle, name, bytes.baseAddress, bytes.count, &count)
            }
        }
        return unsafe bytes.span.withUnsafeBufferPointer { bytes in
            unsafe KeyNumber(owning: BN_lebin2bn(bytes.baseAddress, Int32(bytes.count), BN_secure_new()))
        }
    }
}

/// A number of a key, in OpenSSL's locked heap until its owner lets go; a class, since they stand in arrays.
@safe
private final class KeyNumber {
    private let handle: OpaquePointer  // BIGNUM *, never null

    init?(owning handle: OpaquePointer?) {
        guard let handle = unsafe handle else {
            return nil
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe BN_clear_free(handle)
    }

    var isOne: Bool { unsafe BN_is_one(handle) == 1 }

    func isEqual(to other: KeyNumber) -> Bool { unsafe BN_cmp(handle, other.handle) == 0 }

    /// One less; nothing of 0.
    var predecessor: KeyNumber? {
        guard unsafe BN_is_zero(handle) == 0, let copy = unsafe KeyNumber(owning: BN_dup(handle)),
            unsafe BN_sub_word(copy.handle, 1) == 1
        else {
            return nil
        }
        return copy
    }

    /// Nothing when the modulus is 0.
    func reduced(modulo modulus: KeyNumber) -> KeyNumber? {
        unsafe computed { unsafe BN_nnmod($0, handle, modulus.handle, $1) }
    }

    func times(_ other: KeyNumber) -> KeyNumber? {
        unsafe computed { unsafe BN_mul($0, handle, other.handle, $1) }
    }

    /// Nothing when the modulus is 0.
    func times(_ other: KeyNumber, modulo modulus: KeyNumber) -> KeyNumber? {
        unsafe computed { unsafe BN_mod_mul($0, handle, other.handle, modulus.handle, $1) }
    }

    /// What a function of OpenSSL writes, with a BN_CTX whose numbers lie in the locked heap too.
    private func computed(_ body: (OpaquePointer, OpaquePointer) -> Int32) -> KeyNumber? {
        guard let context = unsafe BN_CTX_secure_new() else {
            return nil
        }
        defer { unsafe BN_CTX_free(context) }
        guard let result = unsafe KeyNumber(owning: BN_secure_new()), unsafe body(result.handle, context) == 1 else {
            return nil
        }
        return result
    }
}
