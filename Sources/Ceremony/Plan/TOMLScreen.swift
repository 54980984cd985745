// SPDX-License-Identifier: Apache-2.0

/// What is refused before the parser sees it, because the parser would not refuse it well.
///
/// toml++ takes for granted, and asserts, that a key follows `[` at the beginning of a line, and a digit the T behind a date;
/// and it makes a table of every part of a dotted key, and frees them one inside the other.
enum TOMLScreen {
    /// How many dots may stand outside of texts and comments: more than any plan has.
    static let dotLimit = 2000

    /// - Throws: ``PlanError/syntax(line:column:_:)``, ``PlanError/tooDeep(limit:)``
    static func check(_ bytes: [UInt8], depthLimit: Int) throws(PlanError) {
        var scanner = TOMLScanner()
        var line = 1
        var start = 0
        var isFresh = true
        for (index, byte) in bytes.enumerated() {
            let isOutside = scanner.isOutside(byte)
            guard byte != UInt8(ascii: "\n") else {
                (line, start, isFresh) = (line + 1, index + 1, true)
                continue
            }
            let column = index - start + 1
            let endsLine = byte == UInt8(ascii: "\r") && bytes[(index + 1)...].first == UInt8(ascii: "\n")
            guard byte >= 0x20 || byte == UInt8(ascii: "\t") || endsLine else {
                throw .syntax(line: line, column: column, "a control character")
            }
            guard !isOutside || byte < 0x7f else {
                throw .syntax(line: line, column: column, "a character that stands in texts and comments alone")
            }
            if isOutside, isFresh, byte == UInt8(ascii: "["), !isHeader(bytes[(index + 1)...]) {
                throw .syntax(line: line, column: column, "no name of a table behind '['")
            }
            if isOutside, byte | 0x20 == UInt8(ascii: "t"), isDate(bytes[..<index]),
                let next = bytes[(index + 1)...].first, !isDigit(next)
            {
                throw .syntax(line: line, column: column, "no time of day behind a date")
            }
            isFresh = isFresh && byte <= 0x20
        }
        guard dots(in: bytes) <= dotLimit else {
            throw .tooDeep(limit: depthLimit)
        }
    }

    /// Dots outside of texts and comments: those that part keys, and those of numbers.
    static func dots(in bytes: [UInt8]) -> Int {
        var scanner = TOMLScanner()
        return bytes.count { scanner.isOutside($0) && $0 == UInt8(ascii: ".") }
    }

    /// Whether the end could be that of a date: a hyphen and two digits.
    private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
        let end = bytes.suffix(3)
        return end.count == 3 && end.first == UInt8(ascii: "-") && end.dropFirst().allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Whether a key follows, or the end of an empty name, which the parser refuses itself.
    private static func isHeader(_ rest: ArraySlice<UInt8>) -> Bool {
        var rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
        if rest.first == UInt8(ascii: "[") {
            rest = rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
        }
        switch rest.first ?? 0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "\""),
            UInt8(ascii: "'"), UInt8(ascii: "]"):
            return true
        default: return false
        }
    }
}
