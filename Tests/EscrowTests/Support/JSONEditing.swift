// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding

extension JSONValue {
    /// The value at a path such as `people[0].name`; setting nothing removes it.
    subscript(path: String) -> JSONValue? {
        get { self[Self.steps(path)[...]] }
        set { self[Self.steps(path)[...]] = newValue }
    }

    private enum Step {
        case key(String)
        case index(Int)
    }

    private static func steps(_ path: String) -> [Step] {
        path.split { $0 == "." || $0 == "[" || $0 == "]" }.map { word in Int(word).map(Step.index) ?? .key("\(word)") }
    }

    private subscript(steps: ArraySlice<Step>) -> JSONValue? {
        get {
            guard let step = steps.first else {
                return self
            }
            switch (self, step) {
            case (.object(let members), .key(let key)): return members[key]?[steps.dropFirst()]
            case (.array(let items), .index(let index)): return items[index][steps.dropFirst()]
            default: preconditionFailure("no such place")
            }
        }
        set {
            guard let step = steps.first else {
                preconditionFailure("the whole document is not set")
            }
            let rest = steps.dropFirst()
            switch (self, step) {
            case (.object(var members), .key(let key)):
                if rest.isEmpty {
                    members[key] = newValue
                } else {
                    members[key]?[rest] = newValue
                }
                self = .object(members)
            case (.array(var items), .index(let index)):
                if !rest.isEmpty {
                    items[index][rest] = newValue
                } else if let newValue {
                    items[index] = newValue
                } else {
                    items.remove(at: index)
                }
                self = .array(items)
            default: preconditionFailure("no such place")
            }
        }
    }

    /// The same with another value at a path.
    func setting(_ path: String, to value: JSONValue?) -> JSONValue {
        var edited = self
        edited[path] = value
        return edited
    }

    var items: [JSONValue] {
        guard case .array(let items) = self else {
            preconditionFailure("not an array")
        }
        return items
    }

    var text: String {
        guard case .string(let text) = self else {
            preconditionFailure("not a string")
        }
        return text
    }

    /// The same array with two items exchanged.
    func swapping(_ first: Int, _ second: Int) -> JSONValue {
        var items = items
        items.swapAt(first, second)
        return .array(items)
    }
}
