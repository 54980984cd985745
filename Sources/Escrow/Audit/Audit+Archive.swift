// SPDX-License-Identifier: Apache-2.0

import Custody
import Ristretto255

extension [Audit] {
    /// Notes commitments that stand under two sets: a dealer has used a secret, or a part of one, twice.
    ///
    /// docs/format.md, section 3.3: a set has a secret of its own. Epochs of one escrow that keep the secret keep the set.
    package mutating func checkForRecurrences() {
        var first: [Ristretto255.Element: (set: SetIdentifier, audit: Int)] = [:]
        for index in indices {
            for (element, set) in self[index].published {
                guard let known = first[element] else {
                    first[element] = (set, index)
                    continue
                }
                if known.set != set {
                    let other = known.audit == index ? "another epoch" : "\(self[known.audit].escrow)"
                    self[index].note(
                        .commitments,
                        "set \(set): a commitment of set \(known.set) in \(other) stands here again"
                    )
                }
            }
        }
    }
}
