// SPDX-License-Identifier: Apache-2.0

/// The members of an object, declared once for reading and writing.
///
/// What each may hold says its ``Form``. Members are read in the order of the declaration, after `format`; no other may be
/// there.
package struct Shape<Root: Sendable>: Sendable {
    fileprivate let take: @Sendable (inout Fields) throws(DocumentError) -> Root
    fileprivate let put: @Sendable (Root, inout [String: JSONValue]) -> Void
    private let check: @Sendable (Root, String) throws(DocumentError) -> Void

    /// - Parameters:
    ///   - fixed: Members that say the same in each such object.
    ///   - make: Takes the values in the order of the members; a memberwise initializer.
    ///   - check: Holds what was read against itself: takes the path of the object, for errors.
    package init<each Value>(
        fixed: KeyValuePairs<String, String> = [:],
        _ make: @escaping @Sendable (repeat each Value) -> Root,
        _ members: repeat Member<Root, each Value>,
        check: @escaping @Sendable (Root, String) throws(DocumentError) -> Void = { _, _ in }
    ) {
        let fixed = fixed.map { (name: $0.key, word: $0.value) }
        take = { (fields) throws(DocumentError) in
            for (name, word) in fixed {
                _ = try fields.take(name, .word(among: [word]))
            }
            return make(repeat try (each members).take(&fields))
        }
        put = { root, json in
            for (name, word) in fixed {
                json[name] = .string(word)
            }
            repeat (each members).put(root, &json)
        }
        self.check = check
    }

    /// Reads an object.
    ///
    /// - Parameter format: What the member `format` must say; nothing when there is none.
    /// - Throws: ``DocumentError``
    package func read(
        _ value: JSONValue,
        at path: String = "",
        as format: DocumentFormat? = nil
    ) throws(DocumentError) -> Root {
        var fields = try Fields(value, at: path)
        if let format {
            try fields.format(expecting: format)
        }
        let root = try take(&fields)
        try fields.finish()
        try check(root, path)
        return root
    }

    /// The object.
    package func write(_ root: Root, as format: DocumentFormat? = nil) -> JSONValue {
        .object(members(of: root, as: format))
    }

    fileprivate func members(of root: Root, as format: DocumentFormat?) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["format"] = (format?.format).map(JSONValue.string)
        put(root, &members)
        return members
    }
}

/// A member of an object: its name, its form, and the property that has its value.
package struct Member<Root, Value: Sendable>: Sendable {
    fileprivate let take: @Sendable (inout Fields) throws(DocumentError) -> Value
    fileprivate let put: @Sendable (Root, inout [String: JSONValue]) -> Void

    package init(_ name: String, _ form: Form<Value>, _ value: @escaping @Sendable (Root) -> Value) {
        take = { (fields) throws(DocumentError) in try fields.take(name, form) }
        put = { root, members in members[name] = form.write(value(root)) }
    }

    /// The members of another shape, which stand among those of this object.
    package init(allOf part: Shape<Value>, _ value: @escaping @Sendable (Root) -> Value) {
        take = part.take
        put = { root, members in part.put(value(root), &members) }
    }
}

/// A document whose members its shape declares.
package protocol ShapedDocument: Sendable {
    static var format: DocumentFormat { get }

    /// The members but for `format`, in the order in which they are read.
    static var shape: Shape<Self> { get }
}

extension ShapedDocument {
    /// Reads the canonical bytes.
    ///
    /// - Throws: ``DocumentError``
    package init(canonical bytes: [UInt8]) throws(DocumentError) {
        self = try Self.shape.read(try JSONValue(canonical: bytes), as: Self.format)
    }

    /// What the canonical bytes are made of.
    package var members: [String: JSONValue] { Self.shape.members(of: self, as: Self.format) }

    /// The canonical bytes.
    package func encoded() -> [UInt8] { JSONValue.object(members).encoded() }
}
