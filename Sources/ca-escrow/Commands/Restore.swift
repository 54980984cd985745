// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretMemory
import SecretSharing
import SystemPackage

struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the key back, with a quorum of custodians in the room.",
        discussion: """
            Custodians' identities are given with -i, or asked for one by one, so that one medium is in at a time. \
            Nothing is written before the quorum; the restored key is read back and proven against the certificate.
            """
    )

    @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow: String
    @Option(help: ArgumentHelp("Where the key goes.", valueName: "store")) var to: String?
    @OptionGroup var signers: SignersOptions
    @OptionGroup var certificate: CertificateOption
    @OptionGroup var acting: IdentityOptions
    @Option(help: ArgumentHelp("The certificate's SHA-256, compared instead of --certificate.", valueName: "sha-256"))
    var confirm: String?
    @Option(help: ArgumentHelp("Go on although no officer vouches for the manifest; recorded.", valueName: "reason"))
    var unverified: String?
    @Option(help: ArgumentHelp("Go on although the epoch is 'superseded' or 'retired'; recorded.", valueName: "code"))
    var override: [String] = []
    @Option(help: ArgumentHelp("Why --override.", valueName: "text")) var reason: String?
    @Option(help: ArgumentHelp("The PKCS#12 file, or its directory (default: beside the escrow).", valueName: "path"))
    var pkcs12: String?
    @Option(help: ArgumentHelp("Another epoch than the one in force.", valueName: "number")) var epoch: Int?
    @Flag(help: "Write the key without encryption.") var plainKey = false
    @Option(help: ArgumentHelp("Where the record goes when the escrow is read-only.", valueName: "dir")) var out:
        String?
    @OptionGroup var clock: TimeOption

    func validate() throws {
        if confirm != nil, certificate.certificate != nil {
            throw ValidationError("--certificate and --confirm exclude one another")
        }
        if let unverified, !TextRule.allows(unverified) {
            throw ValidationError("--unverified: a reason of 1 to 500 characters, no control or invisible ones")
        }
        for code in override where !["superseded", "retired"].contains(code) {
            throw ValidationError("--override \(code): superseded or retired")
        }
        guard override.isEmpty == (reason == nil) else {
            throw ValidationError("--override CODE and --reason TEXT belong together")
        }
        if let reason, !TextRule.allows(reason) {
            throw ValidationError("--reason: 1 to 500 characters, no control or invisible ones")
        }
    }

    func run() throws {
        let to = try to ?? Question.needed("Where the key goes", else: "--to STORE")
        guard TextRule.allows(to) else {
            throw Diagnostic("--to: 1 to 500 characters, no control or invisible ones", .usage)
        }
        let store = try KeyStore(parsing: to)
        if let recognised = store.recognisedAs {
            Output.error("ca-escrow: \(recognised)")
        }
        if plainKey, case .p12(let path) = store.location {
            throw StoreError.needsPassphrase(path: path)
        }
        let directory = try EscrowDirectory(at: FilePath(escrow))
        let approval = try directory.approval(of: epoch)
        let document = approval.document
        let now = try Clock.check(try clock.time(), against: [document])
        let recordDirectory = try recordDirectory(of: document)
        let given = pkcs12.map { FilePath($0) }
        let archivePath = try document.pkcs12Path(given: given, escrow: directory.path).string
        guard try Files.kind(of: FilePath(archivePath)) != nil else {
            throw Diagnostic(
                "\(archivePath): No such file or directory",
                hint: "--pkcs12 FILE names another place to look in",
                .noInput
            )
        }
        let archive = try document.pkcs12(given: given, escrow: directory.path)
        let identities = try acting.identity.map { try IdentityOnDisk(at: $0) }
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: askable(identities))

        show(approval)
        let overrides = try overrides(of: approval, in: directory)
        let approved = try document.addedCertificates().filter(\.isApproved)
        if let late = approved.first(where: { $0.record.created.isLater(than: now) }) {
            throw EscrowError.clockIsWrong(newest: late.record.created, path: late.path.string, now: now)
        }
        let added = approved.map(\.record.certificate)
        try document.check(try certificateTrust(), added: added, escrow: escrow)
        let manifestTrust = try self.manifestTrust(in: approval, identities, files)
        let protection = try protection(files)

        let quorum = Quorum(document: document, directory: directory, files: files)
        if identities.contains(where: { document.manifest.person(named: $0.name) != nil }) {
            try quorum.collect(identities)
        } else {
            try quorum.collectAtTerminal()
        }
        let secret = try quorum.finish()
        let material = try document.material(from: archive, at: archivePath, secret: secret, added: added)
        let restored = try StorePassphrase(of: store, files: files, name: "to").use { passphrase in
            try store.restore(material, protection: protection, passphrase: passphrase)
        }
        try ReadBack.prove(restored, store: to)
        report(restored, material)

        let record = RestoreRecord(
            of: document,
            by: quorum.accepted,
            to: to,
            overrides: overrides + [manifestTrust.override].compactMap(\.self),
            at: now,
            provenBy: secret
        )
        let path = try Record.file(record.encoded(), .restore, created: now, in: recordDirectory)
        Output.line("record: \(path)")
        Output.next(
            "the key was whole on this machine: escrow it anew: "
                + "ca-escrow backup \(escrow) --from \(to) --occasion after-restore "
                + "-i \(document.manifest.approval.officers[0].name).identity"
        )
    }

    // MARK: What is believed

    private func show(_ approval: EpochApproval) {
        let manifest = approval.document.manifest
        Output.error("ca-escrow: \(escrow): the escrow of \(manifest.certificate.subject)")
        Output.error("ca-escrow:   certificate SHA-256 \(SHA256Digest(of: manifest.certificate.der).grouped)")
        Output.error("ca-escrow:   epoch \(manifest.epoch), \(manifest.created), manifest \(approval.document.digest)")
        let signed = approval.signed.map { "\($0.name) (\($0.key.fingerprint))" }
        Output.error("ca-escrow:   signed by \(signed.isEmpty ? "nobody" : signed.joined(separator: ", "))")
        Output.error("ca-escrow:   restored by \(manifest.policy.text)")
        if manifest.certificate.notAfter < Clock.now().secondsSinceEpoch {
            Output.warning("the certificate expired on \(manifest.certificate.notAfterText)")
        }
        if manifest.isRehearsal {
            Output.warning("a rehearsal: the key is a test key")
        }
    }

    private func certificateTrust() throws -> CertificateTrust {
        if let trust = try certificate.trust() {
            return trust
        }
        let typed =
            try confirm
            ?? Question.text(
                "SHA-256 of the certificate that you want back, from paper or another machine",
                for: "the certificate's SHA-256",
                else: "--certificate FILE, or --confirm SHA-256"
            )
        let digits = (typed ?? "").lowercased().filter { $0 != ":" && $0 != " " }
        guard let digest = SHA256Digest(hex: digits) else {
            throw Diagnostic("the certificate's SHA-256: 64 hexadecimal digits are needed", .usage)
        }
        return .digest(digest)
    }

    private func manifestTrust(
        in approval: EpochApproval,
        _ identities: [IdentityOnDisk],
        _ files: PassphraseFiles
    ) throws -> ManifestTrust {
        if let unverified {
            Output.warning("nobody's signature is relied on: \(unverified)")
            return .unverified(reason: unverified)
        }
        guard approval.isInForce else {
            let error = Diagnostic(approval.notInForce) ?? Diagnostic("not in force", .refused)
            throw Diagnostic(error.message, hint: "to go on all the same, recorded: --unverified REASON", .refused)
        }
        if let anchor = try signers.anchor() {
            return .signers(try anchor.check(approval, at: escrow))
        }
        for identity in identities where ManifestTrust.own(identity.file.signingKey, in: approval) != nil {
            // Only opening it shows that the file's keys are its owner's.
            let key = try identity.open(files).signingKey
            if let own = ManifestTrust.own(key, in: approval) {
                return own
            }
        }
        guard Question.isPossible else {
            throw Diagnostic(
                "\(escrow): nobody whom you know vouches for this manifest",
                hint: "--signers FILE, -i IDENTITY of an officer who signed it, or --unverified REASON",
                .refused
            )
        }
        guard
            let reason = try Question.text(
                "No officer whom you know vouches for this manifest. Reason to go on (Enter stops)",
                for: "a reason",
                else: "--unverified REASON"
            ),
            TextRule.allows(reason)
        else {
            throw Diagnostic("\(escrow): not believed: nothing was done", .refused)
        }
        return .unverified(reason: reason)
    }

    /// The rules that --override sets aside; one that stands in the way and is not named is an error.
    private func overrides(
        of approval: EpochApproval,
        in directory: EscrowDirectory
    ) throws -> [RestoreRecord.Override] {
        var needed: [(code: RestoreRecord.Override.Code, error: EscrowError)] = []
        if approval.document.manifest.isRetired {
            needed.append((.retired, .retired(path: escrow)))
        }
        if epoch != nil, let current = try? directory.approvals().inForce,
            current.document.digest != approval.document.digest
        {
            needed.append(
                (.superseded, .superseded(path: approval.document.path.string, by: current.document.manifest.epoch))
            )
        }
        return try needed.map { code, error in
            guard let reason, override.contains(code.rawValue) else {
                throw Diagnostic(
                    "\(error)",
                    hint: "only with a reason: --override \(code.rawValue) --reason TEXT (it is recorded)",
                    .refused
                )
            }
            return RestoreRecord.Override(code: code, reason: reason)
        }
    }

    // MARK: Where things go

    private func askable(_ identities: [IdentityOnDisk]) -> [String] {
        let people = identities.filter { !$0.file.isWithoutPassphrase }.map(\.name.description)
        return people + (plainKey ? [] : ["to"])
    }

    private func protection(_ files: PassphraseFiles) throws -> KeyProtection {
        guard !plainKey else {
            return .plain
        }
        return .encrypted(
            passphrase: try Passphrase.new(
                "the restored key's new passphrase",
                name: "to",
                files: files,
                fewest: 1
            )
        )
    }

    private func recordDirectory(of document: EpochDocument) throws -> FilePath {
        if let out {
            guard try Files.kind(of: FilePath(out)) == .directory else {
                throw Diagnostic("--out \(out): not a directory", .noInput)
            }
            return FilePath(out)
        }
        let records = document.path.appending(Record.directoryName)
        let directory = try Files.kind(of: records) == nil ? document.path : records
        guard Files.isWritable(directory: directory) else {
            throw EscrowError.nowhereToWriteTheRecord(path: escrow)
        }
        return records
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
        Output.line(
            "proven: the key read back signs for the certificate with SHA-256 "
                + SHA256Digest(of: material.newest.der).grouped
        )
    }
}
