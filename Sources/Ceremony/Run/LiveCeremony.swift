// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Escrow
package import KeyStores
import SystemPackage

/// A ceremony as it is held: step by step, every act written down before the next is asked for.
///
/// It can be stopped anywhere, and goes on where the transcript ends: an act that is written down is never asked for
/// again, and what cannot be taken back is looked for before it is done.
package final class LiveCeremony {
    let files: PlanFiles
    /// By those who are there.
    private(set) var script: CeremonyScript
    let bundle: Bundle
    let screen: any CeremonyScreen
    let version: String
    let environment: StoreEnvironment
    let now: () -> Timestamp
    private(set) var transcript: Transcript
    private(set) var step: Step
    /// Whether somebody typed `stop` while an act asked for media.
    var isStopped = false
    /// Whose medium is in the machine: one at a time.
    var mediumIn: Name?

    var plan: Plan { files.plan }

    /// Who is there, and in which role.
    private(set) var roll: RollCall
    /// Who types.
    var operatorName: Name { roll.holder(of: .operator) }
    /// Who compares.
    var witness: Name { roll.holder(of: .witness) }
    /// Who decides.
    var administrator: Name { roll.holder(of: .administrator) }

    /// - Parameters:
    ///   - screen: Of the room in which it is held.
    ///   - version: Of this program.
    ///   - environment: For stores that are named without a path.
    ///   - now: The machine's clock.
    /// - Throws: ``BundleError/transcript(path:_:)``, ``FileError``
    package init(
        _ files: PlanFiles,
        bundle: Bundle,
        on screen: any CeremonyScreen,
        version: String,
        environment: StoreEnvironment,
        now: @escaping () -> Timestamp
    ) throws {
        (self.screen, self.version, self.now) = (screen, version, now)
        self.environment = environment
        self.files = files
        self.bundle = bundle
        do {
            transcript = try bundle.readTranscript(of: files.digest)
            script = CeremonyScript(of: files.review, in: transcript)
            roll = RollCall(of: files.plan, transcript.standing)
            if !transcript.lines.isEmpty {
                try transcript.check(against: script, mustBeClosed: false)
            }
        } catch let error as TranscriptError {
            throw BundleError.transcript(path: bundle.transcript.string, error)
        }
        step = script.steps[0]
    }

    /// Goes through all steps that are not done, and signs what was written down.
    ///
    /// - Throws: ``CeremonyError``, and why something could not be written.
    package func run() throws {
        screen.clear()
        if let last = transcript.lines.last, transcript.isEnded {
            if try isFinished() {
                screen.say("\(bundle.path): the ceremony ended on \(last.time.forPeople); nothing is left to be done")
            }
        } else if let end = decidedEnd {
            step = end
            _ = try abandonment()
        } else {
            do {
                try open()
                // Who comes or leaves changes the steps that follow.
                while let step = script.steps.first(where: { !transcript.isDone($0.identifier) }), !transcript.isEnded {
                    try hold(step)
                }
            } catch is Abandonment {
                // Written down where it was decided; its record is signed as any other.
            }
        }
        step = script.step(transcript.lines.last?.step ?? "") ?? step
        try finish()
        if transcript.lines.last?.act == .abandoned {
            throw CeremonyError.abandoned(step: step.number)
        }
    }

    private func hold(_ step: Step) throws {
        self.step = step
        let isFresh = !transcript.hasBegun(step.identifier)
        if isFresh {
            // What lies in the escrow now is not of this step.
            let found = step.usesEscrow ? unrecorded() : []
            try record(.began, files: found)
        }
        showStep()
        if step.usesEscrow, case let count = unnamedCount, count > 0 {
            screen.say("passed over, for a name that cannot be written down: \(count) \(count == 1 ? "file" : "files")")
        }
        try carryOut(isFresh: isFresh)
        if !transcript.isEnded {
            try record(.done)
        }
    }

    private func open() throws {
        if let last = transcript.lines.last {
            step = script.steps.first { !transcript.isDone($0.identifier) } ?? step
            // The machine may have been started again: which program goes on is written down.
            let program =
                SelfCheck.programDigest().map { [TranscriptLine.File(.input, ProgramUse.fileName, $0)] } ?? []
            showStep()
            screen.say(
                "It goes on here: \(transcript.lines.count) lines are written down, the last one on \(last.time.forPeople)."
            )
            try record(.resumed, files: program, remarks: [.after(line: last.sequence)])
            try fillRoles()
            try recheckMachine()
        } else {
            try record(.opened, files: bundle.openingFiles(), remarks: [.title(plan.title), .kind(plan.kind)])
        }
    }

    /// Shows the step that is under way.
    func showStep() { screen.show(step, of: script, plan, files.digest) }

    // MARK: Writing down

    /// Writes an act down, on disk before this returns.
    ///
    /// - Throws: ``CeremonyError/unreadable(line:_:)``; nothing is written then.
    func record(
        _ act: Act,
        by actor: Name? = nil,
        files: [TranscriptLine.File] = [],
        remarks: [Remark] = []
    ) throws {
        var longer = transcript
        let actor = actor ?? operatorName
        do throws(DocumentError) {
            try longer.add(act, step: step.identifier, by: actor, at: now(), files: files, remarks: remarks)
        } catch {
            throw CeremonyError.unreadable(line: longer.lines.count + 1, error)
        }
        try bundle.write(longer)
        transcript = longer
        switch act {
        case .absent, .arrived, .replaced, .corrected, .initialled:
            roll = RollCall(of: plan, transcript.standing)
            script = CeremonyScript(of: self.files.review, in: transcript)
        default: break
        }
    }

    /// The step that is under way, with what is written down of it.
    var held: HeldStep { HeldStep(step, in: transcript) }
}
