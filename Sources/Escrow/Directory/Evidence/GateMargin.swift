// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SecretSharing

/// How much of a gate can still be lost.
package struct GateMargin: Hashable, Sendable {
    package let path: Path
    package let threshold: Int
    /// Members who are available: custodians, and inner gates that are satisfied.
    package let available: Int
    package let memberCount: Int
    /// How many people may be lost, whoever they are, before the gate is: -1 when it is lost.
    ///
    /// In a gate of custodians that is `available - threshold`. A gate of gates is lost with the people of few of them:
    /// "2 of 2 gates" loses nothing by itself, and has the margin of the weaker one.
    package let margin: Int
}

extension Policy<Name> {
    /// The margin of every gate, in tree order.
    package func margins(of present: Set<Name>) -> [GateMargin] {
        gates.map { path, gate in
            GateMargin(
                path: path,
                threshold: gate.threshold,
                available: gate.members.count { $0.fewestToLose(among: present) > 0 },
                memberCount: gate.members.count,
                margin: gate.fewestToLose(among: present) - 1
            )
        }
    }
}

extension Gate<Name> {
    /// The fewest of these people whose loss leaves the gate below its threshold: 0 when it is there already.
    fileprivate func fewestToLose(among present: Set<Name>) -> Int {
        members.map { $0.fewestToLose(among: present) }.sorted().prefix(members.count - threshold + 1).reduce(0, +)
    }
}

extension Gate<Name>.Member {
    fileprivate func fewestToLose(among present: Set<Name>) -> Int {
        switch self {
        case .custodian(let name): present.contains(name) ? 1 : 0
        case .gate(let gate): gate.fewestToLose(among: present)
        }
    }
}
