// SPDX-License-Identifier: Apache-2.0

public import Custody
public import SystemPackage

extension Notice {
    /// What of a notice other programs may show; nothing of those that only say how far something is.
    @nonexhaustive public enum Event: Equatable, Sendable {
        /// A custodian's share was taken: their medium may go.
        case accepted(Name)
        /// A share was not taken, and why; somebody else may come.
        case rejected(Name, EscrowFailure)
        /// An officer has signed who is not among those one believes.
        case stranger(Name)
        /// One of several things could not be done.
        case failed(EscrowFailure)
        /// A document was signed.
        case signed(FilePath)
    }

    /// The event, if it is one.
    public var event: Event? {
        switch fact {
        case .accepted(let name, _): .accepted(name)
        case .rejected(let rejection): .rejected(rejection.name, EscrowFailure(rejection.error))
        case .stranger(let name, _): .stranger(name)
        case .failed(let failure): .failed(failure)
        case .signed(let path): .signed(path)
        default: nil
        }
    }
}
