// SPDX-License-Identifier: Apache-2.0

import Encoding

/// The acts of a ceremony, held against what each step of its script demands.
///
/// The chain shows that no line was touched since it was written. This shows that the lines are those of a ceremony: that
/// people did what the script asks of them, or that an exception says why not. *docs/format-ceremony.md, section 4.25.*
struct ActCheck {
    let plan: Plan
    let planDigest: SHA256Digest
    let script: CeremonyScript
    /// Who was there at each line, before what it says.
    private(set) var rolls: [RollCall] = []
    /// What is not as it must be, in the order of the script.
    private(set) var faults: [String] = []
    /// When the ceremony was opened.
    let opened: Timestamp?
    /// What the step that deals the shares has made.
    let dealt: [TranscriptLine.File]

    /// - Parameters:
    ///   - script: The steps that the plan asks for.
    ///   - digest: The plan's.
    init(of transcript: Transcript, _ plan: Plan, _ digest: SHA256Digest, against script: CeremonyScript) {
        self.plan = plan
        planDigest = digest
        self.script = script
        opened = transcript.opened
        dealt = transcript.lines.filter { $0.step == "backup" }.flatMap(\.files).filter { $0.direction == .output }
        checkOrder(of: transcript)
        let unexplained = RollCall(of: plan, transcript.standing).unexplained(in: transcript)
        faults += unexplained.map {
            "\($0.to) as \($0.role.title), whom the plan does not name for it, and no exception says why"
        }
        for held in script.steps.map({ HeldStep($0, in: transcript) }) where held.done != nil {
            check(held)
        }
    }

    mutating func note(_ line: TranscriptLine, _ words: String) {
        faults.append("line \(line.sequence): \(words)")
    }

    mutating func note(_ held: HeldStep, _ words: String) {
        faults.append("step \(held.step.identifier): \(words)")
    }

    /// Notes a fault of a step unless something holds.
    mutating func need(_ condition: Bool, _ held: HeldStep, _ words: String) {
        if !condition {
            note(held, words)
        }
    }

    /// Who was there when a line was written, before what it says.
    func roll(at line: TranscriptLine) -> RollCall { rolls[line.sequence - 1] }

    // MARK: Order

    /// Who may write which line where: what holds in every step.
    private mutating func checkOrder(of transcript: Transcript) {
        var course = Course()
        var roll = RollCall(of: plan)
        for (index, line) in transcript.standing.enumerated() {
            rolls.append(roll)
            checkPeople(of: line, roll, in: transcript)
            roll.take(line)
            if (line.act == .opened) != (index == 0) {
                note(line, index == 0 ? "a transcript begins with 'opened'" : "'opened' a second time")
            }
            if let end = course.end, line.act != .abandoned {
                note(line, "'\(line.act.word)' after the end that was decided in line \(end.sequence)")
            }
            guard course.position < script.steps.count else {
                note(line, "behind the last step")
                continue
            }
            let step = script.steps[course.position]
            if line.step != step.identifier {
                note(line, "step \(line.step.quoted), while '\(step.identifier)' is under way")
            }
            checkActor(of: line)
            if [.done, .closed].contains(line.act) {
                checkRoles(roll, at: line)
            }
            checkPlace(of: line, in: step, course)
            course.go(through: line)
        }
    }

    /// How far the lines have come.
    private struct Course {
        var position = 0
        var hasBegun = false
        var isResumed = false
        /// The line that decided that the ceremony ends.
        var end: TranscriptLine?

        mutating func go(through line: TranscriptLine) {
            switch line.act {
            case .began: hasBegun = true
            case .resumed: isResumed = true
            case .done:
                position += 1
                hasBegun = false
                isResumed = false
            default: end = line.act.isEnd ? line : end
            }
        }
    }

    private mutating func checkActor(of line: TranscriptLine) {
        let role: Role
        switch line.act.word {
        case .opened, .resumed, .began, .done, .closed: role = .operator
        case .exception, .abandoned: role = .administrator
        case .initialled, .absent, .arrived, .replaced, .corrected, .compared, .differed, .noted:
            guard case .decided = line.act else {
                return
            }
            role = .administrator
        }
        demand(role, of: line, roll(at: line))
    }

    private mutating func checkPlace(of line: TranscriptLine, in step: Step, _ course: Course) {
        switch line.act.word {
        case .opened, .resumed: break
        case .began:
            if course.hasBegun {
                note(line, "'began' a second time")
            }
        case .abandoned:
            if course.end == nil {
                note(line, "abandoned, and nobody has decided so")
            }
        case .closed, .done:
            if (line.act == .closed) != (step.act == .close) {
                note(line, "'\(line.act.word)' does not end the step '\(step.identifier)'")
            }
            fallthrough
        case .initialled, .absent, .arrived, .replaced, .corrected, .noted:
            if !course.hasBegun, !(course.isResumed && line.act.isOfPeople) {
                note(line, "before the step was begun")
            }
        case .compared, .differed, .exception:
            // The machine is looked at again after an interruption, wherever that was.
            if !course.hasBegun, !course.isResumed {
                note(line, "before the step was begun")
            }
        }
        switch line.act {
        case .unfit(.exception):
            note(line, "an exception without what was expected, what happened, or what was decided")
        case .unfit(let word): note(line, "not what a line '\(word)' says")
        default: break
        }
    }
}
