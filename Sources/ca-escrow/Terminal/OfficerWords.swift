// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow

extension SignableDocument {
    /// Shows what is about to be signed.
    func show() {
        Output.error("ca-escrow: \(path)")
        Output.error("ca-escrow:   \(title)")
        details.forEach { Output.error("ca-escrow:   \($0)") }
        changes.forEach { Output.error("ca-escrow:   CHANGES \($0.token): \($0.text)") }
        Output.error("ca-escrow:   SHA-256 \(digest)")
    }
}

extension EpochApproval {
    /// Shows an end of a branch, and who signed it.
    func show(_ title: String) {
        let manifest = document.manifest
        Output.error("ca-escrow: \(title): epoch \(manifest.epoch), \(document.digest)")
        Output.error("ca-escrow:   \(manifest.created.forPeople), restored by \(manifest.policy.text)")
        showSigners()
    }

    /// Shows who has signed it, a line each.
    func showSigners() {
        for signer in signers {
            Output.error("ca-escrow:   signed by \(signer.name) (\(signer.key.fingerprint))")
        }
    }
}

extension Withdrawal {
    /// Shows the draft, and what goes where.
    func show() {
        let document = draft.document
        let manifest = document.manifest
        Output.error("ca-escrow: \(document.path): a draft, epoch \(manifest.epoch), \(manifest.occasion.rawValue)")
        Output.error("ca-escrow:   made \(manifest.created.forPeople), SHA-256 \(document.digest)")
        let signers = draft.signers.map(\.name.description)
        Output.error("ca-escrow:   signed by \(signers.isEmpty ? "nobody" : signers.joined(separator: ", "))")
        if let previous = draft.previous {
            for change in ManifestChange.all(from: previous.manifest, to: manifest) {
                Output.error("ca-escrow:   would change \(change.token): \(change.text)")
            }
        }
        for (source, target) in moves {
            Output.error("ca-escrow:   \(source) goes to \(target)")
        }
    }
}

extension Output {
    /// Who of the officers must sign what waits in an escrow.
    static func next(signersOf approval: Approval, besides officer: Name?, of escrow: String) {
        if (officer == nil ? 0 : 1) < approval.threshold {
            next(signers: approval.officers.map(\.name).filter { $0 != officer }, of: escrow)
        }
    }

    /// Says who must sign; nothing when nobody is named.
    static func next(signers names: [Name], of escrow: String) {
        guard let first = names.first else {
            return
        }
        let who = names.map(\.description)
        let list = who.count == 1 ? who[0] : who.dropLast().joined(separator: ", ") + " or " + who[who.count - 1]
        next("\(list) must sign: ca-escrow sign \(ShellWord.path(escrow)) -i \(first).identity")
    }
}
