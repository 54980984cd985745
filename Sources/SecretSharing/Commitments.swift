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
        var sum = elements[elements.count - 1]
        for element in elements.dropLast().reversed() {
            sum = sum.multiplied(by: index).adding(element)
        }
        return sum
    }

    /// X_1 … X_count.
    ///
    /// The first t - 1 by Horner's rule; after them each costs t - 1 additions, by backward differences, since the
    /// points lie at equal distances on a polynomial of degree t - 1.
    package func publicShares(count: Int) -> [Element] {
        let threshold = elements.count
        guard threshold > 1 else {
            return [Element](repeating: secret, count: count)
        }
        var shares = (1..<threshold).prefix(count).map { publicShare(at: ShareIndex(memberNumber: UInt16($0))) }
        // From the points 0 … t - 1: after round r, differences[t - 1 - r] is the r-th difference that ends at the last.
        var differences = [secret] + shares
        for order in 1..<threshold where shares.count < count {
            for position in 0..<(threshold - order) {
                differences[position] = differences[position + 1].subtracting(differences[position])
            }
        }
        while shares.count < count {
            for position in 1..<threshold {
                differences[position] = differences[position].adding(differences[position - 1])
            }
            shares.append(differences[threshold - 1])
        }
        return shares
    }
}

extension Element {
    /// Index × element.
    ///
    /// A multiplication costs libsodium as much as five additions: an index of two bits is made of these.
    fileprivate func multiplied(by index: ShareIndex) -> Element {
        switch index.value {
        case 1: self
        case 2: adding(self)
        case 3: adding(self).adding(self)
        default: multiplied(by: index.scalar)
        }
    }
}
