// SPDX-License-Identifier: Apache-2.0

package import Ristretto255
import Synchronization

/// A policy with the public commitments of every gate: what anyone needs to verify a share.
///
/// Once ``check()`` has passed, it shows that every gate's polynomial has degree exactly t - 1, that every inner gate splits
/// its own share of the gate above, and that no share equals another, the secret, or zero (docs/format.md, section 3.3). It
/// does not show that the dealer gave nothing away.
package struct Sharing<Custodian: Hashable & Sendable>: Sendable {
    package let policy: Policy<Custodian>

    /// The commitments of every gate, by the path of the gate.
    package let commitments: [Path: Commitments]

    private let computed = ComputedShares()

    /// Checks published commitments against the policy and against one another.
    ///
    /// - Parameter commitments: By the path of the gate, the root's under ``Path/root``.
    /// - Throws: ``SecretSharingError``, the first thing that is wrong, in tree order: what the numbers of commitments show
    ///   comes before what their points do.
    package init(
        policy: Policy<Custodian>,
        commitments: [Path: Commitments]
    ) throws(SecretSharingError) {
        try self.init(withoutArithmetic: policy, commitments: commitments)
        try check()
    }

    /// Checks only that every gate has as many commitments as it needs, and that none is O.
    ///
    /// The rest takes seconds when there are many members: for a manifest, it waits until somebody has signed that.
    ///
    /// - Throws: ``SecretSharingError``
    package init(
        withoutArithmetic policy: Policy<Custodian>,
        commitments: [Path: Commitments]
    ) throws(SecretSharingError) {
        for (path, gate) in policy.gates {
            guard let elements = commitments[path]?.elements else {
                throw .unknownGate(path)
            }
            guard elements.count == gate.threshold else {
                throw .wrongCommitmentCount(gate: path, expected: gate.threshold, found: elements.count)
            }
            if let degree = elements.firstIndex(where: \.isIdentity) {
                throw .commitmentIsIdentity(gate: path, degree: degree)
            }
        }
        if let surplus = Set(commitments.keys).subtracting(policy.gates.map(\.path)).min() {
            throw .unknownGate(surplus)
        }
        self.policy = policy
        self.commitments = commitments
    }

    /// Computes X of every member, and checks what is left; only the first time.
    ///
    /// - Throws: ``SecretSharingError``
    package func check() throws(SecretSharingError) {
        _ = try computed.result(computeShares).get()
    }

    /// Whether X of every member was computed.
    package var isComputed: Bool { computed.isThere }

    /// X of every member of every gate, by its path: the generator times the member's share.
    ///
    /// Computed when it is asked for. Nobody has a share in a sharing that ``check()`` refuses.
    package var publicShares: [Path: Element] {
        (try? computed.result(computeShares).get()) ?? [:]
    }

    private func computeShares() throws(SecretSharingError) -> [Path: Element] {
        var publicShares: [Path: Element] = [:]
        var seen: [Element: Path] = [secret: .root]
        for (path, gate) in policy.gates {
            guard let published = commitments[path] else {
                throw .unknownGate(path)
            }
            if let parentShare = publicShares[path], published.secret != parentShare {
                throw .gateDoesNotMatchParent(path)
            }
            for (position, share) in published.publicShares(count: gate.members.count).enumerated() {
                let member = path.member(position + 1)
                publicShares[member] = share
                guard !share.isIdentity else {
                    throw .publicShareIsIdentity(member)
                }
                // The members of a gate with a threshold of 1 hold that gate's own secret, by definition.
                guard gate.threshold > 1 else {
                    continue
                }
                if let other = seen.updateValue(member, forKey: share) {
                    throw other == .root ? .publicShareEqualsSecret(member) : .publicSharesAreEqual(other, member)
                }
            }
        }
        return publicShares
    }

    /// A_0 of the root: the generator times the secret.
    package var secret: Element {
        guard let root = commitments[.root] else {
            preconditionFailure("every gate has commitments")
        }
        return root.secret
    }

    /// X of these members of a gate; those that there are.
    package func publicShares(of members: [ShareIndex], in gate: Path) -> [ShareIndex: Element] {
        let publicShares = publicShares
        return members.reduce(into: [:]) { $0[$1] = publicShares[gate.member(Int($1.value))] }
    }

    /// RFC 9591, Appendix C.2, `vss_verify`: whether the generator times the share equals X at `path`.
    package func matches(_ share: borrowing Scalar, at path: Path) -> Bool {
        publicShares[path] == Element(generatorTimes: share)
    }
}

/// The public shares of one sharing, or why it has none: computed once, however often the sharing is copied.
private final class ComputedShares: Sendable {
    typealias Shares = Result<[Path: Element], SecretSharingError>

    private let known = Mutex<Shares?>(nil)

    /// What was computed before; else what `compute` gives.
    func result(_ compute: () throws(SecretSharingError) -> [Path: Element]) -> Shares {
        known.withLock { known in
            let shares = known ?? Shares(catching: compute)
            known = shares
            return shares
        }
    }

    /// Whether it was computed already.
    var isThere: Bool { known.withLock { $0 != nil } }
}
