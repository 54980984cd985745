// SPDX-License-Identifier: Apache-2.0

import Files

extension JSONValue {
    /// The canonical bytes, with the final line end.
    ///
    /// Traps on what no document may hold: an empty object or array, a key that is none, a control character, an integer
    /// above ``maximumInteger``. What comes from people is checked before it becomes a value (``TextRule``).
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes, depth: 0)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// The value on one line without blanks, and without a line end: a line of a transcript.
    ///
    /// What Python's `json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))` gives.
    package func encodedOnOneLine() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes, depth: nil)
        return bytes
    }

    /// - Parameter depth: How many brackets are around it; nothing when all of it stands on one line.
    private func append(to bytes: inout [UInt8], depth: Int?) {
        let inside = depth.map { $0 + 1 }
        switch self {
        case .string(let text):
            Self.append(text, to: &bytes)
        case .integer(let number):
            precondition(number <= Self.maximumInteger, "an integer in a document is below 2^53")
            bytes += String(number).utf8
        case .boolean(let flag):
            bytes += (flag ? "true" : "false").utf8
        case .array(let items):
            precondition(!items.isEmpty, "an array in a document holds something")
            Self.append(items, between: ("[", "]"), to: &bytes, depth: depth) { item, bytes in
                item.append(to: &bytes, depth: inside)
            }
        case .object(let members):
            precondition(!members.isEmpty, "an object in a document holds something")
            let sorted = members.sorted { $0.key < $1.key }  // keys are ASCII: this is the order of their bytes
            Self.append(sorted, between: ("{", "}"), to: &bytes, depth: depth) { member, bytes in
                precondition(Self.isKey(member.key), "a key in a document is made of letters and digits")
                Self.append(member.key, to: &bytes)
                bytes += (depth == nil ? ":" : ": ").utf8
                member.value.append(to: &bytes, depth: inside)
            }
        }
    }

    private static func append<Item>(
        _ items: [Item],
        between brackets: (String, String),
        to bytes: inout [UInt8],
        depth: Int?,
        _ append: (Item, inout [UInt8]) -> Void
    ) {
        precondition(depth ?? 0 < maximumDepth, "a document is nested \(maximumDepth) deep at most")
        bytes += brackets.0.utf8
        for (position, item) in items.enumerated() {
            bytes += (position == 0 ? "" : ",").utf8
            appendLineStart(to: &bytes, depth: depth.map { $0 + 1 })
            append(item, &bytes)
        }
        appendLineStart(to: &bytes, depth: depth)
        bytes += brackets.1.utf8
    }

    private static func appendLineStart(to bytes: inout [UInt8], depth: Int?) {
        if let depth {
            bytes.append(UInt8(ascii: "\n"))
            bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            precondition(byte >= 0x20, "a string in a document holds no control character")
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether `text` matches `[a-zA-Z0-9]+`.
    static func isKey(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0.isDigit || ($0 | 0x20).isSmallLetter }
    }
}
