// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Files
import Ristretto255
import SystemPackage

/// What restore and drill have in common: which escrow is opened, whom one believes, and whose shares open it.
///
/// They go ``find(asking:)``, ``grounds(for:)``, ``open(_:on:)``, and nobody is asked for a share before the last.
struct Opening: ParsableArguments {
    @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow = ""
    @OptionGroup var signers: SignersOptions
    @OptionGroup var certificate: CertificateOption
    @OptionGroup var acting: IdentityOptions
    @Option(help: ArgumentHelp("The certificate's SHA-256, compared instead of --certificate.", valueName: "sha-256"))
    var confirm: String?
    @Option(help: ArgumentHelp("Go on although no officer vouches for the manifest; recorded.", valueName: "reason"))
    var unverified: String?
    @Option(help: ArgumentHelp("A request that custodians answered, by some digits of its ID.", valueName: "id"))
    var request: String?
    @Option(help: ArgumentHelp("The request's private key; it is erased afterwards.", valueName: "file"))
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
}

/// An escrow that somebody wants opened: all that is known before anybody vouches for it.
struct EscrowToOpen {
    let directory: EscrowDirectory
    let approval: EpochApproval
    let now: Timestamp
    /// Where the record goes.
    let records: FilePath
    /// The PKCS#12 file.
    let archive: [UInt8]
    let archivePath: String
    let identities: [IdentityOnDisk]
    let files: PassphraseFiles
    let anchor: Anchor?
    /// Certificates that joined and count.
    let added: [Certificate]
    /// Rules that --override sets aside.
    let overrides: [RestoreRecord.Override]

    var document: EpochDocument { approval.document }
}

/// Why it may be opened, and who answered from afar.
struct OpeningGrounds {
    let answered: AnsweredRequest?
    /// All that the record keeps.
    let overrides: [RestoreRecord.Override]
}

/// What a quorum has opened, wiped with the value.
struct OpenedEscrow: ~Copyable {
    /// s.
    let secret: Scalar
    let material: CAMaterial
    /// Those whose shares were used, in the order in which they came.
    let custodians: [Name]
}

extension Opening {
    /// Reads all that is needed besides shares, shows what it is, and holds it against the certificate that is wanted.
    ///
    /// - Parameter others: Whose passphrases are asked for besides people's.
    func find(asking others: [String] = []) throws -> EscrowToOpen {
        let directory = try EscrowDirectory(at: FilePath(escrow))
        let approval = try directory.approval(of: epoch)
        let document = approval.document
        try rehearsing.check(document.manifest, at: escrow)
        let now = try Clock.check(try clock.time(), against: [document])
        let records = try recordDirectory(of: document)
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
        let people = identities.filter { !$0.file.isWithoutPassphrase }.map(\.name.description)
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: people + others + (key == nil ? [] : [RequestCommand.keyName]))

        show(approval)
        if epoch == nil, let newest = try? directory.approvals().last, newest.document.digest != document.digest {
            Output.warning("a newer epoch is not restored: \(newest.notInForce)")
        }
        let overrides = try overrides(of: approval, in: directory)
        let anchor = try signers.anchor()
        let added = try added(to: document, anchor, now: now)
        try document.check(try certificateTrust(), added: added, escrow: escrow)
        return EscrowToOpen(
            directory: directory,
            approval: approval,
            now: now,
            records: records,
            archive: archive,
            archivePath: archivePath,
            identities: identities,
            files: files,
            anchor: anchor,
            added: added,
            overrides: overrides
        )
    }

    /// Finds out who vouches for it, and whether a request may be answered.
    func grounds(for found: EscrowToOpen) throws -> OpeningGrounds {
        let trust = try manifestTrust(in: found.approval, found.anchor, found.identities, found.files)
        try Clock.check(found.now, against: found.document, in: found.directory)
        let answered = try answeredRequest(
            in: found.document,
            of: found.directory,
            found.identities,
            found.files,
            now: found.now
        )
        let overrides = found.overrides + [trust.override, answered?.veto].compactMap(\.self)
        return OpeningGrounds(answered: answered, overrides: overrides)
    }

    /// Collects a quorum, rebuilds the secret, and opens the PKCS#12 file with it.
    func open(_ found: EscrowToOpen, on grounds: OpeningGrounds) throws -> OpenedEscrow {
        let document = found.document
        let quorum = Quorum(document: document, directory: found.directory, files: found.files)
        try grounds.answered?.collect(into: quorum, found.files, isFiling: out == nil)
        let isAnybodyHere = found.identities.contains { document.manifest.person(named: $0.name) != nil }
        try quorum.collect(found.identities)
        if !isAnybodyHere, grounds.answered == nil || Question.isPossible {
            try quorum.collectAtTerminal()
        }
        let secret = try quorum.finish()
        let material = try document.material(
            from: found.archive,
            at: found.archivePath,
            secret: secret,
            added: found.added
        )
        return OpenedEscrow(secret: secret, material: material, custodians: quorum.accepted)
    }

    /// Certificates that joined the epoch, and count for whoever brings an anchor.
    private func added(to document: EpochDocument, _ anchor: Anchor?, now: Timestamp) throws -> [Certificate] {
        let (approved, faults) = try document.approvedCertificates()
        for fault in faults {
            Output.warning("left out: \(fault)")
        }
        if let late = approved.first(where: { $0.record.created.isLater(than: now) }) {
            throw EscrowError.clockIsWrong(newest: late.record.created, path: late.path.string, now: now)
        }
        let added = approved.filter { $0.counts(for: anchor) }.map(\.record.certificate)
        if added.count < approved.count {
            Output.warning(
                "left out: \(approved.count - added.count) added certificate(s) that nobody whom you know signed"
            )
        }
        return added
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
}
