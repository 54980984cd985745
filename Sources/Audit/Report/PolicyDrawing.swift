// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Pages
import SecretSharing

/// A policy as a tree that grows to the right: gates with their thresholds, people with what they have proven.
///
/// Every state has a shape and a word; nothing is told by colour.
struct PolicyDrawing {
    private let policy: Policy<Name>
    private let people: [Name: ReportedEvidence.Custodian]
    private let now: Timestamp
    /// Makes the names in it unique on the page.
    private let identifier: String

    init(_ policy: Policy<Name>, _ evidence: ReportedEvidence?, at now: Timestamp, identifier: String) {
        self.policy = policy
        people = Dictionary(uniqueKeysWithValues: (evidence?.custodians ?? []).map { ($0.name, $0) })
        self.now = now
        self.identifier = identifier
    }

    private enum Measure {
        static let row = 34
        static let box = 26
        static let gate = 164
        static let gap = 44
        /// Of one character of 13 pixels, with a little room.
        static let character = 8
        static let margin = 4
    }

    private var leafWidth: Int {
        let texts = policy.leaves.map { "\($0.custodian)  \(state(of: $0.custodian).words)".count }
        return 44 + Measure.character * (texts.max() ?? 0)
    }

    private var depth: Int { policy.leaves.map { $0.path.numbers.count }.max() ?? 1 }

    func draw(in page: inout HTMLWriter) {
        let width = 2 * Measure.margin + depth * (Measure.gate + Measure.gap) + leafWidth
        let height = 2 * Measure.margin + policy.leaves.count * Measure.row
        let names = "\(identifier)-title \(identifier)-text"
        page.element(
            "svg",
            [
                ("viewBox", "0 0 \(width) \(height)"), ("style", "max-width: \(width)px"), ("role", "img"),
                ("aria-labelledby", names),
            ]
        ) { page in
            page.element("title", [("id", "\(identifier)-title")], text: "Who must come together to restore")
            page.element("desc", [("id", "\(identifier)-text")], text: description)
            var row = 0
            _ = draw(policy.root, column: 0, row: &row, in: &page)
        }
    }

    /// Draws a gate with all below it.
    ///
    /// - Returns: The middle of its box, from the top.
    private func draw(_ gate: Gate<Name>, column: Int, row: inout Int, in page: inout HTMLWriter) -> Int {
        let left = Measure.margin + column * (Measure.gate + Measure.gap)
        let right = left + Measure.gate
        var middles: [Int] = []
        for member in gate.members {
            switch member {
            case .custodian(let name):
                let middle = Measure.margin + row * Measure.row + Measure.row / 2
                row += 1
                draw(name, left: right + Measure.gap, middle: middle, in: &page)
                middles.append(middle)
            case .gate(let inner):
                middles.append(draw(inner, column: column + 1, row: &row, in: &page))
            }
        }
        let middle = ((middles.first ?? 0) + (middles.last ?? 0)) / 2
        for end in middles {
            let bend = right + Measure.gap / 2
            page.shape(
                "path",
                [("class", "edge"), ("d", "M\(right) \(middle)H\(bend)V\(end)H\(right + Measure.gap)")]
            )
        }
        let proven = gate.members.count(where: isProven)
        let isEnough = proven >= gate.threshold
        box(left, middle, Measure.gate, isEnough ? "box enough" : "box", radius: 3, in: &page)
        text(left + 10, middle, "strong", "\(gate.threshold) of \(gate.members.count)", in: &page)
        let start = left + 10 + Measure.character * "\(gate.threshold) of \(gate.members.count) ".count
        text(start, middle, nil, "\(proven) proven", in: &page)
        return middle
    }

    private func draw(_ name: Name, left: Int, middle: Int, in page: inout HTMLWriter) {
        let state = state(of: name)
        box(left, middle, leafWidth, state.boxClass, radius: 13, in: &page)
        state.draw(at: left + 16, middle, in: &page)
        text(left + 32, middle, "strong", name.description, in: &page)
        text(left + 32 + Measure.character * (name.description.count + 1), middle, nil, state.words, in: &page)
    }

    private func box(
        _ left: Int,
        _ middle: Int,
        _ width: Int,
        _ style: String,
        radius: Int,
        in page: inout HTMLWriter
    ) {
        page.shape(
            "rect",
            [
                ("class", style), ("x", "\(left)"), ("y", "\(middle - Measure.box / 2)"), ("width", "\(width)"),
                ("height", "\(Measure.box)"), ("rx", "\(radius)"),
            ]
        )
    }

    private func text(_ left: Int, _ middle: Int, _ style: String?, _ words: String, in page: inout HTMLWriter) {
        var attributes: HTMLWriter.Attributes = [("x", "\(left)"), ("y", "\(middle + 5)")]
        if let style {
            attributes.append(("class", style))
        }
        page.element("text", attributes, text: words)
    }

    private func isProven(_ member: Gate<Name>.Member) -> Bool {
        switch member {
        case .custodian(let name): state(of: name).isProven
        case .gate(let gate): gate.members.count(where: isProven) >= gate.threshold
        }
    }

    private func state(of name: Name) -> CustodyState { people[name].map { CustodyState($0, at: now) } ?? .nothing }

    /// The drawing in words, for those who do not see it.
    private var description: String {
        let states = policy.leaves.map { "\($0.custodian): \(state(of: $0.custodian).words)" }
        return "\(policy.text). \(states.joined(separator: "; "))."
    }
}
