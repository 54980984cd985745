// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// What is expected of something that is compared or done, in the ceremony's words, which name it: once in a step.
package struct Expectation: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// - Parameter text: Any; ``Swift/String/cutToText`` of it is what counts.
    package init(_ text: String) {
        description = text.cutToText
    }

    package static func == (one: Self, other: Self) -> Bool { one.description.isEqual(bytesOf: other.description) }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(Array(description.utf8))
    }

    /// What differs when something went wrong in a step that no expectation of its own is for.
    package static let feasible: Self = "the step can be carried out"

    /// The program that holds the ceremony is the one with this digest.
    static func program(_ planned: SHA256Digest) -> Self { "the program is the plan's, \(planned.short)…" }

    /// A custodian has answered an enrolment challenge.
    static func unsealing(by name: Name) -> Self { "\(name) has shown that they can unseal" }

    /// Those who are there can do what the ceremony is for.
    static let quorum: Self = "enough people are there"

    /// A role is its holder's.
    static func holder(_ name: Name, of role: Role) -> Self { "\(name) is the \(role.title)" }

    /// A medium comes out of the bag that it was put into.
    static func bag(_ number: String, of medium: String) -> Self { "\(medium) in bag \(number)" }

    /// A medium is the one that plan or earlier inventory mean.
    static func serial(_ number: String, of medium: String) -> Self { "\(medium) has the serial number \(number)" }

    /// What was written to a medium is there when it is read.
    static func readBack(_ medium: String) -> Self { "\(medium) was read back" }

    /// The ceremony was opened on a day that the plan names.
    static let onTime: Self = "the ceremony is held on the planned or the standby date"

    /// No copy of the PKCS#12 file stays where it was made.
    static let archiveIsAway: Self = "the PKCS#12 file is off this machine"
}

extension Expectation: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self.init(text)
    }
}

extension String {
    /// What of any text, such as an error's, a document can hold: cut where it is too long.
    var cutToText: String {
        let shown = unicodeScalars.lazy.filter(\.isShown).prefix(TextRule.scalarCounts.upperBound)
        let text = String(String.UnicodeScalarView(shown))
        return TextRule.allows(text) ? text : "-"
    }
}
