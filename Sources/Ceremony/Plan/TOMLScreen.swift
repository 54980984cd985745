// SPDX-License-Identifier: Apache-2.0

/// What is refused before the parser sees it, because the parser would not refuse it well.
///
/// toml++ makes a table of every part of a dotted key, and frees them one inside the other.
enum TOMLScreen {
    /// How many dots may stand outside of texts and comments: more than any plan has.
    static let dotLimit = 2000

    /// - Throws: ``PlanError/syntax(line:column:_:)``, ``PlanError/tooDeep(limit:)``
    static func check(_ bytes: [UInt8], depthLimit: Int) throws(PlanError) {
        var scanner = TOMLScanner()
        var line = 1
        var start = 0
        for (index, byte) in bytes.enumerated() {
            let isOutside = scanner.isOutside(byte)
            guard byte != UInt8(ascii: "\n") else {
                (line, start) = (line + 1, index + 1)
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
}
