// SPDX-License-Identifier: Apache-2.0

/// A gate of a policy, `threshold` of whose members must come together; a member is a custodian or a gate.
package struct Gate<Custodian: Hashable & Sendable>: Hashable, Sendable {
    /// One of those that a gate counts.
    package enum Member: Hashable, Sendable {
        case custodian(Custodian)
        case gate(Gate)
    }

    package let threshold: Int
    package let members: [Member]

    /// - Throws: ``PolicyError/memberCountOutOfRange(_:)``, ``PolicyError/thresholdOutOfRange(threshold:memberCount:)``
    package init(threshold: Int, members: [Member]) throws(PolicyError<Custodian>) {
        guard (2...ShareIndex.limit).contains(members.count) else {
            throw .memberCountOutOfRange(members.count)
        }
        guard (1...members.count).contains(threshold) else {
            throw .thresholdOutOfRange(threshold: threshold, memberCount: members.count)
        }
        self.threshold = threshold
        self.members = members
    }
}

/// Why a tree of gates is not a policy.
package enum PolicyError<Custodian: Hashable & Sendable>: Error, Equatable {
    case memberCountOutOfRange(Int)
    case thresholdOutOfRange(threshold: Int, memberCount: Int)
    case tooDeep(limit: Int)
    case tooManyCustodians(Int, limit: Int)
    case custodianAppearsTwice(Custodian)
    case onePersonAlone(Custodian)
    case rootThresholdTooLow
}

extension PolicyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .memberCountOutOfRange(let count):
            "a gate of \(count) \(count == 1 ? "member" : "members"): it takes 2 to \(ShareIndex.limit)"
        case .thresholdOutOfRange(let threshold, let memberCount):
            "\(threshold) of \(memberCount): the threshold runs from 1 to the number of members"
        case .tooDeep(let limit):
            "more than \(limit) gates one inside the other"
        case .tooManyCustodians(let count, let limit):
            "\(count) custodians: at most \(limit)"
        case .custodianAppearsTwice(let custodian):
            "'\(custodian)' appears twice: one person holds one share"
        case .onePersonAlone(let custodian):
            "one person alone could restore: \(custodian)"
        case .rootThresholdTooLow:
            "a threshold of 1 at the root: any one of its gates alone could restore"
        }
    }
}

/// Who must come together to restore: a tree of gates that no person satisfies alone.
package struct Policy<Custodian: Hashable & Sendable>: Hashable, Sendable {
    package static var custodianLimit: Int { 1000 }

    package let root: Gate<Custodian>

    /// The custodians in tree order, each with the path of their share.
    package let leaves: [(path: Path, custodian: Custodian)]

    /// The gates in tree order, each with its path.
    package let gates: [(path: Path, gate: Gate<Custodian>)]

    private let paths: [Custodian: Path]

    /// - Throws: ``PolicyError``
    package init(_ root: Gate<Custodian>) throws(PolicyError<Custodian>) {
        var leaves: [(path: Path, custodian: Custodian)] = []
        var gates: [(path: Path, gate: Gate<Custodian>)] = []
        try Self.walk(root, at: .root, &leaves, &gates)
        guard leaves.count <= Self.custodianLimit else {
            throw .tooManyCustodians(leaves.count, limit: Self.custodianLimit)
        }
        var paths: [Custodian: Path] = [:]
        for leaf in leaves {
            guard paths.updateValue(leaf.path, forKey: leaf.custodian) == nil else {
                throw .custodianAppearsTwice(leaf.custodian)
            }
        }
        guard root.threshold > 1 else {
            if let alone = root.someoneAlone {
                throw .onePersonAlone(alone)
            }
            throw .rootThresholdTooLow
        }
        self.root = root
        self.leaves = leaves
        self.gates = gates
        self.paths = paths
    }

    /// The path of a custodian's share.
    package func path(of custodian: Custodian) -> Path? { paths[custodian] }

    private static func walk(
        _ gate: Gate<Custodian>,
        at path: Path,
        _ leaves: inout [(path: Path, custodian: Custodian)],
        _ gates: inout [(path: Path, gate: Gate<Custodian>)]
    ) throws(PolicyError<Custodian>) {
        guard path.numbers.count < Path.depthLimit else {
            throw .tooDeep(limit: Path.depthLimit)
        }
        gates.append((path, gate))
        for (position, member) in gate.members.enumerated() {
            switch member {
            case .custodian(let custodian): leaves.append((path.member(position + 1), custodian))
            case .gate(let inner): try walk(inner, at: path.member(position + 1), &leaves, &gates)
            }
        }
    }

    package static func == (left: Policy, right: Policy) -> Bool { left.root == right.root }

    package func hash(into hasher: inout Hasher) { hasher.combine(root) }
}

extension Gate {
    /// A custodian who satisfies this gate without anyone else.
    fileprivate var someoneAlone: Custodian? {
        guard threshold == 1 else {
            return nil
        }
        return members.lazy.compactMap { member -> Custodian? in
            switch member {
            case .custodian(let custodian): custodian
            case .gate(let gate): gate.someoneAlone
            }
        }.first
    }

    /// Whether both ask for the same people in the same gates, in whatever order they are written.
    fileprivate func means(_ other: Gate) -> Bool {
        threshold == other.threshold && members.count == other.members.count
            && members.allSatisfy { member in other.members.contains(where: member.means) }
    }
}

extension Gate.Member {
    fileprivate func means(_ other: Gate.Member) -> Bool {
        switch (self, other) {
        case (.custodian(let mine), .custodian(let theirs)): mine == theirs
        case (.gate(let mine), .gate(let theirs)): mine.means(theirs)
        case (.custodian, .gate), (.gate, .custodian): false
        }
    }
}

extension Policy {
    /// Whether the same quorums restore: nobody stands twice in a policy, so that the order of members is all that two of
    /// one meaning can differ in.
    package func means(_ other: Policy) -> Bool { root.means(other.root) }
}
