// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Encoding
import Escrow
import SecretSharing
import SystemPackage

struct SuspendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "suspend",
        operands: "<escrow> <name> --because <why> [<options>]",
        abstract: "Suspend a custodian: their keys, or the person.",
        discussion: """
            'lost', 'stolen' and 'passphrase' suspend the keys; 'left', 'died' and 'unreachable' suspend the person. A \
            suspension lasts until officers end it with 'reinstate'; one for 'unreachable' also ends when the custodian \
            acknowledges or proves again. Nobody who is suspended gets a new share.
            """,
        examples: ["ca-escrow suspend acme.escrow bob --because lost -i olga.identity"]
    )

    @Argument(help: .of("escrow", "The escrow.")) var escrow: String
    @Argument(help: .of("name", "The custodian.")) var name: String
    @Option(help: .of("why", "lost, stolen, passphrase, left, died or unreachable.")) var because: String?
    @OptionGroup var acting: IdentityOptions
    @OptionGroup var clock: TimeOption

    func run() throws {
        let causes = Suspension.Cause.allCases.map(\.rawValue).joined(separator: ", ")
        let word = try because ?? Question.needed("Because: \(causes)", else: "--because WHY")
        guard let cause = Suspension.Cause(rawValue: word) else {
            throw Diagnostic("--because \(word): one of \(causes)", .usage)
        }
        let custodian = try Name(name)
        let (officer, files) = try acting.oneWithFiles()
        let act = Suspend(custodian, of: FilePath(escrow), because: cause, by: officer, now: try clock.time())
        let done = try Terminal(files).attend { try act.run(attended: $0) }
        let already = done.isThere ? "already " : ""
        let state =
            done.shortfall == nil ? "is \(already)suspended" : "is suspended only once other officers have signed"
        Output.line("\(escrow): \(custodian) \(state): \(cause.rawValue)")
        Output.line("record: \(done.record)")
        let next = NextStep.sign([done.shortfall].compactMap(\.self), in: FilePath(escrow))
        next.map(Output.next) ?? report(done, custodian, cause)
    }

    private func report(_ done: Suspend.Done, _ custodian: Name, _ cause: Suspension.Cause) {
        for gate in done.evidence.margins(of: done.evidence.available) {
            let name = gate.path == .root ? "the policy" : "gate \(gate.path)"
            Output.line(
                "\(name): \(gate.available) of \(gate.memberCount) left, \(gate.threshold) needed: margin \(gate.margin)"
            )
        }
        if !done.isRestorable {
            Output.warning("those who are left cannot restore: if the CA still has its key, escrow it again now")
        }
        let officer = done.evidence.epoch.manifest.approval.officers[0].name
        let anew =
            "ca-escrow backup \(ShellWord.path(escrow)) --from STORE --occasion custodian-change --policy POLICY -i \(officer).identity"
        switch cause {
        case .stolen, .left:
            Output.next("a share is in other hands: new shares under a new password, without \(custodian): \(anew)")
        case .lost, .passphrase:
            Output.next("the share is gone: new shares; \(custodian) gets one with a new card: \(anew) --card NEW.card")
        case .died: Output.next("the share is gone: new shares, without \(custodian): \(anew)")
        case .unreachable:
            Output.next(
                "when \(custodian) is back: ca-escrow acknowledge \(ShellWord.path(escrow)) -i \(custodian).identity"
            )
        }
    }
}
