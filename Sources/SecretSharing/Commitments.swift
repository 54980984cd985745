// SPDX-License-Identifier: Apache-2.0

package import Ristretto255

/// What a dealer publishes for one gate so that anyone can check a share without learning the secret.
package struct Commitments: Hashable, Sendable {
    /// A_0 … A_{t-1}: the generator times each coefficient, constant term first, as many as the threshold.
    package let elements: [Element]

    /// - Precondition: At least one element.
    package init(_ elements: [Element]) {
        precondition(!elements.isEmpty, "a gate has a threshold of at least 1")
        self.elements = elements
    }

    /// A_0: the generator times the gate's secret.
    package var secret: Element { elements[0] }

    /// X_j = Σ jᵏ × A_k: the generator times the share at `index`, by Horner's rule.
    ///
    /// RFC 9591, Appendix C.2, the right side of `vss_verify`.
    package func publicShare(at index: ShareIndex) -> Element {
        let x = index.scalar
        var sum = elements[elements.count - 1]
        for element in elements.dropLast().reversed() {
            sum = sum.multiplied(by: x).adding(element)
        }
        return sum
    }

    /// X_1 … X_count.
    ///
    /// They lie at equal distances on a polynomial of degree t - 1: from its differences at 0 (Newton) each point costs
    /// t - 1 additions. The k-th difference at 0 is Σ_j (k! × S(j, k)) × A_j, where S are Stirling's numbers of the second
    /// kind: S(j + 1, k) = k × S(j, k) + S(j, k - 1).
    package func publicShares(count: Int) -> [Element] {
        var differences = elements
        // k! × S(j, k) for the j of the round and k from 1 on.
        var factors: [PublicScalar] = []
        for (degree, element) in elements.enumerated().dropFirst() {
            factors.append(PublicScalar(0))
            for order in (1...degree).reversed() {
                let below = order > 1 ? factors[order - 2] : PublicScalar(degree == 1 ? 1 : 0)
                factors[order - 1] = factors[order - 1].adding(below).multiplied(by: PublicScalar(UInt64(order)))
            }
            differences[degree] = element.multiplied(byFactor: factors[degree - 1])
            for order in 1..<degree {
                differences[order] = differences[order].adding(element.multiplied(byFactor: factors[order - 1]))
            }
        }
        return (0..<count).map { _ in
            for order in differences.indices.dropLast() {
                differences[order] = differences[order].adding(differences[order + 1])
            }
            return differences[0]
        }
    }
}

extension Element {
    /// Factor × element; a multiplication costs libsodium as much as five additions.
    fileprivate func multiplied(byFactor factor: PublicScalar) -> Element {
        switch factor {
        case PublicScalar(1): self
        case PublicScalar(2): adding(self)
        default: multiplied(by: factor)
        }
    }
}
