// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Ceremony
import Encoding
import Escrow
import SystemPackage

struct SignCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        of: "sign",
        operands: "<path> ... -i <identity> [<options>]",
        abstract: "Approve a manifest, a request, an added certificate or a ceremony's plan.",
        discussion: """
            Takes an escrow, or one document in it. In an escrow, it signs everything that is waiting for you: the \
            newest manifest, requests, records, and certificates that were added. The file name of a ceremony's plan \
            is plan.json, or ends in .plan.json. With an OpenSSH key, use ssh-keygen, then 'ca-escrow collect'.
            """,
        examples: ["ca-escrow sign acme.escrow -i omar.identity"]
    )

    @Argument(help: .of("path", "Escrows, documents in them, parcels, or plans.")) var paths: [String]
    @OptionGroup var acting: IdentityOptions
    @Option(help: .of("name", "A change that you intend, by the name that 'sign' shows; may be repeated.")) var confirm:
        [String] = []
    @Option(help: .of("file", "Write the signatures into one file, to send.")) var out: String?
    @OptionGroup var clock: TimeOption
    @OptionGroup var report: ReportOption

    func run() throws {
        let (officer, files) = try acting.oneWithFiles()
        let (parcel, now, terminal) = (out.map { FilePath($0) }, try clock.time(), Terminal(files))
        var (plans, escrows): ([SignPlan], [FilePath]) = ([], [])
        for path in paths {
            if let plan = try terminal.attend({ try Self.plan(at: path, for: officer, to: parcel, attended: $0) }) {
                plans.append(plan)
            } else {
                escrows.append(FilePath(path))
            }
        }
        let act = Sign(escrows, by: officer, naming: confirm, isConfirmed: Question.isYes, parcel: parcel, now: now)
        let found = try terminal.attend { try act.found(attended: $0) }
        for plan in plans {
            try Self.sign(plan, terminal)
        }
        guard !found.documents.isEmpty else {
            if plans.isEmpty, found.signed.isEmpty {
                Output.line("nothing is waiting for \(officer.name)'s signature")
            }
            return
        }
        try terminal.attend { try found.signed(attended: $0) }.nextSteps.forEach(Output.next)
    }
}

// Ceremonies' plans among what an officer signs.
extension SignCommand {
    /// The plan that a path names, or a parcel holds; nothing when it names something else.
    ///
    /// - Throws: ``Diagnostic``: a plan with errors is signed by nobody.
    static func plan(
        at path: String,
        for officer: IdentityOnDisk,
        to parcel: FilePath?,
        attended attendance: any Attendance
    ) throws -> SignPlan? {
        let sent = try SentPlan(ifAt: FilePath(path), attended: attendance)
        guard sent != nil || Bundle.isPlan(FilePath(path)) else {
            return nil
        }
        let place = sent?.bundle.string ?? path
        let plan = try PlanOption.read(place, as: path, at: .now(), isBundle: sent != nil, else: "is not signed")
        return try SignPlan(plan, from: sent, by: officer, to: parcel)
    }

    /// Has it signed, and says who signs next.
    static func sign(_ act: SignPlan, _ terminal: Terminal) throws {
        let path = act.place.string
        let signed = try terminal.attend { try act.run(attended: $0) }
        Output.next(
            signed.shortfall.flatMap { NextStep.sign([$0], in: act.place) }
                ?? "ca-escrow ceremony script \(ShellWord.path(path)) --out FILE.html"
        )
    }
}
