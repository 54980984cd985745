// SPDX-License-Identifier: Apache-2.0

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
        appendOnOneLine(to: &bytes)
        return bytes
    }

    private func appendOnOneLine(to bytes: inout [UInt8]) {
        switch self {
        case .string, .integer, .boolean: append(to: &bytes, depth: 0)
        case .array(let items):
            precondition(!items.isEmpty, "an array in a document holds something")
            for (position, item) in items.enumerated() {
                bytes += (position == 0 ? "[" : ",").utf8
                item.appendOnOneLine(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            precondition(!members.isEmpty, "an object in a document holds something")
            for (position, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                precondition(Self.isKey(member.key), "a key in a document is made of letters and digits")
                bytes += (position == 0 ? "{" : ",").utf8
                Self.append(member.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.appendOnOneLine(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private func append(to bytes: inout [UInt8], depth: Int) {
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
                item.append(to: &bytes, depth: depth + 1)
            }
        case .object(let members):
            precondition(!members.isEmpty, "an object in a document holds something")
            let sorted = members.sorted { $0.key < $1.key }  // keys are ASCII: this is the order of their bytes
            Self.append(sorted, between: ("{", "}"), to: &bytes, depth: depth) { member, bytes in
                precondition(Self.isKey(member.key), "a key in a document is made of letters and digits")
                Self.append(member.key, to: &bytes)
                bytes += ": ".utf8
                member.value.append(to: &bytes, depth: depth + 1)
            }
        }
    }

    private static func append<Item>(
        _ items: [Item],
        between brackets: (String, String),
        to bytes: inout [UInt8],
        depth: Int,
        _ append: (Item, inout [UInt8]) -> Void
    ) {
        precondition(depth < maximumDepth, "a document is nested \(maximumDepth) deep at most")
        bytes += brackets.0.utf8
        for (position, item) in items.enumerated() {
            bytes += (position == 0 ? "\n" : ",\n").utf8
            bytes += repeatElement(UInt8(ascii: " "), count: 2 * (depth + 1))
            append(item, &bytes)
        }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
        bytes += brackets.1.utf8
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
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: false
                }
            }
    }
}
