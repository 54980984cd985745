// SPDX-License-Identifier: Apache-2.0

import CSodium
import SecretMemory

/// A sum of secret scalars, each times a public factor, made in one place: a new place for each term would cost more than
/// all the arithmetic.
package struct ScalarSum: ~Copyable {
    /// The sum, and behind it room for the term that is being added: 32 bytes each.
    private var bytes = SecretBytes(count: 2 * Scalar.byteCount) { _ in }

    /// 0.
    package init() {}

    /// Adds factor × term.
    package mutating func add(_ term: borrowing Scalar, times factor: PublicScalar) {
        let term = term.bytes.span
        bytes.update { bytes in
            for index in term.indices {
                bytes[Scalar.byteCount + index] = term[index]
            }
            unsafe bytes.withUnsafeMutableBufferPointer { bytes in
                let sum = bytes.baseAddress!
                let product = unsafe sum + Scalar.byteCount
                // Both operands are read before the result is written, which may be one of them.
                unsafe crypto_core_ristretto255_scalar_mul(product, product, factor.bytes)
                unsafe crypto_core_ristretto255_scalar_add(sum, sum, product)
            }
        }
    }

    /// The sum.
    package consuming func finish() -> Scalar {
        Scalar(SecretBytes(copying: bytes.span.extracting(0..<Scalar.byteCount)))
    }
}
