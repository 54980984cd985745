// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import Encoding
import Escrow
import Files
import SystemPackage

struct CeremonyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceremony",
        abstract: "Plan a ceremony, print its run sheet, hold it, and verify what it left.",
        subcommands: [
            MakePlan.self, CheckPlan.self, PreflightCheck.self, PrintScript.self, RunCeremony.self, VerifyBundle.self,
            StampBundle.self,
        ]
    )
}

/// The plan that a sub-command is about.
struct PlanOption: ParsableArguments {
    @Argument(help: .of("plan", "The ceremony's plan, in JSON.")) var plan: String

    /// - Parameter words: What is not done by a plan with errors: `is not held`; all is, when nothing is said.
    func read(at now: Timestamp, else words: String? = nil) throws -> PlanFiles {
        try Self.read(plan, at: now, else: words)
    }

    /// The plan of a ceremony that was held, when a bundle is named.
    func readWherever(at now: Timestamp) throws -> PlanFiles {
        try Self.read(plan, at: now, isBundle: try Files.kind(of: FilePath(plan)) == .directory)
    }

    /// Why nothing is done by a plan with errors; whoever the plan does not name by digest, or by another, is named.
    static func refusal(of files: PlanFiles, at path: String, _ words: String) -> Diagnostic {
        let (reason, hint) = files.refusal(words, at: path)
        return Diagnostic(reason, hint: hint, .failed)
    }

    /// - Throws: ``Diagnostic`` for the plan itself, or what a file that it names is.
    static func read(
        _ plan: String,
        as name: String? = nil,
        at now: Timestamp,
        isBundle: Bool = false,
        else words: String? = nil
    ) throws -> PlanFiles {
        let files = try naming(plan) {
            try isBundle
                ? PlanFiles(in: Bundle(at: FilePath(plan)), now: now)
                : PlanFiles(at: FilePath(plan), now: now, program: SelfCheck.programDigest())
        }
        guard let words, files.hasErrors else {
            return files
        }
        throw refusal(of: files, at: name ?? plan, words)
    }

    /// Reads a plan: all that is wrong with it is said, the last of it by the error that ends the command.
    static func naming<Result>(_ plan: String, _ read: () throws -> Result) throws -> Result {
        do {
            return try read()
        } catch let error as PlanError {
            if let other = error.explained(at: FilePath(plan)) {
                throw other
            }
            let all = error.parts.map { words, cause in
                let known = cause.flatMap { Diagnostic($0) }
                let message = words.isEmpty ? known?.message ?? "" : "\(plan): \(words)"
                return Diagnostic(message, hint: known?.hint, known?.status ?? .data)
            }
            all.dropLast().forEach { $0.report() }
            throw Diagnostic(all[all.count - 1].message, hint: all[all.count - 1].hint, all[0].status)
        }
    }
}
