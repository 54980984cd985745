// SPDX-License-Identifier: Apache-2.0

/// Why a secret cannot be split, why published commitments are refused, or why shares do not rebuild the secret.
///
/// Every case carries the facts and none carries a secret.
package enum SecretSharingError: Error, Equatable {
    case indexOutOfRange(Int)
    case wrongCommitmentCount(gate: Path, expected: Int, found: Int)
    case commitmentIsIdentity(gate: Path, degree: Int)
    case publicShareIsIdentity(Path)
    case publicShareEqualsSecret(Path)
    case publicSharesAreEqual(Path, Path)
    case gateDoesNotMatchParent(Path)
    case unknownGate(Path)
    case unknownShare(Path)
    case duplicateShare(Path)
    case shareDoesNotMatchCommitments(Path)
    case notEnoughShares(gate: Path, found: Int, needed: Int)
    case secretDoesNotMatchCommitments(gate: Path)
}

extension SecretSharingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .indexOutOfRange(let index):
            "share index \(index): indices run from 1 to \(ShareIndex.limit)"
        case .wrongCommitmentCount(let gate, let expected, let found):
            "\(Self.name(gate)): \(found) commitments: a threshold of \(expected) has exactly \(expected)"
        case .commitmentIsIdentity(let gate, let degree):
            "\(Self.name(gate)): commitment \(degree) is the identity: the threshold is lower than it says"
        case .publicShareIsIdentity(let path):
            "share \(path): its commitment is the identity: the share is zero"
        case .publicShareEqualsSecret(let path):
            "share \(path): equals the secret itself: who holds it needs nobody else"
        case .publicSharesAreEqual(let first, let second):
            "shares \(first) and \(second) are the same: two people hold one share"
        case .gateDoesNotMatchParent(let gate):
            "\(Self.name(gate)): its first commitment is not its share of the gate above"
        case .unknownGate(let gate):
            "\(Self.name(gate)): no such gate in the policy"
        case .unknownShare(let path):
            "share \(path): no such share in the policy"
        case .duplicateShare(let path):
            "share \(path): given twice"
        case .shareDoesNotMatchCommitments(let path):
            "share \(path): does not match the commitments: it was altered, or sealed for another epoch"
        case .notEnoughShares(let gate, let found, let needed):
            "\(Self.name(gate)): \(found) of \(needed) shares: \(needed - found) more needed"
        case .secretDoesNotMatchCommitments(let gate):
            "\(Self.name(gate)): the shares agree with one another but not with the commitment to the secret"
        }
    }

    private static func name(_ gate: Path) -> String {
        gate == .root ? "the root gate" : "gate \(gate)"
    }
}
