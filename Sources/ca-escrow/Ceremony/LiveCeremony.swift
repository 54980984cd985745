// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Custody
import Escrow
import Files
import SystemPackage

/// A ceremony as it is held: step by step, every act written down before the next is asked for.
///
/// It can be stopped anywhere, and goes on where the transcript ends: an act that is written down is never asked for again.
final class LiveCeremony {
    let files: PlanFiles
    let script: CeremonyScript
    let bundle: Bundle
    let clock: TimeOption
    private(set) var transcript: Transcript
    private(set) var step: Step

    var plan: Plan { files.plan }

    /// Who types: the plan's operator.
    let operatorName: Name
    /// Who compares.
    let witness: Name

    init(_ files: PlanFiles, bundle: Bundle, clock: TimeOption) throws {
        self.files = files
        self.bundle = bundle
        self.clock = clock
        script = CeremonyScript(for: files.plan, policy: files.review.policy, officers: files.review.signing)
        transcript = try bundle.readTranscript(of: files.digest)
        step = script.steps[0]
        operatorName = files.plan.people(with: .operator)[0].name
        witness = files.plan.people(with: .witness)[0].name
    }

    /// Goes through all steps that are not done.
    ///
    /// - Throws: ``Diagnostic``: status 1 when it is interrupted, 77 when it was abandoned.
    func run() throws {
        try open()
        for step in script.steps where !transcript.isDone(step.identifier) {
            self.step = step
            let isFresh = !transcript.hasBegun(step.identifier)
            if isFresh {
                try record(.began)
            }
            CeremonyScreen.show(step, of: script, plan)
            try perform(isFresh: isFresh)
            if !transcript.isEnded {
                try record(.done)
            }
        }
    }

    private func open() throws {
        if let last = transcript.lines.last {
            do {
                try transcript.check(against: script, mustBeClosed: false)
            } catch {
                throw Diagnostic("\(bundle.transcript): \(error)", .failed)
            }
            guard !transcript.isEnded else {
                throw Diagnostic("\(bundle.path): the ceremony ended on \(last.time.forPeople)", .refused)
            }
            step = script.steps.first { !transcript.isDone($0.identifier) } ?? step
            try record(.resumed, notes: [.init("after", "line \(last.sequence)")])
        } else {
            try record(
                .opened,
                files: try bundle.openingFiles(),
                notes: [.init("title", plan.title), .init("kind", plan.kind.rawValue)]
            )
        }
    }

    // MARK: Writing down

    /// Writes an act down, on disk before this returns.
    func record(
        _ act: TranscriptLine.Act,
        by actor: Name? = nil,
        files: [TranscriptLine.File] = [],
        notes: [TranscriptLine.Note] = []
    ) throws {
        transcript.add(
            act,
            step: step.identifier,
            by: actor ?? operatorName,
            at: try clock.time(),
            files: files,
            notes: notes
        )
        try bundle.write(transcript)
    }

    /// The acts of the step that is under way.
    var acts: [TranscriptLine] { transcript.lines.filter { $0.step == step.identifier } }

    /// What was noted under a name in this step.
    func noted(_ name: String) -> [String] {
        acts.filter { $0.act == .noted }.flatMap(\.notes).filter { $0.name == name }.map(\.text)
    }

    // MARK: Asking

    /// An answer at the terminal; `x` raises an exception first, `stop` interrupts the ceremony.
    ///
    /// - Throws: ``Diagnostic`` with status 1 when it is interrupted.
    func ask(_ prompt: String) throws -> String {
        while true {
            let answer = try Question.text("\(prompt) [x: exception, stop]", for: "the ceremony", else: "a terminal")
            switch answer?.trimmed {
            case nil, "": continue
            case "stop":
                throw Diagnostic(
                    "step \(step.number), '\(step.title)': interrupted; what is done is written down",
                    hint: "go on with: ca-escrow ceremony run \(files.path)",
                    .notYet
                )
            case "x": try raiseException(expected: nil, happened: nil)
            case let answer?:
                guard TextRule.allows(answer) else {
                    CeremonyScreen.say("1 to 500 characters, no control or invisible ones")
                    continue
                }
                return answer
            }
        }
    }

    /// Somebody's initials: two to six letters.
    func askInitials(of name: Name, as what: String) throws -> String {
        while true {
            let answer = try ask("Initials of \(fullName(of: name)), \(what)")
            let letters = answer.unicodeScalars
            if (2...6).contains(letters.count), letters.allSatisfy({ $0.properties.isAlphabetic }) {
                return answer
            }
            CeremonyScreen.say("initials are 2 to 6 letters")
        }
    }

    func fullName(of name: Name) -> String { plan.participant(name)?.fullName ?? name.description }

    // MARK: Exceptions

    /// What is done about something that went otherwise than expected.
    enum Decision: String {
        case goOn = "go on"
        case again
        case abandon
    }

    /// Writes an exception down, with what the administrator decides.
    ///
    /// - Parameter expected: Asked for when not known.
    /// - Throws: ``Diagnostic`` with status 77 when the ceremony is abandoned.
    @discardableResult
    func raiseException(expected: String?, happened: String?) throws -> Decision {
        CeremonyScreen.say("Exception \(transcript.exceptions.count + 1)")
        let expected = try expected ?? askText("What was expected")
        let happened = try happened ?? askText("What happened")
        CeremonyScreen.say("expected: \(expected)")
        CeremonyScreen.say("happened: \(happened)")
        let decided = try askText("What is decided")
        let administrator = plan.people(with: .administrator)[0].name
        var decision: Decision?
        while decision == nil {
            decision = Decision(
                rawValue: try askText("\(fullName(of: administrator)): 'go on', 'again' or 'abandon'")
            )
        }
        let notes: [TranscriptLine.Note] = [
            .init("expected", expected), .init("happened", happened), .init("decided", decided),
            .init("decision", decision?.rawValue ?? ""),
        ]
        try record(.exception, by: administrator, notes: notes)
        guard decision != .abandon else {
            try record(.abandoned, by: administrator)
            throw Diagnostic("abandoned at step \(step.number), '\(step.title)': \(decided)", .refused)
        }
        return decision ?? .goOn
    }

    private func askText(_ prompt: String) throws -> String {
        while true {
            guard let answer = try Question.text(prompt, for: "the ceremony", else: "a terminal")?.trimmed,
                TextRule.allows(answer)
            else {
                continue
            }
            return answer
        }
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String {
        let blanks: Set<Character> = [" ", "\t", "\r"]
        return String(String(drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }).reversed())
    }
}
