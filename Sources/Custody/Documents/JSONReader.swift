// SPDX-License-Identifier: Apache-2.0

/// Reads the part of JSON that documents use, to the last byte.
///
/// White space and the order of members pass here and fail in ``JSONValue/init(canonical:)``, which writes the value again
/// and compares: that one test covers spellings nobody thought of. What has a better reason is refused here by it.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0

    /// - Parameter bytes: Valid UTF-8.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(DocumentError) -> JSONValue {
        guard !bytes.starts(with: [0xef, 0xbb, 0xbf]) else {
            throw expected("no byte-order mark")
        }
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else {
            throw expected("the end of the document")
        }
        return value
    }

    private mutating func value(depth: Int) throws(DocumentError) -> JSONValue {
        skipSpace()
        switch next {
        case UInt8(ascii: "\""):
            return .string(try string())
        case let byte? where Self.digits.contains(byte) || byte == UInt8(ascii: "-"):
            return .integer(try integer())
        case UInt8(ascii: "t"):
            try take("true")
            return .boolean(true)
        case UInt8(ascii: "f"):
            try take("false")
            return .boolean(false)
        case UInt8(ascii: "["):
            return .array(try array(depth: depth + 1))
        case UInt8(ascii: "{"):
            return .object(try object(depth: depth + 1))
        default:
            throw expected("a string, an integer, true, false, an array or an object")
        }
    }

    private mutating func array(depth: Int) throws(DocumentError) -> [JSONValue] {
        var items: [JSONValue] = []
        try open(depth: depth)
        repeat {
            items.append(try value(depth: depth))
        } while try continues(until: "]")
        return items
    }

    private mutating func object(depth: Int) throws(DocumentError) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        try open(depth: depth)
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else {
                throw expected("a key in quotation marks")
            }
            let key = try string()
            guard JSONValue.isKey(key) else {
                throw expected("a key of letters and digits")
            }
            skipSpace()
            try take(":")
            let value = try value(depth: depth)
            guard members.updateValue(value, forKey: key) == nil else {
                throw .duplicate(key: key, line: line)
            }
        } while try continues(until: "}")
        return members
    }

    /// Steps over the opening bracket.
    private mutating func open(depth: Int) throws(DocumentError) {
        guard depth <= JSONValue.maximumDepth else {
            throw .tooDeep(line: line)
        }
        position += 1
        skipSpace()
        guard next != UInt8(ascii: "]"), next != UInt8(ascii: "}") else {
            throw expected("something between the brackets")
        }
    }

    /// Steps over the comma or the closing bracket behind an item.
    private mutating func continues(until close: Unicode.Scalar) throws(DocumentError) -> Bool {
        skipSpace()
        let found = next
        guard found == UInt8(ascii: ",") || found == UInt8(ascii: close) else {
            throw expected("',' or '\(close)'")
        }
        position += 1
        return found == UInt8(ascii: ",")
    }

    private mutating func integer() throws(DocumentError) -> UInt64 {
        let start = position
        var number: UInt64 = 0
        while let byte = next, Self.digits.contains(byte), number <= JSONValue.maximumInteger {
            number = number * 10 + UInt64(byte - UInt8(ascii: "0"))  // below 2^57
            position += 1
        }
        let hasLeadingZero = position > start + 1 && bytes[start] == UInt8(ascii: "0")
        let goesOn = next.map { "+-.eE0123456789".utf8.contains($0) } ?? false
        guard position > start, !hasLeadingZero, !goesOn, number <= JSONValue.maximumInteger else {
            throw expected("an integer from 0 to \(JSONValue.maximumInteger), in digits")
        }
        return number
    }

    private mutating func string() throws(DocumentError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else {
                throw expected("no control character in a string")
            }
            if byte == UInt8(ascii: "\\") {
                position += 1
                guard next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") else {
                    throw expected("no escape but \\\" and \\\\")
                }
            }
            guard position < bytes.count else {
                break
            }
            text.append(bytes[position])
            position += 1
        }
        try take("\"")
        return String(decoding: text, as: UTF8.self)
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Counted only when something is wrong.
    private var line: Int { bytes[..<position].count { $0 == UInt8(ascii: "\n") } + 1 }

    private func expected(_ what: String) -> DocumentError {
        .syntax(line: line, expected: what)
    }

    private mutating func take(_ text: String) throws(DocumentError) {
        guard bytes[position...].starts(with: text.utf8) else {
            throw expected("'\(text)'")
        }
        position += text.utf8.count
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
            position += 1
        }
    }
}
