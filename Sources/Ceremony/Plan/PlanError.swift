// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Escrow
package import Files
package import SystemPackage

/// Why a file is not the plan of a ceremony.
package enum PlanError: Error, Equatable {
    case file(FileError)
    case syntax(JSONSyntaxError)
    /// What stands in a field.
    case document(DocumentError)
    case policy(field: String, PolicyTextError)
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
}

extension PlanError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): error.description
        case .syntax(let error): error.description
        case .document(let error): error.description
        case .policy(let field, let error): "\(field): \(error)"
        case .twice(let field, let what): "\(field): \(what.quoted) stands there twice"
        case .nobody(let role): "people: no \(role.title)"
        case .several(let role, let names):
            "people: one \(role.title) is needed: \(names.map(\.description).joined(separator: ", "))"
        case .store(let kind, let isGiven):
            isGiven
                ? "escrow.store: a \(kind.rawValue) has none" : "escrow.store: missing: a \(kind.rawValue) needs one"
        case .occasion: "escrow.occasion: only a backup with a store has one"
        case .standbyNotLater: "standby: not later than date"
        case .inventory(let kind): "inventory: a \(kind.rawValue) has no earlier one"
        case .tooMany(let field, let count, let limit): "\(field): \(count) of them: at most \(limit)"
        }
    }
}

extension PlanError {
    /// What is said of a file that was to be a plan: what it is, where it is of another kind; nothing where it is JSON, of
    /// which this error says what is wrong in it.
    package func explained(at path: FilePath) -> (any Error)? {
        let plan = RecognisedFile.document(DocumentFormat.plan.kind)
        guard let found = RecognisedFile(at: path), ![plan, .json, .directory].contains(found) else {
            return nil
        }
        return plan.refusing(path)
    }
}
