// SPDX-License-Identifier: Apache-2.0

import Ceremony
import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

// Steps at which people say, compare and write down.
extension LiveCeremony {
    /// Does what the step that is under way asks for.
    ///
    /// - Parameter isFresh: Whether it was not begun before an interruption.
    func perform(isFresh: Bool) throws {
        switch step.act {
        case .signIn(let names): try signIn(names)
        case .openBags: try writeBags("out")
        case .closeBags: try writeBags("in")
        case .clock: try compareClock()
        case .selfCheck: try checkMachine()
        case .compare(let subject): try compare(subject)
        case .planSignatures:
            try checkPlan(["not-approved", "signature"], "as many officers as needed signed the plan")
        case .cards: try checkPlan(["card", "card-expires", "one-key", "enrolment"], "every card is good")
        case .decide: try decide()
        case .backup: try backup(isFresh: isFresh)
        case .sign(let name): try sign(name)
        case .audit: try audit()
        case .drill(let names): try drill(names)
        case .acknowledge(let name): try acknowledge(name)
        case .restore: try restore(isFresh: isFresh)
        case .confirm: try initialBoth()
        case .exceptions: try readExceptions()
        case .attest: try attest()
        case .close: try close()
        }
    }

    private func signIn(_ names: [Name]) throws {
        for name in names where !acts.contains(where: { $0.actor == name && $0.act == .initialled }) {
            let roles = plan.participant(name)?.roles.map(\.title).joined(separator: ", ") ?? ""
            let initials = try askInitials(of: name, as: roles)
            try record(.initialled, by: name, notes: [.init("initials", initials)])
        }
    }

    /// Operator and witness give their initials.
    func initialBoth() throws {
        for (name, what) in [(operatorName, "operator"), (witness, "witness")]
        where !acts.contains(where: { $0.actor == name && $0.act == .initialled }) {
            try record(.initialled, by: name, notes: [.init("initials", try askInitials(of: name, as: what))])
        }
    }

    /// Bag numbers, each once; one that comes back under another number needs an exception.
    private func writeBags(_ direction: String) throws {
        for medium in plan.media where !noted("medium").contains(medium.label) {
            while true {
                let number = try ask("\(medium.label) (\(medium.content.rawValue), \(medium.holder)): bag number")
                if let other = Inventory(of: plan, transcript).medium(inBag: number, direction), other != medium.label {
                    CeremonyScreen.say("bag \(number) has \(other) already")
                    continue
                }
                try record(
                    .noted,
                    by: witness,
                    notes: [.init("medium", medium.label), .init("bag", number), .init("direction", direction)]
                )
                break
            }
        }
        try initialBoth()
    }

    private func compareClock() throws {
        let now = try clock.time()
        CeremonyScreen.say("This machine says: \(now.description)")
        let time = try ask("\(fullName(of: witness)): hours and minutes in UTC on another clock, such as 09:14")
        let typed = Timestamp("\(now.description.prefix(11))\(time):00Z")
        let isNear = typed.map { abs($0.secondsSinceEpoch - now.secondsSinceEpoch) <= 300 } ?? false
        try record(
            isNear ? .compared : .differed,
            by: witness,
            notes: [.init("machine", now.description), .init("wall", time)]
        )
        if !isNear {
            let decision = try raiseException(expected: "a clock within 5 minutes", happened: "\(time), not \(now)")
            if decision == .again {
                try compareClock()
            }
        }
    }

    /// A digest that is read from another device or paper, and typed.
    private func compare(_ subject: Step.Subject) throws {
        let digest = try digest(of: subject)
        CeremonyScreen.show(digest, of: "the \(subject.rawValue)")
        while true {
            let typed = try ask(
                "Type what is read from the other copy: 32 or 12 words, 30 digits, or all 64 hex digits"
            )
            let code: TypedCode
            do {
                code = try TypedCode(typed)
            } catch {
                CeremonyScreen.say("\(error)")
                continue
            }
            let file = TranscriptLine.File(.input, subject.rawValue, digest)
            if code.matches(digest) {
                try record(.compared, by: witness, files: [file])
                return try initialBoth()
            }
            CeremonyScreen.say("NOT THE SAME")
            try record(.differed, by: witness, files: [file])
            let decision = try raiseException(
                expected: "the \(subject.rawValue) with SHA-256 \(digest.short)…",
                happened: "another digest was read"
            )
            if decision == .goOn {
                return
            }
        }
    }

    private func digest(of subject: Step.Subject) throws -> SHA256Digest {
        switch subject {
        case .plan: files.digest
        case .certificate: SHA256Digest(of: files.certificate.der)
        case .manifest: try epoch().digest
        }
    }

    /// Findings of the plan under these codes, each of which needs an exception.
    private func checkPlan(_ codes: [String], _ expected: String) throws {
        let found = files.findings.filter { codes.contains($0.code) }
        for finding in found {
            CeremonyScreen.say("\(finding.severity.rawValue): \(finding.text)")
        }
        for finding in found {
            try raiseException(expected: expected, happened: finding.text)
        }
        if found.isEmpty {
            CeremonyScreen.say(expected)
            try record(.compared, notes: [.init("result", expected)])
        }
        try initialBoth()
    }

    private func decide() throws {
        let administrator = plan.people(with: .administrator)[0].name
        while true {
            switch try ask("\(fullName(of: administrator)): GO or NO-GO") {
            case "GO":
                return try record(.noted, by: administrator, notes: [.init("decision", "GO")])
            case "NO-GO":
                try record(.noted, by: administrator, notes: [.init("decision", "NO-GO")])
                try record(.abandoned, by: administrator)
                throw Diagnostic("abandoned at step \(step.number): no-go", .refused)
            default: continue
            }
        }
    }

    private func readExceptions() throws {
        let exceptions = transcript.exceptions
        CeremonyScreen.say(exceptions.isEmpty ? "There is none." : "\(exceptions.count) exception(s):")
        for (index, line) in exceptions.enumerated() {
            let notes = Dictionary(line.notes.map { ($0.name, $0.text) }) { first, _ in first }
            CeremonyScreen.say("\(index + 1). step '\(line.step)', \(line.time.forPeople)")
            for name in ["expected", "happened", "decided"] {
                CeremonyScreen.say("   \(name): \(notes[name] ?? "")")
            }
        }
        try initialBoth()
    }

    private func attest() throws {
        for person in plan.people
        where !acts.contains(where: { $0.actor == person.name && $0.act == .noted }) {
            CeremonyScreen.say("\(person.fullName), \(person.roles.map(\.title).joined(separator: ", ")):")
            var answer = ""
            while !["agree", "disagree"].contains(answer) {
                answer = try ask("The ceremony went as the sheet says: 'agree' or 'disagree'")
            }
            var notes = [TranscriptLine.Note("attestation", answer)]
            let exceptions = try ask("Anything to add ('none')")
            if exceptions != "none" {
                notes.append(.init("exceptions", exceptions))
            }
            notes.append(.init("initials", try askInitials(of: person.name, as: "who attests")))
            try record(.noted, by: person.name, notes: notes)
        }
    }
}
