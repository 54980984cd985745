// SPDX-License-Identifier: Apache-2.0

package import Ristretto255

/// Collects custodians' shares in any order until the policy is satisfied, and rebuilds the secret.
///
/// Nobody knows beforehand whose share will come or turn out to be bad, and each λ depends on the whole quorum: so a
/// checked share waits, in guarded memory of its own, until its gate has as many as its threshold. Then the gate's
/// secret is rebuilt, its shares are erased, and the gate's secret waits in turn as a share of the gate above. No gate
/// ever holds more than its threshold.
package struct ShareCollection<Custodian: Hashable & Sendable>: ~Copyable {
    private let sharing: Sharing<Custodian>
    private var waiting: [Path: WaitingShare] = [:]
    private var finished: Set<Path> = []
    private var secret: Scalar?

    package init(for sharing: Sharing<Custodian>) {
        self.sharing = sharing
        secret = nil
    }

    /// Whether the policy is satisfied.
    package var isComplete: Bool { finished.contains(.root) }

    /// Whether the share at `path` would bring the restore nearer: no gate above it is finished, and it is not here yet.
    package func needs(_ path: Path) -> Bool {
        guard sharing.publicShares[path] != nil, waiting[path] == nil else {
            return false
        }
        var gate = path.gate
        while let current = gate {
            guard !finished.contains(current) else {
                return false
            }
            gate = current.gate
        }
        return true
    }

    /// Checks a share and takes it; rebuilds every gate that it completes.
    ///
    /// - Throws: ``SecretSharingError/unknownShare(_:)``, ``SecretSharingError/duplicateShare(_:)``,
    ///   ``SecretSharingError/shareDoesNotMatchCommitments(_:)``; the collection goes on without that share.
    package mutating func add(_ share: consuming Scalar, at path: Path) throws(SecretSharingError) {
        guard sharing.publicShares[path] != nil, path != .root else {
            throw .unknownShare(path)
        }
        guard sharing.matches(share, at: path) else {
            throw .shareDoesNotMatchCommitments(path)
        }
        guard needs(path) else {
            throw .duplicateShare(path)
        }
        waiting[path] = WaitingShare(share)
        guard var gate = path.gate else {
            return
        }
        while let rebuilt = try rebuild(gate) {
            finished.insert(gate)
            guard let above = gate.gate else {
                secret = consume rebuilt
                return
            }
            waiting[gate] = WaitingShare(rebuilt)
            gate = above
        }
    }

    /// The secret.
    ///
    /// - Throws: ``SecretSharingError/notEnoughShares(gate:found:needed:)``
    package consuming func finish() throws(SecretSharingError) -> Scalar {
        let found = waiting.keys.filter { $0.gate == .root }.count
        let needed = sharing.policy.root.threshold
        guard let secret = secret.take() else {
            throw .notEnoughShares(gate: .root, found: found, needed: needed)
        }
        return secret
    }

    private mutating func rebuild(_ gate: Path) throws(SecretSharingError) -> Scalar? {
        let members = waiting.keys.filter { $0.gate == gate }
        guard let commitments = sharing.commitments[gate], members.count == commitments.elements.count else {
            return nil
        }
        var reconstruction = try Reconstruction(
            of: gate,
            commitments: commitments,
            publicShares: sharing.publicShares(of: members.map(\.index), in: gate)
        )
        for member in members {
            guard let share = waiting.removeValue(forKey: member)?.take() else {
                preconditionFailure("a waiting share is taken once")
            }
            try reconstruction.add(share, at: member.index)
        }
        return try reconstruction.finish()
    }
}

/// A place for one noncopyable share inside a dictionary.
private final class WaitingShare {
    private var share: Scalar?

    init(_ share: consuming Scalar) {
        self.share = consume share
    }

    func take() -> Scalar? { share.take() }
}
