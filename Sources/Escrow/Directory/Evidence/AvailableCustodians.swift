// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import SecretSharing

// Who can be counted on: suspended custodians lower every margin. docs/format.md, section 5.12.
extension Evidence {
    /// Why a custodian does not count: the newest suspension that counts.
    package func suspension(of name: Name) -> Filed<Suspension>? {
        epoch.manifest.person(named: name).flatMap { standingSuspensions.of($0).last?.filed }
    }

    /// Custodians who are suspended, in the order of people.
    package var suspended: [Name] { epoch.manifest.people.map(\.name).filter { suspension(of: $0) != nil } }

    /// Custodians who can be counted on.
    package var available: Set<Name> { Set(epoch.manifest.people.map(\.name)).subtracting(suspended) }

    /// How many members each gate has beyond its threshold, when these people come.
    package func margins(of present: Set<Name>) -> [GateMargin] { epoch.manifest.policy.margins(of: present) }
}
