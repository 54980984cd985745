// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding

/// Why a ceremony stops, or one of its people has to try again.
package indirect enum CeremonyError: Error, Equatable {
    /// Somebody stopped it, or there is no more input; what is done is written down.
    case interrupted(step: Int, title: String)
    /// The administrator has ended it, and its record is closed.
    case abandoned(step: Int)
    /// A line that could not be read again: nothing was written.
    case unreadable(line: Int, DocumentError)
    case notIdentity(path: String, of: Name)
    case notOnCard(path: String, of: Name)
    case notMadeWithKey(path: String, of: Name)
    case signature(path: String, SignatureError)
    case notAnOfficer(path: String, Name, plan: String)
    case planHasErrors(path: String)
}

extension CeremonyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .interrupted(let step, let title):
            "step \(step), '\(title)': interrupted; what is done is written down"
        case .notAnOfficer(let path, let name, let plan): "\(path): \(name) is not an officer of \(plan)"
        case .planHasErrors(let path): "\(path): a plan with errors is not signed"
        case .abandoned(let step): "abandoned at step \(step); the record is closed"
        case .unreadable(let line, let error): "line \(line): cannot be written down: \(error)"
        case .notIdentity(let path, let name): "\(path): not the identity of \(name)"
        case .notOnCard(let path, let name): "\(path): not the key on \(name)'s card"
        case .notMadeWithKey(let path, let name): "\(path): not made with \(name)'s key"
        case .signature(let path, let error): "\(path): \(error)"
        }
    }
}
