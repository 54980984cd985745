// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
package import Encoding
package import SecretSharing

/// One epoch of an escrow: what was escrowed, who approves, who holds the shares, and how to check them.
///
/// docs/format.md, section 4.6. A value is well formed and its commitments are checked; whether officers have
/// signed it, and whether they are to be believed, is another question: see ``EpochApproval`` and ``Anchor``.
package struct Manifest: Sendable {
    package let approval: Approval
    /// Newest first, at least one.
    package let certificates: [Certificate]
    package let created: Timestamp
    /// 1, 2, ….
    package let epoch: Int
    package let occasion: Occasion
    /// Ordered by name: exactly the custodians of the policy.
    package let people: [Person]
    package let pkcs12: PKCS12Entry
    package let sharing: Sharing<Name>
    /// Absent in epoch 1.
    package let previous: Predecessor?
    package let isRehearsal: Bool
    package let isRetired: Bool
    package let set: SetIdentifier
    /// In tree order: one a custodian.
    package internal(set) var shares: [SealedShare]
    /// Of the CA's state; nothing when the store had none.
    package let state: StateEntry?
    package let title: String?

    /// The only suite of version 1.
    package static let suite = "ristretto255+x25519+ed25519"

    /// The policy with its custodians.
    package var policy: Policy<Name> { sharing.policy }

    /// The certificate that the escrow is for: the newest of a certification authority.
    ///
    /// Some products keep an encryption key beside the signing key, whose certificate may be newer.
    package var certificate: Certificate { certificates.first(where: \.isCA) ?? certificates[0] }

    /// The custodian of this name.
    package func person(named name: Name) -> Person? { people.first { $0.name == name } }

    /// The sealed share of a custodian.
    package func share(of name: Name) -> SealedShare? {
        policy.path(of: name).flatMap { path in shares.first { $0.path == path } }
    }

    /// The manifest with its sealed shares: they come last, since each is bound to the head, which is all the rest.
    package func adding(shares: [SealedShare]) -> Manifest {
        var manifest = self
        manifest.shares = shares
        return manifest
    }
}

/// Why an epoch was made.
package enum Occasion: String, CaseIterable, Sendable {
    case installation
    case renewalSameKey = "renewal-same-key"
    case renewalNewKey = "renewal-new-key"
    case custodianChange = "custodian-change"
    case officerChange = "officer-change"
    /// The key was whole on a machine: it is escrowed anew.
    case afterRestore = "after-restore"
    case scheduled
}

/// A custodian, as the manifest names them.
package struct Person: Hashable, Sendable {
    package let name: Name
    /// The SHA-256 of the card's file.
    package let card: SHA256Digest
    /// X25519, 32 bytes.
    package let sealingKey: [UInt8]
    package let signingKey: SigningKey
}

extension Person {
    package init(_ card: Card) {
        self.init(name: card.name, card: card.digest, sealingKey: card.sealingKey, signingKey: card.signingKey)
    }
}

/// The PKCS#12 file that the shares open.
package struct PKCS12Entry: Hashable, Sendable {
    /// A plain file name, never a path.
    package let name: String
    package let sha256: SHA256Digest
    package let byteCount: Int
    /// The names that `CertificateAuthority` gives the algorithms.
    package let encryption: String
    package let kdf: String
    package let mac: String
    package let iterationCount: Int
}

/// A share as it lies in the manifest: for one custodian's eyes.
package struct SealedShare: Hashable, Sendable {
    /// The 192 bytes of the sealed box.
    package let box: [UInt8]
    package let path: Path
    /// The epoch whose head digest the box carries.
    package let sealedIn: Int
}

/// The epoch before, by its manifest's digest.
package struct Predecessor: Hashable, Sendable {
    package let epoch: Int
    package let sha256: SHA256Digest
}

/// The 16 random bytes that name a secret: another secret, another set.
package struct SetIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// 16 bytes.
    package let bytes: [UInt8]

    /// 32 hexadecimal digits.
    package var description: String { Hex.encode(bytes) }

    /// The first 8 digits, as in the PKCS#12 file's name.
    package var short: String { String(description.prefix(8)) }
}
