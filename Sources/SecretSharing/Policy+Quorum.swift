// SPDX-License-Identifier: Apache-2.0

/// How many people a policy takes, and who is still needed. Each custodian stands in the tree once, so counts add up.
extension Policy {
    /// The smallest number of people who can restore.
    package var fewestToRestore: Int { root.fewestToRestore }

    /// The smallest number of people who can prevent every restore, by staying away.
    package var fewestToBlock: Int { root.fewestToBlock }

    /// Whether these people can restore.
    package func isSatisfied(by present: Set<Custodian>) -> Bool { root.more(than: present).count == 0 }

    /// The fewest people who must come besides those present, and all who could be among them, in tree order.
    package func needed(besides present: Set<Custodian>) -> (count: Int, candidates: [Custodian]) {
        let (count, candidates) = root.more(than: present)
        return (count, count == 0 ? [] : candidates)
    }
}

extension Gate {
    fileprivate var fewestToRestore: Int { fewest(threshold, of: \.fewestToRestore) }

    fileprivate var fewestToBlock: Int { fewest(members.count - threshold + 1, of: \.fewestToBlock) }

    /// The people that so many members take, those that take the fewest.
    private func fewest(_ count: Int, of people: (Gate) -> Int) -> Int {
        members.map { member in
            switch member {
            case .custodian: 1
            case .gate(let gate): people(gate)
            }
        }.sorted().prefix(count).reduce(0, +)
    }

    /// The fewest more people that this gate needs, and everyone absent who could be one of them.
    fileprivate func more(than present: Set<Custodian>) -> (count: Int, candidates: [Custodian]) {
        let states = members.map { member -> (count: Int, candidates: [Custodian]) in
            switch member {
            case .custodian(let custodian): present.contains(custodian) ? (0, []) : (1, [custodian])
            case .gate(let gate): gate.more(than: present)
            }
        }
        let count = states.map(\.count).sorted().prefix(threshold).reduce(0, +)
        return (count, count == 0 ? [] : states.flatMap(\.candidates))
    }
}
