// SPDX-License-Identifier: Apache-2.0

package import Custody

extension TranscriptLine {
    /// Checks that a reader takes the line, before it is written: a record that cannot be read is none.
    ///
    /// - Throws: ``DocumentError``
    package func checkReadable() throws(DocumentError) {
        // Before the line is encoded, which traps on what no string of a document holds.
        for (index, file) in files.enumerated() {
            try TextRule.check(file.name, field: "files[\(index)].name")
        }
        for (index, note) in notes.enumerated() {
            try TextRule.check(note.text, field: "notes[\(index)].text")
        }
        _ = try TranscriptLine(bytes: encoded())
    }
}
