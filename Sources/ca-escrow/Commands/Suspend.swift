// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import SecretSharing
import SystemPackage

struct Suspend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend",
        _superCommandName: CAEscrow.name,
        abstract: "Count a custodian as gone, until they acknowledge their share again.",
        discussion: "Nothing is taken away from anybody: reports and 'status' count without them, and say so."
    )

    @Argument(help: ArgumentHelp("The escrow.", valueName: "escrow")) var escrow = ""
    @Argument(help: ArgumentHelp("The custodian.", valueName: "name")) var name = ""
    @Option(help: ArgumentHelp("lost, stolen, passphrase, left, died or unreachable.", valueName: "why"))
    var because: String?
    @OptionGroup var acting: IdentityOptions
    @OptionGroup var clock: TimeOption

    func run() throws {
        let causes = Suspension.Cause.allCases.map(\.rawValue).joined(separator: ", ")
        let word = try because ?? Question.needed("Because: \(causes)", else: "--because WHY")
        guard let cause = Suspension.Cause(rawValue: word) else {
            throw Diagnostic("--because \(word): one of \(causes)", .usage)
        }
        let custodian = try Name(name)
        let officer = try acting.oneOrAsked()
        var files = try PassphraseFiles(acting.passphraseFile)
        try files.check(askable: officer.file.isWithoutPassphrase ? [] : [officer.name.description])
        let now = try clock.time()
        let directory = try EscrowDirectory(at: FilePath(escrow))
        let approvals = try directory.approvals()
        guard let approval = approvals.inForce else {
            throw approvals[approvals.count - 1].notInForce
        }
        let epoch = approval.document
        guard epoch.manifest.person(named: custodian) != nil else {
            throw EscrowError.notACustodian(path: escrow, custodian)
        }
        guard epoch.manifest.approval.officers.contains(Officer(name: officer.name, key: officer.file.signingKey))
        else {
            throw EscrowError.notAnOfficer(path: officer.path, officer.name)
        }
        try Clock.check(now, against: epoch, in: directory)
        let identity = try officer.open(files)
        let suspension = Suspension(of: custodian, because: cause, by: officer.name, in: epoch, at: now)
        let path = try SignedDocument(suspension, in: epoch, by: identity).file()
        Output.line("\(escrow): \(custodian) is suspended: \(cause.rawValue)")
        Output.line("record: \(path)")
        report(try Evidence(of: epoch, in: directory), custodian, cause)
    }

    private func report(_ evidence: Evidence, _ custodian: Name, _ cause: Suspension.Cause) {
        let margins = evidence.margins(of: evidence.available)
        for gate in margins {
            let name = gate.path == .root ? "the policy" : "gate \(gate.path)"
            Output.line(
                "\(name): \(gate.available) of \(gate.memberCount) left, \(gate.threshold) needed: margin \(gate.margin)"
            )
        }
        let isLost = !evidence.epoch.manifest.policy.isSatisfied(by: evidence.available)
        if isLost {
            Output.warning("those who are left cannot restore: if the CA still has its key, escrow it anew now")
        }
        let officer = evidence.epoch.manifest.approval.officers[0].name
        let anew =
            "ca-escrow backup \(escrow) --from STORE --occasion custodian-change --policy POLICY -i \(officer).identity"
        switch cause {
        case .stolen, .left: Output.next("a share is in other hands: new shares under a new password: \(anew)")
        case .lost, .passphrase, .died: Output.next("the share is gone: new shares: \(anew)")
        case .unreachable:
            Output.next("when \(custodian) is back: ca-escrow acknowledge \(escrow) -i \(custodian).identity")
        }
    }
}
