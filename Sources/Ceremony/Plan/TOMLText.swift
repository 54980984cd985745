// SPDX-License-Identifier: Apache-2.0

internal import CTOML
import Custody
import Files

/// A TOML file as the values that documents are made of, so that one strict reader names every field.
enum TOMLText {
    /// Reads a file's bytes.
    ///
    /// - Throws: ``PlanError/document(_:)`` with the line, or with the field that holds what no plan holds.
    static func value(of bytes: [UInt8]) throws(PlanError) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .document(.notUTF8)
        }
        guard !hidesZero(bytes) else {
            throw .zeroCharacter
        }
        try TOMLScreen.check(bytes, depthLimit: JSONValue.maximumDepth)
        let file = unsafe bytes.withUnsafeBytes { text in
            unsafe ctoml_read(text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count)
        }
        defer { unsafe ctoml_release(file) }
        if let message = unsafe file.message {
            throw .syntax(line: Int(unsafe file.line), column: Int(unsafe file.column), unsafe String(cString: message))
        }
        var values = unsafe Values(UnsafeBufferPointer(start: file.values, count: file.count))
        return try values.value(at: "", depth: 0)
    }

    /// A zero character, or an escape that stands for one: no field has any.
    private static func hidesZero(_ text: [UInt8]) -> Bool {
        text.contains(0) || ["\\u0000", "\\U00000000", "\\x00"].contains { text.contains(bytesOf: $0) }
    }
}

/// The values of a file, of which each stands before those that are in it.
@safe private struct Values {
    private let list: UnsafeBufferPointer<ctoml_value>
    private var next = 0

    /// - Parameter list: Stays until the last value is read.
    init(_ list: UnsafeBufferPointer<ctoml_value>) {
        unsafe self.list = list
    }

    /// The next value, with all that is in it.
    mutating func value(at path: String, depth: Int) throws(PlanError) -> JSONValue {
        let item = unsafe list[next]
        next += 1
        switch unsafe item.kind {
        case ctoml_kind_string: return .string(unsafe text(item.text, item.text_length))
        case ctoml_kind_boolean: return .boolean(unsafe item.number != 0)
        case ctoml_kind_integer:
            guard let number = UInt64(exactly: unsafe item.number) else {
                throw .document(.wrongValue(field: path, expected: "a number that is not negative"))
            }
            return .integer(number)
        case ctoml_kind_table: return .object(try members(unsafe item.number, at: path, depth: depth))
        case ctoml_kind_array: return .array(try items(unsafe item.number, at: path, depth: depth))
        case ctoml_kind_time:
            throw .document(.wrongType(field: path, expected: "a time in quotes, such as \"2026-12-01T09:00:00Z\""))
        default:
            throw .document(.wrongType(field: path, expected: "a text, a whole number, true, false, a list or a table"))
        }
    }

    private mutating func members(_ count: Int64, at path: String, depth: Int) throws(PlanError) -> [String: JSONValue]
    {
        try checkDepth(depth)
        var members: [String: JSONValue] = [:]
        for _ in 0..<count {
            let key = unsafe text(list[next].key, list[next].key_length)
            guard (1...64).contains(key.utf8.count), key.utf8.allSatisfy(isPlain) else {
                throw .key(field: path, key)
            }
            members[key] = try value(at: path.isEmpty ? key : "\(path).\(key)", depth: depth + 1)
        }
        return members
    }

    private mutating func items(_ count: Int64, at path: String, depth: Int) throws(PlanError) -> [JSONValue] {
        try checkDepth(depth)
        var items: [JSONValue] = []
        for index in 0..<count {
            items.append(try value(at: "\(path)[\(index)]", depth: depth + 1))
        }
        return items
    }

    private func checkDepth(_ depth: Int) throws(PlanError) {
        guard depth < JSONValue.maximumDepth else {
            throw .tooDeep(limit: JSONValue.maximumDepth)
        }
    }

    private func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }

    private func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
