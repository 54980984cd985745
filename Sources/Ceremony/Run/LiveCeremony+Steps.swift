// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow

// Steps at which people say, compare and write down.
extension LiveCeremony {
    /// Does what the step that is under way asks for.
    ///
    /// - Parameter isFresh: Whether it was not begun before an interruption.
    func perform(isFresh: Bool) throws {
        switch step.act {
        case .signIn(let names): try signIn(names)
        case .openBags: try writeBags(.out)
        case .closeBags: try writeBags(.into)
        case .clock: try compareClock()
        case .selfCheck: try checkMachine()
        case .compare(let subject): try compare(subject)
        case .planSignatures: try checkSignatures()
        case .cards: try checkCards()
        case .decide: try decide()
        case .backup: try backup()
        case .sign(let name): try sign(name)
        case .audit: try audit()
        case .drill(let trial): try drill(trial.custodians)
        case .acknowledge(let name): try acknowledge(name)
        case .restore: try restore(isFresh: isFresh)
        case .startMachine: try checkDate()
        case .writeMedia: try writeMedia()
        case .envelopes: try printEnvelopes()
        case .putAway: try putAway()
        case .exceptions: try readExceptions()
        case .attest: try attest()
        case .close: try close()
        }
        if step.isInitialled {
            try initialBoth()
        }
    }

    /// Another day than the plan's is decided about before anybody signs in; the machine runs when this program does.
    private func checkDate() throws {
        guard let opened = transcript.opened, !plan.isOnTime(opened) else {
            return
        }
        try ensure(.onTime) { Outcome(fault: "it was opened on \(opened.forPeople)") }
    }

    private func compareClock() throws {
        try ensure("a clock within 5 minutes of another one", by: witness) { [self] in
            screen.say("This machine says: \(now())")
            while true {
                let time = try ask("\(fullName(of: witness)): hours and minutes in UTC on another clock, such as 09:14")
                guard let clocks = Clocks(machine: now(), wall: time) else {
                    continue
                }
                let words = "\(time), where this machine says \(clocks.machine)"
                return Outcome(fault: clocks.minutesApart > Clocks.tolerance ? words : nil, clocks: clocks)
            }
        }
    }

    private func decide() throws {
        guard !held.lines.contains(where: { $0.act == .decided(.go) }) else {
            return
        }
        try ensure("the escrow is as the plan says") { [self] in
            let found = files.escrowFindings()
            return Outcome(fault: found.isEmpty ? nil : found.map(\.text).joined(separator: "; "))
        }
        // The policy says what they can do, and not the list of people.
        try ensure(.quorum) { [self] in Outcome(fault: script.shortage(of: roll)) }
        showState()
        while true {
            guard let verdict = Act.Verdict(rawValue: try ask("\(fullName(of: administrator)): GO or NO-GO")) else {
                continue
            }
            try record(.decided(verdict), by: administrator)
            guard verdict == .go else {
                throw try abandonment()
            }
            return
        }
    }

    /// What whoever says go has to know, beside what the step says.
    private func showState() {
        let there = roll.present.map { "\($0.name)" }.joined(separator: ", ")
        let absent = roll.everybody.map(\.name).filter(roll.absent.contains).map(\.description)
        let count = transcript.exceptions.count
        for (name, text) in [
            ("policy", files.review.policy.text), ("there", there),
            ("absent", absent.isEmpty ? "nobody" : absent.joined(separator: ", ")),
            ("exceptions so far", count == 0 ? "none" : "\(count)"),
        ] {
            screen.say(text, first: "\(name): ", rest: "  ")
        }
        for (number, line, raised) in transcript.exceptions {
            screen.say(
                "step '\(line.step)': \(raised.happened) (\(raised.decided))",
                first: "  \(number). ",
                rest: "     "
            )
        }
    }

    private func readExceptions() throws {
        let exceptions = transcript.exceptions
        screen.say(
            exceptions.isEmpty
                ? "There is none." : exceptions.count == 1 ? "There is one." : "There are \(exceptions.count)."
        )
        for (number, line, raised) in exceptions {
            screen.say("\(number). step '\(line.step)', \(line.time.forPeople)")
            for (name, text) in [
                ("expected", "\(raised.expected)"), ("happened", raised.happened), ("decided", raised.decided),
                ("decision", raised.decision.rawValue),
            ] {
                screen.say(text, first: "   \(name): ", rest: "     ")
            }
            try waitForEnter("Exception \(number) of \(exceptions.count) was read")
        }
    }

    private func attest() throws {
        let said = Attestation.all(in: transcript, of: plan).map(\.name)
        for person in roll.present where !said.contains(person.name) {
            let roles = roll.roles(of: person.name).map(\.title).joined(separator: ", ")
            screen.say("\(person.fullName), \(roles.isEmpty ? "alternate" : roles):")
            try record(.attested(try statement(of: person.name)), by: person.name)
        }
    }

    /// One question, which initials answer; words are asked for where somebody has some.
    private func statement(of name: Name) throws -> Act.Statement {
        while true {
            let choices = "or 'remark' to agree and add something, or 'disagree'"
            let answer = try ask("Initials of \(fullName(of: name)), if it went as the sheet says (\(choices))")
            if ["remark", "disagree"].contains(answer) {
                let agrees = answer == "remark"
                let words = try text(agrees ? "The remark" : "What went otherwise")
                let who = "who \(agrees ? "agrees" : "does not agree"): \(words.quoted)"
                guard let initials = try askInitials(of: name, as: who, or: "back", "to say it again") else {
                    continue
                }
                return Act.Statement(agrees: agrees, exceptions: words, initials: initials)
            }
            if isFit(answer, as: name) {
                return Act.Statement(agrees: true, exceptions: nil, initials: answer)
            }
        }
    }
}
