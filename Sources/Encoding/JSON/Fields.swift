// SPDX-License-Identifier: Apache-2.0

import Files

/// The members of one object: each is taken once, and ``finish()`` names one that nobody took.
///
/// Errors name a member by its path from the document's root. What a member may hold, its ``Form`` says.
package struct Fields: ~Copyable {
    private var rest: [String: JSONValue]
    private let path: String

    /// - Parameters:
    ///   - value: An object.
    ///   - path: Where it lies in its document; empty for the document itself.
    /// - Throws: ``DocumentError/wrongType(field:expected:)``; the functions below throw ``DocumentError`` too.
    package init(_ value: JSONValue, at path: String = "") throws(DocumentError) {
        guard case .object(let members) = value else {
            throw .wrongType(field: path, expected: "an object")
        }
        rest = members
        self.path = path
    }

    /// Takes the members whose names are none, of an object that people wrote.
    ///
    /// One that is misspelt stands from now on for the member that was perhaps meant, unless that is there.
    ///
    /// - Returns: ``DocumentError/unknown(field:meant:)`` for each of them.
    package mutating func takeUnknown(besides names: [String]) -> [DocumentError] {
        var errors: [DocumentError] = []
        for key in rest.keys.filter({ !names.contains($0) }).sorted() {
            let meant = key.nearest(among: names)
            errors.append(.unknown(field: field(key), meant: meant))
            let value = rest.removeValue(forKey: key)
            if let meant, rest[meant] == nil {
                rest[meant] = value
            }
        }
        return errors
    }

    /// Ends the reading.
    ///
    /// - Throws: ``DocumentError/unknown(field:meant:)`` with the first member that was not taken.
    package consuming func finish() throws(DocumentError) {
        if let key = rest.keys.min() {
            throw .unknown(field: field(key))
        }
    }

    /// Whether the object has this member, not yet taken.
    package func has(_ key: String) -> Bool { rest[key] != nil }

    /// Takes a member of a form, or what stands for it when it may be absent and is.
    package mutating func take<Value>(_ key: String, _ form: Form<Value>) throws(DocumentError) -> Value {
        if let absent = form.absent, !has(key) {
            return absent
        }
        return try form.read(try value(key), field(key))
    }

    /// Takes a member as it is.
    ///
    /// - Throws: ``DocumentError/missing(field:)``.
    package mutating func value(_ key: String) throws(DocumentError) -> JSONValue {
        guard let value = rest.removeValue(forKey: key) else {
            throw .missing(field: field(key))
        }
        return value
    }

    /// Takes all members that nobody has taken, as they are.
    package mutating func takeRest() -> [String: JSONValue] {
        defer { rest = [:] }
        return rest
    }

    /// Takes the member `format` and compares it.
    ///
    /// - Throws: ``DocumentError/wrongFormat(found:expected:)``.
    package mutating func format(_ key: String = "format", expecting format: DocumentFormat) throws(DocumentError) {
        let found = try take(key, .string)
        guard found.isEqual(bytesOf: format.format) else {
            throw .wrongFormat(found: found, expected: format.format)
        }
    }

    /// Takes an object.
    package mutating func object(_ key: String) throws(DocumentError) -> Fields {
        try Fields(try value(key), at: field(key))
    }

    /// Takes an array, item by item: `item` gets each value and its path.
    package mutating func list<Item>(
        _ key: String,
        item: (JSONValue, String) throws(DocumentError) -> Item
    ) throws(DocumentError) -> [Item] {
        try value(key).list(at: field(key), item: item)
    }

    /// An array that may be absent, since an empty one cannot stand in a document.
    package mutating func optionalList<Item>(
        _ key: String,
        item: (JSONValue, String) throws(DocumentError) -> Item
    ) throws(DocumentError) -> [Item] {
        try has(key) ? list(key, item: item) : []
    }

    /// The path of a member, as errors name it.
    package func field(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }
}
