// SPDX-License-Identifier: Apache-2.0

/// Nobody answered: there is nobody to ask, or whoever was asked is gone.
public struct Absence: Error, Equatable, Sendable, CustomStringConvertible {
    /// One line: what was asked for, and why nobody answers.
    public let description: String

    /// - Parameter description: One line: what was asked for, and why nobody answers.
    public init(_ description: String) {
        self.description = description
    }
}
