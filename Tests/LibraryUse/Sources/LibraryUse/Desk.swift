// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import KeyStores
import SecretMemory
import SystemPackage

/// Whoever sits there: custodians' media come one after the other, and everything is agreed to.
final class Desk: Attendance {
    private var identities: [FilePath]
    private let passphrase: String
    var digest: SHA256Digest?
    let isAnybodyThere = true

    init(identities: [FilePath], passphrase: String) {
        (self.identities, self.passphrase) = (identities, passphrase)
    }

    func identity(_ count: Int, moreOf candidates: [Name]) throws(Absence) -> FilePath? {
        identities.isEmpty ? nil : identities.removeFirst()
    }

    func passphrase(_ wanted: WantedPassphrase) throws(Absence) -> SecretBytes? {
        switch wanted {
        case .restoredKey: SecretBytes(copying: Array(passphrase.utf8).span)
        default: throw Absence("a passphrase: nobody is asked here")
        }
    }

    func text(_ wanted: WantedText) throws(Absence) -> String? {
        switch wanted {
        case .manifestDigest: digest?.description
        case .changes(let names): names.joined(separator: " ")
        default: nil
        }
    }

    func agrees(to decision: Decision) throws(Absence) -> Bool { true }

    func tell(_ notice: Notice) {
        switch notice.event {
        case .shown(let lines): lines.forEach { print($0.isWarning ? "warning:" : "reads:", $0.text) }
        case let event?: print(event)
        case nil: break
        }
    }
}
