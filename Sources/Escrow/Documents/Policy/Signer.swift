// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding

/// An officer, auditor or custodian as one who signs: a name, and the OpenSSH public key that signs for it.
package struct Signer: Hashable, Sendable {
    package let name: Name
    package let key: SigningKey

    package init(name: Name, key: SigningKey) {
        self.name = name
        self.key = key
    }

    static let shape = Shape<Signer>(
        Self.init,
        Member("name", .name, \.name),
        Member("key", .signingKey, \.key)
    )
}

extension Person {
    /// The custodian as one who signs.
    package var signer: Signer { Signer(name: name, key: signingKey) }
}
