// SPDX-License-Identifier: Apache-2.0

/// One line of what somebody reads before they agree to something.
public struct NoticeLine: Equatable, Sendable {
    /// The line, which begins with blanks when it belongs to the one before; no character of it moves a cursor.
    public let text: String
    /// Whether it is about something odd, or unsafe.
    public let isWarning: Bool

    static func line(_ text: String) -> NoticeLine { NoticeLine(text: text.harmless, isWarning: false) }

    static func warning(_ text: String) -> NoticeLine { NoticeLine(text: text.harmless, isWarning: true) }
}

extension [NoticeLine] {
    static func lines(_ texts: String...) -> [NoticeLine] { texts.map { .line($0) } }
}

extension String {
    /// A line that stays one line and moves no cursor, whatever stands in a file's name or in a title.
    package var harmless: String {
        guard !utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            return self
        }
        return unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
                "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }.joined()
    }
}
