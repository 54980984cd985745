// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretSharing
import SystemPackage

// An escrow that is there: nothing to do, a certificate to add, or a new epoch.
extension Backup {
    func again(
        _ directory: EscrowDirectory,
        _ store: KeyStore,
        _ officer: IdentityOnDisk?,
        _ files: PassphraseFiles
    ) throws {
        for name in directory.leftovers {
            LeftoverWarning.tell(directory.path.appending(name))
        }
        let approvals = try directory.approvals()
        guard let newest = approvals.last else {
            throw EscrowError.notAnEscrow(path: escrow)
        }
        let said = (approvals.inForce ?? newest).document.manifest
        try Rehearsal.check(said, isRehearsing: rehearsal, at: escrow)
        _ = try Clock.check(try clock.time(), against: approvals.map(\.document))
        try warnOfLeftovers(
            try Destination(escrow: FilePath(escrow), pkcs12: nil),
            besides: approvals.map(\.document)
        )
        let material = try export(store, files)
        let current = try current(among: approvals, newest, for: material)
        let need = try BackupNeed(of: material, in: current.document, escrow: escrow)
        switch need {
        case .newKey:
            try newEpoch(material, from: store, .renewalNewKey, after: newest, officer: officer, files: files)
        case _ where occasion != nil:
            let word = occasion.flatMap(Occasion.init(rawValue:)) ?? .scheduled
            try newEpoch(material, from: store, word, after: newest, officer: officer, files: files)
        case .nothing, .nothingNewer, .approval:
            try refuseIgnoredOptions()
            try vouch(for: current, officer)
            try report(need, material, current.document)
            if newest.document.digest != current.document.digest {
                Output.warning(newest.notInForce.description)
            }
            if !newest.isInForce {
                Output.next(signers: newest.missing, of: escrow)
                throw ExitCode(ExitStatus.notYet.rawValue)
            }
        case .certificates(let certificates):
            try refuseIgnoredOptions()
            try checkTrust(in: current, officer)
            let addition = CertificateAddition(
                escrow: escrow,
                epoch: current.document,
                certificates: certificates,
                created: try clock.time()
            )
            try addition.run(by: officer, files, isConfirmed: yes)
        }
    }

    /// The epoch that decides: the one in force, since anybody may have made one that nobody has approved.
    ///
    /// A newer one that waits for officers decides only that nothing is left to make, when it holds what the store holds.
    private func current(
        among approvals: [EpochApproval],
        _ newest: EpochApproval,
        for material: CAMaterial
    ) throws -> EpochApproval {
        guard let inForce = approvals.inForce, inForce.document.digest != newest.document.digest else {
            return newest
        }
        guard !newest.document.manifest.isRetired, occasion == nil else {
            return inForce
        }
        if case .nothing = try BackupNeed(of: material, in: inForce.document, escrow: escrow) {
            return inForce
        }
        guard case .nothing = try BackupNeed(of: material, in: newest.document, escrow: escrow) else {
            return inForce
        }
        return newest
    }

    /// Says that nothing is to be made; what waits for officers ends with status 1.
    private func report(_ need: BackupNeed, _ material: CAMaterial, _ epoch: EpochDocument) throws {
        switch need {
        case .nothingNewer(let certificate):
            Output.line(
                "\(escrow): nothing to do: epoch \(epoch.manifest.epoch) holds the key, and a newer certificate than "
                    + SHA256Digest(of: certificate.der).grouped
            )
        case .approval(let filed):
            Output.line("\(escrow): the renewed certificate was added, and waits for officers: \(filed.path)")
            Output.next(signers: filed.missing, of: escrow)
            throw ExitCode(ExitStatus.notYet.rawValue)
        case .nothing, .certificates, .newKey: reportNothing(material, epoch)
        }
    }

    /// A verdict about an escrow that a stranger made would keep a backup from being made: whoever can be asked vouches.
    private func vouch(for approval: EpochApproval, _ officer: IdentityOnDisk?) throws {
        if signers.signers == nil {
            try officer?.checkMaySign(approval.document.manifest.approval)
        }
        if try !signers.isVouched(approval, by: officer, at: escrow, now: try clock.time()) {
            SignersOptions.warnOfStranger(escrow)
        }
    }

    /// Officers who were believed when they signed, and whose keys count no more.
    static func warnOfExpired(_ trusted: [Officer], _ anchor: Anchor, _ now: Timestamp) throws {
        let valid = anchor.trusted(among: trusted, for: .manifest, at: now)
        for officer in trusted where !valid.contains(officer) {
            Output.warning("\(anchor.path): the key of \(officer.name) is not valid any more")
        }
    }

    private func reportNothing(_ material: CAMaterial, _ epoch: EpochDocument) {
        Output.line(
            "\(escrow): nothing to do: epoch \(epoch.manifest.epoch) holds \(material.newest.subject), "
                + "SHA-256 \(SHA256Digest(of: material.newest.der).grouped)"
        )
    }

    /// What describes a new epoch must not be dropped without a word where none is made.
    private func refuseIgnoredOptions() throws {
        let given = [
            ("--policy", policy != nil), ("--officers", officers != nil), ("--card", !card.isEmpty),
            ("--title", title != nil), ("--iterations", iterations != nil),
            ("--pkcs12", pkcs12 != nil), ("--with-state", withState),
        ]
        if let (option, _) = given.first(where: { $0.1 }) {
            throw Diagnostic(
                "\(option): no new epoch is due, and nothing else uses it",
                hint: "--occasion scheduled or custodian-change makes a new epoch",
                .usage
            )
        }
    }

    /// The new shares go to the people whom the escrow names: somebody from outside must vouch for it.
    ///
    /// That is an officer of `--signers`, or whoever acts, when their own signature is on it; their keys are derived anew
    /// before anything is made.
    private func checkTrust(in newest: EpochApproval, _ officer: IdentityOnDisk?) throws {
        guard try !signers.isVouched(newest, by: officer, at: escrow, now: try clock.time()) else {
            return
        }
        throw Diagnostic(
            "\(escrow): nobody whom you know vouches for its manifest: it says who gets the new shares",
            hint: "--signers FILE, or -i IDENTITY of an officer who signed it",
            .refused
        )
    }

    private func newEpoch(
        _ material: CAMaterial,
        from store: KeyStore,
        _ occasion: Occasion,
        after newest: EpochApproval,
        officer: IdentityOnDisk?,
        files: PassphraseFiles
    ) throws {
        guard newest.isInForce else {
            throw newest.notInForce
        }
        try checkTrust(in: newest, officer)
        let epoch = newest.document
        let material = try withEarlierCertificates(material, of: epoch)
        let destination = try Destination(
            escrow: FilePath(escrow),
            pkcs12: pkcs12.map { FilePath($0) },
            isRehearsal: rehearsal
        )
        let plan = try nextPlan(after: epoch)
        try officer?.checkMaySign(plan.approval)
        let before = GenerationList(of: epoch.manifest.certificates, for: epoch.manifest.certificate)
        try confirmLeavingOut(material, answered: before.gap)
        Output.error("ca-escrow: a new epoch, \(epoch.manifest.epoch + 1): \(occasion.rawValue)")
        Output.error("ca-escrow:   \(material.newest.subject), \(material.generations.count) key(s)")
        Output.error("ca-escrow:   restored by \(plan.policy.text)")
        Output.error("ca-escrow:   approved by \(plan.approval.text)")
        let held = Set(material.generations.map { $0.key.spki })
        let left = epoch.manifest.certificates.filter { !held.contains($0.spki) }
        if !left.isEmpty {
            Output.warning(
                "\(source): does not hold the key of \(left.count) certificate(s) of epoch \(epoch.manifest.epoch): "
                    + "keep \(epoch.manifest.pkcs12.name), which --epoch \(epoch.manifest.epoch) restores"
            )
        }
        try warnOfMissingEnrolments(plan, besides: epoch)
        try Question.confirm("Make it?", isAnswered: yes)
        let signer = try officer.map { OpenedOfficer(try $0.open(files)) }
        try publish(material, from: store, plan, occasion, after: epoch, to: destination, signer: signer)
        Output.next(
            "\(epoch.manifest.pkcs12.name) still opens with its old quorum: keep or destroy it, as your policy says"
        )
    }

    /// The store's keys with every certificate that the escrow holds for them: a store often has only the newest.
    private func withEarlierCertificates(_ material: CAMaterial, of epoch: EpochDocument) throws -> CAMaterial {
        let added = try epoch.addedCertificates().filter(\.isApproved).map(\.record.certificate)
        do {
            return try material.adding(epoch.manifest.certificates + added)
        } catch {
            throw Diagnostic("\(source): \(error)", .failed)
        }
    }

    /// The same policy, officers and cards, unless others are given.
    private func nextPlan(after epoch: EpochDocument) throws -> EscrowPlan {
        var people = try PeopleGiven(at: card.map { FilePath($0) })
        let openSSHSigners = people.openSSHSigners
        people.fill(from: try PeopleGiven(of: epoch))
        let approval = try officers.map { try Self.approval($0, people) } ?? epoch.manifest.approval
        let policy =
            try policy.map { try people.policy(try PolicyText($0), officers: approval) } ?? epoch.manifest.policy
        return try EscrowPlan(
            policy: policy,
            approval: approval,
            people: people,
            title: title ?? epoch.manifest.title,
            isRehearsal: epoch.manifest.isRehearsal,
            iterationCount: iterations ?? epoch.manifest.pkcs12.iterationCount,
            openSSHSigners: openSSHSigners,
            now: try clock.time()
        )
    }
}
