// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Escrow
import Files
import KeyStores

/// Whose programs must be able to read a PKCS#12 file that leaves a restore.
enum Compatibility: String, ExpressibleByArgument, CaseIterable {
    case windows2016 = "windows-2016"
}

struct RestoreCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "restore",
        operands: "<escrow> --to <store> [<options>]",
        abstract: "Bring the key back, with a quorum of custodians in the room or from afar.",
        discussion: """
            Give custodians' identities with -i, or let the program ask for them one by one, so that only one medium is in \
            the machine at a time. With --request, releases from custodians who are elsewhere count as well. Nothing \
            is written before the quorum is complete; the restored key is read back and proven against the certificate.
            """,
        examples: [
            "ca-escrow restore acme.escrow --to openssl-ca:/root/ca \\\n    --certificate acme.crt --signers officers.signers"
        ]
    )

    @Option(help: .of("store", "Where the key goes.")) var to: String?
    @OptionGroup var opening: OpeningOptions
    @Flag(help: "Write the key without encryption.") var plainKey = false
    @Option(help: .of("system", "A PKCS#12 file that old programs read: 'windows-2016' (3DES, SHA-1)."))
    var compatibility: Compatibility?
    @Flag(help: "Also put the CA's database back, into an empty place.") var withState = false
    @Option(help: .of("user[:group]", "Who owns the new files (default, if root restores: the directory's owner)."))
    var owner: String?
    @OptionGroup var report: ReportOption

    func validate() throws {
        if plainKey, compatibility != nil {
            throw ValidationError("--plain-key and --compatibility exclude one another")
        }
    }

    func run() throws {
        let to = try to ?? Question.needed("Where the key goes", else: "--to STORE")
        let store = try KeyStore(parsing: to, environment: .ofProcess)
        let (opening, files) = try opening.opening(asking: plainKey ? [] : [StoreRole.destination.option])
        let act = Restore(
            opening,
            to: store,
            named: to,
            protection: plainKey ? .plain : compatibility == nil ? .asked : .windows2016,
            ownership: try Ownership(named: owner),
            isWithState: withState
        )
        let terminal = Terminal(files)
        let found = try terminal.attend { try act.found(attended: $0) }
        let trusted = try terminal.attend { try found.trusted(attended: $0) }
        try terminal.checkAsked(for: store, as: .destination)
        let opened = try terminal.attend(trusted) { try $0.opened(attended: $1) }
        try Output.toTheEnd(opened) { stage in
            let done = try terminal.attend(stage) { try $0.restored(attended: $1) }
            done.announce(escrow: self.opening.escrow, option: self.opening.rehearsing.option, to: to)
        }
    }
}
