// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Escrow
import Files
package import SystemPackage

/// An officer signs a ceremony's plan, once: `PLAN.OFFICER.sig` beside it.
package struct SignPlan {
    package let plan: PlanFiles
    private let officer: IdentityOnDisk

    /// - Throws: ``CeremonyError/planHasErrors(path:)``: nobody signs such a one; ``CeremonyError/notAnOfficer(path:_:plan:)``, ``EscrowError/signedAlready(path:_:)``, ``FileError``
    package init(_ plan: PlanFiles, by officer: IdentityOnDisk) throws {
        guard !plan.hasErrors else {
            throw CeremonyError.planHasErrors(path: plan.path.string)
        }
        guard let found = plan.approval.officers.first(where: { $0.key == officer.file.signingKey }) else {
            throw CeremonyError.notAnOfficer(path: officer.path, officer.name, plan: plan.path.string)
        }
        guard try Files.kind(of: FiledSignature.path(of: plan.path, by: found.name)) == nil else {
            throw EscrowError.signedAlready(path: plan.path.string, found.name)
        }
        (self.plan, self.officer) = (plan, officer)
    }

    /// What is there, and what is still missing.
    package struct Signed: Sendable {
        package let file: FilePath
        /// How many more must sign, of these.
        package let missing: (count: Int, of: [Name])
    }

    /// Shows it, has it confirmed, and signs it.
    ///
    /// - Throws: ``EscrowError/notConfirmed``, why the identity cannot be opened, ``FileError``
    package func run(attended attendance: any Attendance) throws -> Signed {
        // That it is not approved yet is why it is signed.
        let odd = plan.findings.filter { $0.code != "not-approved" }.map { "\($0.code): \($0.text)" }
        attendance.tell(.plan(plan.path, plan.review.lines(plan.digest), odd: odd))
        try attendance.confirm(.sign(count: 1, officer.name))
        let (signer, signature) = try officer.sign(plan.bytes, Plan.format, attended: attendance)
        let file = FiledSignature.path(of: plan.path, by: signer)
        try Files.create(file, signature.armored, permissions: .publicFile)
        let signed = Set(plan.signed.map(\.name)).union([signer])
        let others = plan.approval.officers.map(\.name).filter { !signed.contains($0) }
        return Signed(file: file, missing: (max(0, plan.approval.threshold - signed.count), others))
    }
}
