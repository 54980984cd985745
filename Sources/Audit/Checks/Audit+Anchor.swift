// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow

// Whether officers whom the auditor knows have signed: docs/format.md, section 5.3.
extension AuditReading {
    var anchor: AuditOutcome {
        guard let subject else {
            return noSubject
        }
        switch anchored {
        case nil: return .notChecked("no --signers: anybody could have made this escrow")
        case .anchored?: return chain.unreadOfNext.isEmpty ? .pass : .notRead(chain.unreadOfNext)
        case .notChecked(let reason)?: return .notChecked(reason.description)
        case .failed(let reason)?:
            // With a signature that cannot be read they may be enough.
            return subject.unread.isEmpty ? .fail([reason.description]) : .notRead(subject.unread)
        }
    }
}
