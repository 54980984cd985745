// SPDX-License-Identifier: Apache-2.0

extension String {
    /// This text in printable ASCII, every other character as an escape: for documents that allow nothing else.
    package var printable: String {
        unicodeScalars.map { scalar in
            (0x20...0x7e).contains(scalar.value) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }.joined()
    }

    /// Text from outside as a message may show it: in `'…'`, at most 64 characters, nothing that moves a cursor.
    ///
    /// Everything but printable ASCII is shown by its number, so that no document writes to a terminal by way of an error.
    package var quoted: String {
        let shown = String(unicodeScalars.prefix(64)).printable
        return unicodeScalars.count > 64 ? "'\(shown)…'" : "'\(shown)'"
    }
}
