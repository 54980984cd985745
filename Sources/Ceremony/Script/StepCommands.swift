// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SecretSharing
import SystemPackage

/// The commands that do by themselves what a ceremony's steps do: what the plan says, as words.
///
/// The screen shows them before the work is done, the run sheet prints them: for the spare machine, and for whoever checks.
struct StepCommands {
    let plan: Plan
    private let policy: Policy<Name>
    /// Who must sign, in words.
    private let officers: String
    /// How many of them.
    private let threshold: Int
    /// The keys of the officers, for `--signers`.
    private let signers: String

    /// - Parameters:
    ///   - officers: Who must sign, in words.
    ///   - bundle: Of the ceremony that is held.
    init(of review: PlanReview, officers: String, in bundle: Bundle) {
        (plan, policy, threshold) = (review.plan, review.policy, review.officerThreshold)
        (self.officers, signers) = (officers, bundle.signers.string)
    }

    /// The escrow, which is never taken for an option.
    var escrow: String { plan.escrow.path.hasPrefix(bytesOf: "-") ? "./\(plan.escrow.path)" : plan.escrow.path }

    /// - Parameter isFirst: Whether no escrow is there yet.
    func backup(isFirst: Bool) -> [String] {
        var words = ["backup", escrow] + (plan.escrow.store.map { option("--from", $0) } ?? [])
        if !isFirst {
            words += (plan.escrow.occasion.map { ["--occasion", $0.rawValue] } ?? []) + trustedSigners
        }
        if isFirst || plan.escrow.occasion != nil {
            words += ["--policy", policy.text, "--officers", officers]
            words += cards.flatMap { option("--card", $0) }
        }
        return words + archive + rehearsal
    }

    /// The cards of those who get shares or approve.
    var cards: [String] {
        plan.people.filter { !Set($0.roles).isDisjoint(with: [.custodian, .officer]) }.compactMap(\.card)
    }

    func sign(with identity: String) -> [String] { ["sign", escrow] + option("-i", identity) }

    /// How an officer with an OpenSSH key signs a manifest, elsewhere.
    func signElsewhere(_ manifest: String, by name: Name) -> [String] {
        [
            "ssh-keygen", "-Y", "sign", "-n", DocumentFormat.manifest.namespace, "-f", "KEY", "<",
            ShellWord.path(manifest), ">", "manifest.json.\(name).sig",
        ]
    }

    var audit: [String] {
        let certificate = plan.makesCA ? [] : option("--certificate", plan.authority.certificate)
        return ["audit", escrow] + trustedSigners + certificate + archive
    }

    /// - Parameter authority: The SHA-256 of the certificate of a CA that is made in the ceremony.
    func drill(_ purpose: String, by identities: [String], confirming authority: String) -> [String] {
        ["drill", escrow] + option("--purpose", purpose) + trust(authority) + archive + rehearsal
            + identities.flatMap { option("-i", $0) }
    }

    /// Why a trial restore is made.
    func purpose(of step: Step) -> String { plan.escrow.purpose ?? "\(plan.title): \(step.title)".cutToText }

    func acknowledge(with identity: String) -> [String] { ["acknowledge", escrow] + option("-i", identity) }

    /// - Parameter authority: As for ``drill(_:by:confirming:)``.
    func restore(confirming authority: String) -> [String] {
        ["restore", escrow] + option("--to", plan.escrow.store ?? "") + trust(authority) + archive + rehearsal
    }

    /// How something goes to a medium.
    static func write(_ path: String) -> [String] {
        ["cp", "-r", ShellWord.path(path), "FOLDER", "&&", "sync", "&&", "umount", "FOLDER"]
    }

    /// How the PKCS#12 file leaves this machine, when it is on its media.
    static func remove(_ path: String) -> [String] { ["shred", "-u", ShellWord.path(path)] }

    /// How shares come on paper, and are checked.
    var envelopes: [[String]] {
        [["print", escrow], ["check", escrow, "SCAN"]].map { ["ca-escrow", "envelope"] + $0.map(ShellWord.of) }
    }

    private func trust(_ authority: String) -> [String] {
        trustedSigners
            + (plan.makesCA ? ["--confirm", authority] : option("--certificate", plan.authority.certificate))
    }

    private var trustedSigners: [String] {
        option("--signers", signers) + ["--require", "\(threshold)"]
    }

    private var archive: [String] { plan.escrow.pkcs12.map { option("--pkcs12", $0) } ?? [] }

    private var rehearsal: [String] { plan.isRehearsal ? ["--rehearsal"] : [] }

    /// An option with a value that is never taken for another option.
    private func option(_ name: String, _ value: String) -> [String] {
        guard value.hasPrefix(bytesOf: "-") else {
            return [name, value]
        }
        // A short option has no form with '=': what it takes is a path.
        return name.hasPrefix(bytesOf: "--") ? ["\(name)=\(value)"] : [name, "./\(value)"]
    }
}
