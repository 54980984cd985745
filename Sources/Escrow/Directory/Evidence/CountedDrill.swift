// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// A drill with the moment that its age is counted from.
package struct CountedDrill: Sendable {
    package let receipt: Filed<DrillReceipt>
    /// The challenge that it answers, when somebody whom one knows has made it.
    package let challenge: Filed<Challenge>?

    /// When the challenge was made; without one that counts, when those who knew the secret say that they drilled.
    package var time: Timestamp { challenge?.document.created ?? receipt.document.created }

    /// Whether the CA's key has signed it.
    package var isSigned: Bool { receipt.document.certificate != nil }
}

extension Evidence {
    /// The drills of this epoch, the last one at the end, by the moments that count; one that answers no challenge here, or not in time, is none.
    ///
    /// - Parameter anchor: Who admits the signers of challenges.
    package func countedDrills(by anchor: Anchor?) -> [CountedDrill] {
        let admitted = Set(admittedChallenges(by: anchor).map(\.digest))
        let counted = drills.documents.compactMap { filed -> CountedDrill? in
            guard let digest = filed.document.challenge else {
                return CountedDrill(receipt: filed, challenge: nil)
            }
            guard let challenge = try? challenges.documents.answered(digest, at: filed.document.created) else {
                return nil
            }
            return CountedDrill(receipt: filed, challenge: admitted.contains(digest) ? challenge : nil)
        }
        // Of those that answer one challenge, the one that was made last.
        func order(_ drill: CountedDrill) -> (Timestamp, Timestamp, String) {
            (drill.time, drill.receipt.document.created, drill.receipt.identifier)
        }
        return counted.sorted { order($0) < order($1) }
    }
}
