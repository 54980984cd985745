// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

// The plan as it would be written is read and checked as any other before it is written.
extension DraftPlan {
    /// The plan once nobody wants to change it any more.
    func reviewed() throws -> PlanFiles {
        var isShown = false
        var last: SHA256Digest?
        while true {
            try fill()
            guard let console else {
                return try written()
            }
            var plan: PlanFiles?
            do {
                let read = try written()
                (isShown ? [] : read.review.lines(read.digest)).forEach(show)
                // What is wrong is not said again for a slip.
                if !isShown || read.digest != last {
                    read.findings.forEach { console.say($0.words) }
                }
                (plan, last) = (read, read.digest)
            } catch DraftError.plan(_, .faults(let faults)) {
                // Its lines are not written yet.
                faults.forEach { console.say("error: \(PlanFault($0.reason, of: $0.subject))", first: "", rest: "  ") }
            } catch {
                console.report(error)
            }
            let others = plan == nil ? "? says what else" : "y writes the plan, Enter shows all of it, ? says what else"
            let typed = try line("What should be changed? (for example: title, or bob.site; \(others))")
            isShown = typed != nil
            switch typed {
            case nil: break
            case "y":
                if let plan {
                    return plan
                }
                console.say("No plan can be written before what is wrong is changed.")
            case "?": Self.help.forEach { console.say($0.words, first: $0.typed, rest: "                  ") }
            case let typed?: try change(typed)
            }
        }
    }

    /// The plan as it would lie there.
    private func written() throws -> PlanFiles {
        do {
            return try PlanFiles(draft.plan, at: out, now: now, program: program)
        } catch let error as PlanError {
            throw DraftError.plan(out, error)
        }
    }

    private static let help: [(typed: String, words: String)] = [
        ("title, bob.site   ", "changes that member; 'escrow.policy', 'USB-03.holder' are others"),
        ("+ eve             ", "somebody else takes part"),
        ("- eve             ", "does not take part, and neither do their media"),
        ("- USB-03          ", "takes that medium out"),
        ("media             ", "lists all media again, by roles and sites"),
        ("stop              ", "ends; the draft is kept"),
    ]

    /// Shows a line of two columns, of which a digest's second one begins further left: what is long goes on below itself.
    private func show(_ line: String) {
        let starts = [16, 12, 2].map { String(line.prefix(columns: $0)) }
        let start = starts.first { $0.hasSuffix(bytesOf: " ") } ?? ""
        console?.say(line.rest(after: start) ?? line, first: start, rest: String(repeating: " ", count: 16))
    }

    private func change(_ typed: String) throws {
        if typed == "media" {
            return try redrawMedia()
        }
        if let name = typed.rest(after: "+ ") {
            do {
                try add(name)
            } catch {
                console?.report(error)
                return
            }
            try draw(name)
            return try redrawMedia(of: name)
        }
        if let name = typed.rest(after: "- ") {
            return try takeOut(name)
        }
        let plan = PlanQuestion.ofPlan.map { $0.question(proposal(for: $0.member)) }
        guard let question = (plan + questionsOfParts).first(where: { $0.member == typed }) else {
            console?.report(DraftError.unknown(member: typed, meant: typed.nearest(among: knownMembers)))
            return
        }
        try ask(question, isAskedAgain: true)
        try follow(question.member)
    }

    private func takeOut(_ name: String) throws {
        if draft.names.contains(name) {
            draft.removePerson(name)
        } else if draft.labels.contains(name) {
            draft.removeMedia { $0["label"]?.text == name }
        } else {
            let meant = name.nearest(among: draft.names + draft.labels)
            console?.report(DraftError.unknown(member: name, meant: meant))
        }
        try keep()
    }

    /// What hangs on a member is asked for, or listed anew.
    private func follow(_ member: String) throws {
        switch member {
        case "kind": forgetWhatFits()
        case "date":
            let times = [draft["date"], draft["standby"]].compactMap { $0?.text.flatMap { Timestamp($0) } }
            if times.count == 2, times[0] >= times[1] {
                draft["standby"] = nil
            }
        default:
            if let name = member.rest(before: ".roles") {
                try redrawMedia(of: name)
            }
        }
        try drawPlan()
    }
}
