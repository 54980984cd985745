// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretSharing
import SystemPackage

/// One custodian at work: an identity that is opened once, and what it has seen before.
final class CustodianActs {
    let custodian: IdentityOnDisk
    private let files: PassphraseFiles
    private var seen: SeenManifests
    private var identity: Identity?

    init(_ custodian: IdentityOnDisk, passphraseFiles: [String]) throws {
        self.custodian = custodian
        var files = try PassphraseFiles(passphraseFiles)
        try files.check(askable: custodian.file.isWithoutPassphrase ? [] : [custodian.name.description])
        self.files = files
        seen = try SeenManifests(of: custodian.name, beside: FilePath(custodian.path))
        identity = nil
    }

    var name: Name { custodian.name }

    /// The epoch in force of an escrow, in which the custodian has a share, held against the clock and what was seen.
    ///
    /// - Parameters:
    ///   - given: The manifest's digest as the caller gave it beforehand, in any form.
    func epoch(in directory: EscrowDirectory, given: [String], now: Timestamp) throws -> EpochDocument {
        let epoch = try inForce(in: directory)
        guard let person = epoch.manifest.person(named: name) else {
            throw EscrowError.notACustodian(path: custodian.path, name)
        }
        guard person.signingKey == custodian.file.signingKey else {
            throw EscrowError.identityIsNotThePerson(path: custodian.path, name)
        }
        try Clock.check(now, against: epoch, in: directory)
        try seen.check(epoch, in: directory)
        if epoch.manifest.isRehearsal {
            Output.error("ca-escrow: \(directory.shown): A REHEARSAL: its key is a test key")
        }
        if !seen.knows(epoch.manifest.set) {
            let manifest = epoch.manifest
            Output.error("ca-escrow: \(directory.shown): the escrow of \(manifest.certificate.subject)")
            Output.error("ca-escrow:   epoch \(manifest.epoch), \(manifest.policy.text)")
            Output.error("ca-escrow:   it is the first time that you act on it")
            try Comparison.manifest.confirm(epoch.digest, given: given)
        }
        return epoch
    }

    /// The epoch in force.
    private func inForce(in directory: EscrowDirectory) throws -> EpochDocument {
        let approvals = try directory.approvals()
        guard let approval = approvals.inForce else {
            throw approvals[approvals.count - 1].notInForce
        }
        guard !approval.document.manifest.isRetired else {
            throw EscrowError.retired(path: directory.shown)
        }
        return approval.document
    }

    /// Lends the identity, opened at its first use.
    func withIdentity<Result>(_ body: (borrowing Identity) throws -> Result) throws -> Result {
        if identity == nil {
            identity = try custodian.open(files)
        }
        guard let opened = identity.take() else {
            preconditionFailure("it was opened a moment ago")
        }
        let result = Swift.Result { try body(opened) }
        identity = consume opened
        return try result.get()
    }

    /// Before a share leaves: whoever acknowledged another manifest of this escrow must acknowledge this one first.
    func checkAcknowledged(_ epoch: EpochDocument, in directory: EscrowDirectory, for request: String) throws {
        guard !seen.has(epoch), let last = seen.last(in: directory) else {
            return
        }
        throw EscrowError.request(request, .anotherManifest(found: epoch.digest, acknowledged: last))
    }

    /// Whether the custodian acted on exactly this manifest before.
    func hasSeen(_ epoch: EpochDocument) -> Bool { seen.has(epoch) }

    /// Remembers a manifest before anything is signed about it.
    func remember(_ epoch: EpochDocument, in directory: EscrowDirectory) throws {
        try seen.remember(epoch, in: directory)
    }
}

/// Options of every command with which a custodian signs something.
struct CustodianOptions: ParsableArguments {
    @OptionGroup var acting: IdentityOptions
    @Option(
        help: ArgumentHelp(
            "The manifest's digest from the ceremony's sheet, as hexadecimal digits, 12 words or 30 digits: asked for the first time.",
            valueName: "code"
        )
    )
    var manifest: [String] = []
    @Option(help: ArgumentHelp("Also write what was signed into one file to send.", valueName: "file")) var out: String?
    @OptionGroup var clock: TimeOption

    func acts() throws -> CustodianActs {
        try CustodianActs(try acting.oneOrAsked(), passphraseFiles: acting.passphraseFile)
    }
}

/// Signed documents on their way out of a command: into the escrow, and into a parcel when one is asked for.
struct Outbox {
    private let parcelPath: FilePath?
    private let isFiling: Bool
    private var files: [Parcel.File] = []
    private var isRehearsal = false

    /// - Parameter isFiling: Whether documents go into the escrow as well.
    /// - Throws: ``FileError/exists(path:)`` before anything is signed.
    init(_ out: String?, isFiling: Bool = true) throws {
        self.isFiling = isFiling
        parcelPath = out.map { FilePath($0) }
        if let parcelPath, try Files.kind(of: parcelPath) != nil {
            throw FileError.exists(path: parcelPath.string)
        }
    }

    /// Packs files that are there already.
    mutating func add(_ more: [Parcel.File]) {
        files += more
    }

    /// Packs a document that an earlier run filed: it may have been interrupted before it wrote its parcel.
    mutating func sendAgain(_ identifier: String, of escrow: EscrowDirectory) throws {
        guard parcelPath != nil, isFiling else {
            return
        }
        isRehearsal = try isRehearsal || escrow.approval(of: nil).document.manifest.isRehearsal
        files += try escrow.packed(only: [identifier]).filter { $0.path.contains(identifier) }
    }

    /// Files a document; where the escrow cannot be written, the parcel is enough.
    mutating func send(_ document: SignedDocument, of escrow: EscrowDirectory, as what: String) throws {
        files += document.parcelFiles(of: escrow.name)
        isRehearsal = try isRehearsal || escrow.approval(of: nil).document.manifest.isRehearsal
        guard isFiling else {
            return
        }
        do {
            Output.line("\(what): \(try document.file())")
        } catch EscrowError.file(let error) {
            guard let parcelPath, !Files.isWritable(directory: escrow.path) else {
                throw error
            }
            Output.warning("\(escrow.path): read-only: it is only in \(parcelPath)")
        }
    }

    /// Writes the parcel.
    func finish(about: String) throws {
        guard let parcelPath, !files.isEmpty else {
            return
        }
        let about = isRehearsal ? "\(Rehearsal.mark): \(about)" : about
        try Files.create(parcelPath, Parcel(about: about, files: files).encoded(), permissions: .publicFile)
        Output.line("parcel: \(parcelPath)")
    }
}
