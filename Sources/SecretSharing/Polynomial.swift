// SPDX-License-Identifier: Apache-2.0

package import Ristretto255
import SecretMemory

/// A gate's secret as the constant term of a random polynomial.
///
/// RFC 9591, Appendix C.1, `secret_share_shard`. Shares are made one at a time, so that a caller seals each before the
/// next exists.
package struct Polynomial: ~Copyable {
    /// The coefficients, constant term first: threshold × 32 bytes.
    private let coefficients: SecretBytes
    private let threshold: Int

    /// Draws the higher coefficients at random.
    ///
    /// - Precondition: `threshold` is at least 1.
    package init(secret: borrowing Scalar, threshold: Int) {
        self.init(secret: secret, threshold: threshold) { _ in Scalar.random() }
    }

    /// Takes the higher coefficients from `coefficient`, which test vectors need.
    init(secret: borrowing Scalar, threshold: Int, coefficient: (_ degree: Int) -> Scalar) {
        precondition(threshold >= 1, "a gate has a threshold of at least 1")
        self.threshold = threshold
        let secret = secret.bytes.span
        coefficients = SecretBytes(count: threshold * Scalar.byteCount) { bytes in
            bytes.put(secret)
            for degree in 1..<max(threshold, 1) {
                let drawn = coefficient(degree)
                bytes.put(drawn.bytes.span, at: degree * Scalar.byteCount)
            }
        }
    }

    /// RFC 9591, Appendix C.1.1, `polynomial_evaluate`, by Horner's rule.
    package func share(at index: ShareIndex) -> Scalar {
        Scalar(evaluating: coefficients, at: index.scalar)
    }

    /// RFC 9591, Appendix C.2, `vss_commit`.
    package func commitments() -> Commitments {
        Commitments((0..<threshold).map { Element(generatorTimes: coefficient($0)) })
    }

    private func coefficient(_ degree: Int) -> Scalar {
        let start = degree * Scalar.byteCount
        do {
            return try Scalar(canonical: coefficients.span.extracting(start..<start + Scalar.byteCount))
        } catch {
            preconditionFailure("only canonical scalars are stored: \(error)")
        }
    }
}
