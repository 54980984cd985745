// SPDX-License-Identifier: Apache-2.0

import Ristretto255
import TestSupport
import Testing

@testable import SecretSharing

/// RFC 9591, Section 4.2, `derive_interpolating_value`, against the formula as it stands there.
@Suite("Interpolating values")
struct InterpolationTests {
    /// The RFC's own loop: numerator and denominator for one index, and one inversion.
    private func value(of index: ShareIndex, in indices: [ShareIndex]) throws -> PublicScalar {
        var numerator = PublicScalar(1)
        var denominator = PublicScalar(1)
        for other in indices where other != index {
            numerator = numerator.multiplied(by: other.scalar)
            denominator = denominator.multiplied(by: other.scalar.subtracting(index.scalar))
        }
        return numerator.multiplied(by: try denominator.inverted())
    }

    @Test("all at once they are what each is by itself", arguments: 0..<30)
    func together(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let all = try (1...ShareIndex.limit).map { try ShareIndex($0) }.shuffled(using: &random)
        let indices = Array(all.prefix(seed == 0 ? 1 : Int.random(in: 1...40, using: &random)))
        let values = ShareIndex.interpolatingValues(of: indices)
        #expect(values.count == indices.count)
        for index in indices {
            #expect(values[index] == (try value(of: index, in: indices)), "\(index.value)")
        }
    }

    @Test("those of the whole range sum up to 1")
    func largest() throws {
        let indices = try (1...ShareIndex.limit).map { try ShareIndex($0) }
        let values = ShareIndex.interpolatingValues(of: indices)
        #expect(values.values.reduce(PublicScalar(0)) { $0.adding($1) } == PublicScalar(1))
    }
}
