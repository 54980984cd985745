// SPDX-License-Identifier: Apache-2.0

import Ristretto255
import Testing

@testable import SecretSharing

/// Dealers that cheat, and quorums of every size.
@Suite("Sharings")
struct SharingTests {
    private func deal(_ policy: Policy<String>) -> (sharing: Sharing<String>, shares: DealtShares, secret: String) {
        let secret = Scalar.random()
        let shares = DealtShares()
        let dealing = Dealing(of: secret, under: policy)
        dealing.handOut { path, _, share in shares.keep(share, at: path) }
        return (dealing.sharing, shares, secret.hex)
    }

    private func collect(
        _ people: [String],
        _ sharing: Sharing<String>,
        _ shares: DealtShares
    ) throws -> String {
        var collection = ShareCollection(for: sharing)
        for person in people {
            let path = try #require(sharing.policy.path(of: person))
            if collection.needs(path) {
                try collection.add(shares.share(at: path), at: path)
            }
        }
        return try collection.finish().hex
    }

    static let flatPolicies = (2...7).flatMap { count in (2...min(count, 5)).map { ($0, count) } }

    @Test("every quorum rebuilds the secret and no smaller set does", arguments: flatPolicies)
    func everyQuorum(threshold: Int, count: Int) throws {
        let policy = try Policy.flat(threshold, of: count)
        let (sharing, shares, secret) = deal(policy)
        for people in subsets(of: policy.leaves.map(\.custodian)) {
            if people.count >= threshold {
                #expect(try collect(people.shuffled(), sharing, shares) == secret)
            } else {
                #expect(
                    throws: SecretSharingError.notEnoughShares(gate: .root, found: people.count, needed: threshold)
                ) {
                    try collect(people, sharing, shares)
                }
            }
        }
    }

    @Test("every set of people in a nested policy restores exactly when the policy says so")
    func nested() throws {
        let policy = try Policy.nested()
        let (sharing, shares, secret) = deal(policy)
        for people in subsets(of: policy.leaves.map(\.custodian)) {
            let officers = people.filter { $0.hasPrefix("o") }.count
            let satisfied = officers >= 2 && people.count - officers >= 3
            #expect(policy.isSatisfied(by: Set(people)) == satisfied)
            if satisfied {
                #expect(try collect(people.shuffled(), sharing, shares) == secret)
            } else {
                #expect(throws: SecretSharingError.self) { try collect(people, sharing, shares) }
            }
        }
    }

    @Test("a deputy's gate gives either of two the gate's own secret")
    func deputies() throws {
        let either = try Gate<String>(threshold: 1, members: [.custodian("lea"), .custodian("leo")])
        let policy = try Policy(Gate(threshold: 2, members: [.gate(either), .custodian("sam"), .custodian("sue")]))
        let (sharing, shares, secret) = deal(policy)
        #expect(try collect(["leo", "sue"], sharing, shares) == secret)
        #expect(try collect(["lea", "sam"], sharing, shares) == secret)
        #expect(throws: SecretSharingError.notEnoughShares(gate: .root, found: 1, needed: 2)) {
            try collect(["lea", "leo"], sharing, shares)
        }
    }

    @Test("forward differences agree with Horner's rule", arguments: [(1, 3), (2, 2), (3, 5), (7, 7), (20, 64)])
    func forwardDifferences(threshold: Int, count: Int) throws {
        let commitments = Polynomial(secret: Scalar.random(), threshold: threshold).commitments()
        let expected = try (1...count).map { commitments.publicShare(at: try ShareIndex($0)) }
        #expect(commitments.publicShares(count: count) == expected)
    }

    @Test("a wrong share is named and the collection goes on without it")
    func wrongShare() throws {
        let policy = try Policy.flat(3, of: 5)
        let (sharing, shares, secret) = deal(policy)
        var collection = ShareCollection(for: sharing)
        try collection.add(shares.share(at: Path.root.member(1)), at: Path.root.member(1))
        var error = #expect(throws: SecretSharingError.self) {
            try collection.add(shares.share(at: Path.root.member(3)), at: Path.root.member(2))
        }
        #expect(error == .shareDoesNotMatchCommitments(Path.root.member(2)))
        error = #expect(throws: SecretSharingError.self) {
            try collection.add(shares.share(at: Path.root.member(1)), at: Path.root.member(1))
        }
        #expect(error == .duplicateShare(Path.root.member(1)))
        error = #expect(throws: SecretSharingError.self) {
            try collection.add(shares.share(at: Path.root.member(1)), at: Path.root.member(9))
        }
        #expect(error == .unknownShare(Path.root.member(9)))
        for number in [4, 5] {
            try collection.add(shares.share(at: Path.root.member(number)), at: Path.root.member(number))
        }
        let isComplete = collection.isComplete
        #expect(isComplete)
        #expect(try collection.finish().hex == secret)
    }

    /// A gate of three members with threshold 2, whose dealer chose A_0 and A_1.
    private func published(_ elements: [Element]) throws -> SecretSharingError? {
        let policy = try Policy.flat(2, of: 3)
        return #expect(throws: SecretSharingError.self) {
            try Sharing(policy: policy, commitments: [.root: Commitments(elements)])
        }
    }

    @Test("a dealer whose first share is the secret is refused: X_1 = A_0")
    func firstShareIsTheSecret() throws {
        // f(x) = s + a·x·(x - 1): f(1) = s. Threshold 3 of 4.
        let (secret, a) = (Element(generatorTimes: Scalar.random()), Element(generatorTimes: Scalar.random()))
        let policy = try Policy.flat(3, of: 4)
        #expect(throws: SecretSharingError.publicShareEqualsSecret(Path.root.member(1))) {
            try Sharing(
                policy: policy,
                commitments: [.root: Commitments([secret, Element.identity.subtracting(a), a])]
            )
        }
    }

    @Test("a dealer who gives a share of zero is refused: X_2 = O")
    func zeroShare() throws {
        let a = Element(generatorTimes: Scalar.random())
        let secret = Element.identity.subtracting(a.multiplied(by: PublicScalar(2)))
        #expect(try published([secret, a]) == .publicShareIsIdentity(Path.root.member(2)))
    }

    @Test("a dealer who gives two people one share is refused: X_1 = X_2")
    func equalShares() throws {
        // f(x) = s + a·(x - 1)·(x - 2) = (s + 2a) - 3a·x + a·x²
        let (secret, a) = (Element(generatorTimes: Scalar.random()), Element(generatorTimes: Scalar.random()))
        let policy = try Policy.flat(3, of: 4)
        let elements = [secret, Element.identity.subtracting(a.multiplied(by: PublicScalar(3))), a]
        #expect(throws: SecretSharingError.publicSharesAreEqual(Path.root.member(1), Path.root.member(2))) {
            try Sharing(policy: policy, commitments: [.root: Commitments(elements)])
        }
    }

    @Test("a dealer who lowers the threshold is refused: top commitment O")
    func topCommitment() throws {
        let secret = Element(generatorTimes: Scalar.random())
        #expect(try published([secret, .identity]) == .commitmentIsIdentity(gate: .root, degree: 1))
        #expect(try published([.identity, secret]) == .commitmentIsIdentity(gate: .root, degree: 0))
    }

    @Test("surplus and missing commitments are refused")
    func count() throws {
        let element = Element(generatorTimes: Scalar.random())
        #expect(try published([element]) == .wrongCommitmentCount(gate: .root, expected: 2, found: 1))
        let three = [element, element, element]
        #expect(try published(three) == .wrongCommitmentCount(gate: .root, expected: 2, found: 3))
    }

    @Test("an inner gate that does not match its parent is refused, and so is a gate too many or too few")
    func innerGate() throws {
        let policy = try Policy.nested()
        let (sharing, _, _) = deal(policy)
        let (other, _, _) = deal(policy)
        let inner = Path.root.member(2)
        var commitments = sharing.commitments
        commitments[inner] = other.commitments[inner]
        #expect(throws: SecretSharingError.gateDoesNotMatchParent(inner)) {
            try Sharing(policy: policy, commitments: commitments)
        }
        commitments[inner] = nil
        #expect(throws: SecretSharingError.unknownGate(inner)) {
            try Sharing(policy: policy, commitments: commitments)
        }
        commitments = sharing.commitments
        commitments[Path.root.member(3)] = commitments[inner]
        #expect(throws: SecretSharingError.unknownGate(Path.root.member(3))) {
            try Sharing(policy: policy, commitments: commitments)
        }
    }

    @Test("equal shares in different gates are refused")
    func equalAcrossGates() throws {
        // Both inner gates share f(x) = s' + a·x by the dealer's fault: the root has threshold 2, so X_1 = X_2 there.
        let policy = try Policy.nested()
        let (sharing, _, _) = deal(policy)
        let root = try #require(sharing.commitments[.root])
        let gate = try #require(sharing.commitments[Path.root.member(1)])
        // Two members of gate 2 get the shares of gate 1's members when its higher commitments are gate 1's.
        let shifted = Commitments([
            root.publicShare(at: try ShareIndex(2)),
            gate.elements[1],
            Element(generatorTimes: Scalar.random()),
        ])
        var commitments = sharing.commitments
        commitments[Path.root.member(2)] = shifted
        _ = try Sharing(policy: policy, commitments: commitments)  // no collision: nothing is refused
        let difference = gate.publicShare(at: try ShareIndex(1)).subtracting(shifted.secret)
        commitments[Path.root.member(2)] = Commitments([
            shifted.secret, difference.subtracting(shifted.elements[2]), shifted.elements[2],
        ])
        #expect(
            throws: SecretSharingError.publicSharesAreEqual(
                Path.root.member(1).member(1),
                Path.root.member(2).member(1)
            )
        ) {
            try Sharing(policy: policy, commitments: commitments)
        }
    }
}
