// SPDX-License-Identifier: Apache-2.0

package import Ristretto255

/// A secret split under a policy: the public commitments at once, the shares one at a time.
///
/// RFC 9591, Appendix C.1 and C.2, once for each gate: an inner gate's secret is its share of the gate above. The
/// commitments come first because what a share is sealed with depends on all of them.
package struct Dealing<Custodian: Hashable & Sendable>: ~Copyable {
    /// What is published, checked as a reader would check it.
    package let sharing: Sharing<Custodian>

    private let polynomials: [Path: HeldPolynomial]

    /// Splits a secret.
    package init(of secret: borrowing Scalar, under policy: Policy<Custodian>) {
        var polynomials: [Path: HeldPolynomial] = [:]
        var commitments: [Path: Commitments] = [:]
        // Tree order: a gate comes before the gates inside it.
        for (path, gate) in policy.gates {
            let polynomial: Polynomial
            if let above = path.gate {
                guard let parent = polynomials[above] else {
                    preconditionFailure("a gate comes after the gate above it")
                }
                polynomial = Polynomial(secret: parent.share(at: path.index), threshold: gate.threshold)
            } else {
                polynomial = Polynomial(secret: secret, threshold: gate.threshold)
            }
            commitments[path] = polynomial.commitments()
            polynomials[path] = HeldPolynomial(polynomial)
        }
        do {
            sharing = try Sharing(policy: policy, commitments: commitments)
        } catch {
            preconditionFailure("what was dealt passes the reader's checks: \(error)")
        }
        self.polynomials = polynomials
    }

    /// Hands out each custodian's share, lent, in tree order: only one is open at a time.
    ///
    /// - Throws: What `hand` throws.
    package func handOut<Failure: Error>(
        _ hand: (_ path: Path, _ custodian: Custodian, _ share: borrowing Scalar) throws(Failure) -> Void
    ) throws(Failure) {
        for (path, custodian) in sharing.policy.leaves {
            guard let gate = path.gate, let polynomial = polynomials[gate] else {
                preconditionFailure("every custodian is a member of a gate")
            }
            try hand(path, custodian, polynomial.share(at: path.index))
        }
    }
}

/// A place for one noncopyable polynomial inside a dictionary.
private final class HeldPolynomial {
    private let polynomial: Polynomial

    init(_ polynomial: consuming Polynomial) {
        self.polynomial = polynomial
    }

    func share(at index: ShareIndex) -> Scalar { polynomial.share(at: index) }
}
