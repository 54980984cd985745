// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
import Files

/// Rehearsals and production, kept apart: docs/decisions/0016-rehearsals-are-kept-apart.md.
///
/// Either taken for the other is the attack: a real key handled as if it were a toy, or a toy that is believed to be the
/// CA's backup. So whoever handles a key says which it is, and a test CA says so in its name.
package enum Rehearsal {
    /// The word in the subject of every test CA's certificate.
    package static let mark = "REHEARSAL"

    /// What the names of its PKCS#12 files hold.
    package static let fileNamePart = "rehearsal"

    /// Holds what somebody says they are doing against what the escrow is.
    ///
    /// - Parameter isRehearsing: Whether they say that it is a rehearsal.
    /// - Throws: ``BackupFault/rehearsal(path:)``, ``BackupFault/notARehearsal(path:)``
    package static func check(
        _ manifest: Manifest,
        isRehearsing: Bool,
        at path: String
    ) throws(EscrowError) {
        guard manifest.isRehearsal != isRehearsing else {
            return
        }
        throw manifest.isRehearsal ? .backup(.rehearsal(path: path)) : .backup(.notARehearsal(path: path))
    }

    /// Holds it against a key that is about to be escrowed: only a test CA's is rehearsed with, and no other is escrowed.
    ///
    /// - Parameter store: What errors call the place that the key is from.
    /// - Throws: ``BackupFault/keyOfRehearsal(store:subject:)``, ``BackupFault/keyOfProduction(store:subject:)``
    package static func check(
        _ material: CAMaterial,
        isRehearsing: Bool,
        store: String
    ) throws(EscrowError) {
        for certificate in material.certificates where isMarked(certificate) != isRehearsing {
            throw isRehearsing
                ? .backup(.keyOfProduction(store: store, subject: certificate.subject))
                : .backup(.keyOfRehearsal(store: store, subject: certificate.subject))
        }
    }

    /// Makes a CA for one rehearsal, whose key exists nowhere but in the escrow that is made of it.
    ///
    /// - Parameter name: What the escrow is called: stands in its subject, as far as there is room.
    /// - Throws: ``KeyError/openSSL(_:)``
    package static func makeCA(for name: String, at time: Timestamp) throws(KeyError) -> CAMaterial {
        // What stands in a PKCS#12 file's name stands in a subject as it is.
        let parts = [mark, "\(time.description.prefix(10))"] + (PKCS12Entry.isPlainFileName(name) ? [name] : [])
        let text = parts.joined(separator: " ").prefix(64)  // the upper bound of a common name
        return try ThrowawayCA.make(commonName: String(text), at: time.secondsSinceEpoch)
    }

    private static func isMarked(_ certificate: Certificate) -> Bool { certificate.subject.contains(bytesOf: mark) }
}
