// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Ceremony

/// The table of steps in docs/format-ceremony.md, section 4.25, against the steps of the program: there is one list.
@Suite("Steps that an exception may give up")
struct ExcusableStepTests {
    /// What the document says of each step, by its name there.
    private static func documented() throws -> [String: String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/format-ceremony.md"), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let head = try #require(lines.firstIndex { $0.hasPrefix("| step | may be excused | demands |") })
        var found: [String: String] = [:]
        for line in lines[(head + 2)...].prefix(while: { $0.hasPrefix("|") }) {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            for name in cells[0].split(separator: ",") {
                found[name.trimmingCharacters(in: CharacterSet(charactersIn: " `"))] = cells[1]
            }
        }
        return found
    }

    /// The name that the document has for a step: of a person's or a quorum's it is a pattern.
    private static func name(of step: Step) -> String {
        switch step.act {
        case .sign: "sign-NAME"
        case .acknowledge: "acknowledge-NAME"
        case .drill: "drill-N"
        default: step.identifier
        }
    }

    @Test("the document's table is the program's")
    func table() throws {
        var steps: [String: String] = [:]
        for kind in ["backup", "restore", "drill"] {
            for step in try SamplePlan.script(try SamplePlan(kind: kind).plan()).steps {
                steps[Self.name(of: step)] = step.canBeExcused ? "yes" : "no"
            }
        }
        #expect(try Self.documented() == steps)
    }

    @Test("the run sheet says which steps no exception gives up")
    func sheet() throws {
        let sheet = try RunSheet(of: SamplePlan().bytes())
        let count = sheet.script.steps.count { !$0.canBeExcused }
        #expect(count == 5)
        for text in [sheet.text, sheet.html] {
            #expect(text.components(separatedBy: "No exception can skip this step.").count == count + 1)
        }
    }
}
