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
    ///   - expectation: What all of them say was expected.
    ///   - disagreeing: Who does not agree at the end.
    ///   - opening: Files of the bundle that the first line names.
    init(
        _ sample: SamplePlan = SamplePlan(),
        bags: [String: String] = [:],
        expected: [String: String] = [:],
        exceptions: [String] = [],
        expectation: String = "quiet",
        disagreeing: String? = nil,
        opening: [TranscriptLine.File] = []
    ) throws {
        let bytes = sample.bytes()
        plan = try Plan(json: bytes)
        digest = SHA256Digest(of: bytes)
        script = try SamplePlan.script(plan)
        transcript = Transcript(of: digest)
        let facts = [("title", plan.title), ("kind", plan.kind.rawValue)]
        add(.opened, "sign-in", files: opening, notes: facts.map { .init($0.0, $0.1) })
        for step in script.steps {
            add(.began, step.identifier)
            switch step.act {
            case .signIn(let names):
                for name in names {
                    initial(step, name)
                }
            case .openBags, .closeBags:
                note(plan.media, step, bags, expected)
                initialBoth(step)
            case .clock:
                let machine = time.adding(seconds: 20).description
                let clocks = [("machine", machine), ("wall", String(machine.dropFirst(11).prefix(5)))]
                attempt("a clock within 5 minutes of another one", .compared, step, by: "wanda", notes: clocks)
            case .selfCheck:
                add(.compared, step.identifier, files: [.init(.input, "ca-escrow", plan.tool)])
                initialBoth(step)
            case .compare(let subject):
                let file = TranscriptLine.File(.input, subject.rawValue, digest(of: subject))
                attempt("the \(subject.rawValue)", .compared, step, by: "wanda", files: [file])
                initialBoth(step)
            case .cards:
                attempt("every card is good", .compared, step)
                for custodian in plan.people(with: .custodian) {
                    attempt("\(custodian.name) has shown that they can unseal", .compared, step)
                }
                initialBoth(step)
            case .planSignatures, .audit:
                attempt("nothing is wrong", .compared, step)
                initialBoth(step)
            case .decide: add(.noted, step.identifier, by: "mick", notes: [.init("decision", "GO")])
            case .backup:
                attempt("the shares are dealt", .noted, step, files: [made("manifest.json"), made("acme.p12")])
                initialBoth(step)
            case .sign(let name):
                attempt("\(name) signs", .noted, step, by: name, files: [made("manifest.json.\(name).sig")])
            case .drill(let trial):
                let quorum = trial.custodians.map(\.description).joined(separator: ", ")
                let file = made("records/20270301T090000Z-drill-\(step.number).json")
                attempt("the key is rebuilt by \(quorum)", .noted, step, files: [file])
                initialBoth(step)
            case .acknowledge(let name):
                let file = made("receipts/\(name)-\(String(repeating: "0", count: 32)).json")
                attempt("\(name) accepts the share", .noted, step, by: name, files: [file])
            case .restore:
                attempt("the key is restored", .noted, step, files: [made("records/20270301T090000Z-restore-0.json")])
                initialBoth(step)
            case .attest: attest(step, disagreeing)
            case .startMachine, .putAway, .exceptions: initialBoth(step)
            case .close: break
            }
            if exceptions.contains(step.identifier) {
                except(step, expected: expectation, happened: "a fire alarm")
            }
            if step.act == .close {
                let files = CeremonyEvidence(of: plan, transcript).files.map { name, bytes in
                    TranscriptLine.File(.output, name, SHA256Digest(of: bytes))
                }
                add(.noted, step.identifier, files: files)
                add(.closed, step.identifier)
            } else {
                add(.done, step.identifier)
            }
        }
    }

    /// The digest of the manifest that was dealt, and compared.
    static let manifest = SHA256Digest(of: Array("a manifest".utf8))

    private func digest(of subject: Step.Subject) -> SHA256Digest {
        switch subject {
        case .plan: digest
        case .certificate: plan.authority.sha256
        case .manifest: Self.manifest
        }
    }

    private func made(_ name: String) -> TranscriptLine.File {
        .init(.output, name.hasSuffix(".p12") ? name : "0001-deadbeef/\(name)", Self.manifest)
    }

    private mutating func initial(_ step: Step, _ name: Name) {
        add(.initialled, step.identifier, by: name, notes: [.init("initials", "XY")])
    }

    private mutating func initialBoth(_ step: Step) {
        initial(step, "oscar")
        initial(step, "wanda")
    }

    private mutating func attempt(
        _ what: String,
        _ act: TranscriptLine.Act,
        _ step: Step,
        by actor: Name = "oscar",
        files: [TranscriptLine.File] = [],
        notes: [(String, String)] = []
    ) {
        let notes = [TranscriptLine.Note("attempt", what)] + notes.map { .init($0.0, $0.1) }
        add(act, step.identifier, by: actor, files: files, notes: notes)
    }

    private mutating func note(
        _ media: [Plan.Medium],
        _ step: Step,
        _ bags: [String: String],
        _ expected: [String: String]
    ) {
        let direction = step.act == .openBags ? "out" : "in"
        for medium in media {
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
    }

    private mutating func attest(_ step: Step, _ disagreeing: String?) {
        for person in plan.people {
            let agrees = person.name.description != disagreeing
            var notes: [TranscriptLine.Note] = [.init("attestation", agrees ? "agree" : "disagree")]
            if !agrees {
                notes.append(.init("exceptions", "the <b>camera</b> stood still"))
            }
            add(.noted, step.identifier, by: person.name, notes: notes + [.init("initials", "XY")])
        }
    }

    private mutating func except(_ step: Step, expected: String, happened: String) {
        let notes = [("expected", expected), ("happened", happened), ("decided", "wait"), ("decision", "go on")]
        add(.exception, step.identifier, by: "mick", notes: notes.map { .init($0.0, $0.1) })
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

extension Transcript {
    /// Adds what another transcript's line says, numbered and chained anew.
    mutating func add(_ line: TranscriptLine) {
        add(line.act, step: line.step, by: line.actor, at: line.time, files: line.files, notes: line.notes)
    }
}
