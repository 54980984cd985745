// SPDX-License-Identifier: Apache-2.0

import Encoding

/// A plan as people read it: members in the order of the format's description, and what fits on a line, on one.
struct PlanLayout {
    /// Columns in use: a medium is a line, also with names that are not short.
    private static let width = 100

    /// The order of the members of an object, by where it stands.
    private static let orders =
        PlanDraft.parts.merging([
            "": Plan.memberNames, "people": Plan.Participant.memberNames, "media": Plan.Medium.memberNames,
        ]) { $1 }

    /// The text of a whole plan, with its line end.
    static func text(of plan: JSONValue) -> String { written(plan, of: "", indent: 0, isFlat: false) + "\n" }

    /// - Parameters:
    ///   - column: How many columns are taken before it.
    ///   - isFlat: Whether it may stand on one line.
    private static func written(
        _ value: JSONValue,
        of place: String,
        indent: Int,
        column: Int = 0,
        isFlat: Bool = true
    ) -> String {
        let flat = onOneLine(value, of: place)
        if isFlat, column + flat.columnCount < width {
            return flat
        }
        let blanks = String(repeating: " ", count: indent + 2)
        let lines: [String]
        switch value {
        case .object:
            lines = ordered(value.members, of: place).map { key, inside in
                let start = "\(blanks)\(key.inJSON): "
                return start
                    + written(
                        inside,
                        of: place.isEmpty ? key : "",
                        indent: indent + 2,
                        column: start.columnCount,
                        isFlat: !["people", "media"].contains(key)
                    )
            }
        case .array(let items) where !items.isEmpty:
            lines = items.map { blanks + written($0, of: place, indent: indent + 2, column: indent + 2) }
        default: return flat
        }
        let (open, close) = if case .array = value { ("[", "]") } else { ("{", "}") }
        return "\(open)\n\(lines.joined(separator: ",\n"))\n\(String(repeating: " ", count: indent))\(close)"
    }

    private static func onOneLine(_ value: JSONValue, of place: String) -> String {
        switch value {
        case .array(let items): "[\(items.map { onOneLine($0, of: place) }.joined(separator: ", "))]"
        case .object:
            "{"
                + ordered(value.members, of: place).map { "\($0.key.inJSON): \(onOneLine($0.value, of: ""))" }
                .joined(separator: ", ") + "}"
        case .string(let text): text.inJSON
        case .integer(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        }
    }

    private static func ordered(_ members: [String: JSONValue], of place: String) -> [(key: String, value: JSONValue)] {
        let order = orders[place] ?? []
        let rank = { (key: String) in order.firstIndex(of: key) ?? order.count }
        return members.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }.map { ($0.key, $0.value) }
    }
}
