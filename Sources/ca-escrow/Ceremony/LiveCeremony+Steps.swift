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
        case .planSignatures: try checkSignatures()
        case .cards: try checkCards()
        case .decide: try decide()
        case .backup: try backup()
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
            let expected = direction == "out" ? files.earlier?.bags[medium.label] : nil
            if let expected {
                CeremonyScreen.say("\(medium.label) went into bag \(expected)")
            }
            while true {
                let number = try ask("\(medium.label) (\(medium.content.rawValue), \(medium.holder)): bag number")
                if let other = Inventory(of: plan, transcript).medium(inBag: number) {
                    CeremonyScreen.say("bag \(number) was used for \(other) already")
                    continue
                }
                var notes: [TranscriptLine.Note] = [
                    .init("medium", medium.label), .init("bag", number), .init("direction", direction),
                ]
                if let expected {
                    notes.append(.init("expected", expected))
                }
                try record(.noted, by: witness, notes: notes)
                break
            }
        }
        if direction == "out" {
            try raiseForChangedBags()
        }
        try initialBoth()
    }

    /// A bag that comes back under another number is an exception, once for each medium.
    private func raiseForChangedBags() throws {
        for item in Inventory(of: plan, transcript).items {
            let label = item.medium.label
            guard let expected = files.earlier?.bags[label], let bag = item.bagOut, bag != expected else {
                continue
            }
            let text = "\(label) in bag \(expected)"
            let isRaised = acts.contains { line in
                line.act == .exception && line.notes.contains { $0.name == "expected" && $0.text == text }
            }
            if !isRaised {
                try raiseException(expected: text, happened: "bag \(bag)")
            }
        }
    }

    private func compareClock() throws {
        try ensure("a clock within 5 minutes of another one", by: witness) { [self] in
            CeremonyScreen.say("This machine says: \(Clock.now())")
            var typed: Int?
            var time = ""
            while typed == nil {
                time = try ask("\(fullName(of: witness)): hours and minutes in UTC on another clock, such as 09:14")
                typed = Self.minutes(time)
            }
            let now = Clock.now()
            let apart = abs((typed ?? 0) - now.secondsSinceEpoch % 86400 / 60)
            let notes: [TranscriptLine.Note] = [.init("machine", now.description), .init("wall", time)]
            // Around midnight 23:59 and 00:01 are two minutes apart.
            return min(apart, 1440 - apart) <= 5
                ? .asExpected(notes: notes) : .otherwise("\(time), where this machine says \(now)", notes: notes)
        }
    }

    /// Minutes of the day that a text such as `09:14` says.
    private static func minutes(_ text: String) -> Int? {
        Timestamp("2000-01-01T\(text):00Z").map { $0.secondsSinceEpoch % 86400 / 60 }
    }

    /// A digest that is read from another device or paper, and typed.
    private func compare(_ subject: Step.Subject) throws {
        let digest = try digest(of: subject)
        let file = TranscriptLine.File(.input, subject.rawValue, digest)
        try ensure("the \(subject.rawValue) with SHA-256 \(digest.short)…", by: witness) { [self] in
            CeremonyScreen.show(digest, of: "the \(subject.rawValue)")
            if try typedCode().matches(digest) {
                return .asExpected(files: [file])
            }
            CeremonyScreen.say("NOT THE SAME")
            return .otherwise("another digest was read", files: [file])
        }
        try initialBoth()
    }

    /// A code as people read it aloud; what is none is a slip, and typed again.
    private func typedCode() throws -> TypedCode {
        while true {
            let typed = try ask("Type what is read from the other copy: 32 or 12 words, 30 digits, or 64 hex digits")
            do {
                return try TypedCode(typed)
            } catch {
                CeremonyScreen.say("\(error)")
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

    /// Signatures on the plan, as they lie beside it now.
    private func checkSignatures() throws {
        try ensure("\(files.approval.threshold) officers of the plan signed it") { [self] in
            let now = try PlanFiles(at: files.path, now: Clock.now())
            guard now.digest == files.digest else {
                return .otherwise("\(files.path) is not what it was when the ceremony began")
            }
            _ = try Bundle.make(at: bundle.path, for: now)
            let names = now.signed.map(\.name.description).joined(separator: ", ")
            return outcome(of: now.findings, ["not-approved", "signature"], else: "signed by \(names)")
        }
        try initialBoth()
    }

    /// Cards, and the proof of each custodian that they can unseal.
    private func checkCards() throws {
        try ensure("every card is good") { [self] in
            outcome(of: files.findings, ["card", "card-expires", "one-key", "full-name"], else: "every card is good")
        }
        for person in plan.people(with: .custodian) {
            guard let card = files.people.card(of: person.name) else {
                continue  // a finding above
            }
            try ensure("\(person.name) has shown that they can unseal") { [self] in
                let folder = FilePath(files.people.path(of: card.name)).removingLastComponent()
                let state = try Enrolment.state(
                    of: card,
                    in: folder.isEmpty ? "." : folder,
                    officers: files.approval.officers,
                    now: Clock.now()
                )
                switch state {
                case .proven(let time, let officer):
                    CeremonyScreen.say("\(card.name): enrolled by \(officer.name), \(time.forPeople)")
                    return .asExpected(notes: [.init("enrolled", "by \(officer.name), \(time)")])
                case .notAnswered: return .otherwise("no answer to an enrolment challenge")
                case .wrong(let faults):
                    return .otherwise(
                        "the enrolment does not count: \(faults.map(\.description).joined(separator: "; "))"
                    )
                }
            }
        }
        try initialBoth()
    }

    /// What findings under these codes make of a check.
    private func outcome(of findings: [PlanFinding], _ codes: [String], else good: String) -> Outcome {
        let found = findings.filter { codes.contains($0.code) }
        found.forEach { CeremonyScreen.say("\($0.severity.rawValue): \($0.text)") }
        guard found.isEmpty else {
            return .otherwise(found.map(\.text).joined(separator: "; "))
        }
        CeremonyScreen.say(good)
        return .asExpected(notes: [.init("result", cutting: good)])
    }

    private func decide() throws {
        guard !noted("decision").contains("GO") else {
            return
        }
        while true {
            switch try ask("\(fullName(of: administrator)): GO or NO-GO") {
            case "GO":
                return try record(.noted, by: administrator, notes: [.init("decision", "GO")])
            case "NO-GO":
                try record(.noted, by: administrator, notes: [.init("decision", "NO-GO")])
                throw try abandonment()
            default: continue
            }
        }
    }

    private func readExceptions() throws {
        let exceptions = transcript.exceptions
        CeremonyScreen.say(exceptions.isEmpty ? "There is none." : "\(exceptions.count) exception(s)")
        for (index, line) in exceptions.enumerated() {
            let notes = Dictionary(line.notes.map { ($0.name, $0.text) }) { first, _ in first }
            CeremonyScreen.say("\(index + 1). step '\(line.step)', \(line.time.forPeople)")
            for name in ["expected", "happened", "decided", "decision"] {
                CeremonyScreen.wrapped(notes[name] ?? "", first: "   \(name): ", rest: "     ")
                    .forEach(CeremonyScreen.say)
            }
            try waitForEnter("Exception \(index + 1) of \(exceptions.count) was read")
        }
        try initialBoth()
    }

    private func attest() throws {
        for person in plan.people
        where !acts.contains(where: { $0.actor == person.name && $0.act == .noted }) {
            CeremonyScreen.say("\(person.fullName), \(person.roles.map(\.title).joined(separator: ", ")):")
            var answer = ""
            while !["agree", "disagree"].contains(answer) {
                answer = try ask("It went as the sheet says: 'agree' or 'disagree'")
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
