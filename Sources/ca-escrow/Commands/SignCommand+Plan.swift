// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import Files
import SystemPackage

/// A ceremony's plan that an officer is about to sign.
struct PlanToSign {
    private let path: String
    private let plan: PlanFiles

    /// - Throws: ``Diagnostic``: a plan with errors is signed by nobody, and a plan by its own officers only, once.
    init(at path: String, for officer: IdentityOnDisk) throws {
        self.path = path
        plan = try PlanOption.read(path, at: Timestamp.now())
        guard !plan.hasErrors else {
            throw PlanOption.refusal(of: plan, at: path, "is not signed")
        }
        guard let found = plan.approval.officers.first(where: { $0.key == officer.file.signingKey }) else {
            throw Diagnostic("\(officer.path): \(officer.name) is no officer of \(path)", .refused)
        }
        guard try Files.kind(of: FiledSignature.path(of: plan.path, by: found.name)) == nil else {
            throw EscrowError.signedAlready(path: path, found.name)
        }
    }

    /// Shows the plan, asks, and writes `PLAN.OFFICER.sig` beside it.
    func sign(by officer: IdentityOnDisk, _ files: PassphraseFiles, isConfirmed: Bool) throws {
        Output.error("ca-escrow: \(path)")
        PlanWords.lines(of: plan.review, plan.digest).forEach { Output.error("ca-escrow: \($0)") }
        for finding in plan.findings where finding.code != "not-approved" {
            Output.warning("\(finding.code): \(finding.text)")
        }
        try Question.confirm("Sign it as \(officer.name)?", isAnswered: isConfirmed)
        let (signer, signature) = try officer.sign(plan.bytes, Plan.format, files)
        let file = FiledSignature.path(of: plan.path, by: signer)
        try Files.create(file, signature.armored, permissions: .publicFile)
        Output.line("signed: \(file)")
        let signed = Set(plan.signed.map(\.name)).union([signer])
        let missing = plan.approval.threshold - signed.count
        if missing > 0 {
            let others = plan.approval.officers.map(\.name).filter { !signed.contains($0) }
            Output.next(
                "\(missing) more of (\(others.map(\.description).joined(separator: ", "))): ca-escrow sign \(ShellWord.path(path)) -i FILE"
            )
        } else {
            Output.next("ca-escrow ceremony script \(ShellWord.path(path)) --out FILE.html")
        }
    }
}
