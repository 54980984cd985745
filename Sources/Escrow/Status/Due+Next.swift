// SPDX-License-Identifier: Apache-2.0

import Custody
import Files
import SystemPackage

extension EscrowStatus {
    /// Who does what next, each once.
    package var nextSteps: [String] {
        let void = "ca-escrow void \(ShellWord.path(escrow.string)) --epoch DIGEST --reason TEXT -i NAME.identity"
        var steps = isForked ? ["officers say which branch does not count: \(void)"] : []
        for step in dues.compactMap({ $0.next(in: self) }) where !steps.contains(bytesOf: step) {
            steps.append(step)
        }
        return steps
    }
}

extension Due {
    /// The command that settles it, where one does.
    fileprivate func next(in status: EscrowStatus) -> String? {
        let escrow = ShellWord.path(status.escrow.string)
        let from = status.standing?.epoch.manifest.isRehearsal == true ? "--rehearsal --from" : "--from"
        return switch self {
        case .sameKeyRenewal, .newKeyRenewal: "ca-escrow backup \(escrow) \(from) STORE -i NAME.identity"
        case .used: "ca-escrow backup \(escrow) \(from) STORE --occasion after-restore -i NAME.identity"
        case .generationsMissing:
            "on the CA: certutil -backupKey DIR; then: ca-escrow backup \(escrow) \(from) certutil:DIR -i NAME.identity"
        case .certificateNotApproved(_, let missing), .epochNotApproved(_, _, _, let missing):
            missing.first.map { name in
                "\(missing.map(\.description).joined(separator: " or ")) must sign: "
                    + "ca-escrow sign \(escrow) -i \(name).identity"
            }
        case .notAcknowledged(let names):
            "\(names.map(\.description).joined(separator: ", ")): ca-escrow acknowledge \(escrow) -i NAME.identity"
        case .notProven:
            "an auditor: ca-escrow challenge \(escrow) -i NAME.identity; "
                + "then every custodian: ca-escrow prove \(escrow) -i NAME.identity"
        case .suspended, .marginTooSmall:
            "ca-escrow backup \(escrow) \(from) STORE --occasion custodian-change --policy POLICY -i NAME.identity"
        case .drill(let last):
            "ca-escrow drill \(escrow)" + (last == nil ? " (never done for this epoch)" : "")
        case .ofNoCertificateGiven, .notAnchored, .certificateExpired, .cardExpired: nil
        }
    }
}
