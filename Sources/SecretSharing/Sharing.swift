// SPDX-License-Identifier: Apache-2.0

package import Ristretto255

/// A policy with the public commitments of every gate, checked: what anyone needs to verify a share.
///
/// A value of this type shows that every gate's polynomial has degree exactly t - 1, that every inner gate splits its
/// own share of the gate above, and that no share equals another, the secret, or zero (docs/format.md, section 3.3). It does
/// not show that the dealer gave nothing away.
package struct Sharing<Custodian: Hashable & Sendable>: Sendable {
    package let policy: Policy<Custodian>

    /// The commitments of every gate, by the path of the gate.
    package let commitments: [Path: Commitments]

    /// X of every member of every gate, by its path: the generator times the member's share.
    package let publicShares: [Path: Element]

    /// Checks published commitments against the policy and against one another.
    ///
    /// - Parameter commitments: By the path of the gate, the root's under ``Path/root``.
    /// - Throws: ``SecretSharingError``, the first thing that is wrong, in tree order.
    package init(
        policy: Policy<Custodian>,
        commitments: [Path: Commitments]
    ) throws(SecretSharingError) {
        var publicShares: [Path: Element] = [:]
        var seen: [Element: Path] = [:]
        for (path, gate) in policy.gates {
            guard let published = commitments[path] else {
                throw .unknownGate(path)
            }
            try Self.check(published, of: gate, at: path, parentShare: publicShares[path])
            if path == .root {
                seen[published.secret] = .root
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
        if let surplus = Set(commitments.keys).subtracting(policy.gates.map(\.path)).min() {
            throw .unknownGate(surplus)
        }
        self.policy = policy
        self.commitments = commitments
        self.publicShares = publicShares
    }

    private static func check(
        _ commitments: Commitments,
        of gate: Gate<Custodian>,
        at path: Path,
        parentShare: Element?
    ) throws(SecretSharingError) {
        guard commitments.elements.count == gate.threshold else {
            throw .wrongCommitmentCount(gate: path, expected: gate.threshold, found: commitments.elements.count)
        }
        if let degree = commitments.elements.firstIndex(where: \.isIdentity) {
            throw .commitmentIsIdentity(gate: path, degree: degree)
        }
        if let parentShare, commitments.secret != parentShare {
            throw .gateDoesNotMatchParent(path)
        }
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
        var found: [ShareIndex: Element] = [:]
        for index in members {
            found[index] = publicShares[gate.member(Int(index.value))]
        }
        return found
    }

    /// RFC 9591, Appendix C.2, `vss_verify`: whether the generator times the share equals X at `path`.
    package func matches(_ share: borrowing Scalar, at path: Path) -> Bool {
        publicShares[path] == Element(generatorTimes: share)
    }
}
