// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import Escrow
import Files
import KeyStores
import SystemPackage

// Steps at which the program does something: each is an act of the library.
extension LiveCeremony {
    /// Deals the shares once: an epoch appears whole or not at all, and one that the step has made already is the result.
    func backup() throws {
        try ensure("the shares are dealt", isMaking: true) { [self] in
            var outcome = try once("new epoch", isMade: { epochMade() != nil }) {
                Doing(command: commands.backup(isFirst: try dealing().isFirst())) { [self] room in
                    // Its time is that of its Enter, not of the question before.
                    _ = try dealing().run(attended: room)
                }
            }
            guard outcome.fault == nil, let manifest = epochMade()?.manifest else {
                return outcome
            }
            // The PKCS#12 file lies outside of the escrow.
            outcome.files.append(.init(.output, manifest.pkcs12.name, manifest.pkcs12.sha256))
            let differences = plan.differences(from: manifest, files.review.policy, files.approval)
            outcome.fault = differences.isEmpty ? nil : differences.joined(separator: "; ")
            return outcome
        }
    }

    /// The backup that the plan asks for; nobody signs as they deal: officers have their steps.
    private func dealing() throws -> Backup {
        let source = try plan.escrow.store.map { store in
            Backup.Source.store(try KeyStore(parsing: store, environment: environment), named: store)
        }
        var act = Backup(of: source ?? .testCA, in: escrowPath, now: now())
        act.isRehearsing = plan.isRehearsal
        // What the plan says was compared, and everybody has said go.
        act.isAgreed = true
        act.wishes.pkcs12 = plan.escrow.pkcs12.map { FilePath($0) }
        let isFirst = try act.isFirst()
        if !isFirst {
            act.occasion = plan.escrow.occasion
            act.anchor = try anchor()
        }
        if isFirst || plan.escrow.occasion != nil {
            act.wishes.policy = try PolicyText(files.review.policy.text)
            act.wishes.officers = try PolicyText(files.approval.text)
            act.wishes.people = try PeopleGiven(at: commands.cards.map { FilePath($0) })
        }
        return act
    }

    func sign(_ name: Name) throws {
        try ensure("\(name) signs the manifest", by: name, isMaking: true) { [self] in
            let isOnCard = files.people.card(of: name)?.signingKey == files.approval.officer(named: name)?.key
            return try isOnCard ? signHere(name) : collectSignature(of: name)
        }
    }

    private func signHere(_ name: Name) throws -> Outcome {
        try leaving(.signature(name), by: name, unless: { try hasSigned(name) }) {
            let officer = try identity(of: name, asking: askOrEnter)
            return Doing(command: commands.sign(with: officer.path), medium: name) { [self] room in
                let act = Sign([escrowPath], by: officer, naming: [], isConfirmed: false, now: now())
                _ = try act.found(attended: room).signed(attended: room)
            }
        }
    }

    /// Takes in what an officer has signed elsewhere with an OpenSSH key.
    private func collectSignature(of name: Name) throws -> Outcome {
        try leaving(.signature(name), by: name, unless: { try hasSigned(name) }) {
            screen.show(command: commands.signElsewhere(try epoch().manifestPath.string, by: name))
            let file = try ask("\(fullName(of: name)): the signature's file")
            return Doing(command: ["collect", commands.escrow, file]) { [self] _ in
                _ = try EscrowDirectory(at: escrowPath).collect(FilePath(file))
            }
        }
    }

    /// Whether an officer has signed the manifest before: what a run did that was interrupted right after.
    private func hasSigned(_ name: Name) throws -> Bool {
        let epoch = try epoch()
        return try FiledSignature.all(of: epoch.manifestPath).contains { filed in
            guard filed.signer == name, let signature = try? filed.signature.get(),
                signature.signer == files.approval.officer(named: name)?.key
            else {
                return false
            }
            return (try? signature.verify(epoch.bytes, namespace: DocumentFormat.manifest.namespace)) != nil
        }
    }

    func audit() throws {
        try ensure("an audit without findings") { [self] in
            if let change = try changeOfManifest() {
                return Outcome(fault: change)
            }
            var report: AuditReport?
            var outcome = try attempt {
                Doing(command: commands.audit) { [self] _ in
                    let made = try Audit(of: escrowPath, with: try auditInput()).report
                    made.lines(isVerbose: false).forEach { screen.say($0) }
                    report = made
                }
            }
            if outcome.fault == nil, let report {
                if report.verdict == .failed {
                    outcome.fault = "the audit's verdict is \(report.verdict.rawValue)"
                } else if plan.kind != .backup, !report.hasPassed(.pkcs12) {
                    outcome.fault = "the key file is not there: copy it from its medium to where it is looked for"
                }
            }
            return outcome
        }
    }

    private func auditInput() throws -> AuditInput {
        AuditInput(
            anchor: try anchor(),
            certificates: plan.makesCA ? [] : [.file(files.certificate, path: plan.authority.certificate)],
            pkcs12: plan.escrow.pkcs12.map { FilePath($0) },
            isWithoutPKCS12: false,
            time: now(),
            epoch: nil
        )
    }

    func drill(_ names: [Name]) throws {
        let people = names.listed
        let purpose = commands.purpose(of: step)
        try ensure("the key is rebuilt by \(people)", isMaking: true) { [self] in
            let isMade = {
                self.hasAppeared(DrillReceipt.self) { receipt in
                    Set(receipt.custodians) == Set(names) && receipt.purpose == purpose
                }
            }
            return try once("receipt from \(people) for this step", by: names, isMade: isMade) {
                let paths = names.map { plan.participant($0)?.identity ?? "\($0).identity" }
                let words = commands.drill(purpose, by: paths, confirming: try authorityMade())
                // The first medium's Enter begins it.
                return Doing(command: words, medium: names[0], comers: comers(in: names)) { [self] room in
                    let act = Drill(try opening(), for: purpose, answering: nil, isSigned: true)
                    _ = try act.run(attended: room)
                }
            }
        }
    }

    func acknowledge(_ name: Name) throws {
        try ensure("\(name) accepts the share", by: name, isMaking: true) { [self] in
            try leaving(.receipt(name), by: name) {
                let custodian = try identity(of: name, asking: askOrEnter)
                return Doing(command: commands.acknowledge(with: custodian.path), medium: name) { [self] room in
                    let act = Acknowledge([escrowPath], by: custodian, given: [], parcel: nil, now: now())
                    try act.run(attended: room)
                }
            }
        }
    }

    /// Restores the key once: a record that the step has made already is the result.
    ///
    /// The record is the last thing that a restore writes. Without one the key may be in its place all the same: the act
    /// finds it there, leaves it as it is, and makes the record.
    func restore(isFresh: Bool) throws {
        let store = plan.escrow.store ?? ""
        try ensure("the key is restored", isMaking: true) { [self] in
            let isMade = { self.hasAppeared(RestoreRecord.self) { $0.destination.isEqual(bytesOf: store) } }
            if !isFresh, !isMade() {
                screen.say("It was begun before the interruption, and no record of this restore is here.")
            }
            return try once("record of a restore into \(store)", isMade: isMade) {
                let words = commands.restore(confirming: try authorityMade())
                return Doing(command: words, comers: comers(in: nil)) { [self] room in
                    let act = Restore(
                        try opening(),
                        to: try KeyStore(parsing: store, environment: environment),
                        named: store,
                        protection: .asked,
                        ownership: .place,
                        isWithState: false
                    )
                    _ = try act.run(attended: room)
                }
            }
        }
    }

    /// The escrow as the plan has it, opened by whoever is in the room: nobody's medium is in before.
    private func opening() throws -> Opening {
        var opening = Opening(escrowPath, now: now())
        opening.anchor = try anchor()
        opening.certificate =
            plan.makesCA
            ? .digest(try authorityMade()) : .file(files.certificate, path: plan.authority.certificate)
        opening.pkcs12 = plan.escrow.pkcs12.map { FilePath($0) }
        opening.isRehearsing = plan.isRehearsal
        return opening
    }

    // MARK: What the plan says, as acts take it and as commands

    /// The officers as the plan names them, of whom all that must sign it are believed together.
    func anchor() throws -> Anchor {
        let officers = try AllowedSigners(Bundle.signers(of: plan, files.people, files.approval))
        return try Anchor(path: Bundle.signersName, signers: officers, required: files.approval.threshold)
    }

    /// The commands that do the same as the steps.
    var commands: StepCommands { StepCommands(of: files.review, officers: files.approval.text, in: bundle) }

    /// The CA's certificate as an option confirms it: that of one that was made in this ceremony.
    func authorityMade() throws -> String {
        plan.makesCA ? SHA256Digest(of: try epoch().manifest.certificate.der).description : ""
    }
}
