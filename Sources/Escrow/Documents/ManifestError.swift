// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SecretSharing

/// Why bytes are not a manifest that can be believed in form.
package indirect enum ManifestError: Error, Equatable {
    case document(DocumentError)
    case certificate(field: String, String)
    case policy(PolicyError<Name>)
    case sharing(SecretSharingError)
    case approval(ApprovalError)
    case people(PeopleError)
    case shares(ShareListError)
}

/// What is wrong with the custodians listed.
package enum PeopleError: Error, Equatable {
    case notThePolicy(extra: Name?, missing: Name?)
    case notOrdered(Name)
    case keyAppearsTwice(Name, Name)
    case sealingKeyNotAcceptable(Name)
}

/// What is wrong with the sealed shares listed.
package enum ShareListError: Error, Equatable {
    case wrongCount(expected: Int, found: Int)
    case wrongPath(position: Int, expected: Path, found: Path)
    case sealedLater(Path, sealedIn: Int, epoch: Int)
}

extension ManifestError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .document(let error): "\(error)"
        case .certificate(let field, let reason): "\(field): \(reason)"
        case .policy(let error): "policy: \(error)"
        case .sharing(let error): "policy: \(error)"
        case .approval(let error): "approval: \(error)"
        case .people(let error): "people: \(error)"
        case .shares(let error): "shares: \(error)"
        }
    }
}

extension PeopleError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notThePolicy(let extra?, _): "'\(extra)' is not a custodian of the policy"
        case .notThePolicy(nil, let missing?): "'\(missing)' of the policy is not listed"
        case .notThePolicy(nil, nil): "not the custodians of the policy"
        case .notOrdered(let name): "'\(name)' is out of order: people are ordered by name"
        case .keyAppearsTwice(let first, let second): "'\(first)' and '\(second)' have one key"
        case .sealingKeyNotAcceptable(let name): "the sealing key of '\(name)' is not acceptable"
        }
    }
}

extension ShareListError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongCount(let expected, let found): "\(found) sealed shares for \(expected) custodians"
        case .wrongPath(let position, let expected, let found):
            "number \(position + 1) has the path '\(found)', where '\(expected)' is expected"
        case .sealedLater(let path, let sealedIn, let epoch):
            "share \(path): sealed in epoch \(sealedIn), which epoch \(epoch) cannot know"
        }
    }
}
