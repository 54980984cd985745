// SPDX-License-Identifier: Apache-2.0

package import Custody

/// Whom an auditor or officer believes, from outside the escrow: an `allowed_signers` file and a number.
///
/// docs/format.md, section 5.3: never the number that the manifest claims.
package struct Anchor: Sendable {
    /// The file, as the caller named it.
    package let path: String
    package let signers: AllowedSigners
    /// How many officers of the file must have signed.
    package let required: Int

    /// - Parameter required: 2 when not given, or 1 when the file admits only one officer.
    package init(path: String, signers: AllowedSigners, required: Int?) {
        self.path = path
        self.signers = signers
        let admitted = signers.lines.filter { line in
            line.namespaces.map { $0.contains(DocumentFormat.manifest.namespace) } ?? true
        }
        // One officer may have several keys, such as one in a file and one on a token.
        let isOneOfficer = Set(admitted.map(\.key)).count == 1 || Set(admitted.flatMap(\.principals)).count == 1
        self.required = required ?? (isOneOfficer ? 1 : 2)
    }

    /// The officers among those who signed whom the file admits for this document.
    package func trusted(
        among signed: [Officer],
        for format: DocumentFormat,
        at created: Timestamp
    ) -> [Officer] {
        signed.filter { officer in
            signers.admits(name: officer.name, key: officer.key, namespace: format.namespace, at: created)
        }
    }

    /// Those who are trusted in this epoch's manifest.
    ///
    /// - Throws: ``EscrowError/noOfficerIsTrusted(path:signers:signedBy:)``,
    ///   ``EscrowError/tooFewOfficersAreTrusted(path:signers:found:needed:)``
    package func check(_ approval: EpochApproval, at path: String) throws(EscrowError) -> [Officer] {
        let found = trusted(
            among: approval.signed,
            for: .manifest,
            at: approval.document.manifest.created
        )
        guard !found.isEmpty else {
            throw .noOfficerIsTrusted(path: path, signers: self.path, signedBy: approval.signed)
        }
        guard Set(found.map(\.key)).count >= required else {
            throw .tooFewOfficersAreTrusted(path: path, signers: self.path, found: found.count, needed: required)
        }
        return found
    }
}
