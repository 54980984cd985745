// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// What all documents say that are added to an epoch: when they were made, and which manifest they are about.
package struct Heading: Hashable, Sendable {
    package let created: Timestamp
    package let manifest: SHA256Digest
    package let set: SetIdentifier

    static let shape = Shape<Heading>(
        Self.init,
        Member("created", .timestamp, \.created),
        Member("manifest", .digest, \.manifest),
        Member("set", .set, \.set)
    )
}

extension Heading {
    /// Of a document about this epoch.
    init(in epoch: EpochDocument, at created: Timestamp) {
        self.init(created: created, manifest: epoch.digest, set: epoch.manifest.set)
    }

    /// Of a document that is about another one of its epoch.
    init(beside other: some AddedDocument, at created: Timestamp) {
        self.init(created: created, manifest: other.manifest, set: other.set)
    }
}

extension AddedDocument {
    package var created: Timestamp { heading.created }
    /// The manifest that it is about.
    package var manifest: SHA256Digest { heading.manifest }
    package var set: SetIdentifier { heading.set }
}
