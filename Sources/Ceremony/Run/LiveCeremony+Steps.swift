// SPDX-License-Identifier: Apache-2.0

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
        case .drill(let trial): try drill(trial.custodians)
        case .acknowledge(let name): try acknowledge(name)
        case .restore: try restore(isFresh: isFresh)
        case .startMachine, .putAway: try initialBoth()
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

    private func compareClock() throws {
        try ensure("a clock within 5 minutes of another one", by: witness) { [self] in
            screen.say("This machine says: \(now())")
            var typed: Int?
            var time = ""
            while typed == nil {
                time = try ask("\(fullName(of: witness)): hours and minutes in UTC on another clock, such as 09:14")
                typed = Self.minutes(time)
            }
            let now = now()
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
            screen.show(digest, of: "the \(subject.rawValue)")
            if try typedCode().matches(digest) {
                return .asExpected(files: [file])
            }
            screen.say("NOT THE SAME")
            return .otherwise("another digest was read", files: [file])
        }
        try initialBoth()
    }

    /// A whole digest as people read it aloud; what is none is a slip, and typed again.
    private func typedCode() throws -> TypedCode {
        while true {
            let typed = try ask("Type what is read from the other copy: all 32 words, or all 64 hex digits")
            do {
                let code = try TypedCode(typed)
                if code.isWhole {
                    return code
                }
                screen.say("a part of it: at a ceremony the whole digest is compared")
            } catch {
                screen.say("\(error)")
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

    private func decide() throws {
        guard !noted("decision").contains(bytesOf: "GO") else {
            return
        }
        try ensure("the escrow is as the plan says") { [self] in
            let found = files.escrowFindings()
            return found.isEmpty ? .asExpected() : .otherwise(found.map(\.text).joined(separator: "; "))
        }
        while true {
            switch try ask("\(fullName(of: administrator)): GO or \(Self.noGo)") {
            case "GO":
                return try record(.noted, by: administrator, notes: [.init("decision", "GO")])
            case Self.noGo:
                try record(.noted, by: administrator, notes: [.init("decision", Self.noGo)])
                throw try abandonment()
            default: continue
            }
        }
    }

    private func readExceptions() throws {
        let exceptions = transcript.exceptions
        screen.say(exceptions.isEmpty ? "There is none." : "\(exceptions.count) exception(s)")
        for (index, line) in exceptions.enumerated() {
            screen.say("\(index + 1). step '\(line.step)', \(line.time.forPeople)")
            for name in ["expected", "happened", "decided", "decision"] {
                screen.say(line.text(name) ?? "", first: "   \(name): ", rest: "     ")
            }
            try waitForEnter("Exception \(index + 1) of \(exceptions.count) was read")
        }
        try initialBoth()
    }

    private func attest() throws {
        for person in plan.people
        where !acts.contains(where: { $0.actor == person.name && $0.act == .noted }) {
            screen.say("\(person.fullName), \(person.roles.map(\.title).joined(separator: ", ")):")
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
