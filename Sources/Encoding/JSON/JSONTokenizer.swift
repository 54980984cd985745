// SPDX-License-Identifier: Apache-2.0

/// Reads JSON piece by piece: the grammar, for every reader of it.
///
/// ``value()`` takes what comes next. After ``Token/array`` its reader asks ``hasItem()`` before each value, after
/// ``Token/object`` it asks ``key()``, until nothing is left; after the outermost value comes ``end()``. What values there
/// are, and which keys, is the reader's affair. Takes time in proportion to the bytes. *RFC 8259.*
package struct JSONTokenizer {
    /// How JSON may be written.
    package enum Policy: Sendable {
        /// As documents are: nothing but `\"` and `\\` is escaped, numbers are integers from 0 to 2^53 - 1, brackets are never
        /// empty, there is no null.
        ///
        /// White space and the order of members pass here and fail in ``JSONValue/init(canonical:)``, which writes the value
        /// again and compares: that one test covers spellings nobody thought of.
        case canonical
        /// In any layout, with all that RFC 8259 has.
        case anyLayout
    }

    package enum Token: Equatable {
        case string(String)
        case integer(UInt64)
        case boolean(Bool)
        /// A number that no document has: with a sign, a fraction or an exponent, or above 2^53 - 1.
        case number
        case null
        case array
        case object
    }

    let bytes: [UInt8]
    let policy: Policy
    var position = 0
    private let depthLimit: Int
    private var depth = 0
    private var isBehindBracket = false
    /// Where the newest value or key begins, for ``error(_:at:)``.
    package private(set) var place = 0

    /// - Parameter depthLimit: How many objects and arrays may lie inside one another.
    /// - Throws: ``JSONSyntaxError``, as all functions do: here for bytes that are not UTF-8, or begin with a byte-order mark.
    package init(_ bytes: [UInt8], _ policy: Policy, depthLimit: Int) throws(JSONSyntaxError) {
        self.bytes = bytes
        self.policy = policy
        self.depthLimit = depthLimit
        guard String(validating: bytes, as: UTF8.self) != nil else {
            let repaired = String(decoding: bytes, as: UTF8.self).utf8
            throw error(.notUTF8, at: zip(repaired, bytes).prefix { $0 == $1 }.count)
        }
        guard !bytes.starts(with: [0xef, 0xbb, 0xbf]) else {
            throw expected("no byte-order mark")
        }
    }

    package mutating func value() throws(JSONSyntaxError) -> Token {
        skipSpace()
        place = position
        switch next {
        case UInt8(ascii: "\""):
            return .string(try string())
        case let byte? where Self.digits.contains(byte) || byte == UInt8(ascii: "-"):
            return try number()
        case UInt8(ascii: "t"):
            try take("true")
            return .boolean(true)
        case UInt8(ascii: "f"):
            try take("false")
            return .boolean(false)
        case UInt8(ascii: "n") where policy == .anyLayout:
            try take("null")
            return .null
        case UInt8(ascii: "["):
            try open()
            return .array
        case UInt8(ascii: "{"):
            try open()
            return .object
        default:
            throw expected(Self.values)
        }
    }

    /// Whether the innermost array goes on: then a value follows.
    package mutating func hasItem() throws(JSONSyntaxError) -> Bool { try goesOn(until: "]") }

    /// The next key of the innermost object, behind which a value follows; `nil` at its end.
    package mutating func key() throws(JSONSyntaxError) -> String? {
        guard try goesOn(until: "}") else {
            return nil
        }
        skipSpace()
        place = position
        guard next == UInt8(ascii: "\"") else {
            throw expected("a key in quotation marks")
        }
        let key = try string()
        skipSpace()
        try take(":")
        return key
    }

    /// Makes sure that nothing follows.
    package mutating func end() throws(JSONSyntaxError) {
        skipSpace()
        guard position == bytes.count else {
            throw expected("the end of the document")
        }
    }

    /// What a reader throws that does not want what it got, with the ``place`` of that.
    package func error(_ reason: JSONSyntaxError.Reason, at place: Int) -> JSONSyntaxError {
        JSONSyntaxError(reason, at: place, of: bytes)
    }

    /// The values that documents have, for an error.
    static let values = "a string, an integer, true, false, an array or an object"

    private mutating func open() throws(JSONSyntaxError) {
        guard depth < depthLimit else {
            throw error(.tooDeep(limit: depthLimit), at: position)
        }
        depth += 1
        position += 1
        isBehindBracket = true
    }

    /// Steps over a comma or the closing bracket; behind the opening one there is no comma.
    private mutating func goesOn(until close: Unicode.Scalar) throws(JSONSyntaxError) -> Bool {
        skipSpace()
        let isFirst = isBehindBracket
        isBehindBracket = false
        if next == UInt8(ascii: close) {
            guard !isFirst || policy == .anyLayout else {
                throw expected("something between the brackets")
            }
            position += 1
            depth -= 1
            return false
        }
        if !isFirst {
            guard next == UInt8(ascii: ",") else {
                throw expected("',' or '\(close)'")
            }
            position += 1
        }
        return true
    }

    static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    func expected(_ what: String) -> JSONSyntaxError { error(.expected(what), at: position) }

    mutating func take(_ text: String) throws(JSONSyntaxError) {
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
