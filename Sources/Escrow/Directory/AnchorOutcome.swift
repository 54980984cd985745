// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding

/// Whether officers from outside the escrow vouch for a document: docs/format.md, section 5.3.
///
/// This is the one rule: audit, status, restore, drill and whoever makes a new epoch ask it.
package enum AnchorOutcome: Equatable, Sendable {
    /// As many officers as it takes, under lines that count.
    case anchored(by: [Signer])
    /// Nobody has said how many it takes, or keys have ended and nothing shows that they signed before.
    case notChecked(EscrowError)
    /// Too few are known, or the file gives one of the officers another key.
    case failed(EscrowError)

    package var isAnchored: Bool { if case .anchored = self { true } else { false } }
}

extension Anchor {
    /// What the file makes of an epoch's manifest.
    ///
    /// - Parameter path: What errors call the escrow.
    package func outcome(of approval: EpochApproval, at path: String, now: Timestamp) -> AnchorOutcome {
        let (document, manifest) = (approval.document, approval.document.manifest)
        // Whether or not they signed: somebody has put another key under the name of an officer whom the caller knows.
        for officer in manifest.approval.officers {
            let lines = lines(of: officer.name, for: .manifest)
            if let line = lines.first, !lines.contains(where: { $0.key == officer.key }) {
                return .failed(
                    .trust(
                        .anotherKeyInSigners(
                            path: path,
                            signers: self.path,
                            line: line.lineNumber,
                            officer: officer,
                            found: line.key
                        )
                    )
                )
            }
        }
        return outcome(
            of: approval.signed,
            demanding: manifest.approval.threshold,
            for: .manifest,
            at: manifest.created,
            path: path,
            now: now
        ) { officer, end in
            SignatureStamp.reasonAgainst(officer, on: document, before: end, authorities, now: now)
        }
    }

    /// What the file makes of those whose signatures of a document hold.
    ///
    /// - Parameters:
    ///   - threshold: How many officers the document demands itself.
    ///   - created: The document's own time, at which a line must count.
    ///   - reasonAgainst: Why nothing shows that an officer signed before their key ended; nothing when that is shown.
    func outcome(
        of signed: [Signer],
        demanding threshold: Int,
        for format: DocumentFormat,
        at created: Timestamp,
        path: String,
        now: Timestamp,
        reasonAgainst: (Signer, Timestamp) -> String?
    ) -> AnchorOutcome {
        var (found, ended): ([Signer], [EndedSignature]) = ([], [])
        for officer in signed {
            switch standing(of: officer, for: format, at: created, now: now) {
            case .admitted: found.append(officer)
            case .ended(let end):
                if let reason = reasonAgainst(officer, end) {
                    ended.append(EndedSignature(officer: officer, end: end, reason: reason))
                } else {
                    found.append(officer)
                }
            case .unknown: break
            }
        }
        let needed = required(demanding: threshold, at: now)
        let keys = Set(found.map(\.key))
        guard keys.count < needed else {
            return .anchored(by: found)
        }
        if keys.union(ended.map(\.officer.key)).count >= needed {
            return .notChecked(
                .trust(.keysEnded(path: path, signers: self.path, ended, found: keys.count, needed: needed))
            )
        }
        if isStandard, keys.count >= threshold {
            return .notChecked(
                .trust(.fewerThanHalf(path: path, signers: self.path, found: keys.count, needed: needed))
            )
        }
        guard found.isEmpty, ended.isEmpty else {
            return .failed(
                .trust(.tooFewOfficersAreTrusted(path: path, signers: self.path, found: keys.count, needed: needed))
            )
        }
        return .failed(.trust(.noOfficerIsTrusted(path: path, signers: self.path, signedBy: signed)))
    }

    private enum Standing {
        case admitted
        /// At this moment, which has passed.
        case ended(Timestamp)
        case unknown
    }

    /// What the lines that count at a document's time make of an officer today.
    private func standing(
        of officer: Signer,
        for format: DocumentFormat,
        at created: Timestamp,
        now: Timestamp
    ) -> Standing {
        let lines = lines(of: officer.name, for: format).filter { $0.key == officer.key && $0.isValid(at: created) }
        guard !lines.isEmpty else {
            return .unknown
        }
        let ends = lines.compactMap(\.validBefore)
        guard ends.count == lines.count, let last = ends.max(), last < now else {
            return .admitted
        }
        return .ended(last)
    }
}
