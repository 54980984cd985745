// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// Officers who have not signed, and how many of them must.
package struct Shortfall: Hashable, Sendable {
    package let signed: Int
    package let needed: Int
    /// Who may still sign.
    package let missing: [Name]
}

extension Shortfall {
    /// What a count of signatures lacks of what officers must give; nothing when it is enough.
    package init?(of signed: [Signer], for approval: Approval) {
        let signers = approval.officers.filter(signed.contains)
        guard signers.count < approval.threshold else {
            return nil
        }
        let missing = approval.officers.filter { !signed.contains($0) }.map(\.name)
        self.init(signed: signers.count, needed: approval.threshold, missing: missing)
    }

    /// What is wanting without these people: they sign in another way.
    package func without(_ names: Set<Name>) -> Shortfall {
        Shortfall(signed: signed, needed: needed, missing: missing.filter { !names.contains($0) })
    }

    private var count: Int { max(0, needed - signed) }

    /// `signed by 1 of 2 officers: 1 more needed of (omar, otto)`, and so many of the epoch before.
    package static func words(_ own: Shortfall, _ before: Shortfall?) -> String {
        "signed by \(own.signed) of \(own.needed) officers: \(own.more)"
            + (before.map { ", and by \($0.signed) of \($0.needed) officers of the epoch before: \($0.more)" } ?? "")
    }

    private var more: String {
        "\(count) more needed" + (missing.isEmpty ? "" : " of (\(missing.listed))")
    }

    /// Who must sign: `omar or otto`, `olga and omar`, `2 of olga, omar, otto`.
    package var who: String {
        let names = missing.map(\.description)
        if count >= names.count {
            return names.enumerated(with: "and")
        }
        return count == 1 ? names.enumerated(with: "or") : "\(count) of \(names.joined(separator: ", "))"
    }
}

extension [String] {
    /// `a, b or c`.
    package func enumerated(with word: String) -> String {
        count < 2 ? joined() : dropLast().joined(separator: ", ") + " \(word) " + self[count - 1]
    }
}
