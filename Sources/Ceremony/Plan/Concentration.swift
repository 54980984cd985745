// SPDX-License-Identifier: Apache-2.0

package import Custody
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

        /// Where somebody belongs, or nothing when the plan does not say.
        func place(of person: Plan.Participant) -> String? {
            switch self {
            case .site: person.site
            case .organisation: person.organisation
            case .line: person.line
            }
        }

        /// What a place is called.
        package var title: String { self == .line ? "line of management" : rawValue }

        /// What several places are called.
        package var plural: String { self == .line ? "lines of management" : "\(rawValue)s" }
    }

    /// - Returns: Nothing when no custodian has such a place.
    package init?(_ kind: Kind, of policy: Policy<Name>, among people: [Plan.Participant]) {
        let custodians = Set(policy.leaves.map(\.custodian))
        var groups: [String: Set<Name>] = [:]
        var alone: [Set<Name>] = []
        for name in policy.leaves.map(\.custodian) {
            if let place = people.first(where: { $0.name == name }).flatMap(kind.place) {
                groups[place, default: []].insert(name)
            } else {
                alone.append([name])
            }
        }
        guard !groups.isEmpty else {
            return nil
        }
        self.kind = kind
        places =
            groups.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } + alone.map { ("", $0) }
        let sets = places.map(\.people)
        toRestore = Self.fewest(of: sets) { policy.isSatisfied(by: $0) }
        toBlock = Self.fewest(of: sets) { !policy.isSatisfied(by: custodians.subtracting($0)) }
    }

    /// The smallest number of sets whose union is enough.
    private static func fewest(of sets: [Set<Name>], isEnough: (Set<Name>) -> Bool) -> Fewest {
        var budget = 20_000
        for count in 1...sets.count {
            switch search(sets[...], count, [], &budget, isEnough) {
            case true?: return .exactly(count)
            case false?: continue
            case nil: return .moreThan(count - 1)
            }
        }
        preconditionFailure("everybody together is enough")
    }

    /// Whether some `count` of the sets are enough with those chosen; nothing when the budget is spent.
    private static func search(
        _ sets: ArraySlice<Set<Name>>,
        _ count: Int,
        _ chosen: Set<Name>,
        _ budget: inout Int,
        _ isEnough: (Set<Name>) -> Bool
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

extension Concentration.Fewest: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exactly(let count): "\(count)"
        case .moreThan(let count): "more than \(count)"
        }
    }
}
