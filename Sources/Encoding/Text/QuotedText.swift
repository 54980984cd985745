// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Text from outside as a message may show it: in `'…'`, at most 64 characters, nothing that moves a cursor.
    ///
    /// Everything but printable ASCII is shown by its number, so that no document writes to a terminal by way of an error.
    package var quoted: String {
        var shown = ""
        for scalar in unicodeScalars.prefix(64) {
            let isPlain = (0x20...0x7e).contains(scalar.value)
            shown += isPlain ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }
        return unicodeScalars.count > 64 ? "'\(shown)…'" : "'\(shown)'"
    }
}
