// SPDX-License-Identifier: Apache-2.0

/// A JSON document in the one form that escrows are written in.
///
/// The form is what Python's `json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"` gives, for objects,
/// arrays, strings, true, false and integers from 0 to 2^53 - 1. There is no null, no fraction and no empty object or
/// array; keys match `[a-zA-Z0-9]+`; strings hold no control character below U+0020; nesting goes 12 deep.
package enum JSONValue: Sendable {
    case string(String)
    case integer(UInt64)
    case boolean(Bool)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The largest integer that every JSON reader keeps exact: 2^53 - 1.
    package static let maximumInteger: UInt64 = 1 << 53 - 1

    /// How many objects and arrays may lie inside one another.
    package static let maximumDepth = 12

    /// Reads a document and refuses any byte that ``encoded()`` would not have written.
    ///
    /// Takes time and memory in proportion to the number of bytes, whatever they are.
    ///
    /// - Throws: ``DocumentError``: `notUTF8`, `syntax`, `tooDeep`, `duplicate` or `notCanonical`.
    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        do throws(JSONSyntaxError) {
            try self.init(bytes, .canonical)
        } catch {
            throw DocumentError(error)
        }
        let rewritten = encoded()
        guard rewritten == bytes else {
            throw .notCanonical(line: Self.lineOfFirstDifference(rewritten, bytes))
        }
    }

    /// Reads a line of a transcript and refuses any byte that ``encodedOnOneLine()`` would not have written.
    ///
    /// - Parameter bytes: Without the line end.
    /// - Throws: ``DocumentError``, whose line is always 1.
    package init(line bytes: [UInt8]) throws(DocumentError) {
        do throws(JSONSyntaxError) {
            try self.init(bytes, .canonical)
        } catch {
            throw DocumentError(error)
        }
        guard encodedOnOneLine() == bytes else {
            throw .notCanonical(line: 1)
        }
    }

    /// Reads what people or other programs wrote, in any layout: white space, the order of members and escapes are theirs.
    ///
    /// Unlike a document it may hold empty arrays and objects, and control characters in strings: it is not to be
    /// ``encoded()``.
    package init(anyLayout bytes: [UInt8]) throws(JSONSyntaxError) {
        try self.init(bytes, .anyLayout)
    }

    /// Reads the same, and where everything begins.
    package static func withPlaces(_ bytes: [UInt8]) throws(JSONSyntaxError) -> (value: JSONValue, places: JSONPlaces) {
        var tokens = try JSONTokenizer(bytes, .anyLayout, depthLimit: maximumDepth)
        var places: JSONPlaces? = JSONPlaces(of: bytes)
        let value = try value(&tokens, "", &places)
        try tokens.end()
        return (value, places ?? JSONPlaces(of: bytes))
    }

    /// Reads to the last byte, whatever the layout; how values may be spelt is the policy's.
    init(_ bytes: [UInt8], _ policy: JSONTokenizer.Policy) throws(JSONSyntaxError) {
        var tokens = try JSONTokenizer(bytes, policy, depthLimit: Self.maximumDepth)
        var places: JSONPlaces?
        self = try Self.value(&tokens, "", &places)
        try tokens.end()
    }

    /// - Parameter places: Nothing where nobody asks for them: then there are no paths either.
    private static func value(
        _ tokens: inout JSONTokenizer,
        _ path: String,
        _ places: inout JSONPlaces?
    ) throws(JSONSyntaxError) -> JSONValue {
        let token = try tokens.value()
        places?.note(path, at: tokens.place)
        switch token {
        case .string(let text): return .string(text)
        case .integer(let number): return .integer(number)
        case .boolean(let flag): return .boolean(flag)
        case .number: throw tokens.error(.expected(JSONTokenizer.integers), at: tokens.place)
        case .null: throw tokens.error(.expected(JSONTokenizer.values), at: tokens.place)
        case .array:
            var items: [JSONValue] = []
            while try tokens.hasItem() {
                let path = places == nil ? "" : "\(path)[\(items.count)]"
                items.append(try value(&tokens, path, &places))
            }
            return .array(items)
        case .object:
            var members: [String: JSONValue] = [:]
            while let key = try tokens.key() {
                let place = tokens.place
                guard isKey(key) else {
                    throw tokens.error(.expected("a key of letters and digits"), at: place)
                }
                let path = places == nil || path.isEmpty ? key : "\(path).\(key)"
                guard members.updateValue(try value(&tokens, path, &places), forKey: key) == nil else {
                    throw tokens.error(.duplicate(key: key), at: place)
                }
            }
            return .object(members)
        }
    }

    /// This object without one of its members, as a signature inside it covers it; traps when it is no object.
    package func removing(_ key: String) -> JSONValue {
        guard case .object(var members) = self else {
            preconditionFailure("only an object has members")
        }
        members[key] = nil
        return .object(members)
    }

    private static func lineOfFirstDifference(_ ours: [UInt8], _ theirs: [UInt8]) -> Int {
        zip(ours, theirs).prefix { $0 == $1 }.count { $0.0 == UInt8(ascii: "\n") } + 1
    }
}

extension JSONValue: Equatable {
    /// Compares strings by their bytes, where Swift's own `==` takes two spellings of "é" for one.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.integer(let left), .integer(let right)): left == right
        case (.boolean(let left), .boolean(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension DocumentError {
    /// The error by the line alone: where in a canonical line, there is little to choose.
    fileprivate init(_ error: JSONSyntaxError) {
        self =
            switch error.reason {
            case .notUTF8: .notUTF8
            case .expected(let what): .syntax(line: error.line, expected: what)
            case .tooDeep: .tooDeep(line: error.line)
            case .duplicate(let key): .duplicate(key: key, line: error.line)
            }
    }
}
