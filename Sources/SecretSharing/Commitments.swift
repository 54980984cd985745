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
}
