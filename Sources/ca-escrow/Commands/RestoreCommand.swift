// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretMemory
import SecretSharing
import SystemPackage

struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        _superCommandName: CAEscrow.name,
        abstract: "Bring the key back, with a quorum of custodians in the room or from afar.",
        discussion: """
            Custodians' identities are given with -i, or asked for one by one, so that one medium is in at a time. With \
            --request, releases of custodians who are elsewhere count as well. Nothing is written before the quorum; the \
            restored key is read back and proven against the certificate.
            """
    )

    @Option(help: ArgumentHelp("Where the key goes.", valueName: "store")) var to: String?
    @OptionGroup var opening: OpeningOptions
    @Flag(help: "Write the key without encryption.") var plainKey = false
    @Option(
        help: ArgumentHelp(
            "A PKCS#12 file that old programs read: 'windows-2016' (3DES, SHA-1).",
            valueName: "system"
        )
    )
    var compatibility: Compatibility?
    @Flag(help: "Put the CA's database back, too, into an empty place.") var withState = false
    @Option(
        help: ArgumentHelp(
            "Whose the new files are (default: of the directory's owner, if root restores).",
            valueName: "user[:group]"
        )
    )
    var owner: String?

    func run() throws {
        let to = try to ?? Question.needed("Where the key goes", else: "--to STORE")
        guard TextRule.allows(to) else {
            throw Diagnostic("--to: 1 to 500 characters, no control or invisible ones", .usage)
        }
        let store = try KeyStore(parsing: to, environment: .ofProcess)
        if let recognised = store.recognisedAs {
            Output.error("ca-escrow: \(recognised)")
        }
        try checkPKCS12(store)
        let ownership = try ownership(in: store)
        for place in store.location.places {
            try EscrowDirectory.refuseInside(FilePath(place), as: place)
        }
        let (act, files) = try opening.opening(asking: plainKey ? [] : ["to"])
        let terminal = Terminal(files)
        let found = try terminal.attend { try act.found(attended: $0) }
        let document = found.document
        let state = try StateAtRestore(
            at: store,
            of: document,
            pkcs12: opening.pkcs12.map { FilePath($0) },
            escrow: found.directory.path,
            isWanted: withState,
            ownership
        )
        let certificates = found.certificates
        try state.store.preflight(for: certificates, ownership: ownership)
        let trusted = try terminal.attend { try found.trusted(attended: $0) }
        warnOfWindows(store, document.manifest.certificates)
        let protection = try protection(store, files)
        let passphrases = StorePassphrase(of: state.store, files: files, name: "to")
        try passphrases.use { passphrase in
            try state.store.rehearse(for: certificates, protection: protection, passphrase: passphrase)
        }
        let opened = try terminal.attend { try trusted.opened(attended: $0) }
        let material = opened.material
        try state.stage()
        let restored = try passphrases.use { passphrase in
            try state.store.restore(
                material,
                protection: protection,
                ownership: ownership,
                passphrase: passphrase
            )
        }
        try ReadBack.prove(restored, store: to)
        // The record first: an output that cannot be written is no reason to have none.
        let path = try terminal.attend { try trusted.file(recordOf: opened, to: to, attended: $0) }
        // The state before anything is said: an output that cannot be written costs nothing that lies on disk.
        let outcome = Result { try state.publish() }
        try Output.toTheEnd {
            report(restored, material)
            if !store.keepsItsPIN {
                try reportOwners(of: restored.written + state.written)
            }
            Output.line("record: \(path)")
            trusted.eraseKey(attended: terminal)
            try outcome.get()
            state.tell()
            announceWindows(store, restored)
            adviseNext(restored, to, "\(document.manifest.approval.officers[0].name)")
        }
    }

    private func adviseNext(_ restored: RestoredKey, _ to: String, _ officer: String) {
        if let database = restored.untrusted {
            Output.next(
                "the database does not trust the certificate yet: certutil -M -d "
                    + "\(ShellWord.of("sql:\(database.directory)")) -n \(ShellWord.of(database.nickname ?? "")) -t CT,C,C"
            )
        }
        if restored.isForRootAlone {
            Output.next(
                "the token's new files are root's, and no other user finds the key: in their directory, "
                    + "chown -h --reference=token.object *"
            )
        }
        Output.next(
            "the key was whole on this machine: escrow it anew: "
                + "ca-escrow backup \(ShellWord.path(opening.escrow))\(opening.rehearsing.option) --from \(ShellWord.of(restored.location?.description ?? to)) "
                + "--occasion after-restore -i \(officer).identity"
        )
    }

    private func protection(_ store: KeyStore, _ files: PassphraseFiles) throws -> KeyProtection {
        guard !plainKey else {
            return .plain
        }
        guard !store.keepsItsPIN else {
            return .byStore
        }
        return .encrypted(
            passphrase: try Passphrase.new(
                "the restored key's new passphrase",
                name: "to",
                files: files,
                fewest: 1,
                rule: passphraseRule(store)
            ),
            profile: profile
        )
    }

    private func report(_ restored: RestoredKey, _ material: CAMaterial) {
        Output.line("restored: \(material.newest.subject)")
        for path in restored.written {
            Output.line("written: \(path)")
        }
        for path in restored.unchanged {
            Output.line("here already: \(path)")
        }
        for certificate in restored.notWritten {
            Output.warning(
                "not written: the certificate of \(certificate.subject), serial \(certificate.serial)"
            )
        }
        for remark in restored.remarks {
            Output.line(remark)
        }
        Output.line(
            "proven: the key read back signs for the certificate with SHA-256 "
                + SHA256Digest(of: material.newest.der).grouped
        )
    }
}
