// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow

/// The members of one object of a plan: what is wrong with one is noted, and the next is read.
///
/// What a member gives is nothing, too, when it is wrong: nobody uses it then, since there is a fault.
struct PlanMembers: ~Copyable {
    private var fields: Fields
    let faults: PlanFaults
    /// Where the object lies in the plan, for lines.
    private let place: String
    /// What the object is, in words, where that says more than a path.
    private let subject: String
    /// What the object has for people, and nothing reads.
    private(set) var noteText: String?

    /// - Parameters:
    ///   - names: Of all members that there may be; a `note` besides, a text that nothing reads.
    ///   - place: Empty for the plan itself.
    ///   - subject: A person or a medium, in words: their members are named without a path.
    ///   - format: What the member `format` must say; nothing when there is none.
    /// - Returns: Nothing for what is no object, or of another format.
    init?(
        _ value: JSONValue,
        _ names: [String],
        at place: String,
        of subject: String = "",
        as format: DocumentFormat? = nil,
        _ faults: PlanFaults
    ) {
        do throws(DocumentError) {
            var opened = try Fields(value, at: subject.isEmpty ? place : "")
            if let format {
                // What is no plan is told as that alone.
                try opened.format(expecting: format)
            }
            fields = opened
        } catch {
            faults.note(.document(error), at: error.field.isEmpty ? place : error.field, of: subject)
            return nil
        }
        (self.faults, self.place, self.subject) = (faults, place, subject)
        for error in fields.takeUnknown(besides: names + ["note"]) {
            note(error)
        }
        noteText = optional("note", .text)
    }

    func has(_ key: String) -> Bool { fields.has(key) }

    mutating func take<Value>(_ key: String, _ form: Form<Value>) -> Value? {
        do throws(DocumentError) {
            return try fields.take(key, form)
        } catch {
            note(error)
            return nil
        }
    }

    /// A member that may be absent.
    mutating func optional<Value>(_ key: String, _ form: Form<Value>) -> Value? { has(key) ? take(key, form) : nil }

    /// A member as it is.
    mutating func value(_ key: String) -> JSONValue? {
        do throws(DocumentError) {
            return try fields.value(key)
        } catch {
            note(error)
            return nil
        }
    }

    /// An object inside this one.
    mutating func object(_ key: String, _ names: [String]) -> PlanMembers? {
        guard let value = value(key) else {
            return nil
        }
        return PlanMembers(value, names, at: path(key), faults)
    }

    /// An array, item by item: nothing when one of them cannot be read.
    mutating func list<Item>(_ key: String, _ form: Form<Item>) -> [Item]? {
        let values = list(key)
        let items = values.enumerated().compactMap { index, value -> Item? in
            do throws(DocumentError) {
                return try form.read(value, "\(fields.field(key))[\(index)]")
            } catch {
                note(error)
                return nil
            }
        }
        return items.count == values.count ? items : nil
    }

    /// An array.
    mutating func list(_ key: String) -> [JSONValue] {
        guard let value = value(key) else {
            return []
        }
        guard case .array(let items) = value else {
            note(.wrongType(field: fields.field(key), expected: "an array"))
            return []
        }
        return items
    }

    /// Who restores, or who approves.
    ///
    /// - Parameter read: How such a text is read.
    mutating func policy(
        _ key: String,
        _ read: (String) throws(PolicyTextError) -> PolicyText
    ) -> PolicyText? {
        guard let text = take(key, .string) else {
            return nil
        }
        do throws(PolicyTextError) {
            return try read(text)
        } catch {
            faults.note(.policy(field: fields.field(key), error), at: path(key), of: subject)
            return nil
        }
    }

    /// Notes that a member is not what it should be.
    func refuse(_ key: String, needed: String) { note(.wrongValue(field: fields.field(key), expected: needed)) }

    private func note(_ error: DocumentError) {
        let inside = subject.isEmpty || place.isEmpty ? error.field : "\(place).\(error.field)"
        faults.note(.document(error), at: inside, of: subject)
    }

    private func path(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }
}
