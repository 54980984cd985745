// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import CertificateAuthority
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

    /// Deals the shares once: an epoch appears whole or not at all, and one that the step has made already is the result.
    func backup() throws {
        try ensure("the shares are dealt", as: .noted) { [self] in
            let outcome = try run(
                Backup.self,
                "backup",
                isThere: { self.hasAppeared { $0.hasSuffix("/manifest.json") } }
            ) {
                var arguments = [plan.escrow.path]
                arguments += plan.escrow.store.map { ["--from", $0] } ?? []
                if try Files.kind(of: escrowPath) == nil {
                    arguments += ["--policy", files.review.policy.text, "--officers", files.approval.text]
                    arguments += plan.people.filter { !Set($0.roles).isDisjoint(with: [.custodian, .officer]) }
                        .compactMap(\.card).flatMap { ["--card", $0] }
                }
                return arguments + archiveOption + rehearsalOption
            }
            guard case .asExpected(let files, let notes) = outcome else {
                return outcome
            }
            // The PKCS#12 file lies outside of the escrow.
            let archive = try epoch().manifest.pkcs12
            return .asExpected(files: files + [.init(.output, archive.name, archive.sha256)], notes: notes)
        }
        try initialBoth()
    }

    func sign(_ name: Name) throws {
        try ensure("\(name) signs the manifest", by: name, as: .noted) { [self] in
            guard files.people.card(of: name)?.signingKey == files.approval.officer(named: name)?.key else {
                let manifest = try epoch().manifestPath
                CeremonyScreen.say(
                    "ssh-keygen -Y sign -n \(DocumentFormat.manifest.namespace) -f KEY < \(manifest) "
                        + "> manifest.json.\(name).sig"
                )
                return try run(Collect.self, "collect") {
                    [plan.escrow.path, try ask("\(fullName(of: name)): the signature's file")]
                }
            }
            return try run(Sign.self, "sign") { [plan.escrow.path, "-i", try identity(of: name)] }
        }
    }

    func audit() throws {
        try ensure("an audit without findings") { [self] in
            try run(AuditCommand.self, "audit", isSound: { [.done, .notYet].contains($0) }) {
                let certificate = isThrowaway ? [] : ["--certificate", plan.authority.certificate]
                return [plan.escrow.path] + signersOption + certificate + archiveOption
            }
        }
        try initialBoth()
    }

    func drill(_ names: [Name]) throws {
        try ensure("the key is rebuilt by \(names.map(\.description).joined(separator: ", "))", as: .noted) { [self] in
            try run(Drill.self, "drill", isThere: { self.hasAppeared { Self.isRecord($0, .drill) } }) {
                var arguments = [plan.escrow.path]
                arguments += [
                    "--purpose",
                    plan.escrow.purpose ?? TranscriptLine.Note("", cutting: "\(plan.title): \(step.title)").text,
                ]
                arguments += try trustOptions() + archiveOption + rehearsalOption
                for name in names {
                    arguments += ["-i", try identity(of: name)]
                }
                return arguments
            }
        }
        try initialBoth()
    }

    func acknowledge(_ name: Name) throws {
        try ensure("\(name) accepts the share", by: name, as: .noted) { [self] in
            try run(Acknowledge.self, "acknowledge") { [plan.escrow.path, "-i", try identity(of: name)] }
        }
    }

    /// Restores the key once: a record that the step has made already is the result.
    ///
    /// The record is the last thing that a restore writes. Without one the key may be in its place all the same: the
    /// command finds it there, leaves it as it is, and makes the record.
    func restore(isFresh: Bool) throws {
        try ensure("the key is restored", as: .noted) { [self] in
            let isThere = { self.hasAppeared { Self.isRecord($0, .restore) } }
            if !isFresh, !isThere() {
                CeremonyScreen.say("It was begun before the interruption, and no record of a restore is here.")
            }
            return try run(Restore.self, "restore", isThere: isThere) {
                [plan.escrow.path, "--to", plan.escrow.store ?? ""] + (try trustOptions()) + archiveOption
                    + rehearsalOption
            }
        }
        try initialBoth()
    }

    // MARK: Options

    /// Whether the CA is made in this ceremony, and is not the one that the plan names.
    var isThrowaway: Bool { plan.makesCA }

    private var signersOption: [String] {
        ["--signers", bundle.signers.string, "--require", "\(files.approval.threshold)"]
    }

    private func trustOptions() throws -> [String] {
        guard isThrowaway else {
            return signersOption + ["--certificate", plan.authority.certificate]
        }
        return signersOption + ["--confirm", SHA256Digest(of: try epoch().manifest.certificate.der).description]
    }

    private var archiveOption: [String] { plan.escrow.pkcs12.map { ["--pkcs12", $0] } ?? [] }

    private var rehearsalOption: [String] { plan.isRehearsal ? ["--rehearsal"] : [] }

    /// The identity's file that the plan names, when somebody's medium is in.
    func plannedIdentity(of name: Name) throws -> String? {
        guard let path = plan.participant(name)?.identity, try Files.kind(of: FilePath(path)) != nil else {
            return nil
        }
        return path
    }

    /// Where somebody's identity is: where the plan says, or asked for.
    private func identity(of name: Name) throws -> String {
        if let path = try plannedIdentity(of: name) {
            return path
        }
        while true {
            let path = try ask("\(fullName(of: name)): put your medium in, and type your identity's file")
            do {
                guard try IdentityOnDisk(at: path).name == name else {
                    throw Diagnostic("\(path): not the identity of \(name)", .refused)
                }
                return path
            } catch {
                guard let diagnostic = Diagnostic(error) else {
                    throw error
                }
                diagnostic.report()
            }
        }
    }

    // MARK: Running

    /// Runs a command as the command line would, unless what it is for is there already.
    ///
    /// - Parameters:
    ///   - isThere: Whether it was done before an interruption; after the command, whether it was done all the same.
    ///   - isSound: Whether a status is as expected.
    private func run<Command: ParsableCommand>(
        _: Command.Type,
        _ name: String,
        isThere: () -> Bool = { false },
        isSound: (ExitStatus) -> Bool = { $0 == .done },
        _ arguments: () throws -> [String]
    ) throws -> Outcome {
        guard !isThere() else {
            return .asExpected(files: appeared(), notes: [.init("found", "done before the interruption")])
        }
        let arguments = try arguments()
        let words = (["ca-escrow", name] + arguments.map(ShellWord.of)).joined(separator: " ")
        CeremonyScreen.wrapped(words, first: "", rest: "    ").forEach(CeremonyScreen.say)
        try waitForEnter("This command runs now")
        let status = Self.status(of: Command.self, arguments)
        let notes = [TranscriptLine.Note("command", cutting: words), .init("status", "\(status.rawValue)")]
        guard isSound(status) || isThere() else {
            return .otherwise("'\(name)' ended with status \(status.rawValue)", files: appeared(), notes: notes)
        }
        return .asExpected(files: appeared(), notes: notes)
    }

    private static func status<Command: ParsableCommand>(of _: Command.Type, _ arguments: [String]) -> ExitStatus {
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

    /// What has come to the escrow and is in no line yet.
    private func appeared() -> [TranscriptLine.File] {
        unrecorded().map { TranscriptLine.File(.output, $0.name, $0.sha256) }
    }

    private func hasAppeared(where isWanted: (String) -> Bool) -> Bool { unrecorded().contains { isWanted($0.name) } }

    private static func isRecord(_ path: String, _ format: DocumentFormat) -> Bool {
        path.contains("/\(Record.directoryName)/") && path.contains("-\(format.kind)-") && path.hasSuffix(".json")
    }
}

/// What lies in an escrow.
enum EscrowListing {
    /// Files by their paths inside, three levels deep at most; what cannot be read is left out.
    static func digests(in folder: FilePath, depth: Int = 3) -> [String: SHA256Digest] {
        var found: [String: SHA256Digest] = [:]
        for name in (try? Files.names(in: folder)) ?? [] where !Files.isLeftover(name) {
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
