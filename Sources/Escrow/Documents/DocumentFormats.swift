// SPDX-License-Identifier: Apache-2.0

package import Custody

extension DocumentFormat {
    /// What an epoch is: people, policy, commitments, sealed shares.
    package static let manifest = DocumentFormat("manifest")

    /// A certificate that joins an escrow: the same key, renewed.
    package static let addedCertificate = DocumentFormat("added-certificate")

    /// That a restore took place.
    package static let restore = DocumentFormat("restore")

    /// What officers sign: the namespaces that their lines in an `allowed_signers` file admit.
    package static let signedByOfficers = [
        manifest, addedCertificate, DocumentFormat("request"), DocumentFormat("rotation"), DocumentFormat("retirement"),
    ]
}

/// How many bytes of each kind of file are read (docs/format.md, section 5.1).
package enum ByteLimit {
    package static let manifest = 4 << 20
    package static let pkcs12 = 16 << 20
    package static let document = 256 << 10
    package static let signature = 8 << 10
}
