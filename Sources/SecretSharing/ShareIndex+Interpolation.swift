// SPDX-License-Identifier: Apache-2.0

package import Ristretto255

extension ShareIndex {
    /// λᵢ = Π xⱼ / (xⱼ − xᵢ) over all j ≠ i, for each of the indices: RFC 9591, Section 4.2,
    /// `derive_interpolating_value`.
    ///
    /// An inversion costs as much as 250 products, so there is one for all: what is inverted is the product of all
    /// denominators, and each is got out of it by the others (Montgomery's trick).
    ///
    /// - Precondition: No index stands there twice.
    package static func interpolatingValues(of indices: [ShareIndex]) -> [ShareIndex: PublicScalar] {
        // λᵢ = (Π xⱼ over all j) / (xᵢ × Π (xⱼ − xᵢ)).
        let numerator = product(of: indices.map { Int64($0.value) })
        let denominators = indices.map { index in
            product(
                of: [Int64(index.value)]
                    + indices.lazy.filter { $0 != index }.map { Int64($0.value) - Int64(index.value) }
            )
        }
        // before[i] is the product of the denominators before the i-th.
        var before: [PublicScalar] = []
        var all = PublicScalar(1)
        for denominator in denominators {
            before.append(all)
            all = all.multiplied(by: denominator)
        }
        var inverse: PublicScalar
        do {
            inverse = try all.inverted()
        } catch {
            preconditionFailure("the indices of a quorum differ from one another: \(error)")
        }
        var values: [ShareIndex: PublicScalar] = [:]
        for (position, index) in indices.enumerated().reversed() {
            values[index] = numerator.multiplied(by: inverse).multiplied(by: before[position])
            inverse = inverse.multiplied(by: denominators[position])
        }
        return values
    }

    /// The product of small numbers, of which as many are multiplied as a machine word holds before the group order is
    /// divided out.
    private static func product(of factors: some Sequence<Int64>) -> PublicScalar {
        var product = PublicScalar(1)
        var word: UInt64 = 1
        var isNegative = false
        for factor in factors {
            isNegative = isNegative != (factor < 0)
            let (next, isTooLarge) = word.multipliedReportingOverflow(by: factor.magnitude)
            if isTooLarge {
                product = product.multiplied(by: PublicScalar(word))
                word = factor.magnitude
            } else {
                word = next
            }
        }
        product = product.multiplied(by: PublicScalar(word))
        return isNegative ? PublicScalar(0).subtracting(product) : product
    }
}
