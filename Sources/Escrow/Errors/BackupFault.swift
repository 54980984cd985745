// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority

/// Why an epoch is not made, or not of this key.
package indirect enum BackupFault: Error, Equatable {
    /// Something is missing that only somebody can want.
    case firstEscrowNeeds(path: String, BackupWish)
    case firstEscrowHasItsOccasion
    /// What was wanted of a new epoch, where none is made.
    case noNewEpochIsDue(BackupWish, epoch: Int, has: String)
    /// Nobody was there to go on without them.
    case leavesOut(store: String, LeftOutGenerations)
    case selfCheck(String)
    /// A rehearsal makes a CA of its own only for a first escrow.
    case isThereAlready(path: String)
    case testCAHasNoState
    case testCANotMade(KeyError)
    case rehearsal(path: String)
    case notARehearsal(path: String)
    case keyOfRehearsal(store: String, subject: String)
    case keyOfProduction(store: String, subject: String)
}

/// One of the things that somebody may want.
package enum BackupWish: Equatable, Sendable {
    case policy, officers, people, title, iterationCount, pkcs12, state
}

extension BackupFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .firstEscrowNeeds(let path, _): "\(path): not there yet"
        case .firstEscrowHasItsOccasion: "a first escrow has the occasion '\(Occasion.installation.rawValue)'"
        case .noNewEpochIsDue(_, let epoch, let has): "epoch \(epoch) \(has), and no new one is due"
        case .leavesOut(let store, let left): "\(store): \(left.reasons.joined(separator: "; "))"
        case .selfCheck(let what): "the new escrow does not pass its own check: \(what)"
        case .isThereAlready(let path):
            "\(path): there already: a rehearsal makes a CA of its own only for a first escrow"
        case .testCAHasNoState: "a CA that is made for a rehearsal has no database"
        case .testCANotMade(let error): "\(error)"
        case .rehearsal(let path): "\(path): a rehearsal: its key is a test key"
        case .notARehearsal(let path): "\(path): not a rehearsal: its key is the CA's own"
        case .keyOfRehearsal(let store, let subject):
            "\(store): the key of '\(subject)', a test CA: only for rehearsals"
        case .keyOfProduction(let store, let subject):
            "\(store): the key of '\(subject)', not a test CA: not for a rehearsal"
        }
    }
}
