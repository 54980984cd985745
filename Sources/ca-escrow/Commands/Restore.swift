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
        abstract: "Bring the key back, with a quorum of custodians in the room or from afar.",
        discussion: """
            Custodians' identities are given with -i, or asked for one by one, so that one medium is in at a time. With \
            --request, releases of custodians who are elsewhere count as well. Nothing is written before the quorum; the \
            restored key is read back and proven against the certificate.
            """
    )

    @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow = ""
    @Option(help: ArgumentHelp("Where the key goes.", valueName: "store")) var to: String?
    @OptionGroup var signers: SignersOptions
    @OptionGroup var certificate: CertificateOption
    @OptionGroup var acting: IdentityOptions
    @Option(help: ArgumentHelp("The certificate's SHA-256, compared instead of --certificate.", valueName: "sha-256"))
    var confirm: String?
    @Option(help: ArgumentHelp("Go on although no officer vouches for the manifest; recorded.", valueName: "reason"))
    var unverified: String?
    @Option(help: ArgumentHelp("A request that custodians answered, by some digits of its ID.", valueName: "id"))
    var request: String?
    @Option(help: ArgumentHelp("The request's private key; it is erased after the restore.", valueName: "file"))
    var key: String?
    @Option(help: ArgumentHelp("A custodian's release; may be repeated.", valueName: "file")) var release: [String] = []
    @Option(
        help: ArgumentHelp("Go on although 'superseded', 'retired' or refused ('veto'); recorded.", valueName: "code")
    )
    var override: [String] = []
    @Option(help: ArgumentHelp("Why --override.", valueName: "text")) var reason: String?
    @Option(help: ArgumentHelp("The PKCS#12 file, or its directory (default: beside the escrow).", valueName: "path"))
    var pkcs12: String?
    @Option(help: ArgumentHelp("Another epoch than the one in force.", valueName: "number")) var epoch: Int?
    @OptionGroup var rehearsing: RehearsalOption
    @Flag(help: "Write the key without encryption.") var plainKey = false
    @Option(
        help: ArgumentHelp(
            "A PKCS#12 file that old programs read: 'windows-2016' (3DES, SHA-1).",
            valueName: "system"
        )
    )
    var compatibility: Compatibility?
    @Flag(help: "Put the CA's database back, too, into an empty place.") var withState = false
    @Option(help: ArgumentHelp("Where the record goes when the escrow is read-only.", valueName: "dir")) var out:
        String?
    @OptionGroup var clock: TimeOption

    func validate() throws {
        if confirm != nil, certificate.certificate != nil {
            throw ValidationError("--certificate and --confirm exclude one another")
        }
        if unverified != nil, signers.signers != nil {
            throw ValidationError("--signers and --unverified exclude one another")
        }
        if let unverified, !TextRule.allows(unverified) {
            throw ValidationError("--unverified: a reason of 1 to 500 characters, no control or invisible ones")
        }
        for code in override where !["superseded", "retired", "veto"].contains(code) {
            throw ValidationError("--override \(code): superseded, retired or veto")
        }
        if request == nil, !(key == nil && release.isEmpty) || override.contains("veto") {
            throw ValidationError("--key, --release and --override veto belong to --request")
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
        let store = try KeyStore(parsing: to, environment: .ofProcess)
        if let recognised = store.recognisedAs {
            Output.error("ca-escrow: \(recognised)")
        }
        try checkPKCS12(store)
        for place in store.location.places {
            try EscrowDirectory.refuseInside(FilePath(place), as: place)
        }
        let directory = try EscrowDirectory(at: FilePath(escrow))
        let approval = try directory.approval(of: epoch)
        let document = approval.document
        try rehearsing.check(document.manifest, at: escrow)
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
        if epoch == nil, let newest = try? directory.approvals().last, newest.document.digest != document.digest {
            Output.warning("a newer epoch is not restored: \(newest.notInForce)")
        }
        let overrides = try overrides(of: approval, in: directory)
        let (approved, faults) = try document.approvedCertificates()
        for fault in faults {
            Output.warning("left out: \(fault)")
        }
        if let late = approved.first(where: { $0.record.created.isLater(than: now) }) {
            throw EscrowError.clockIsWrong(newest: late.record.created, path: late.path.string, now: now)
        }
        let anchor = try signers.anchor()
        let added = approved.filter { $0.counts(for: anchor) }.map(\.record.certificate)
        if added.count < approved.count {
            Output.warning(
                "left out: \(approved.count - added.count) added certificate(s) that nobody whom you know signed"
            )
        }
        try document.check(try certificateTrust(), added: added, escrow: escrow)
        let state = try StateAtRestore(
            at: store,
            of: document,
            pkcs12: given,
            escrow: directory.path,
            isWanted: withState
        )
        try state.store.preflight(for: document.manifest.certificates)
        let manifestTrust = try self.manifestTrust(in: approval, anchor, identities, files)
        try Clock.check(now, against: document, in: directory)
        let answered = try answeredRequest(in: document, of: directory, identities, files, now: now)
        warnOfWindows(store, document.manifest.certificates)
        let protection = try protection(store, files)
        let passphrases = StorePassphrase(of: state.store, files: files, name: "to")
        try passphrases.use { passphrase in
            try state.store.rehearse(for: document.manifest.certificates, protection: protection, passphrase: passphrase)
        }

        let quorum = Quorum(document: document, directory: directory, files: files)
        try answered?.collect(into: quorum, files, isFiling: out == nil)
        let isAnybodyHere = identities.contains { document.manifest.person(named: $0.name) != nil }
        try quorum.collect(identities)
        if !isAnybodyHere, answered == nil || Question.isPossible {
            try quorum.collectAtTerminal()
        }
        let secret = try quorum.finish()
        let material = try document.material(from: archive, at: archivePath, secret: secret, added: added)
        try state.stage()
        let restored = try passphrases.use { passphrase in
            try state.store.restore(material, protection: protection, passphrase: passphrase)
        }
        try ReadBack.prove(restored, store: to)
        // The record first: an output that cannot be written is no reason to have none.
        let record = RestoreRecord(
            of: document,
            by: quorum.accepted,
            to: to,
            request: answered?.review.request.digest,
            overrides: overrides + [manifestTrust.override, answered?.veto].compactMap(\.self),
            at: now,
            provenBy: secret
        )
        let path = try Record.file(
            record.encoded(),
            .restore,
            created: now,
            in: recordDirectory,
            signatures: try signatures(of: record, by: identities, in: document, files)
        )
        report(restored, material)
        Output.line("record: \(path)")
        answered?.finish()
        try state.finish()
        announceWindows(store, restored)
        if let database = restored.untrusted {
            Output.next(
                "the database does not trust the certificate yet: certutil -M -d "
                    + "\(ShellWord.of("sql:\(database.directory)")) -n \(ShellWord.of(database.nickname ?? "")) -t CT,C,C"
            )
        }
        Output.next(
            "the key was whole on this machine: escrow it anew: "
                + "ca-escrow backup \(escrow)\(rehearsing.option) --from \(ShellWord.of(to)) --occasion after-restore "
                + "-i \(document.manifest.approval.officers[0].name).identity"
        )
    }

    private func askable(_ identities: [IdentityOnDisk]) -> [String] {
        let people = identities.filter { !$0.file.isWithoutPassphrase }.map(\.name.description)
        return people + (plainKey ? [] : ["to"]) + (key == nil ? [] : [RequestCommand.keyName])
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

    private func recordDirectory(of document: EpochDocument) throws -> FilePath {
        if let out {
            guard try Files.kind(of: FilePath(out)) == .directory else {
                throw Diagnostic("--out \(out): not a directory", .noInput)
            }
            try Files.probe(FilePath(out), byteCount: Self.recordByteCount)
            return FilePath(out)
        }
        let records = document.path.appending(Record.directoryName)
        let kind = try Files.kind(of: records)
        guard kind == nil || kind == .directory else {
            throw EscrowError.nowhereToWriteTheRecord(path: escrow)
        }
        do throws(FileError) {
            try Files.probe(kind == nil ? document.path : records, byteCount: Self.recordByteCount)
        } catch {
            // A full disk is another matter, and says so itself.
            if case .cannotCreate(_, let errno) = error, errno != .noSpace {
                throw EscrowError.nowhereToWriteTheRecord(path: escrow)
            }
            throw error
        }
        return records
    }

    /// More than a record takes: room for it is made sure of before anybody is asked for a share.
    private static let recordByteCount = 64 << 10

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
