// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding

/// An officer's signature under a key that has ended, with nothing that shows it to be older.
package struct EndedSignature: Hashable, Sendable {
    package let officer: Signer
    /// The last moment at which the key counted.
    package let end: Timestamp
    /// What is wrong with the time stamp, or that there is none.
    package let reason: String
}
