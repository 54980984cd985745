// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Escrow
package import Files

/// Why a file is not the plan of a ceremony.
package enum PlanError: Error, Equatable {
    case file(FileError)
    case syntax(line: Int, column: Int, String)
    case zeroCharacter
    /// What stands in a field.
    case document(DocumentError)
    case policy(field: String, PolicyTextError)
    case twice(field: String, String)
    case nobody(role: Role)
    case several(role: Role, [Name])
    /// A backup and a restore have a store; a drill has none.
    case store(Plan.Kind, isGiven: Bool)
    case standbyNotLater
}

extension PlanError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): error.description
        case .syntax(let line, let column, let reason): "line \(line), column \(column): not TOML: \(reason)"
        case .zeroCharacter: "a zero character in it, or the escape for one"
        case .document(let error): error.description
        case .policy(let field, let error): "\(field): \(error)"
        case .twice(let field, let what): "\(field): '\(what)' stands there twice"
        case .nobody(let role): "people: no \(role.title)"
        case .several(let role, let names):
            "people: one \(role.title) is needed: \(names.map(\.description).joined(separator: ", "))"
        case .store(let kind, let isGiven):
            isGiven ? "escrow.store: a \(kind.rawValue) has none" : "escrow.store: missing: a \(kind.rawValue) needs one"
        case .standbyNotLater: "standby: not later than date"
        }
    }
}
