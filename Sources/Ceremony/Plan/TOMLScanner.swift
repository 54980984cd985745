// SPDX-License-Identifier: Apache-2.0

/// Tells TOML's texts and comments from the rest, byte by byte: enough to count what would nest, before a parser nests it.
///
/// *TOML 1.0.0, sections "Comment" and "String".*
struct TOMLScanner {
    private enum Place {
        case outside
        case comment
        /// A text between these marks; of one line unless there are three.
        case text(mark: UInt8, isLong: Bool)
    }

    private var place = Place.outside
    private var isEscaped = false
    /// How many marks have just come, one after the other.
    private var marks = 0
    /// How many marks may still follow the end of a long text: they belong to it.
    private var trailing = 0

    /// Takes the next byte.
    ///
    /// - Returns: Whether it stands in no text and in no comment.
    mutating func isOutside(_ byte: UInt8) -> Bool {
        let isMark = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
        switch place {
        case .outside:
            if isMark, trailing > 0 {
                trailing -= 1
                return false
            }
            trailing = 0
            if isMark {
                place = .text(mark: byte, isLong: false)
                marks = 1
            } else if byte == UInt8(ascii: "#") {
                place = .comment
            }
            return !isMark && byte != UInt8(ascii: "#")
        case .comment:
            place = byte == UInt8(ascii: "\n") ? .outside : .comment
            return false
        case .text(let mark, let isLong):
            return take(byte, mark: mark, isLong: isLong)
        }
    }

    /// - Returns: Whether the text had ended before this byte.
    private mutating func take(_ byte: UInt8, mark: UInt8, isLong: Bool) -> Bool {
        if isEscaped {
            isEscaped = false
            marks = 0
        } else if byte == mark {
            marks += 1
            if isLong {
                guard marks == 3 else {
                    return false
                }
                place = .outside
                marks = 0
                trailing = 2
            } else if marks == 2 {
                // An empty text, unless a third mark follows: then a long one begins.
                marks = 3
            } else if marks == 4 {
                place = .text(mark: mark, isLong: true)
                marks = 0
            } else {
                place = .outside
            }
        } else if !isLong, marks == 3 {
            // The text was empty, and has ended before this byte.
            place = .outside
            return isOutside(byte)
        } else {
            marks = isLong ? 0 : Int.min
            isEscaped = byte == UInt8(ascii: "\\") && mark == UInt8(ascii: "\"")
            // A text of one line never goes beyond it; the parser says so.
            place = !isLong && byte == UInt8(ascii: "\n") ? .outside : place
        }
        return false
    }
}
