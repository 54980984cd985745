// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow

// What people have added, every document by itself: receipts, challenges, and requests.
extension AuditReading {
    /// Every custodian has opened their share and said so.
    var receipts: AuditOutcome {
        let found = countedContents.flatMap(\.receiptFindings.faults).findings
        return AuditOutcome(findings: found, otherwise: missingReceipts)
    }

    /// Nobody was shown another manifest.
    var equivocation: AuditOutcome {
        let found = countedContents.flatMap(\.receiptFindings.equivocations).map(\.description)
        let unread = countedContents.flatMap(\.receiptFindings.unread)
        return AuditOutcome(findings: found, otherwise: unread.isEmpty ? passUnlessRefused : .notRead(unread))
    }

    /// Every challenge is signed by the key in it.
    var challenges: AuditOutcome {
        AuditOutcome(findings: faults(\.challenges.faults), otherwise: passUnlessRefused)
    }

    /// Every proof holds, and every custodian has answered the newest challenge.
    var proofs: AuditOutcome {
        let found = faults { evidence in
            let isOpen = evidence.isUnread(Challenge.self)
            return evidence.proofs.faults.filter { !(isOpen && $0.isMissing("challenge")) }
        }
        return AuditOutcome(findings: found, otherwise: answers)
    }

    /// Every request is in canonical form, and its signatures hold.
    var requests: AuditOutcome {
        AuditOutcome(findings: faults(\.requestFaults), otherwise: passUnlessRefused)
    }

    /// What is wrong with documents of every epoch, and with what they name; what could not be read is not.
    func faults(_ ofEpoch: (Evidence) -> [EscrowError], and named: (Evidence) -> [String] = { _ in [] }) -> [String] {
        countedContents.map(\.evidence).flatMap { ofEpoch($0).findings + named($0) }
    }
}

extension Evidence {
    /// Whether some documents of a kind, or of those that lie with it, could not be read: one that is named and not here may
    /// be among them.
    func isUnread<Document: AddedDocument>(_: Document.Type) -> Bool {
        !(unread[Document.directoryName] ?? []).isEmpty
    }

    /// Whether everything that was added could be read.
    var isComplete: Bool { unread.values.allSatisfy(\.isEmpty) }
}

extension EscrowError {
    /// Whether it says that a document names another one that is not here.
    func isMissing(_ member: String) -> Bool {
        if case .document(_, .wrongValue(let field, _)) = self { field == member } else { false }
    }
}
