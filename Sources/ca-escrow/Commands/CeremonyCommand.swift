// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

struct CeremonyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceremony",
        abstract: "Plan a ceremony, print its run sheet, hold it, verify what it left.",
        subcommands: [CheckPlan.self, PrintScript.self, RunCeremony.self, VerifyBundle.self, StampBundle.self]
    )
}

/// The plan that a sub-command is about.
struct PlanOption: ParsableArguments {
    @Argument(help: .of("plan", "The ceremony's plan, in JSON.")) var plan: String

    func read(at now: Timestamp) throws -> PlanFiles { try Self.read(plan, at: now) }

    /// The plan of a ceremony that was held, when a bundle is named.
    func readWherever(at now: Timestamp) throws -> PlanFiles {
        try Self.read(plan, at: now, isBundle: try Files.kind(of: FilePath(plan)) == .directory)
    }

    /// Why nothing is done by a plan with errors; whoever the plan does not name by digest, or by another, is named.
    static func refusal(of files: PlanFiles, at path: String, _ words: String) -> Diagnostic {
        let check = "ca-escrow ceremony check \(ShellWord.of(path))"
        let others = files.findings.filter { $0.code == "another-card" }.map(\.text)
        let missing = files.missingDigests
        if others.isEmpty, let first = missing.first {
            let names = missing.map(\.person.name.description).joined(separator: ", ")
            let member = "'\"sha256\": \"\(first.sha256)\"'"
            return Diagnostic(
                "\(path): a plan without the digests of its people \(words): \(names)",
                hint: "add beside the card of \(first.person.name) \(member); all such members: \(check)",
                .failed
            )
        }
        let reason = others.isEmpty ? "" : ": \(others.joined(separator: "; "))"
        return Diagnostic("\(path): a plan with errors \(words)\(reason)", hint: check, .failed)
    }

    /// - Throws: ``Diagnostic`` for the plan itself, or what a file that it names is.
    static func read(_ plan: String, at now: Timestamp, isBundle: Bool = false) throws -> PlanFiles {
        do {
            let path = FilePath(plan)
            if isBundle {
                return try PlanFiles(in: Bundle(at: path), now: now)
            }
            return try PlanFiles(at: path, now: now, program: SelfCheck.programDigest())
        } catch PlanError.file(let error) {
            throw error
        } catch let error as PlanError {
            throw error.explained(at: FilePath(plan)) ?? Diagnostic("\(plan): \(error)", .data)
        } catch let error as CertificateError {
            throw Diagnostic("\(plan): ca.certificate: \(error)", .data)
        } catch let error as EarlierInventoryError {
            throw Diagnostic("\(error)", .data)
        }
    }
}
