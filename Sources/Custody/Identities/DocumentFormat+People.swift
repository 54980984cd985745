// SPDX-License-Identifier: Apache-2.0

package import Encoding

extension DocumentFormat {
    /// An identity: a custodian's, an officer's or an auditor's seed under a passphrase.
    package static let identity = DocumentFormat("identity")
    /// A custodian's card.
    package static let card = DocumentFormat("card")
}
