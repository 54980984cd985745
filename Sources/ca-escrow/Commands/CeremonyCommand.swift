// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretSharing
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
    @Argument(help: ArgumentHelp("The ceremony's plan, in TOML.", valueName: "plan")) var plan = ""

    func read(at now: Timestamp) throws -> PlanFiles { try Self.read(plan, at: now) }

    /// The plan of a ceremony that was held, when a bundle is named.
    func readWherever(at now: Timestamp) throws -> PlanFiles {
        try Self.read(plan, at: now, isBundle: try Files.kind(of: FilePath(plan)) == .directory)
    }

    /// - Throws: ``Diagnostic`` for the plan itself, or what a file that it names is.
    static func read(_ plan: String, at now: Timestamp, isBundle: Bool = false) throws -> PlanFiles {
        do {
            let path = FilePath(plan)
            if isBundle {
                return try PlanFiles(in: Bundle(at: path), now: now)
            }
            return try PlanFiles(at: path, now: now, program: SelfTest.programDigest())
        } catch PlanError.file(let error) {
            throw error
        } catch let error as PlanError {
            throw Diagnostic("\(plan): \(error)", .data)
        } catch let error as CertificateError {
            throw Diagnostic("\(plan): ca.certificate: \(error)", .data)
        } catch let error as EarlierInventoryError {
            throw Diagnostic("\(error)", .data)
        }
    }
}
