// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// What is wrong with a plan, or unwise.
package struct PlanFinding: Hashable, Sendable {
    package enum Severity: String, Sendable {
        /// The ceremony cannot be held so.
        case error
        /// It can, and somebody should know.
        case warning
    }

    package let severity: Severity
    /// A word for programs, such as `conflicting-roles`.
    package let code: String
    package let text: String
    /// What in the plan it is about, where that has a line.
    var place: Place?

    enum Place: Hashable, Sendable {
        /// The text begins with the name.
        case person(Name)
        case member(String)
    }

    /// As `ceremony check` says it.
    package var words: String { "\(severity.rawValue): \(code): \(text)" }

    static func error(_ code: String, _ text: String, at place: Place? = nil) -> PlanFinding {
        PlanFinding(severity: .error, code: code, text: text, place: place)
    }

    /// An error about somebody, whose name stands before what is said.
    static func error(_ code: String, _ name: Name, _ text: String) -> PlanFinding {
        .error(code, "\(name): \(text)", at: .person(name))
    }

    static func warning(_ code: String, _ text: String) -> PlanFinding {
        PlanFinding(severity: .warning, code: code, text: text)
    }

    /// As a member of `ceremony check --json`.
    package var json: JSONValue {
        .object(["code": .string(code), "severity": .string(severity.rawValue), "text": .string(text.printable)])
    }
}

extension [PlanFinding] {
    mutating func warn(_ code: String, _ text: String) { append(.warning(code, text)) }
}
