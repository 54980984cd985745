// SPDX-License-Identifier: Apache-2.0

import Files

/// Why a text is not JSON, with the line it was noticed at.
package enum ForeignJSONError: Error, Equatable {
    case malformed(line: Int)
    case tooDeep(line: Int, limit: Int)
    /// Two members of one object whose names differ by letter case at most.
    case nameTwice(line: Int, name: String)
}

extension ForeignJSONError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let line): "line \(line): not JSON"
        case .tooDeep(let line, let limit): "line \(line): more than \(limit) levels deep"
        case .nameTwice(let line, let name):
            // A name that is not plain text is not repeated: it would write to a terminal by way of this error.
            name.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) }
                ? "line \(line): '\(name)' comes twice" : "line \(line): a name that is not plain ASCII comes twice"
        }
    }
}

/// JSON that another program wrote, as RFC 8259 says: any white space, any order, any numbers.
///
/// Member names are found whatever their letter case, as Go does, so a name that comes twice is refused: nobody can say
/// which one the other program takes.
indirect enum ForeignJSON: Equatable, Sendable {
    case object([String: ForeignJSON])
    case array([ForeignJSON])
    case string(String)
    /// A number, `true`, `false` or `null`: never asked for.
    case other

    static let depthLimit = 64

    /// - Throws: ``ForeignJSONError``
    init(parsing bytes: [UInt8]) throws(ForeignJSONError) {
        var reader = ForeignJSONReader(bytes: bytes)
        self = try reader.document()
    }

    /// A member of an object; `nil` when there is none, or this is no object.
    subscript(_ name: String) -> ForeignJSON? {
        if case .object(let members) = self { members[name.foldedAsByGo] } else { nil }
    }

    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The first of an array.
    var first: ForeignJSON? {
        if case .array(let elements) = self { elements.first } else { nil }
    }
}

private struct ForeignJSONReader {
    private let bytes: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(ForeignJSONError) -> ForeignJSON {
        let value = try value(depth: 0)
        skipSpace()
        guard place == bytes.count else {
            throw malformed
        }
        return value
    }

    private var malformed: ForeignJSONError { .malformed(line: line) }

    private var line: Int { 1 + bytes[..<min(place, bytes.count)].count { $0 == UInt8(ascii: "\n") } }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, " \t\r\n".utf8.contains(byte) {
            place += 1
        }
    }

    /// Takes a character after white space, if it is the next one.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else {
            return false
        }
        place += 1
        return true
    }

    private mutating func value(depth: Int) throws(ForeignJSONError) -> ForeignJSON {
        guard depth <= ForeignJSON.depthLimit else {
            throw .tooDeep(line: line, limit: ForeignJSON.depthLimit)
        }
        if take("{") {
            return .object(try members(depth: depth + 1))
        }
        if take("[") {
            return .array(try elements(depth: depth + 1))
        }
        if next == UInt8(ascii: "\"") {
            return .string(try text())
        }
        let start = place
        while let byte = next, !" \t\r\n,]}".utf8.contains(byte) {
            place += 1
        }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        let isNumber = word.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
        guard isNumber || ["true", "false", "null"].contains(bytesOf: word) else {
            throw malformed
        }
        return .other
    }

    private mutating func members(depth: Int) throws(ForeignJSONError) -> [String: ForeignJSON] {
        var members: [String: ForeignJSON] = [:]
        guard !take("}") else {
            return members
        }
        repeat {
            skipSpace()
            let name = try text()
            guard take(":") else {
                throw malformed
            }
            guard members.updateValue(try value(depth: depth), forKey: name.foldedAsByGo) == nil else {
                throw .nameTwice(line: line, name: name)
            }
        } while take(",")
        guard take("}") else {
            throw malformed
        }
        return members
    }

    private mutating func elements(depth: Int) throws(ForeignJSONError) -> [ForeignJSON] {
        var elements: [ForeignJSON] = []
        guard !take("]") else {
            return elements
        }
        repeat {
            elements.append(try value(depth: depth))
        } while take(",")
        guard take("]") else {
            throw malformed
        }
        return elements
    }

    private mutating func text() throws(ForeignJSONError) -> String {
        guard next == UInt8(ascii: "\"") else {
            throw malformed
        }
        place += 1
        var units: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else {
                throw malformed
            }
            place += 1
            if byte == UInt8(ascii: "\\") {
                units += String(try escaped()).utf8
            } else {
                units.append(byte)
            }
        }
        guard next != nil, let text = String(validating: units, as: UTF8.self) else {
            throw malformed
        }
        place += 1
        return text
    }

    private mutating func escaped() throws(ForeignJSONError) -> Unicode.Scalar {
        guard let byte = next else {
            throw malformed
        }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw malformed
        }
        let first = try hexUnit()
        if UTF16.isLeadSurrogate(first) {
            guard next == UInt8(ascii: "\\"), bytes[place...].dropFirst().first == UInt8(ascii: "u") else {
                throw malformed
            }
            place += 2
            let second = try hexUnit()
            guard UTF16.isTrailSurrogate(second) else {
                throw malformed
            }
            return UTF16.decode(UTF16.EncodedScalar([first, second]))
        }
        guard let scalar = Unicode.Scalar(first) else {
            throw malformed
        }
        return scalar
    }

    private mutating func hexUnit() throws(ForeignJSONError) -> UInt16 {
        let digits = String(decoding: bytes[place...].prefix(4), as: UTF8.self)
        guard digits.utf8.count == 4, digits.utf8.first != UInt8(ascii: "+"), let unit = UInt16(digits, radix: 16)
        else {
            throw malformed
        }
        place += 4
        return unit
    }
}

extension String {
    /// The name as Go's encoding/json compares names: A to Z as small letters, and the two others that Unicode folds to one
    /// of these, U+017F and U+212A.
    fileprivate var foldedAsByGo: String {
        guard !utf8.allSatisfy({ $0 < 0x80 }) else {
            return lowercasedASCII
        }
        var folded = UnicodeScalarView()
        for scalar in unicodeScalars {
            folded.append(scalar == "\u{17f}" ? "s" : scalar == "\u{212a}" ? "k" : scalar)
        }
        return String(folded).lowercasedASCII
    }
}
