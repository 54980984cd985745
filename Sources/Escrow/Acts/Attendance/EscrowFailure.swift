// SPDX-License-Identifier: Apache-2.0

/// Why something could not be done.
public struct EscrowFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package let fact: EscrowError

    /// One line, with the file and the person that it is about.
    public var description: String { "\(fact)".harmless }

    package init(_ fact: EscrowError) {
        self.fact = fact
    }
}
