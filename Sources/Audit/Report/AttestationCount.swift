// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Escrow

/// What people said at the end of a ceremony, counted.
package struct AttestationCount: Hashable, Sendable {
    /// Who agreed that it went as the sheet says.
    package let agreed: Int
    /// Who did not.
    package let disagreed: Int
    /// Who added something, whether they agreed or not.
    package let added: Int
    /// Who said nothing.
    package let missing: Int

    /// Takes the numbers of people.
    package init(agreed: Int, disagreed: Int, added: Int, missing: Int) {
        self.agreed = agreed
        self.disagreed = disagreed
        self.added = added
        self.missing = missing
    }

    /// For people.
    package var text: String {
        "\(agreed) agree, \(disagreed) do not; \(added) added something; \(missing) did not attest"
    }

    /// The members of `attested` in reports.
    package var json: JSONValue {
        .object([
            "added": .integer(UInt64(added)), "agreed": .integer(UInt64(agreed)),
            "disagreed": .integer(UInt64(disagreed)), "missing": .integer(UInt64(missing)),
        ])
    }
}
