// SPDX-License-Identifier: Apache-2.0

extension JSONTokenizer {
    /// The integers that documents have, for an error.
    static let integers = "an integer from 0 to \(JSONValue.maximumInteger), in digits"

    mutating func number() throws(JSONSyntaxError) -> Token {
        let start = position
        var number: UInt64 = 0
        while let byte = next, Self.digits.contains(byte), number <= JSONValue.maximumInteger {
            number = number * 10 + UInt64(byte - UInt8(ascii: "0"))  // below 2^57
            position += 1
        }
        let hasLeadingZero = position > start + 1 && bytes[start] == UInt8(ascii: "0")
        let goesOn = next.map { "+-.eE0123456789".utf8.contains($0) } ?? false
        if position > start, !hasLeadingZero, !goesOn, number <= JSONValue.maximumInteger {
            return .integer(number)
        }
        guard policy == .anyLayout else {
            throw expected(Self.integers)
        }
        position = start
        try skipNumber()
        return .number
    }

    /// Steps over `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
    private mutating func skipNumber() throws(JSONSyntaxError) {
        skip("-")
        if !skip("0") {
            try skipDigits()
        }
        if skip(".") {
            try skipDigits()
        }
        if skip("e") || skip("E") {
            _ = skip("+") || skip("-")
            try skipDigits()
        }
    }

    private mutating func skipDigits() throws(JSONSyntaxError) {
        guard let byte = next, Self.digits.contains(byte) else {
            throw expected("a digit")
        }
        while let byte = next, Self.digits.contains(byte) {
            position += 1
        }
    }

    @discardableResult
    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else {
            return false
        }
        position += 1
        return true
    }

    mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else {
                throw expected("no control character in a string")
            }
            position += 1
            if byte == UInt8(ascii: "\\") {
                text += String(try escaped()).utf8
            } else {
                text.append(byte)
            }
        }
        try take("\"")
        return String(decoding: text, as: UTF8.self)
    }

    /// The character that an escape stands for, whose `\` has just been taken.
    private mutating func escaped() throws(JSONSyntaxError) -> Unicode.Scalar {
        let byte = next
        guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || policy == .anyLayout else {
            throw expected("no escape but \\\" and \\\\")
        }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try fromHex()
        default:
            position -= 1
            throw expected("an escape that JSON has")
        }
    }

    /// The character whose number follows `\u`; two of them stand for one above U+FFFF.
    private mutating func fromHex() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try hexUnit()
        guard UTF16.isLeadSurrogate(first) else {
            guard let scalar = Unicode.Scalar(first) else {
                throw expected("no second half of a surrogate pair")
            }
            return scalar
        }
        guard skip("\\"), skip("u") else {
            throw expected("the second half of a surrogate pair")
        }
        let second = try hexUnit()
        guard UTF16.isTrailSurrogate(second) else {
            throw expected("the second half of a surrogate pair")
        }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func hexUnit() throws(JSONSyntaxError) -> UInt16 {
        let digits = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
        guard digits.utf8.count == 4, digits.utf8.first != UInt8(ascii: "+"), let unit = UInt16(digits, radix: 16)
        else {
            throw expected("four hexadecimal digits")
        }
        position += 4
        return unit
    }
}
