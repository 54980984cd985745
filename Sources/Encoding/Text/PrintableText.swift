// SPDX-License-Identifier: Apache-2.0

extension String {
    /// This text in printable ASCII, every other character as an escape: for documents that allow nothing else.
    package var printable: String {
        unicodeScalars.map { scalar in
            (0x20...0x7e).contains(scalar.value) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
        }.joined()
    }
}
