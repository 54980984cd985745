// SPDX-License-Identifier: Apache-2.0

import Custody
package import Escrow
import Files
package import SystemPackage

/// An officer signs a ceremony's plan, once: `PLAN.OFFICER.sig` beside it.
package struct SignPlan {
    package let plan: PlanFiles
    private let officer: IdentityOnDisk
    /// Keeps what came in a parcel, and is sent back in one.
    private let sent: SentPlan?
    private let parcel: FilePath?

    /// - Parameters:
    ///   - plan: One without errors: nobody signs another.
    ///   - sent: The parcel that it came in.
    ///   - parcel: Where the signature goes as a file to send; a free name when it goes nowhere else.
    /// - Throws: ``CeremonyError/planHasErrors(path:)``, ``CeremonyError/notAnOfficer(path:_:plan:)``, ``EscrowError/signedAlready(path:_:)``, ``FileError``
    package init(
        _ plan: PlanFiles,
        from sent: SentPlan? = nil,
        by officer: IdentityOnDisk,
        to parcel: FilePath? = nil
    ) throws {
        guard !plan.hasErrors else {
            throw CeremonyError.planHasErrors(path: plan.path.string)
        }
        guard let found = plan.approval.officers.first(where: { $0.key == officer.file.signingKey }) else {
            throw CeremonyError.notAnOfficer(path: officer.path, officer.name, plan: plan.path.string)
        }
        guard try Files.kind(of: FiledSignature.path(of: plan.path, by: found.name)) == nil else {
            throw EscrowError.signedAlready(path: plan.path.string, found.name)
        }
        (self.plan, self.officer, self.sent, self.parcel) = (plan, officer, sent, parcel)
    }

    /// What an officer names to sign it: the plan, or the parcel that it came in.
    package var place: FilePath { sent?.path ?? plan.path }

    /// What is there, and what is still missing.
    package struct Signed: Sendable {
        package let file: FilePath
        /// Who must sign besides; nothing when enough have.
        package let shortfall: Shortfall?
    }

    /// Shows it, has it confirmed, and signs it.
    ///
    /// - Throws: ``EscrowError/notConfirmed``, why the identity cannot be opened, ``FileError``
    package func run(attended attendance: any Attendance) throws -> Signed {
        // That it is not approved yet is why it is signed.
        let odd = plan.findings.filter { $0.code != "not-approved" }.map { "\($0.code): \($0.text)" }
        attendance.tell(.plan(place, plan.review.lines(plan.digest), odd: odd))
        var outbox = try Outbox(of: officer.name, to: parcel, attended: attendance)
        try attendance.confirm(.sign(count: 1, officer.name))
        let (signer, signature) = try officer.sign(plan.bytes, Plan.format, attended: attendance)
        let file = FiledSignature.path(of: plan.path, by: signer)
        if sent == nil {
            try Files.create(file, signature.armored, permissions: .publicFile)
        }
        if sent != nil || parcel != nil {
            let packed = Parcel.File(plan: "\(PlanPlace.planName).\(signer).sig", signature.armored)
            outbox.add([packed], as: "signatures", answering: plan.digest, telling: [])
            try outbox.finish(about: "a plan's signature by \(signer)", for: .collectPlan)
        }
        let signed = Set(plan.signed.map(\.name)).union([signer])
        let officers = plan.approval.officers.filter { signed.contains($0.name) }
        return Signed(file: file, shortfall: Shortfall(of: officers, for: plan.approval))
    }
}
