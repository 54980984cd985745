// SPDX-License-Identifier: Apache-2.0

/// What people may write into a text member: purpose, destination, title, their own full name.
///
/// 1 to 500 Unicode scalars, none of which is a control character, invisible, or turns the direction of writing. Text is
/// kept as it was typed, never normalised, compared by bytes, and identifies nothing.
package enum TextRule {
    /// How many Unicode scalars a text may have.
    package static let scalarCounts = 1...500

    /// Whether `text` may stand in a text member.
    package static func allows(_ text: String) -> Bool {
        scalarCounts.contains(text.unicodeScalars.prefix(scalarCounts.upperBound + 1).count)
            && !text.unicodeScalars.contains { scalar in forbidden.contains { $0.contains(scalar.value) } }
    }

    /// Checks what somebody typed before it becomes a document's member.
    ///
    /// - Throws: ``DocumentError/wrongValue(field:expected:)``, as a reader of the document would.
    package static func check(_ text: String, field: String) throws(DocumentError) {
        guard allows(text) else {
            throw .wrongValue(field: field, expected: "1 to 500 characters, none invisible and no control character")
        }
    }

    private static let forbidden: [ClosedRange<UInt32>] = [
        0x0000...0x001f,  // control characters
        0x007f...0x009f,
        0x00ad...0x00ad,  // soft hyphen
        0x061c...0x061c,  // Arabic letter mark
        0x200b...0x200f,  // zero width, marks of direction
        0x2028...0x202e,  // line and paragraph separators, embeddings of direction
        0x2060...0x206f,  // invisible operators, isolates of direction
        0xfe00...0xfe0f,  // variation selectors
        0xfeff...0xfeff,  // byte-order mark
        0xfff9...0xfffb,  // interlinear annotation
        0xe0000...0xe0fff,  // tags, more variation selectors
    ]
}
