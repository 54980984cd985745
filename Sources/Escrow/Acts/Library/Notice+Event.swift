// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
public import Encoding
import KeyStores
public import SystemPackage

extension Notice {
    /// What of a notice other programs see.
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
        /// A document was filed in an escrow.
        case filed(FilePath)
        /// An epoch is there, whatever becomes of the rest.
        case published(PublishedEpoch)
        /// A key is back and proven, whatever becomes of the rest: what was written.
        case restored([String])
        /// What must be read before anybody agrees: a program that shows none of it has people agree to what they do not
        /// know.
        case shown([NoticeLine])
    }

    /// The event; nothing for what only says how far something is.
    public var event: Event? {
        switch fact {
        case .done(.accepted(let name, _)): .accepted(name)
        case .done(.rejected(let rejection)): .rejected(rejection.name, EscrowFailure(rejection.error))
        case .disclosed(.stranger(let name, _)): .stranger(name)
        case .done(.failed(let failure)): .failed(failure)
        case .done(.signed(let path)): .signed(path)
        case .done(.filed(_, let path)), .backup(.joined(_, _, let path)): .filed(path)
        case .backup(.made(let made, let approval)): .published(PublishedEpoch(made, approval))
        case .done(.restored(let done)): .restored(done.places.written)
        default: fact.lines.isEmpty ? nil : .shown(fact.lines)
        }
    }
}
