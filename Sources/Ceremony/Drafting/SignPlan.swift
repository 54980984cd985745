// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
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
    /// The officer, as the plan's people name them.
    private let signer: Name

    /// - Parameters:
    ///   - plan: One without errors: nobody signs another.
    ///   - sent: The parcel that it came in.
    ///   - parcel: Where the signature goes as a file to send; a free name when it goes nowhere else.
    /// - Throws: ``CeremonyError/planHasErrors(path:)``, ``CeremonyError/notAnOfficer(path:_:plan:)``
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
        (self.plan, self.officer, self.sent, self.parcel) = (plan, officer, sent, parcel)
        signer = found.name
    }

    /// What an officer names to sign it: the plan, or the parcel that it came in.
    package var place: FilePath { sent?.path ?? plan.path }

    /// What is there, and what is still missing.
    package struct Signed: Sendable {
        package let file: FilePath
        /// Who must sign besides; nothing when enough have.
        package let shortfall: Shortfall?
    }

    /// Shows it, has it confirmed, and signs it; what is signed already is sent again.
    ///
    /// - Throws: ``EscrowError/notConfirmed``, why the identity cannot be opened, ``FileError``
    package func run(attended attendance: any Attendance) throws -> Signed {
        var outbox = try Outbox(of: officer.name, to: parcel, isRepeatable: true, attended: attendance)
        let file = FiledSignature.path(of: plan.path, by: signer)
        var filed: Notice.Fact?
        let armored: [UInt8]
        if try Files.kind(of: file) != nil {
            attendance.tell(.signedAlready(place, signer))
            armored = try Files.read(file, limit: ByteLimit.signature)
        } else {
            if sent == nil {
                try outbox.requireFree()
            }
            armored = try signature(attended: attendance).armored
            filed = .done(.signed(file))
        }
        if sent == nil, let filed {
            try Files.create(file, armored, permissions: .publicFile)
            attendance.tell(filed)
        }
        if sent != nil || parcel != nil {
            let packed = Parcel.File(plan: "\(PlanPlace.planName).\(signer).sig", armored)
            let facts = sent == nil ? [] : [filed].compactMap(\.self)
            outbox.add([packed], as: "signatures", answering: plan.digest, telling: facts)
            try outbox.finish(about: "a plan's signature by \(signer)", for: .collectPlan)
        }
        let signed = Set(plan.signed.map(\.name)).union([signer])
        let officers = plan.approval.officers.filter { signed.contains($0.name) }
        return Signed(file: file, shortfall: Shortfall(of: officers, for: plan.approval))
    }

    private func signature(attended attendance: any Attendance) throws(EscrowError) -> SSHSignature {
        // That it is not approved yet is why it is signed.
        let odd = plan.findings.filter { $0.code != "not-approved" }.map { "\($0.code): \($0.text)" }
        attendance.tell(.plan(place, plan.review.lines(plan.digest), odd: odd))
        try attendance.confirm(.sign(count: 1, officer.name))
        return try officer.sign(plan.bytes, Plan.format, attended: attendance).signature
    }
}
