// SPDX-License-Identifier: Apache-2.0

/// How a value stands in a document, declared once for reading and writing.
package struct Form<Value: Sendable>: Sendable {
    /// Takes the path that an error names.
    package let read: @Sendable (JSONValue, String) throws(DocumentError) -> Value

    /// Gives nothing for a value that a member stands for by its absence.
    package let write: @Sendable (Value) -> JSONValue?

    /// What a member that is not there stands for; nothing when it must be there.
    fileprivate(set) var absent: Value?

    package init(
        _ read: @escaping @Sendable (JSONValue, String) throws(DocumentError) -> Value,
        _ write: @escaping @Sendable (Value) -> JSONValue?
    ) {
        self.read = read
        self.write = write
    }

    /// The form of values that others, of this form, stand for.
    ///
    /// - Parameters:
    ///   - expected: What is needed, when `make` makes nothing of a value.
    ///   - value: What stands for one.
    package func standing<Other>(
        for make: @escaping @Sendable (Value) -> Other?,
        _ value: @escaping @Sendable (Other) -> Value,
        expected: String
    ) -> Form<Other> {
        var form = Form<Other>(
            { (json, path) throws(DocumentError) in
                guard let other = make(try read(json, path)) else {
                    throw .wrongValue(field: path, expected: expected)
                }
                return other
            },
            { write(value($0)) }
        )
        form.absent = absent.flatMap(make)
        return form
    }

    /// The form of those values of this form that a rule admits.
    package func only(where rule: @escaping @Sendable (Value) -> Bool, expected: String) -> Form {
        standing(for: { rule($0) ? $0 : nil }, { $0 }, expected: expected)
    }
}

// MARK: Forms made of forms

extension Form {
    /// A value that may be absent.
    package static func optional<Present>(_ form: Form<Present>) -> Form where Value == Present? {
        var optional = Form(form.read, { $0.flatMap(form.write) })
        optional.absent = .some(nil)
        return optional
    }

    /// An array.
    package static func list<Item>(_ item: Form<Item>) -> Form where Value == [Item] {
        Form(
            { (json, path) throws(DocumentError) in try json.list(at: path, item: item.read) },
            { items in .array(items.compactMap(item.write)) }
        )
    }

    /// An array that is left out when it is empty, since an empty one cannot stand in a document.
    package static func listIfAny<Item>(_ item: Form<Item>) -> Form where Value == [Item] {
        let list = list(item)
        var form = Form(list.read, { $0.isEmpty ? nil : list.write($0) })
        form.absent = []
        return form
    }

    /// An object.
    package static func object(_ shape: Shape<Value>, as format: DocumentFormat? = nil) -> Form {
        Form(
            { (json, path) throws(DocumentError) in try shape.read(json, at: path, as: format) },
            { shape.write($0, as: format) }
        )
    }
}

extension JSONValue {
    /// The items of an array: `item` gets each value and its path.
    func list<Item>(
        at path: String,
        item: (JSONValue, String) throws(DocumentError) -> Item
    ) throws(DocumentError) -> [Item] {
        guard case .array(let values) = self else {
            throw .wrongType(field: path, expected: "an array")
        }
        var items: [Item] = []
        items.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            items.append(try item(value, "\(path)[\(index)]"))
        }
        return items
    }
}
