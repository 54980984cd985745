// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
package import SecretSharing

/// What keeps a manifest from following the epochs before it, whoever has signed it: docs/format.md, section 5.2.
package indirect enum SuccessionFault: Error, Equatable {
    /// S1: a name that an officer of an earlier epoch had, with another key.
    case officerKey(Name, here: SigningKey, before: SigningKey, epoch: Int)
    /// S1: one name for an officer and a custodian, with two signing keys.
    case twoKeys(Name)
    /// S2: other keys of a custodian, not signed with those that they had.
    case notSignedByCustodian(Name)
    /// S3: an epoch that keeps the set, and changes what stays with it.
    case keptSet(Part)
    /// S3: nothing, or more than one thing, is another.
    case changes([String])
    /// S3: a share that is carried although its custodian's card is another, or sealed anew although it is the same.
    case share(Name)
    /// S4: what an earlier epoch had, and no later one may have again.
    case returned(Part, epoch: Int)
    /// S4: a share of a new set that says it was sealed in an earlier epoch.
    case sealedEarlier(Path, epoch: Int)
    /// S4: another certification authority.
    case anotherCA(before: String)
    /// S3 and S4: a test key's escrow never becomes the CA's, nor the other way round.
    case rehearsal(isRehearsal: Bool)
    /// Nothing follows an epoch that retires the escrow.
    case afterRetirement

    /// What an epoch has of its own, or carries on.
    package enum Part: String, Sendable {
        case secret, policy, commitments, people, certificates, state, title, set
        case keyFile = "key file"
    }
}

extension SuccessionFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .officerKey(let name, let here, let before, let epoch):
            "officer \(name) has the key \(here.fingerprint), and had \(before.fingerprint) in epoch \(epoch): "
                + "a new key needs a new name"
        case .twoKeys(let name): "\(name) is an officer and a custodian with two different signing keys"
        case .notSignedByCustodian(let name):
            "\(name)'s card is a different one, and \(name) has not signed it with the old key"
        case .keptSet(let part): "the set stays, and its \(part.rawValue) is another"
        case .changes([]): "the set stays, and nothing else is another either"
        case .changes(let what): "the set stays, and more than one thing is another: \(what.joined(separator: ", "))"
        case .share(let name): "\(name)'s card and share do not change together"
        case .returned(let part, let epoch): "its \(part.rawValue) is that of epoch \(epoch): a new set has its own"
        case .sealedEarlier(let path, let epoch):
            "a new set, and share \(path) says that it was sealed in epoch \(epoch)"
        case .anotherCA(let before): "the escrow of another CA than before: '\(before)'"
        case .rehearsal(let isRehearsal):
            isRehearsal
                ? "a rehearsal, although the epoch before is not one"
                : "not a rehearsal, although the epoch before is one"
        case .afterRetirement: "it follows an epoch that retires the escrow"
        }
    }
}
