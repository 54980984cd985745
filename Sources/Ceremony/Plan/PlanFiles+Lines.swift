// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow

extension PlanFiles {
    /// What `ceremony check` says, a line each.
    ///
    /// - Parameter name: What the plan is called.
    package func lines(of name: String) -> [String] {
        var lines = [
            "\(name): \(plan.kind.rawValue)\(plan.isRehearsal ? ", REHEARSAL" : ""): \(plan.title)",
            "SHA-256: \(digest)",
        ]
        lines += review.custody.lines + ["approved by: \(approval.text)"] + findings.map(\.words)
        if findings.isEmpty {
            lines.append("nothing is wrong with it")
        }
        let missing = missingDigests
        if !missing.isEmpty {
            lines.append("members for the plan, each pair in the place of that card:")
        }
        for (person, sha256) in missing {
            lines += ["\"card\": \((person.card ?? "").inJSON),", "\"sha256\": \("\(sha256)".inJSON)"]
        }
        return lines
    }

    /// Why nothing is done by a plan with errors, and what helps; whoever it does not name by digest, or by another, is named.
    ///
    /// - Parameter words: What is not done: `is not signed`.
    package func refusal(_ words: String, at path: String) -> (reason: String, hint: String) {
        let check = "ca-escrow ceremony check \(ShellWord.of(path))"
        let others = findings.filter { $0.code == "another-card" }.map(\.text)
        let missing = missingDigests
        if others.isEmpty, let first = missing.first {
            let names = missing.map(\.person.name.description).joined(separator: ", ")
            let member = "'\"sha256\": \"\(first.sha256)\"'"
            return (
                "\(path): a plan without the digests of its people \(words): \(names)",
                "add beside the card of \(first.person.name) \(member); all such members: \(check)"
            )
        }
        let reason = others.isEmpty ? "" : ": \(others.joined(separator: "; "))"
        return ("\(path): a plan with errors \(words)\(reason)", check)
    }
}

extension String {
    /// As JSON has it; texts of a plan hold no control characters.
    var inJSON: String { String(decoding: JSONValue.string(self).encodedOnOneLine(), as: UTF8.self) }
}
