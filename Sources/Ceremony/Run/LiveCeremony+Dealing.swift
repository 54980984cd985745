// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import Files

extension LiveCeremony {
    /// Deals the shares once: an epoch appears whole or not at all, and one that the step has made already is the result.
    func backup() throws {
        try ensure("the shares are dealt", as: .noted) { [self] in
            let outcome = try once(isMade: { epochMade() != nil }) {
                var words = [escrowWord] + (plan.escrow.store.map { option("--from", $0) } ?? [])
                let isFirst = try Files.kind(of: escrowPath) == nil
                if let occasion = plan.escrow.occasion, !isFirst {
                    words += ["--occasion", occasion.rawValue] + signersWords
                }
                if isFirst || plan.escrow.occasion != nil {
                    words += ["--policy", files.review.policy.text, "--officers", files.approval.text]
                    words += plan.people.filter { !Set($0.roles).isDisjoint(with: [.custodian, .officer]) }
                        .compactMap(\.card).flatMap { option("--card", $0) }
                }
                words += archiveWords + rehearsalWords
                return Doing(["backup"] + words) { [self] _ in try deal(words) }
            }
            guard case .asExpected(let made, let notes) = outcome else {
                return outcome
            }
            guard let manifest = epochMade()?.manifest else {
                return .otherwise("no new epoch was made", files: made, notes: notes)
            }
            // The PKCS#12 file lies outside of the escrow.
            let all = made + [.init(.output, manifest.pkcs12.name, manifest.pkcs12.sha256)]
            let differences = plan.differences(from: manifest, files.review.policy, files.approval)
            return differences.isEmpty
                ? .asExpected(files: all, notes: notes)
                : .otherwise(differences.joined(separator: "; "), files: all, notes: notes)
        }
        try initialBoth()
    }
}
