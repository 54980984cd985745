// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CertificateAuthority
import Custody
import Escrow
import Files
import SecretSharing
import SystemPackage

// An escrow that is there: nothing to do, a certificate to add, or a new epoch.
extension BackupCommand {
    func again(
        _ directory: EscrowDirectory,
        _ store: KeyStore,
        _ officer: IdentityOnDisk?,
        _ files: PassphraseFiles
    ) throws {
        for name in directory.leftovers {
            LeftoverWarning.tell(directory.path.appending(name))
        }
        let acts = try officer.map { try ActingOfficer($0) }
        let chain = acts?.chain(of: directory) ?? directory.chain()
        try acts?.check(chain, in: directory)
        let standing = try chain.approval(selected: nil)
        try Rehearsal.check(standing.document.manifest, isRehearsing: rehearsal, at: escrow)
        try warnOfLeftovers(
            try Destination(escrow: FilePath(escrow), pkcs12: nil),
            besides: directory.documents
        )
        let material = try export(store, files)
        let need = try BackupNeed(of: material, in: standing.document, escrow: escrow)
        if givenOccasion == nil, try isWaiting(standing, chain, need, material, officer) {
            return
        }
        guard standing.isApproved else {
            throw standing.notInForce
        }
        switch (need, givenOccasion) {
        case (.newKey, _):
            try newEpoch(material, from: store, .renewalNewKey, after: standing, chain, officer: officer, files: files)
        case (_, let given?):
            try newEpoch(material, from: store, given, after: standing, chain, officer: officer, files: files)
        case (.nothing, nil), (.approval, nil):
            try refuseIgnoredOptions()
            try vouch(for: standing, officer)
            try report(need, material, standing.document)
        case (.certificates(let certificates), nil):
            try refuseIgnoredOptions()
            try checkTrust(in: standing, officer)
            try ClockRule.check(standing.document, at: try clock.time())
            let addition = CertificateAddition(
                escrow: escrow,
                epoch: standing.document,
                certificates: certificates,
                created: ClockRule.date(about: standing.document.manifest, at: try clock.time())
            )
            try addition.run(by: officer, files, isConfirmed: yes)
        }
    }

    /// Whether what the store holds is in a draft already: no second draft of the same keys is made.
    ///
    /// A draft that whoever acts has not signed may be anybody's: it is named, and `--occasion` makes another one all the
    /// same.
    ///
    /// - Throws: Status 1 while its officers have not signed it.
    private func isWaiting(
        _ standing: EpochApproval,
        _ chain: EpochChain,
        _ need: BackupNeed,
        _ material: CAMaterial,
        _ officer: IdentityOnDisk?
    ) throws -> Bool {
        if case .nothing = need, standing.isApproved {
            for draft in chain.waitingDrafts {
                Output.warning(draft.notInForce.description)
            }
            return false
        }
        let drafts = standing.isApproved ? chain.waitingDrafts : [standing]
        let waiting = try drafts.last { draft in
            guard case .nothing = try BackupNeed(of: material, in: draft.document, escrow: escrow) else {
                return false
            }
            return !draft.document.manifest.isRetired
        }
        guard let waiting else {
            return false
        }
        try refuseIgnoredOptions()
        try vouch(for: waiting, officer)
        reportNothing(material, waiting.document)
        Output.warning(waiting.notInForce.description)
        Output.next(signers: waiting.missing, of: escrow)
        throw ExitCode(ExitStatus.notYet.rawValue)
    }

    /// Says that nothing is to be made; what waits for officers ends with status 1.
    private func report(_ need: BackupNeed, _ material: CAMaterial, _ epoch: EpochDocument) throws {
        switch need {
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
        _ chain: EpochChain,
        officer: IdentityOnDisk?,
        files: PassphraseFiles
    ) throws {
        if let officer {
            try chain.refuseSecond(after: newest.document, by: officer.name, officer.file.signingKey)
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
        try refuseSuspended(plan.cards.map { Person($0) }, chain.line(to: newest))
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
        let line = chain.line(to: newest)
        try publish(material, from: store, plan, occasion, after: line, to: destination, signer: signer)
        Output.next(
            "\(epoch.manifest.pkcs12.name) still opens with its old quorum: keep or destroy it, as your policy says"
        )
    }

    /// Nobody who is suspended gets a share: said before anybody is asked to confirm.
    private func refuseSuspended(_ people: [Person], _ line: [EpochApproval]) throws {
        try Suspensions(in: line, at: try clock.time()).refuse(people)
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
