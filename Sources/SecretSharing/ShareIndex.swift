// SPDX-License-Identifier: Apache-2.0

package import Ristretto255

/// The place of a share on a gate's polynomial: 1 to 1,000, since the secret itself lies at 0.
package struct ShareIndex: Hashable, Sendable {
    /// The highest index: the most members a gate may have.
    package static let limit = 1000

    /// From 1 to ``limit``.
    package let value: UInt16

    /// - Throws: ``SecretSharingError/indexOutOfRange(_:)``
    package init(_ value: Int) throws(SecretSharingError) {
        guard (1...Self.limit).contains(value) else {
            throw .indexOutOfRange(value)
        }
        self.value = UInt16(value)
    }

    /// For member numbers, which a policy has checked.
    init(memberNumber: UInt16) {
        precondition((1...UInt16(Self.limit)).contains(memberNumber), "members are numbered from 1 to 1,000")
        value = memberNumber
    }

    /// The index as a point of evaluation.
    package var scalar: PublicScalar { PublicScalar(UInt64(value)) }
}
