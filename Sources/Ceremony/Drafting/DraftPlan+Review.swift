// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import Files

// The plan as it would be written is read and checked as any other before it is written.
extension DraftPlan {
    /// The plan once nobody wants to change it any more.
    func reviewed() throws -> PlanFiles {
        while true {
            try fill()
            let bytes = Array(PlanLayout.text(of: draft.json).utf8)
            guard let console else {
                return try PlanFiles(bytes, at: out, now: now, program: program)
            }
            var plan: PlanFiles?
            do {
                let read = try PlanFiles(bytes, at: out, now: now, program: program)
                read.review.lines(read.digest).forEach(show)
                read.findings.forEach { console.say($0.words) }
                plan = read
            } catch PlanError.faults(let faults) {
                // Its lines are not written yet.
                faults.forEach { console.say("error: \(PlanFault($0.reason, of: $0.subject))", first: "", rest: "  ") }
            } catch let error as EscrowError {
                console.report(error)
            }
            let written = plan == nil ? "" : "Enter writes it; or "
            let typed = try line("\(written)type a member to change it, such as title or bob.site; stop")
            guard let typed else {
                if let plan {
                    return plan
                }
                continue
            }
            try change(typed)
        }
    }

    /// Shows a line of two columns: the second goes on below itself.
    private func show(_ line: String) {
        let start = String(line.prefix(columns: 16))
        guard start.hasSuffix(bytesOf: " "), let rest = line.rest(after: start) else {
            console?.say(line)
            return
        }
        // Not all 64 digits of a digest have room beside the name.
        let words = rest.words(between: " ").map { word in
            SHA256Digest(parted: word) == nil ? word : halves(of: word)
        }
        console?.say(words.joined(separator: " "), first: start, rest: String(repeating: " ", count: 16))
    }

    private func halves(of digits: String) -> String {
        [digits.utf8.prefix(32), digits.utf8.suffix(32)].map { String(decoding: $0, as: UTF8.self) }
            .joined(separator: " ")
    }

    private func change(_ member: String) throws {
        let entries = PlanQuestion.ofPlan.map { $0.question() }
        let people = draft.names.flatMap { name in PlanQuestion.ofPerson.map { $0.question(of: name) } }
        let labels = draft.media.compactMap { $0["label"]?.text }
        let media = labels.flatMap { label in PlanQuestion.ofMedium.map { $0.question(of: label) } }
        guard let question = (entries + people + media).first(where: { $0.member == member }) else {
            console?.report(DraftError.unknown(member: member, meant: member.nearest(among: knownMembers)))
            // All of the plan is not shown again for a slip.
            if let again = try line("A member, such as title or bob.site [all of it]") {
                try change(again)
            }
            return
        }
        try ask(question, isAskedAgain: true)
    }
}
