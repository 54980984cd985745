// SPDX-License-Identifier: Apache-2.0

import Files

/// What people may write into a text member: purpose, destination, title, their own full name.
///
/// 1 to 500 Unicode scalars, none of which is a control character, invisible, or turns the direction of writing, and not
/// all of which are blanks. Text is kept as it was typed, never normalised, compared by bytes, and identifies nothing.
package enum TextRule {
    /// How many Unicode scalars a text may have.
    package static let scalarCounts = 1...500

    /// Whether `text` may stand in a text member.
    package static func allows(_ text: String) -> Bool {
        scalarCounts.contains(text.unicodeScalars.prefix(scalarCounts.upperBound + 1).count)
            && !text.unicodeScalars.contains(where: \.isHidden) && !text.unicodeScalars.allSatisfy(\.isBlank)
    }

    /// Checks what somebody typed before it becomes a document's member.
    ///
    /// - Throws: ``DocumentError/wrongValue(field:expected:)``, as a reader of the document would.
    package static func check(_ text: String, field: String) throws(DocumentError) {
        guard allows(text) else {
            throw .wrongValue(field: field, expected: "1 to 500 characters, none invisible and no control character")
        }
    }
}
