// SPDX-License-Identifier: Apache-2.0

import CSodium
package import SecretMemory

// An allocation of guarded memory costs 33 µs, a multiplication 0.1 µs: sums are made in the memory of their result.
extension Scalar {
    /// Σ coefficients[k] × xᵏ by Horner's rule: one allocation.
    ///
    /// RFC 9591, Appendix C.1.1, `polynomial_evaluate`.
    ///
    /// - Parameter coefficients: Canonical scalars of 32 bytes one after the other, constant term first.
    package init(evaluating coefficients: borrowing SecretBytes, at x: PublicScalar) {
        let terms = coefficients.span
        let count = terms.count / Self.byteCount
        self.init(
            SecretBytes(count: Self.byteCount) { result in
                for degree in (0..<count).reversed() {
                    let start = degree * Self.byteCount
                    result.multiplyScalar(by: x)
                    result.addScalar(terms.extracting(start..<start + Self.byteCount))
                }
            }
        )
    }

    /// self + factor × other: one allocation.
    package func adding(_ other: borrowing Scalar, times factor: PublicScalar) -> Scalar {
        let (left, right) = (bytes.span, other.bytes.span)
        return Scalar(
            SecretBytes(count: Self.byteCount) { result in
                result.addScalar(right)
                result.multiplyScalar(by: factor)
                result.addScalar(left)
            }
        )
    }

    /// factor × self: one allocation.
    package func multiplied(by factor: PublicScalar) -> Scalar {
        let source = bytes.span
        return Scalar(
            SecretBytes(count: Self.byteCount) { result in
                result.addScalar(source)
                result.multiplyScalar(by: factor)
            }
        )
    }
}

/// libsodium's scalar functions read both operands before they write: the result may be one of them.
extension MutableSpan<UInt8> {
    fileprivate mutating func multiplyScalar(by factor: PublicScalar) {
        unsafe withUnsafeMutableBufferPointer { result in
            unsafe crypto_core_ristretto255_scalar_mul(result.baseAddress!, result.baseAddress!, factor.bytes)
        }
    }

    fileprivate mutating func addScalar(_ term: Span<UInt8>) {
        unsafe withUnsafeMutableBufferPointer { result in
            unsafe term.withUnsafeBufferPointer { term in
                unsafe crypto_core_ristretto255_scalar_add(result.baseAddress!, result.baseAddress!, term.baseAddress!)
            }
        }
    }
}
