// SPDX-License-Identifier: Apache-2.0

package import Encoding
import SecretMemory

/// An auditor asks custodians to prove that they still know their shares: docs/format.md, section 4.14.
package struct Challenge: AddedDocument {
    package static let format = DocumentFormat.challenge
    package static let directoryName = "challenges"

    /// The longest time to answer, in seconds: 400 days.
    package static let longestSeconds = 400 * 86_400

    package let heading: Heading
    package let auditor: Signer
    package let expires: Timestamp
    /// 32 random bytes.
    package let nonce: [UInt8]

    package static let shape = Shape<Challenge>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("auditor", .object(Signer.shape), \.auditor),
        Member("expires", .timestamp, \.expires),
        Member("nonce", .hex(byteCount: 32), \.nonce)
    ) { challenge, _ throws(DocumentError) in
        try challenge.expires.checkExpiry(after: challenge.created, "created", within: longestSeconds)
    }

    package var fileNameStart: String { auditor.name.description }

    package func signers(in epoch: Manifest) -> (admitted: [Signer], required: Name?) {
        ([auditor], auditor.name)
    }
}

extension Challenge {
    /// Draws a challenge.
    package init(by auditor: Signer, to epoch: EpochDocument, at created: Timestamp, until expires: Timestamp) {
        let nonce = SecretBytes.random(count: 32).withSpan { span in span.indices.map { span[$0] } }
        self.init(heading: Heading(in: epoch, at: created), auditor: auditor, expires: expires, nonce: nonce)
    }
}
