// SPDX-License-Identifier: Apache-2.0

package import Encoding

// What reports for programs are made of.
extension JSONValue {
    package static func text(_ value: some CustomStringConvertible) -> JSONValue { .string(value.description) }

    package static func texts(_ values: [some CustomStringConvertible]) -> JSONValue {
        .array(values.map { .string($0.description) })
    }

    /// A text from outside: printable ASCII alone.
    package static func printable(_ text: String) -> JSONValue { .string(text.printable) }

    /// An array; nothing for an empty one, which no document holds.
    package static func list(_ values: [JSONValue]) -> JSONValue? { values.isEmpty ? nil : .array(values) }

    package static func number(_ value: some BinaryInteger) -> JSONValue { .integer(UInt64(value)) }

    /// An object; nothing is said of members without a value.
    package static func members(_ members: [String: JSONValue?]) -> JSONValue {
        .object(members.compactMapValues { $0 })
    }
}
