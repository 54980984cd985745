// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding

/// Whom an auditor or officer believes, from outside the escrow: an `allowed_signers` file and a number.
///
/// docs/format.md, section 5.3, where the number is called K: never the one that the manifest claims. What it makes of a
/// document is an `AnchorOutcome`.
public struct Anchor: Sendable {
    /// The file, as the caller named it.
    package let path: String
    package let signers: AllowedSigners
    /// PEM certificates of those whose time stamps the caller believes, or nothing.
    let authorities: [UInt8]?
    /// What the caller demands, which alone decides.
    private let demanded: Int?

    /// - Parameters:
    ///   - required: What the caller demands; nothing when the file, or else its length, is to decide.
    ///   - authorities: PEM certificates of those whose time stamps the caller believes.
    /// - Throws: ``TrustFault/requirement(_:)``
    package init(
        path: String,
        signers: AllowedSigners,
        required: Int?,
        authorities: [UInt8]? = nil
    ) throws(EscrowError) {
        // Nobody at all would be enough for 0.
        if let required, !AllowedSigners.requirements.contains(required) {
            throw .trust(.requirement(required))
        }
        self.path = path
        self.signers = signers
        self.authorities = authorities
        demanded = required
    }

    /// How many officers of the file must have signed a document that demands `threshold` officers itself.
    package func required(demanding threshold: Int = 1, at now: Timestamp) -> Int {
        demanded ?? max(signers.required ?? standard(at: now), threshold)
    }

    /// Whether nobody has said how many officers must be known.
    var isStandard: Bool { demanded == nil && signers.required == nil }

    /// Whether the caller's number decides, whatever a document demands.
    package var isDemanded: Bool { demanded != nil }

    /// More than half of the names that the file admits now for manifests: 2 at least, or 1 when it admits one.
    private func standard(at now: Timestamp) -> Int {
        let admitted = signers.lines.filter { line in
            line.admits(namespace: DocumentFormat.manifest.namespace) && line.isValid(at: now)
        }
        let count = Set(admitted.flatMap(\.principals)).count
        return count == 1 ? 1 : max(2, count / 2 + 1)
    }

    /// The officers among those who signed whom the file admits for this document at its time, ended since or not.
    package func trusted(
        among signed: [Signer],
        for format: DocumentFormat,
        at created: Timestamp
    ) -> [Signer] {
        signed.filter { officer in
            signers.admits(name: officer.name, key: officer.key, namespace: format.namespace, at: created)
        }
    }

    /// Officers who have signed this epoch's manifest, and whom the file does not have with these keys.
    package func strangers(in approval: EpochApproval) -> [Signer] {
        approval.signed.filter { officer in
            !lines(of: officer.name, for: .manifest).contains { $0.key == officer.key }
        }
    }

    /// Those by whom this epoch's manifest is anchored.
    ///
    /// - Parameters:
    ///   - path: What errors call the escrow.
    ///   - now: By it keys end, and the officers are counted whom the file admits.
    /// - Throws: ``EscrowError``: why it is not anchored, whether that is a failure or was only not checked.
    package func check(_ approval: EpochApproval, at path: String, now: Timestamp) throws(EscrowError) -> [Signer] {
        switch outcome(of: approval, at: path, now: now) {
        case .anchored(let officers): return officers
        case .notChecked(let reason), .failed(let reason): throw reason
        }
    }

    /// The lines that have a person and admit a kind of document, whatever their time.
    func lines(of name: Name, for format: DocumentFormat) -> [AllowedSigners.Line] {
        signers.lines.filter { $0.principals.contains(name) && $0.admits(namespace: format.namespace) }
    }
}

extension EscrowError {
    /// That an officer has signed whom the file of an anchor does not have: `oscar has signed and is not in FILE`.
    package static func stranger(_ officer: Name, signers: String) -> String {
        "\(officer) has signed and is not in \(signers)"
    }
}
