// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SecretSharing

/// How few places it takes to restore, or to prevent every restore, when the custodians of a place act as one.
///
/// A place is a site, an organisation or a line of management.
package struct Concentration: Sendable {
    /// A number that was found, or a bound when finding it takes too long.
    package enum Fewest: Equatable, Sendable {
        case exactly(Int)
        case moreThan(Int)
    }

    /// What the places are: `site`.
    package let kind: Kind
    /// Custodians by their place; a place with an empty name is one of its own for each.
    package let places: [(name: String, people: Set<Name>)]
    package let toRestore: Fewest
    package let toBlock: Fewest

    package enum Kind: String, CaseIterable, Sendable {
        case site
        case organisation
        case line

        /// Where somebody or their share is, as the plan has it; nothing when it does not say.
        func places(of person: Plan.Participant, _ media: [Plan.Medium]) -> [String] {
            switch self {
            case .site:
                [person.site] + media.filter { $0.content == .share && $0.holder == person.name }.map(\.site)
            case .organisation: person.organisation.map { [$0] } ?? []
            case .line: person.line.map { [$0] } ?? []
            }
        }

        /// What a place is called.
        package var title: String { self == .line ? "line of management" : rawValue }

        /// What several places are called.
        package var plural: String { self == .line ? "lines of management" : "\(rawValue)s" }
    }

    /// - Parameter media: Those of the plan: a share lies where its medium does.
    /// - Returns: Nothing when no custodian has such a place.
    package init?(_ kind: Kind, of policy: Policy<Name>, among people: [Plan.Participant], media: [Plan.Medium] = []) {
        let custodians = policy.leaves.map(\.custodian)
        let known = Dictionary(people.map { ($0.name, $0) }) { first, _ in first }
        var groups: [String: (shown: String, people: Set<Name>)] = [:]
        var alone: [Set<Name>] = []
        for name in custodians {
            let places = known[name].map { kind.places(of: $0, media) } ?? []
            for place in places {
                groups[Place.folded(place), default: (Place.trimmed(place), [])].people.insert(name)
            }
            if places.isEmpty {
                alone.append([name])
            }
        }
        guard !groups.isEmpty else {
            return nil
        }
        self.kind = kind
        places = groups.sorted { $0.key < $1.key }.map { ($0.value.shown, $0.value.people) } + alone.map { ("", $0) }
        let reach = Reach(of: policy)
        let sets = places.map { reach.people(of: $0.people) }
        toRestore = Self.fewest(of: sets, in: reach) { reach.isSatisfied(by: $0) }
        toBlock = Self.fewest(of: sets, in: reach) { !reach.isSatisfied(by: reach.all.subtracting($0)) }
    }

    /// The smallest number of sets whose union is enough.
    private static func fewest(of sets: [Reach.People], in reach: Reach, isEnough: (Reach.People) -> Bool) -> Fewest {
        var budget = 20_000
        for count in 1...sets.count {
            switch search(sets[...], count, reach.nobody, &budget, isEnough) {
            case true?: return .exactly(count)
            case false?: continue
            case nil: return .moreThan(count - 1)
            }
        }
        preconditionFailure("everybody together is enough")
    }

    /// Whether some `count` of the sets are enough with those chosen; nothing when the budget is spent.
    private static func search(
        _ sets: ArraySlice<Reach.People>,
        _ count: Int,
        _ chosen: Reach.People,
        _ budget: inout Int,
        _ isEnough: (Reach.People) -> Bool
    ) -> Bool? {
        guard count > 0 else {
            budget -= 1
            return budget < 0 ? nil : isEnough(chosen)
        }
        for index in sets.indices where sets.endIndex - index >= count {
            switch search(sets[(index + 1)...], count - 1, chosen.union(sets[index]), &budget, isEnough) {
            case true?: return true
            case nil: return nil
            case false?: continue
            }
        }
        return false
    }
}

/// Words for a place, which people write in more ways than one.
enum Place {
    /// What is compared: without blanks around it, in lower case.
    static func folded(_ text: String) -> String { trimmed(text).lowercased() }

    static func trimmed(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        )
    }
}

/// A policy over numbers in place of names: thousands of sets of people are held against it.
private struct Reach {
    /// Custodians by their place in the policy, a bit each.
    struct People {
        var words: [UInt64]

        func union(_ other: People) -> People { People(words: zip(words, other.words).map { $0 | $1 }) }

        func subtracting(_ other: People) -> People { People(words: zip(words, other.words).map { $0 & ~$1 }) }

        func contains(_ index: Int) -> Bool { words[index / 64] >> UInt64(index % 64) & 1 == 1 }
    }

    private indirect enum Node {
        case leaf(Int)
        case gate(threshold: Int, members: [Node])

        init(_ gate: Gate<Name>, _ indices: [Name: Int]) {
            self = .gate(
                threshold: gate.threshold,
                members: gate.members.map { member in
                    switch member {
                    case .custodian(let name): .leaf(indices[name] ?? 0)
                    case .gate(let gate): Node(gate, indices)
                    }
                }
            )
        }

        func isSatisfied(by people: People) -> Bool {
            switch self {
            case .leaf(let index): people.contains(index)
            case .gate(let threshold, let members): members.count { $0.isSatisfied(by: people) } >= threshold
            }
        }
    }

    private let root: Node
    private let indices: [Name: Int]
    let nobody: People

    init(of policy: Policy<Name>) {
        indices = Dictionary(policy.leaves.enumerated().map { ($1.custodian, $0) }) { first, _ in first }
        root = Node(policy.root, indices)
        nobody = People(words: [UInt64](repeating: 0, count: (policy.leaves.count + 63) / 64))
    }

    var all: People { people(of: Set(indices.keys)) }

    func people(of names: Set<Name>) -> People {
        var found = nobody
        for index in names.compactMap({ indices[$0] }) {
            found.words[index / 64] |= 1 << UInt64(index % 64)
        }
        return found
    }

    func isSatisfied(by people: People) -> Bool { root.isSatisfied(by: people) }
}

extension Concentration.Fewest: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exactly(let count): "\(count)"
        case .moreThan(let count): "\(count + 1) or more"
        }
    }
}
