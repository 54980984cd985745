// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// JSON that another program wrote, as RFC 8259 says: any white space, any order, any numbers.
///
/// Member names are found whatever their letter case, as Go does, so a name that comes twice is refused: nobody can say
/// which one the other program takes.
indirect enum ForeignJSON: Equatable, Sendable {
    case object([String: ForeignJSON])
    case array([ForeignJSON])
    case string(String)
    /// A number, which is never asked for.
    case number
    /// `true`, `false` or `null`: never asked for.
    case other

    static let depthLimit = 64

    /// - Throws: ``JSONSyntaxError``
    init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        var tokens = try JSONTokenizer(bytes, .anyLayout, depthLimit: Self.depthLimit)
        self = try Self.value(&tokens)
        try tokens.end()
    }

    private static func value(_ tokens: inout JSONTokenizer) throws(JSONSyntaxError) -> ForeignJSON {
        switch try tokens.value() {
        case .string(let text): return .string(text)
        case .integer, .number: return .number
        case .boolean, .null: return .other
        case .array:
            var elements: [ForeignJSON] = []
            while try tokens.hasItem() {
                elements.append(try value(&tokens))
            }
            return .array(elements)
        case .object:
            var members: [String: ForeignJSON] = [:]
            while let name = try tokens.key() {
                let place = tokens.place
                guard members.updateValue(try value(&tokens), forKey: name.foldedAsByGo) == nil else {
                    throw tokens.error(.duplicate(key: name), at: place)
                }
            }
            return .object(members)
        }
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
