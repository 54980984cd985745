// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import Glibc
import SecretMemory
import SystemPackage

struct RequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Ask custodians who are elsewhere to release their shares to this machine.",
        discussion: """
            Makes a key of its own for this one restore, which stays outside the escrow, and a request that other officers \
            sign. Custodians answer it with 'release' or 'answer'; 'restore --request' opens what they send.
            """
    )

    @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow = ""
    @Option(help: ArgumentHelp("Why: custodians read it.", valueName: "text")) var purpose: String?
    @Option(help: ArgumentHelp("Where the key goes: custodians read it.", valueName: "text")) var destination: String?
    @Option(help: ArgumentHelp("This machine (default: its name).", valueName: "text")) var machine: String?
    @Option(help: ArgumentHelp("How long custodians may answer (default: 72h, at most 30d).", valueName: "duration"))
    var expires = "72h"
    @Option(help: ArgumentHelp("Not before this time.", valueName: "time")) var notBefore: String?
    @Option(help: ArgumentHelp("Where the request's private key goes: outside the escrow.", valueName: "file"))
    var key: String?
    @OptionGroup var acting: IdentityOptions
    @OptionGroup var rehearsing: RehearsalOption
    @OptionGroup var clock: TimeOption

    /// The name in the key's file, and what `--passphrase-file` calls its passphrase.
    static let keyName = "request"

    func run() throws {
        let officer = try acting.oneOrAsked()
        let words = try words()
        let now = try clock.time()
        let start = try start(now)
        let seconds = try DurationOption.seconds(from: expires, option: "--expires", in: 1...Request.longestSeconds)
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(
            askable: (officer.file.isWithoutPassphrase ? [] : [officer.name.description]) + [Self.keyName]
        )
        let directory = try EscrowDirectory(at: FilePath(escrow))
        let approvals = try directory.approvals()
        guard let approval = approvals.inForce else {
            throw approvals[approvals.count - 1].notInForce
        }
        let epoch = approval.document
        try rehearsing.check(epoch.manifest, at: escrow)
        guard !epoch.manifest.isRetired else {
            throw EscrowError.retired(path: escrow)
        }
        guard epoch.manifest.approval.officers.contains(Officer(name: officer.name, key: officer.file.signingKey))
        else {
            throw EscrowError.notAnOfficer(path: officer.path, officer.name)
        }
        try Clock.check(now, against: epoch, in: directory)
        let keyPath = try keyPath()

        let identity = OpenedOfficer(try officer.open(files))
        let keyFile = try makeKey(files)
        let request = Request(
            by: officer.name,
            of: epoch,
            for: words,
            to: keyFile.sealingKey,
            at: now,
            from: start,
            until: start.adding(seconds: seconds)
        )
        try Files.create(keyPath, keyFile.encoded(), permissions: [.ownerReadWrite])
        do {
            let signature = identity.sign(request.encoded(), .request)
            let path = try epoch.file(request, signatures: [signature])
            Output.line("request: \(path)")
        } catch {
            Files.withdraw(keyPath)
            throw error
        }
        Output.line("key: \(keyPath): keep it on this machine: it opens what custodians release")
        let digest = SHA256Digest(of: request.encoded())
        Output.line("request SHA-256: \(digest)")
        let code = ComparisonCode(of: digest)
        Output.line("words:  \(code.words.joined(separator: " "))")
        Output.line("digits: \(code.digits.joined(separator: " "))")
        announce(epoch.manifest.approval, digest, officer.name)
    }

    private func announce(_ approval: Approval, _ digest: SHA256Digest, _ officer: Name) {
        let others = approval.officers.map(\.name).filter { $0 != officer }
        if approval.threshold > 1, let first = others.first {
            let list = others.map(\.description).joined(separator: " or ")
            Output.next("\(list) must sign: ca-escrow sign \(escrow) -i \(first).identity")
        }
        let name = FilePath(escrow).stem ?? "escrow"
        let id = digest.short
        Output.next(
            "ca-escrow pack \(escrow) --request \(id) --out \(name)-request-\(id).parcel, and send it to the custodians"
        )
        Output.next("read the words or the digits to each custodian who calls you")
    }

    private func words() throws -> Request.Words {
        let purpose = try purpose ?? Question.needed("Why the key is needed", else: "--purpose TEXT")
        let destination = try destination ?? Question.needed("Where the key goes", else: "--destination TEXT")
        let machine = machine ?? Self.hostName()
        for (option, text) in [("--purpose", purpose), ("--destination", destination), ("--machine", machine)]
        where !TextRule.allows(text) {
            throw Diagnostic("\(option): 1 to 500 characters, no control or invisible ones", .usage)
        }
        return Request.Words(purpose: purpose, destination: destination, machine: machine)
    }

    private func start(_ now: Timestamp) throws -> Timestamp {
        guard let notBefore else {
            return now
        }
        guard let time = Timestamp(notBefore) else {
            throw Diagnostic("--not-before \(notBefore): not a time such as 2026-03-01T12:00:00Z", .usage)
        }
        return max(time, now)
    }

    private func keyPath() throws -> FilePath {
        let text = try key ?? Question.needed("A new file for the request's private key", else: "--key FILE")
        let path = FilePath(text)
        guard try Files.kind(of: path) == nil else {
            throw FileError.exists(path: text)
        }
        try EscrowDirectory.refuseInside(path, as: text)
        return path
    }

    private func makeKey(_ files: PassphraseFiles) throws -> IdentityFile {
        let passphrase: SecretBytes? = try Passphrase.new(
            "the request key's new passphrase",
            name: Self.keyName,
            files: files,
            fewest: Passphrase.fewestBytes
        )
        do {
            return try Output.whileShowing("making the request's key") {
                try IdentityFile.create(name: try Name(Self.keyName), passphrase: passphrase).file
            }
        } catch {
            throw Diagnostic("\(error)", .refused)
        }
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else {
            return "unknown"
        }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return TextRule.allows(text) ? text : "unknown"
    }
}
