// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import Custody
import Escrow
import Files
import SystemPackage

// A command that a step runs, as the command line would.
extension LiveCeremony {
    /// Runs a command that makes something once, unless that is there already; its status alone shows nothing.
    ///
    /// - Parameters:
    ///   - result: What it makes, in words.
    ///   - isMade: Whether that is in the escrow, and in no line yet.
    func run<Command: ParsableCommand>(
        _ command: Command.Type,
        _ name: String,
        makes result: String,
        isMade: () -> Bool,
        _ arguments: () throws -> [String]
    ) throws -> Outcome {
        if let change = try changeOfManifest() {
            return .otherwise(change)
        }
        guard !isMade() else {
            return .asExpected(files: appeared(), notes: [.init("found", "done before the interruption")])
        }
        let (status, files, notes) = try run(command, name, arguments)
        guard isMade() else {
            let words = status == .done ? "did not make \(result)" : "ended with status \(status.rawValue)"
            return .otherwise("'\(name)' \(words)", files: files, notes: notes)
        }
        return .asExpected(files: files, notes: notes)
    }

    /// Runs a command whose status says whether it went as expected.
    func run<Command: ParsableCommand>(
        _ command: Command.Type,
        _ name: String,
        isSound: (ExitStatus) -> Bool = { $0 == .done },
        _ arguments: () throws -> [String]
    ) throws -> Outcome {
        if let change = try changeOfManifest() {
            return .otherwise(change)
        }
        let (status, files, notes) = try run(command, name, arguments)
        return isSound(status)
            ? .asExpected(files: files, notes: notes)
            : .otherwise("'\(name)' ended with status \(status.rawValue)", files: files, notes: notes)
    }

    /// Runs a command that leaves a file in the newest epoch, or finds it there; its status alone shows nothing.
    func run<Command: ParsableCommand>(
        _ command: Command.Type,
        _ name: String,
        leaves artefact: EscrowArtefact,
        _ arguments: () throws -> [String]
    ) throws -> Outcome {
        let outcome = try run(command, name, isSound: { $0 == .done }, arguments)
        guard case .asExpected(let files, let notes) = outcome else {
            return outcome
        }
        let folder = try epoch().path.lastComponent?.string ?? ""
        let there = EscrowListing.digests(in: escrowPath).filter { path, _ in
            path.hasPrefix(bytesOf: "\(folder)/") && artefact.isNamed(by: path)
        }
        guard !there.isEmpty else {
            return .otherwise("'\(name)' made no \(artefact.words)", files: files, notes: notes)
        }
        let found = there.filter { path, _ in !files.contains { $0.name.isEqual(bytesOf: path) } }
            .map { TranscriptLine.File(.input, $0.key, $0.value) }
        return .asExpected(files: files + found.sorted { $0.name.precedes(bytesOf: $1.name) }, notes: notes)
    }

    private func run<Command: ParsableCommand>(
        _: Command.Type,
        _ name: String,
        _ arguments: () throws -> [String]
    ) throws -> (status: ExitStatus, files: [TranscriptLine.File], notes: [TranscriptLine.Note]) {
        let arguments = try arguments()
        let words = ["ca-escrow", name] + arguments.map(ShellWord.of)
        CeremonyScreen.command(words).forEach(CeremonyScreen.say)
        try waitForRemoval()
        try waitForEnter("This command runs now")
        let before = unrecorded()
        let status = Output.wrapping(CeremonyScreen.wrapped) { Self.status(of: Command.self, arguments) }
        let notes = [
            TranscriptLine.Note("command", cutting: words.joined(separator: " ")),
            .init("status", "\(status.rawValue)"),
        ]
        return (status, appeared(besides: before), notes)
    }

    /// Waits until the newest epoch has nothing that an interrupted command left: the bundle would take it in for good.
    private func waitForRemoval() throws {
        while let path = try? epoch().path, case let left = Record.orphanedSignatures(inEpoch: path), !left.isEmpty {
            for signature in left {
                CeremonyScreen.wrapped("its document is missing: \(signature)", first: "", rest: "    ")
                    .forEach(CeremonyScreen.say)
            }
            try waitForEnter("Remove what an interrupted run left")
        }
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

    /// What is otherwise than when the manifest was compared: every step after that is about the same one.
    private func changeOfManifest() throws -> String? {
        let subject = Step.Subject.manifest
        let lines = transcript.lines.filter { [.compared, .differed].contains($0.act) }
        let compared = lines.filter { script.step($0.step)?.act == .compare(subject) }.flatMap(\.files)
            .last { $0.name == subject.rawValue }
        guard let compared else {
            return nil
        }
        let now = try epoch().digest
        return now == compared.sha256
            ? nil : "the newest manifest is \(now), where \(compared.sha256) was compared"
    }
}
