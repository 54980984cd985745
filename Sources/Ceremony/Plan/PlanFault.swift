// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
package import Escrow
package import Files

/// One thing that keeps a file from being the plan of a ceremony, and where.
package struct PlanFault: Equatable, Sendable {
    package enum Reason: Equatable, Sendable {
        /// What stands in a field.
        case document(DocumentError)
        case policy(field: String, PolicyTextError)
        /// Who approves cannot be those.
        case approval(ApprovalError)
        case twice(field: String, String)
        case nobody(role: Role)
        case several(role: Role, [Name])
        /// A backup and a restore have a store; a drill has none.
        case store(Plan.Kind, isGiven: Bool)
        /// Only a backup of a store's key makes a new epoch.
        case occasion
        case standbyNotLater
        /// Only where media come back is there an earlier inventory.
        case inventory(Plan.Kind)
        /// So many members that nobody reviews them.
        case tooMany(field: String, count: Int, limit: Int)
        /// A file that a member names cannot be read.
        case file(field: String, FileError)
        case card(EscrowError)
        case certificate(CertificateError)
        case earlier(EarlierInventoryError)
    }

    package let reason: Reason
    /// Whom or what it is about, in words: `custodian 9, bob`; empty when it is the plan itself.
    package let subject: String
    /// From 1; nothing when the plan was read without its lines.
    package let line: Int?

    /// - Parameter subject: Empty for the plan itself.
    init(_ reason: Reason, of subject: String = "", line: Int? = nil) {
        self.reason = reason
        self.subject = subject
        self.line = line
    }

    /// What stands before the reason: `line 92: custodian 9, bob: `.
    package var place: String {
        (line.map { "line \($0): " } ?? "") + (subject.isEmpty ? "" : "\(subject): ")
    }
}

extension PlanFault: CustomStringConvertible {
    package var description: String { place + reason.description }
}

extension PlanFault.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .document(let error): error.description
        case .policy(let field, let error): "\(field): \(error)"
        case .approval(let error): "escrow.\(error)"
        case .twice(let field, let what): "\(field): \(what.inQuotes) stands there twice"
        case .nobody(let role): "people: no \(role.title)"
        case .several(let role, let names):
            "people: one \(role.title) is needed: \(names.listed)"
        case .store(let kind, let isGiven):
            isGiven
                ? "escrow.store: a \(kind.rawValue) has none" : "escrow.store: missing: a \(kind.rawValue) needs one"
        case .occasion: "escrow.occasion: only a backup with a store has one"
        case .standbyNotLater: "standby: not later than date"
        case .inventory(let kind): "inventory: a \(kind.rawValue) has no earlier one"
        case .tooMany(let field, let count, let limit): "\(field): \(count) of them: at most \(limit)"
        case .file(let field, let error): "\(field): \(error)"
        case .card(let error): "card: \(error)"
        case .certificate(let error): "ca.certificate: \(error)"
        case .earlier(let error): "inventory: \(error)"
        }
    }
}

/// Everything that is wrong with a plan, as it is found.
final class PlanFaults {
    private(set) var all: [PlanFault] = []
    /// Where each of them is in the plan, such as `people[2].site`.
    private var paths: [String] = []
    private let places: JSONPlaces

    init(in places: JSONPlaces) {
        self.places = places
    }

    var isEmpty: Bool { all.isEmpty }

    /// - Parameters:
    ///   - path: Where it is in the plan, for its line.
    ///   - subject: Whom or what it is about, in words.
    func note(_ reason: PlanFault.Reason, at path: String, of subject: String = "") {
        all.append(PlanFault(reason, of: subject, line: line(of: path)))
        paths.append(path)
    }

    /// What is wrong with one member, or with an item of it; without its line.
    func first(at path: String) -> PlanFault? {
        zip(paths, all).first { $0.0 == path || $0.0.hasPrefix(bytesOf: "\(path)[") }
            .map { PlanFault($0.1.reason, of: $0.1.subject) }
    }

    /// From 1.
    func line(of path: String) -> Int { places.line(of: path) }

    /// Those of the plan's lines in their order, as far as these are known.
    var inOrder: [PlanFault] {
        all.enumerated().sorted { ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset) }
            .map(\.element)
    }
}
