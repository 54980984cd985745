// SPDX-License-Identifier: Apache-2.0

import Files

/// What kind of document it is: its member `format`, and the namespace of signatures over it, which must agree.
package struct DocumentFormat: Hashable, Sendable {
    /// The kind's own word, such as `manifest` or `card`.
    package let kind: String

    /// - Parameter kind: Lower-case letters, digits and hyphens.
    package init(_ kind: String) {
        precondition(Self.isWord(kind), "a kind is a lower-case word")
        self.kind = kind
    }

    /// Reads a member `format` of this version.
    ///
    /// - Returns: `nil` for any other text.
    package init?(format: String) {
        guard let kind = format.rest(after: Self.prefix), Self.isWord(kind) else {
            return nil
        }
        self.kind = kind
    }

    /// The member `format`: `ca-escrow/v1/KIND`.
    package var format: String { Self.prefix + kind }

    /// The namespace of SSH signatures over such a document: `ca-escrow-KIND-v1`.
    package var namespace: String { "ca-escrow-\(kind)-v1" }

    private static let prefix = "ca-escrow/v1/"

    /// What a document says it is.
    ///
    /// - Parameter bytes: Canonical.
    /// - Throws: ``DocumentError``
    package static func text(in bytes: [UInt8]) throws(DocumentError) -> String {
        var fields = try Fields(try JSONValue(canonical: bytes))
        return try fields.take("format", .string)
    }

    /// Whether it is a word as kinds of documents and of unlocks are: lower-case letters, digits and hyphens.
    package static func isWord(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0.isSmallLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
    }
}
