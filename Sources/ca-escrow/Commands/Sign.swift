// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

struct Sign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        _superCommandName: CAEscrow.name,
        abstract: "Approve a manifest, a request, an added certificate or a ceremony's plan.",
        discussion: """
            Names an escrow, or one document in it. In an escrow it signs all that waits for you: the newest manifest, \
            requests, and certificates that were added. A ceremony's plan is a file that ends in .toml. With an OpenSSH key use ssh-keygen, then 'ca-escrow collect'.
            """
    )

    @Argument(help: ArgumentHelp("Escrows, documents in them, or plans.", valueName: "path")) var paths: [String] = []
    @OptionGroup var acting: IdentityOptions
    @Flag(help: "Answer yes to questions.") var yes = false

    func run() throws {
        let officer = try acting.oneOrAsked()
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: officer.file.isWithoutPassphrase ? [] : [officer.name.description])
        let plans = try paths.filter(PlanWords.isPlan).map { try PlanToSign(at: $0, for: officer) }
        var waiting: [SignableDocument] = []
        for path in paths where !PlanWords.isPlan(path) {
            waiting += try documents(at: FilePath(path), for: officer)
        }
        for plan in plans {
            try plan.sign(by: officer, files, isConfirmed: yes)
        }
        if !plans.isEmpty, waiting.isEmpty {
            return
        }
        guard !waiting.isEmpty else {
            Output.line("nothing waits for \(officer.name)'s signature")
            return
        }
        for document in waiting {
            Output.error("ca-escrow: \(document.path)")
            Output.error("ca-escrow:   \(document.title)")
            document.details.forEach { Output.error("ca-escrow:   \($0)") }
            Output.error("ca-escrow:   SHA-256 \(document.digest)")
        }
        try Question.confirm("Sign \(waiting.count == 1 ? "it" : "all of them") as \(officer.name)?", isAnswered: yes)
        let identity = OpenedOfficer(try officer.open(files))
        for document in waiting {
            let (_, signature) = identity.sign(document.bytes, document.format)
            let (_, file) = try document.file(signature, from: officer.path)
            Output.line("signed: \(file)")
        }
        for manifest in waiting where manifest.format == .manifest {
            let escrow = manifest.path.removingLastComponent().removingLastComponent()
            let newest = try EscrowDirectory(at: escrow.isEmpty ? "." : escrow).approvals().last
            if let newest, newest.isInForce, !newest.document.manifest.isRetired {
                Drill.announce(for: escrow.isEmpty ? "." : escrow.string)
            }
        }
    }

    /// Whether two paths lead to one file.
    private static func isSame(_ left: FilePath, _ right: FilePath) -> Bool {
        guard let left = try? Files.resolved(left), let right = try? Files.resolved(right) else {
            return false
        }
        return left == right
    }

    /// What could be signed in an escrow whose documents are of the past.
    private static func all(in escrow: FilePath) throws -> [SignableDocument] {
        let directory = try EscrowDirectory(at: escrow)
        _ = try Clock.check(Clock.now(), against: try directory.chain())
        return try SignableDocument.all(in: directory)
    }

    /// What waits for this officer under a path; an escrow in which they may sign nothing is an error.
    private func documents(at path: FilePath, for officer: IdentityOnDisk) throws -> [SignableDocument] {
        let key = officer.file.signingKey
        if EscrowDirectory.isEscrow(path) {
            let all = try Self.all(in: path)
            guard all.contains(where: { document in document.signers.contains { $0.key == key } }) else {
                throw EscrowError.notAnOfficer(path: officer.path, officer.name)
            }
            return all.filter { $0.awaits(key, at: Clock.now()) }
        }
        // EPOCH/manifest.json, EPOCH/records/FILE.json or EPOCH/requests/FILE.json
        let epoch = path.removingLastComponent()
        let isInside = [Record.directoryName, Request.directoryName].contains(epoch.lastComponent?.string)
        let escrow = (isInside ? epoch.removingLastComponent() : epoch).removingLastComponent()
        guard try Files.kind(of: path) != nil else {
            throw FileError.system(path: path.string, .noSuchFileOrDirectory)
        }
        let place: FilePath = escrow.isEmpty ? "." : escrow
        let all = EscrowDirectory.isEscrow(place) ? try Self.all(in: place) : []
        guard let document = all.first(where: { Self.isSame($0.path, path) }) else {
            throw Diagnostic("\(path): nothing that waits for a signature", .data)
        }
        guard document.signers.contains(where: { $0.key == key }) else {
            throw EscrowError.notAnOfficer(path: officer.path, officer.name)
        }
        if let fault = document.notAsked(of: key) {
            throw fault
        }
        guard document.awaits(key, at: Clock.now()) else {
            throw EscrowError.signedAlready(path: path.string, officer.name)
        }
        return [document]
    }
}
