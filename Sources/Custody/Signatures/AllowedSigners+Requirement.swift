// SPDX-License-Identifier: Apache-2.0

import Files

extension AllowedSigners {
    /// The line `# ca-escrow: require K` of a file: docs/format.md, section 4.12.
    ///
    /// `ssh-keygen` passes over it, as over every comment. What begins like it and is not exactly this is refused: a demand
    /// that was mistyped must not be a comment.
    enum Requirement {
        /// What stands before the number.
        static let start = "# \(mark) require "
        /// What a comment begins with that is meant for this program.
        private static let mark = "ca-escrow:"

        /// The number in a line that is a comment or empty.
        ///
        /// - Returns: `nil` for a comment of people's.
        /// - Throws: ``AllowedSignersError/requirement(line:found:)``
        static func number(in text: String, line: Int) throws(AllowedSignersError) -> Int? {
            let isAround = { (byte: UInt8) in "# \t".utf8.contains(byte) }
            let comment = Array(text.utf8).drop(while: isAround)
            // Letters of either case: the mark is looked for as people may have typed it.
            guard comment.prefix(mark.utf8.count).elementsEqual(mark.utf8, by: { $0 | 0x20 == $1 | 0x20 }) else {
                return nil
            }
            let digits = text.utf8.dropFirst(start.utf8.count)
            guard text.utf8.starts(with: start.utf8), (1...4).contains(digits.count),
                digits.first != UInt8(ascii: "0"), digits.allSatisfy(\.isDigit)
            else {
                throw .requirement(line: line, found: text)
            }
            let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
            guard requirements.contains(number) else {
                throw .requirement(line: line, found: text)
            }
            return number
        }
    }
}
