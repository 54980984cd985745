// SPDX-License-Identifier: Apache-2.0

import Files

/// A text as bash takes it for one word, whatever stands in it.
package enum ShellWord {
    /// The text, in quotes where it needs them.
    package static func of(_ text: String) -> String {
        if !text.isEmpty, text.utf8.allSatisfy(plain.contains) {
            return text
        }
        if text.unicodeScalars.allSatisfy(\.isShown) {
            // By bytes: a quote before a combining accent is one character, and a quote to every shell.
            return "'" + text.parts(between: "'").joined(separator: "'\\''") + "'"
        }
        return "$'" + text.utf8.map(escaped).joined() + "'"
    }

    /// A path as one word of a shell, which is never taken for an option.
    package static func path(_ path: String) -> String { of(path.hasPrefix(bytesOf: "-") ? "./\(path)" : path) }

    private static func escaped(_ byte: UInt8) -> String {
        guard byte.isPrintable, byte != UInt8(ascii: "'"), byte != UInt8(ascii: "\\") else {
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
        return String(UnicodeScalar(byte))
    }

    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/@%+:,-".utf8
    )
}
