// SPDX-License-Identifier: Apache-2.0

import Custody
import TOMLKit

/// A TOML file as the values that documents are made of, so that one strict reader names every field.
enum TOMLText {
    /// Reads a file's bytes.
    ///
    /// - Throws: ``PlanError/document(_:)`` with the line, or with the field that holds what no plan holds.
    static func value(of bytes: [UInt8]) throws(PlanError) -> JSONValue {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .document(.notUTF8)
        }
        // The parser hands strings over as C strings: what follows a zero would be seen by nobody.
        guard !hidesZero(text) else {
            throw .zeroCharacter
        }
        try TOMLScreen.check(bytes, depthLimit: JSONValue.maximumDepth)
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw .syntax(line: error.source.begin.line, column: error.source.begin.column, error.description)
        } catch {
            throw .syntax(line: 1, column: 1, "\(error)")
        }
        return try object(table, at: "", depth: 0)
    }

    /// A zero character, or an escape that stands for one.
    private static func hidesZero(_ text: String) -> Bool {
        text.utf8.contains(0) || text.contains("\\u0000") || text.contains("\\U00000000") || text.contains("\\x00")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func object(_ table: TOMLTable, at path: String, depth: Int) throws(PlanError) -> JSONValue {
        guard depth < JSONValue.maximumDepth else {
            throw .tooDeep(limit: JSONValue.maximumDepth)
        }
        var members: [String: JSONValue] = [:]
        for key in table.keys {
            guard (1...64).contains(key.utf8.count), key.utf8.allSatisfy(isPlain) else {
                throw .key(field: path, key)
            }
            let field = path.isEmpty ? key : "\(path).\(key)"
            guard let item = table[key] else {
                throw .document(.missing(field: field))
            }
            members[key] = try value(item, at: field, depth: depth)
        }
        return .object(members)
    }

    private static func value(
        _ item: any TOMLValueConvertible,
        at path: String,
        depth: Int
    ) throws(PlanError) -> JSONValue {
        switch item.type {
        case .string:
            if let text = item.string {
                return .string(text)
            }
        case .bool:
            if let flag = item.bool {
                return .boolean(flag)
            }
        case .int:
            if let number = item.int, number >= 0 {
                return .integer(UInt64(number))
            }
            throw .document(.wrongValue(field: path, expected: "a number that is not negative"))
        case .table:
            if let table = item.table {
                return try object(table, at: path, depth: depth + 1)
            }
        case .array:
            if let array = item.array {
                guard depth < JSONValue.maximumDepth else {
                    throw .tooDeep(limit: JSONValue.maximumDepth)
                }
                var items: [JSONValue] = []
                for index in 0..<array.count {
                    items.append(try value(array[index], at: "\(path)[\(index)]", depth: depth + 1))
                }
                return .array(items)
            }
        case .date, .time, .dateTime:
            throw .document(.wrongType(field: path, expected: "a time in quotes, such as \"2026-12-01T09:00:00Z\""))
        case .double: break
        @unknown default: break
        }
        throw .document(.wrongType(field: path, expected: "a text, a whole number, true, false, a list or a table"))
    }
}
