// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow

@testable import Ceremony

/// A ceremony as if it had been held: the transcript that people who do everything right would leave.
struct HeldCeremony {
    let plan: Plan
    let digest: SHA256Digest
    let script: CeremonyScript
    private(set) var transcript: Transcript
    private var time = Timestamp(secondsSinceEpoch: 1_803_891_600)

    /// - Parameters:
    ///   - bags: Numbers that are not `B-LABEL`, by direction and label.
    ///   - expected: What an earlier inventory says.
    ///   - exceptions: Steps with an exception each.
    ///   - disagreeing: Who does not agree at the end.
    init(
        _ sample: SamplePlan = SamplePlan(),
        bags: [String: String] = [:],
        expected: [String: String] = [:],
        exceptions: [String] = [],
        disagreeing: String? = nil
    ) throws {
        let bytes = sample.bytes()
        plan = try Plan(toml: bytes)
        digest = SHA256Digest(of: bytes)
        script = try SamplePlan.script(plan)
        transcript = Transcript(of: digest)
        let mick: Name = "mick"
        add(.opened, "sign-in", notes: [.init("title", plan.title), .init("kind", plan.kind.rawValue)])
        for step in script.steps {
            add(.began, step.identifier)
            switch step.act {
            case .signIn(let names):
                for name in names {
                    add(.initialled, step.identifier, by: name, notes: [.init("initials", "XY")])
                }
            case .openBags, .closeBags:
                let direction = step.act == .openBags ? "out" : "in"
                for medium in plan.media {
                    var notes: [TranscriptLine.Note] = [
                        .init("medium", medium.label),
                        .init("bag", bags["\(direction) \(medium.label)"] ?? "B-\(direction)-\(medium.label)"),
                        .init("direction", direction),
                    ]
                    if direction == "out", let bag = expected[medium.label] {
                        notes.append(.init("expected", bag))
                    }
                    add(.noted, step.identifier, by: "wanda", notes: notes)
                }
            case .compare(let subject):
                add(.compared, step.identifier, files: [.init(.input, subject.rawValue, digest)])
            case .attest:
                for person in plan.people {
                    let agrees = person.name.description != disagreeing
                    var notes: [TranscriptLine.Note] = [.init("attestation", agrees ? "agree" : "disagree")]
                    if !agrees {
                        notes.append(.init("exceptions", "the <b>camera</b> stood still"))
                    }
                    add(.noted, step.identifier, by: person.name, notes: notes + [.init("initials", "XY")])
                }
            default: break
            }
            if exceptions.contains(step.identifier) {
                add(
                    .exception,
                    step.identifier,
                    by: mick,
                    notes: [
                        .init("expected", "quiet"), .init("happened", "a fire alarm"), .init("decided", "wait"),
                        .init("decision", "go on"),
                    ]
                )
            }
            add(step.act == .close ? .closed : .done, step.identifier)
        }
    }

    private mutating func add(
        _ act: TranscriptLine.Act,
        _ step: String,
        by actor: Name = "oscar",
        files: [TranscriptLine.File] = [],
        notes: [TranscriptLine.Note] = []
    ) {
        time = time.adding(seconds: 20)
        transcript.add(act, step: step, by: actor, at: time, files: files, notes: notes)
    }
}
