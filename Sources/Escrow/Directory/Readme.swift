// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody

/// `README.txt`: what lies here and how to restore from it, for someone who has never heard of it.
///
/// It is made from the manifest and nothing else, so that an auditor can compare it byte for byte. Epoch 1's lies at the
/// top of the escrow, a later epoch's in its own directory, since nothing is ever overwritten.
package enum Readme {
    /// The text of one epoch, UTF-8, ending in a newline.
    package static func text(of manifest: Manifest, digest: SHA256Digest) -> [UInt8] {
        let rows = [
            ("certification authority", manifest.certificate.subject),
            ("certificate SHA-256", SHA256Digest(of: manifest.certificate.der).grouped),
            ("certificates kept", "\(manifest.certificates.count)"),
            ("title", manifest.title ?? "none"),
            ("set", manifest.set.description),
            ("epoch", "\(manifest.epoch), made \(manifest.created) (\(manifest.occasion.rawValue))"),
            ("manifest SHA-256", digest.description),
            ("key file", manifest.pkcs12.name),
            ("key file SHA-256", manifest.pkcs12.sha256.description),
            ("who restores", manifest.policy.text),
            ("who approves", manifest.approval.text),
        ]
        let table = rows.map { name, value in
            "  " + name + String(repeating: " ", count: 26 - name.utf8.count) + value
        }
        let rehearsal = manifest.isRehearsal ? "THIS IS A REHEARSAL: the key in it is a test key.\n\n" : ""
        let number = EpochDirectory.name(of: manifest.epoch, digest)
        return Array(
            """
            Escrow of a certification authority's private key, made by ca-escrow.

            \(rehearsal)\(table.joined(separator: "\n"))

            This text is about the directory \(number). If there is a directory with a
            higher number, it takes the place of this one: read README.txt in it.

            Everything here is public and may be copied to everybody concerned. It opens
            nothing. The private key is in the key file, which is kept elsewhere, and whose
            password nobody knows: each person who restores holds a share of it, sealed to a
            key of their own.

            To check this escrow, with no secret (ask the officers for officers.signers, on
            paper or on a known number; never take it from where you found this):

                ca-escrow audit DIRECTORY --signers officers.signers --certificate CA.crt

            To restore the key, with the key file, CA.crt, and enough of the people above
            with their identity files:

                ca-escrow restore DIRECTORY --pkcs12 KEYFILE --certificate CA.crt \\
                    --signers officers.signers --to pem:ca.key,ca.crt

            To restore without ca-escrow: the file docs/format.md of that program, section
            "Restore without ca-escrow". It takes libsodium, the openssl command and a page
            or two of Python. In short: open each identity file with its passphrase, open the
            sealed share of its owner in manifest.json, rebuild the secret by Lagrange's
            formula in the ristretto255 group's scalars, and make the password from it.

            """.utf8
        )
    }
}
