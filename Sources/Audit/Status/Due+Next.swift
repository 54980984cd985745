// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SystemPackage

extension EscrowStatus {
    /// Who does what next, each once: what is not in force is signed before anything else is done with it.
    package var nextSteps: [String] {
        var steps = disputes.map { dispute in
            let digests = dispute.branches.map(\.document.digest)
            return switch dispute {
            case .fork: NextStep.void(digests, in: escrow)
            case .beginnings:
                "ask an officer which first epoch is yours, \(digests.map(\.short).enumerated(with: "or")), "
                    + "and take the other one out of \(ShellWord.path(escrow.string))"
            }
        }
        // An epoch that waits may be the one that settles it: nobody makes a second one of its number.
        let isWaiting = self.dues.contains(where: \.waitsForOfficers)
        let dues = self.dues.filter { due in
            standing?.isInForce == false ? due.waitsForOfficers : !(isWaiting && due.takesAnEpoch)
        }
        for step in dues.compactMap({ $0.next(in: self) }) where !steps.contains(bytesOf: step) {
            steps.append(step)
        }
        return steps
    }
}

extension StatusReport {
    /// How a certification authority comes into an escrow that has none.
    package var firstBackups: [String] {
        neverEscrowed.map { watched in
            "never escrowed, \(ShellWord.of(watched.source)): ca-escrow backup NEW.escrow --from STORE --policy POLICY "
                + "--officers POLICY --card DIR -i NAME.identity"
        }
    }
}

extension Due {
    fileprivate var waitsForOfficers: Bool {
        if case .epochNotApproved = self { true } else { false }
    }

    /// Whether a new epoch settles it.
    fileprivate var takesAnEpoch: Bool {
        switch self {
        case .sameKeyRenewal, .newKeyRenewal, .used, .generationsMissing, .suspended, .marginTooSmall: true
        default: false
        }
    }

    /// The command that settles it, where one does.
    fileprivate func next(in status: EscrowStatus) -> String? {
        let escrow = ShellWord.path(status.escrow.string)
        let manifest = status.standing?.epoch.manifest
        let from = manifest?.isRehearsal == true ? "--rehearsal --from" : "--from"
        func one(_ names: [Name]) -> String { names.count == 1 ? "\(names[0])" : "NAME" }
        return switch self {
        case .sameKeyRenewal, .newKeyRenewal: "ca-escrow backup \(escrow) \(from) STORE -i NAME.identity"
        case .used: "ca-escrow backup \(escrow) \(from) STORE --occasion after-restore -i NAME.identity"
        case .generationsMissing:
            "on the CA: certutil -backupKey DIR; then: ca-escrow backup \(escrow) \(from) certutil:DIR -i NAME.identity"
        case .certificateNotApproved(_, let shortfall): NextStep.sign([shortfall], in: status.escrow)
        case .epochNotApproved(_, let own, let before):
            NextStep.sign([own, before].compactMap(\.self), in: status.escrow)
        case .notAcknowledged(let names):
            "\(names.listed): ca-escrow acknowledge \(escrow) -i \(one(names)).identity"
        case .notProven:
            "an auditor: ca-escrow challenge \(escrow) -i NAME.identity; "
                + "then every custodian: ca-escrow prove \(escrow) -i NAME.identity"
        case .suspended, .marginTooSmall:
            "ca-escrow backup \(escrow) \(from) STORE --occasion custodian-change --policy POLICY -i NAME.identity"
        case .drill(let last):
            manifest.map {
                (last == nil ? "never drilled for this epoch: " : "")
                    + NextStep.drill(status.escrow, of: $0, by: nil)
            }
        case .ofNoCertificateGiven, .notAnchored, .certificateExpired, .cardExpired: nil
        }
    }
}
