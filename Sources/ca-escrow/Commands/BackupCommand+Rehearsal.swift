// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

// A rehearsal that brings no CA along.
extension BackupCommand {
    /// Whether a CA is made for this rehearsal, and thrown away.
    var isThrowaway: Bool { rehearsal && from == nil }

    /// The store's keys; or those of a CA that is made for this rehearsal, when there is no store.
    func material(of store: KeyStore?, _ files: PassphraseFiles) throws -> CAMaterial {
        if let store {
            return try export(store, files)
        }
        let material: CAMaterial
        do {
            material = try Rehearsal.makeCA(for: FilePath(escrow).stem ?? "", at: try clock.time())
        } catch {
            throw Diagnostic("\(error)", .system)
        }
        Output.error(
            "ca-escrow: a test CA for this rehearsal: \(material.newest.subject), until \(material.newest.notAfterText)"
        )
        Output.error("ca-escrow:   its key is nowhere but in this escrow; its certificate is in the manifest")
        return material
    }

    /// Makes a first escrow of a CA that is made for it.
    func rehearse() throws {
        guard !withState else {
            throw Diagnostic(
                "--with-state: a CA that is made for a rehearsal has no database",
                hint: "--from STORE",
                .usage
            )
        }
        guard try Files.kind(of: FilePath(escrow)) == nil else {
            throw Diagnostic(
                "\(escrow): there already: a rehearsal makes a CA of its own only for a first escrow",
                hint: "--from STORE",
                .usage
            )
        }
        let officer = try acting.one()
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: officer.map { [$0.name.description] } ?? [])
        try first(nil, officer, files)
    }
}
