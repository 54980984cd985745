// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not the document that they should be, and where: by line as long as they are text, by field after.
///
/// Fields are written as a path from the document's root, `people[0].name`. Which file it is, the caller knows.
package indirect enum DocumentError: Error, Equatable {
    case notUTF8
    case syntax(line: Int, expected: String)
    case tooDeep(line: Int)
    case duplicate(key: String, line: Int)
    case notCanonical(line: Int)
    case missing(field: String)
    /// A member that is none, with the one that was perhaps meant.
    case unknown(field: String, meant: String? = nil)
    case wrongType(field: String, expected: String)
    case wrongValue(field: String, expected: String)
    case wrongName(field: String, NameError)
    case wrongFormat(found: String, expected: String)
}

extension DocumentError {
    /// The member that it is about; empty when it is the whole text.
    package var field: String {
        switch self {
        case .missing(let field), .unknown(let field, _), .wrongType(let field, _), .wrongValue(let field, _),
            .wrongName(let field, _):
            field
        case .wrongFormat: "format"
        case .notUTF8, .syntax, .tooDeep, .duplicate, .notCanonical: ""
        }
    }
}

extension DocumentError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notUTF8: "the text is not UTF-8"
        case .syntax(let line, let expected): "line \(line): needed here is \(expected)"
        case .tooDeep(let line): "line \(line): nested more than \(JSONValue.maximumDepth) deep"
        case .duplicate(let key, let line): "line \(line): key \(key.quoted) stands there twice"
        case .notCanonical(let line): "line \(line): not in canonical form: spacing, order or ending differ"
        case .missing(let field): "\(Self.shown(field)): missing"
        case .unknown(let field, let meant):
            "\(Self.shown(field)): unknown member\(meant.map { ": did you mean \($0)?" } ?? "")"
        case .wrongType(let field, let expected): "\(Self.shown(field)): wrong type: needed is \(expected)"
        case .wrongValue(let field, let expected): "\(Self.shown(field)): wrong value: needed is \(expected)"
        case .wrongName(let field, let reason): "\(Self.shown(field)): \(reason)"
        case .wrongFormat(let found, let expected): "format \(found.quoted): needed is '\(expected)'"
        }
    }

    /// A field's path consists of keys, which are ASCII, but hostile ones may be long.
    private static func shown(_ field: String) -> String {
        guard !field.isEmpty else {
            return "the document"
        }
        return field.utf8.count > 200 ? "\(String(field.unicodeScalars.prefix(200)))…" : field
    }
}
