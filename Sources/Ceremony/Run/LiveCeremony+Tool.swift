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
    func sign(_ name: Name) throws {
        try ensure("\(name) signs the manifest", by: name, isMaking: true) { [self] in
            if let fault = absence(of: [name]) {
                return Outcome(fault: fault)
            }
            let isOnCard = files.people.card(of: name)?.signingKey == files.approval.officer(named: name)?.key
            return try isOnCard ? signHere(name) : collectSignature(of: name)
        }
    }

    private func signHere(_ name: Name) throws -> Outcome {
        try leaving(.signature(name), unless: { try hasSigned(name) }) {
            let officer = try identity(of: name, asking: askOrEnter)
            return Doing(commands.sign(with: officer.path), medium: name) { [self] room in
                let act = Sign([escrowPath], by: officer, naming: [], isConfirmed: false, now: now())
                _ = try act.found(attended: room).signed(attended: room)
            }
        }
    }

    /// Takes in what an officer has signed elsewhere with an OpenSSH key.
    private func collectSignature(of name: Name) throws -> Outcome {
        try leaving(.signature(name), unless: { try hasSigned(name) }) {
            screen.show(command: commands.signElsewhere(try epoch().manifestPath.string, by: name))
            let file = try ask("\(fullName(of: name)): the signature's file")
            return Doing(["collect", commands.escrow, file]) { [self] _ in
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
                Doing(commands.audit) { [self] _ in
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
        try initialBoth()
    }

    private func auditInput() throws -> AuditInput {
        AuditInput(
            anchor: try anchor(),
            certificates: isThrowaway ? [] : [.file(files.certificate, path: plan.authority.certificate)],
            pkcs12: plan.escrow.pkcs12.map { FilePath($0) },
            isWithoutPKCS12: false,
            time: now(),
            epoch: nil
        )
    }

    func drill(_ names: [Name]) throws {
        let people = names.map(\.description).joined(separator: ", ")
        let purpose = commands.purpose(of: step)
        try ensure("the key is rebuilt by \(people)", isMaking: true) { [self] in
            if let fault = absence(of: names) {
                return Outcome(fault: fault)
            }
            let isMade = {
                self.hasAppeared(DrillReceipt.self) { receipt in
                    Set(receipt.custodians) == Set(names) && receipt.purpose == purpose
                }
            }
            return try once("receipt from \(people) for this step", isMade: isMade) {
                let paths = names.map { plan.participant($0)?.identity ?? "\($0).identity" }
                let words = commands.drill(purpose, by: paths, confirming: try authorityMade())
                // The first medium's Enter begins it.
                return Doing(words, medium: names[0], comers: comers(in: names)) { [self] room in
                    let act = Drill(try opening(), for: purpose, answering: nil, isSigned: true)
                    _ = try act.run(attended: room)
                }
            }
        }
        try initialBoth()
    }

    func acknowledge(_ name: Name) throws {
        try ensure("\(name) accepts the share", by: name, isMaking: true) { [self] in
            if let fault = absence(of: [name]) {
                return Outcome(fault: fault)
            }
            return try leaving(.receipt(name)) {
                let custodian = try identity(of: name, asking: askOrEnter)
                return Doing(commands.acknowledge(with: custodian.path), medium: name) { [self] room in
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
                return Doing(words, comers: comers(in: nil)) { [self] room in
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
        try initialBoth()
    }

    /// The escrow as the plan has it, opened by whoever is in the room: nobody's medium is in before.
    private func opening() throws -> Opening {
        var opening = Opening(escrowPath, now: now())
        opening.anchor = try anchor()
        opening.certificate =
            isThrowaway
            ? .digest(SHA256Digest(of: try epoch().manifest.certificate.der).description)
            : .file(files.certificate, path: plan.authority.certificate)
        opening.pkcs12 = plan.escrow.pkcs12.map { FilePath($0) }
        opening.isRehearsing = plan.isRehearsal
        return opening
    }
}
