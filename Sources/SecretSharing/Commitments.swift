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
    /// The first t - 1 by Horner's rule; after them each costs t - 1 additions, by forward differences, since the
    /// points lie at equal distances on a polynomial of degree t - 1.
    package func publicShares(count: Int) -> [Element] {
        let threshold = elements.count
        var shares = (1..<max(threshold, 2)).prefix(count).map { publicShare(at: ShareIndex(memberNumber: UInt16($0))) }
        guard shares.count < count else {
            return shares
        }
        guard threshold > 1 else {
            return [Element](repeating: secret, count: count)
        }
        // The differences of order 0, 1, … at the last point known, from the points 0 … t - 1.
        var differences = [secret] + shares
        for order in 1..<threshold {
            for position in (order..<threshold).reversed() {
                differences[position] = differences[position].subtracting(differences[position - 1])
            }
        }
        // differences[k] is now the k-th difference at point 0; move forward point by point.
        shares = []
        for _ in 0..<count {
            for order in 0..<(threshold - 1) {
                differences[order] = differences[order].adding(differences[order + 1])
            }
            shares.append(differences[0])
        }
        return shares
    }
}
