// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import Custody
import Escrow
import Files
import SystemPackage

// Steps at which the tool does something: each runs the command that does the same by itself.
extension LiveCeremony {
    var escrowPath: FilePath { FilePath(plan.escrow.path) }

    /// The epoch that the ceremony is about: the newest.
    func epoch() throws -> EpochDocument {
        guard let newest = try EscrowDirectory(at: escrowPath).approvals().last else {
            throw EscrowError.notAnEscrow(path: plan.escrow.path)
        }
        return newest.document
    }

    func backup(isFresh: Bool) throws {
        // The epoch appears whole or not at all: after an interruption the directory says which.
        if !isFresh, let made = try epochMadeSinceBeginning() {
            try record(.noted, notes: [.init("found", "epoch \(made.manifest.epoch), made before the interruption")])
            return try recordMade(by: [:], made)
        }
        let before = contents()
        var arguments = [plan.escrow.path, "--from", plan.escrow.store ?? ""]
        if try Files.kind(of: escrowPath) == nil {
            arguments += ["--policy", files.review.policy.text, "--officers", files.approval.text]
            arguments += plan.people.filter { !Set($0.roles).isDisjoint(with: [.custodian, .officer]) }
                .compactMap(\.card).flatMap { ["--card", placed($0)] }
        }
        arguments += plan.escrow.pkcs12.map { ["--pkcs12", placed($0)] } ?? []
        arguments += plan.isRehearsal ? ["--rehearsal"] : []
        try untilDone("the shares are dealt") { try Self.run(Backup.self, arguments) }
        try recordMade(by: before, try epoch())
    }

    private func recordMade(by before: [String: SHA256Digest], _ epoch: EpochDocument) throws {
        let archive = epoch.manifest.pkcs12
        try recordFiles(since: before, and: [.init(.output, archive.name, archive.sha256)])
    }

    /// An epoch that is newer than the beginning of this step.
    private func epochMadeSinceBeginning() throws -> EpochDocument? {
        guard let begun = acts.first(where: { $0.act == .began })?.time, try Files.kind(of: escrowPath) != nil else {
            return nil
        }
        let newest = try epoch()
        return newest.manifest.created >= begun ? newest : nil
    }

    func sign(_ name: Name) throws {
        let before = contents()
        let approval = try EscrowDirectory(at: escrowPath).approvals().last
        if approval?.signed.contains(where: { $0.name == name }) == true {
            return try record(.noted, by: name, notes: [.init("found", "signed already")])
        }
        try untilDone("\(name) signs the manifest") { [self] in
            guard files.people.card(of: name)?.signingKey == files.approval.officer(named: name)?.key else {
                let epoch = try epoch()
                CeremonyScreen.say(
                    "ssh-keygen -Y sign -n \(DocumentFormat.manifest.namespace) -f KEY < \(epoch.manifestPath) "
                        + "> manifest.json.\(name).sig"
                )
                return try Self.run(Collect.self, [plan.escrow.path, try ask("\(name): the signature's file")])
            }
            return try Self.run(Sign.self, [plan.escrow.path, "-i", try identity(of: name)])
        }
        try recordFiles(since: before, by: name)
    }

    func audit() throws {
        let arguments =
            [plan.escrow.path, "--signers", bundle.signers.string, "--require", "\(files.approval.threshold)"]
            + ["--certificate", placed(plan.authority.certificate)] + archiveOption
        while true {
            let status = try Self.run(AuditCommand.self, arguments)
            let isSound = [.done, .notYet].contains(status)
            try record(isSound ? .compared : .differed, notes: [.init("status", "\(status.rawValue)")])
            if !isSound {
                let decision = try raiseException(
                    expected: "an audit without findings",
                    happened: "it ended with status \(status.rawValue)"
                )
                if decision == .again {
                    continue
                }
            }
            return try initialBoth()
        }
    }

    func drill(_ names: [Name]) throws {
        let before = contents()
        try untilDone("the key is rebuilt by \(names.map(\.description).joined(separator: ", "))") { [self] in
            var arguments = [plan.escrow.path, "--purpose", plan.escrow.purpose ?? "\(plan.title): \(step.title)"]
            arguments += trustOptions + archiveOption
            for name in names {
                arguments += ["-i", try identity(of: name)]
            }
            return try Self.run(Drill.self, arguments)
        }
        try recordFiles(since: before)
        try initialBoth()
    }

    func acknowledge(_ name: Name) throws {
        let before = contents()
        try untilDone("\(name) accepts the share") { [self] in
            try Self.run(Acknowledge.self, [plan.escrow.path, "-i", try identity(of: name)])
        }
        try recordFiles(since: before, by: name)
    }

    func restore(isFresh: Bool) throws {
        let before = contents()
        if !isFresh {
            try raiseException(
                expected: "a restore that is not interrupted",
                happened: "it was begun, and may have written its key: the same key is found and left as it is"
            )
        }
        try untilDone("the key is restored") { [self] in
            try Self.run(
                Restore.self,
                [plan.escrow.path, "--to", plan.escrow.store ?? ""] + trustOptions + archiveOption
            )
        }
        try recordFiles(since: before)
        try initialBoth()
    }

    private var trustOptions: [String] {
        [
            "--signers", bundle.signers.string, "--require", "\(files.approval.threshold)",
            "--certificate", placed(plan.authority.certificate),
        ]
    }

    private var archiveOption: [String] { plan.escrow.pkcs12.map { ["--pkcs12", placed($0)] } ?? [] }

    /// A path of the plan, which starts at the plan's folder.
    func placed(_ path: String) -> String { files.path.removingLastComponent().pushing(FilePath(path)).string }

    /// Where somebody's identity is: where the plan says, or asked for.
    func identity(of name: Name) throws -> String {
        if let path = plan.participant(name)?.identity.map(placed), try Files.kind(of: FilePath(path)) != nil {
            return path
        }
        return try ask("\(fullName(of: name)): put your medium in, and type your identity's file")
    }

    // MARK: Running

    /// Runs a command until it is done, or the administrator goes on without.
    private func untilDone(_ expected: String, _ work: () throws -> ExitStatus) throws {
        while true {
            let status = try work()
            if status == .done {
                return
            }
            let decision = try raiseException(expected: expected, happened: "it ended with status \(status.rawValue)")
            if decision == .goOn {
                return
            }
        }
    }

    /// Runs a command as the command line would.
    ///
    /// - Throws: An interruption of the ceremony itself.
    private static func run<Command: ParsableCommand>(_: Command.Type, _ arguments: [String]) throws -> ExitStatus {
        do {
            var command = try Command.parse(arguments)
            try command.run()
            return .done
        } catch let code as ExitCode {
            return ExitStatus(rawValue: code.rawValue) ?? .software
        } catch {
            let diagnostic = Diagnostic(error) ?? Diagnostic(Command.message(for: error), .usage)
            diagnostic.report()
            return diagnostic.status
        }
    }

    // MARK: Files

    /// Every file of the escrow with its digest, by its path inside.
    private func contents() -> [String: SHA256Digest] { EscrowListing.digests(in: escrowPath) }

    /// Writes down what has come to the escrow, ordered by path.
    private func recordFiles(
        since before: [String: SHA256Digest],
        by actor: Name? = nil,
        and others: [TranscriptLine.File] = []
    ) throws {
        let made = contents().filter { before[$0.key] != $0.value }.sorted { $0.key < $1.key }
        let files = made.map { TranscriptLine.File(.output, $0.key, $0.value) } + others
        if !files.isEmpty {
            try record(.noted, by: actor, files: files)
        }
    }
}

/// What lies in an escrow.
enum EscrowListing {
    /// Files by their paths inside, three levels deep at most; what cannot be read is left out.
    static func digests(in folder: FilePath, depth: Int = 3) -> [String: SHA256Digest] {
        var found: [String: SHA256Digest] = [:]
        for name in (try? Files.names(in: folder)) ?? [] {
            let path = folder.appending(name)
            switch try? Files.kind(of: path) {
            case .regular:
                if let bytes = try? Files.read(path, limit: ByteLimit.pkcs12) {
                    found[name] = SHA256Digest(of: bytes)
                }
            case .directory where depth > 1:
                for (inner, digest) in digests(in: path, depth: depth - 1) {
                    found["\(name)/\(inner)"] = digest
                }
            default: break
            }
        }
        return found
    }
}
