// SPDX-License-Identifier: Apache-2.0

package import Ristretto255
import Synchronization

extension Commitments {
    /// X_1 … X_count.
    ///
    /// Whoever reads back what was written asks for them again, and 501 of 1,000 take seconds: the last ones are
    /// remembered.
    package func publicShares(count: Int) -> [Element] {
        if let known = Self.computed.withLock({ $0[self] }), known.count == count {
            return known
        }
        let shares = computePublicShares(count: count)
        Self.computed.withLock { computed in
            if computed.count >= Self.rememberedCount {
                computed.removeAll()
            }
            computed[self] = shares
        }
        return shares
    }

    private static let computed = Mutex<[Commitments: [Element]]>([:])

    /// How many gates' are remembered at most: each has up to 1,000 of 32 bytes.
    private static let rememberedCount = 16

    /// From the polynomial's differences at 0 (Newton): each point costs t - 1 additions, since they lie at equal distances.
    ///
    /// The k-th difference at 0 is Σ_j (k! × S(j, k)) × A_j, where S are Stirling's numbers of the second kind:
    /// S(j + 1, k) = k × S(j, k) + S(j, k - 1).
    private func computePublicShares(count: Int) -> [Element] {
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
