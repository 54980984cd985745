// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Escrow
package import Files
package import SystemPackage

/// Why a file is not the plan of a ceremony.
package enum PlanError: Error, Equatable {
    case file(FileError)
    case syntax(JSONSyntaxError)
    /// Everything that is wrong with it, in the order of its lines; at least one thing.
    case faults([PlanFault])
}

extension PlanError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): error.description
        case .syntax(let error): error.description
        case .faults(let faults):
            "\(faults[0])" + (faults.count > 1 ? "; and \(faults.count - 1) more" : "")
        }
    }
}

extension PlanError {
    /// Everything that is wrong, in words, with the error of a file that is behind it; no words where the error says all.
    package var parts: [(words: String, cause: (any Error)?)] {
        switch self {
        case .file(let error): [("", error)]
        case .syntax(let error): [(error.description, nil)]
        case .faults(let faults): faults.map { ($0.description, $0.reason.cause) }
        }
    }

    /// What is said of a file that was to be a plan: what it is, where it is of another kind; nothing where it is JSON, of
    /// which this error says what is wrong in it.
    package func explained(at path: FilePath) -> (any Error)? {
        let plan = RecognisedFile.document(DocumentFormat.plan.kind)
        if case .file(.tooLarge) = self {
            return nil
        }
        guard let found = RecognisedFile(at: path), ![plan, .json, .directory].contains(found) else {
            return nil
        }
        return plan.refusing(path)
    }
}

extension PlanFault.Reason {
    fileprivate var cause: (any Error)? {
        switch self {
        case .file(_, let error): error
        case .card(let error): error
        default: nil
        }
    }
}
