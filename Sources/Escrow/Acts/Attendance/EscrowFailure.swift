// SPDX-License-Identifier: Apache-2.0

package import SystemPackage

/// Why something could not be done, and what people call the place in which a parcel was laid out for it.
public struct EscrowFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package let fact: EscrowError
    package let laidOut: LaidOut?

    /// A parcel's escrow in a temporary place, which tells nobody anything.
    package struct LaidOut: Equatable, Sendable {
        package let place: FilePath
        /// What people call it.
        package let shown: String
    }

    /// One line, with the file and the person that it is about.
    public var description: String { "\(fact)".harmless }

    package init(_ fact: EscrowError, laidOut: LaidOut? = nil) {
        self.fact = fact
        self.laidOut = laidOut
    }
}
