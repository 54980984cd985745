// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow

@testable import Ceremony

/// A ceremony as if it had been held: the transcript that people who do everything right would leave.
struct HeldCeremony {
    let plan: Plan
    let digest: SHA256Digest
    private(set) var script: CeremonyScript
    private(set) var transcript: Transcript
    private let review: PlanReview
    private var time: Timestamp

    /// - Parameters:
    ///   - bytes: The plan's.
    ///   - bags: Numbers that are not `B1-DIRECTION-LABEL`, by direction and label.
    ///   - expected: What an earlier inventory says.
    ///   - exceptions: Steps with an exception each.
    ///   - expectation: What all of them say was expected.
    ///   - isOfAttempt: Whether that was tried, and none of them was raised by hand.
    ///   - disagreeing: Who does not agree at the end.
    ///   - opening: Files of the bundle that the first line names.
    ///   - changes: What is said of people when a step has begun, by the step's word.
    ///   - serials: What stands on media, by label, where that is not `S-LABEL`.
    ///   - opened: When it began.
    init(
        _ sample: SamplePlan = SamplePlan(),
        written bytes: (SamplePlan) -> [UInt8] = { $0.bytes() },
        bags: [String: String] = [:],
        expected: [String: String] = [:],
        exceptions: [String] = [],
        expectation: Expectation = "quiet",
        isOfAttempt: Bool = false,
        disagreeing: String? = nil,
        opening: [TranscriptLine.File] = [],
        changes: [String: [Act]] = [:],
        serials: [String: String] = [:],
        opened: Timestamp = Timestamp(secondsSinceEpoch: 1_803_891_600)
    ) throws {
        time = opened
        let bytes = bytes(sample)
        plan = try Plan(json: bytes)
        digest = SHA256Digest(of: bytes)
        review = try PlanReview(of: plan)
        script = CeremonyScript(of: review)
        transcript = Transcript(of: digest)
        try add(.opened, "machine", files: opening)
        while let step = nextStep {
            try add(.began, step.identifier)
            try change(changes[step.identifier] ?? [], step)
            switch step.act {
            case .signIn:
                for person in roll.present where roll.initials[person.name] == nil {
                    try initial(step, person.name)
                }
            case .openBags, .closeBags:
                try note(plan.media, step, bags, expected, serials)
                try initialBoth(step)
            case .clock:
                let machine = time.adding(seconds: 20)
                let clocks = Clocks(machine: machine, wall: String("\(machine)".dropFirst(11).prefix(5)))
                try add(.compared("a clock within 5 minutes of another one", clocks), step.identifier, by: witness)
            case .selfCheck:
                try add(.checked, step.identifier, files: [.init(.input, "ca-escrow", plan.tool)])
                for field in step.fields {
                    try add(.entered(.init(name: field, text: "-")), step.identifier)
                }
                try initialBoth(step)
            case .compare(let subject):
                let file = TranscriptLine.File(.input, subject.rawValue, digest(of: subject))
                try add(.compared("the \(subject.rawValue)"), step.identifier, by: witness, files: [file])
                try initialBoth(step)
            case .cards:
                try add(.compared("every card is good"), step.identifier)
                for custodian in plan.people(with: .custodian) {
                    try add(.compared(.unsealing(by: custodian.name)), step.identifier)
                }
                try initialBoth(step)
            case .planSignatures, .audit:
                try add(.compared("nothing is wrong"), step.identifier)
                try initialBoth(step)
            case .decide: try add(.decided(.go), step.identifier, by: administrator)
            case .backup:
                try make("the shares are dealt", step, by: operatorName, ["manifest.json", "acme.p12"])
                try initialBoth(step)
            case .sign(let name):
                try make("\(name) signs", step, by: name, ["manifest.json.\(name).sig"])
            case .drill(let trial):
                let quorum = trial.custodians.map(\.description).joined(separator: ", ")
                let file = "records/20270301T090000Z-drill-\(step.number).json"
                try make("the key is rebuilt by \(quorum)", step, by: operatorName, of: trial.custodians, [file])
                try initialBoth(step)
            case .acknowledge(let name):
                let file = "receipts/\(name)-\(String(repeating: "0", count: 32)).json"
                try make("\(name) accepts the share", step, by: name, [file])
            case .restore:
                try make("the key is restored", step, by: operatorName, ["records/20270301T090000Z-restore-0.json"])
                try initialBoth(step)
            case .attest: try attest(step, disagreeing)
            case .startMachine: break
            case .writeMedia:
                for medium in plan.media {
                    let file = TranscriptLine.File(.input, medium.label, Self.manifest)
                    try add(.compared(.readBack(medium.label)), step.identifier, files: [file])
                }
                try initialBoth(step)
            case .envelopes:
                try add(.entered(.init(name: StepRow.envelopes, text: "0")), step.identifier)
                try initialBoth(step)
            case .putAway:
                if plan.kind == .backup {
                    try add(.compared(.archiveIsAway), step.identifier)
                }
                try initialBoth(step)
            case .exceptions: try initialBoth(step)
            case .close: break
            }
            if exceptions.contains(step.identifier) {
                let raised = Act.Exception.decided(
                    .goOn,
                    expected: expectation,
                    happened: "a fire alarm",
                    isOfAttempt: isOfAttempt
                )
                if isOfAttempt {
                    try add(.differed(expectation, happened: "a fire alarm"), step.identifier)
                }
                try add(.exception(raised), step.identifier, by: administrator)
            }
            if step.act == .close {
                let files = CeremonyEvidence(of: plan, transcript).files.map { name, bytes in
                    TranscriptLine.File(.output, name, SHA256Digest(of: bytes))
                }
                try add(.kept, step.identifier, files: files)
                try add(.closed, step.identifier)
            } else {
                try add(.done, step.identifier)
            }
        }
    }

    private var roll: RollCall { RollCall(of: plan, transcript.standing) }
    private var operatorName: Name { roll.holder(of: .operator) }
    private var witness: Name { roll.holder(of: .witness) }
    private var administrator: Name { roll.holder(of: .administrator) }

    /// The step that comes next, by those who are there.
    private var nextStep: Step? {
        mutating get {
            script = CeremonyScript(of: review, in: transcript)
            return transcript.isEnded ? nil : script.steps.first { !transcript.isDone($0.identifier) }
        }
    }

    /// Says what changes among the people; whom the plan does not name for a role has an exception.
    private mutating func change(_ acts: [Act], _ step: Step) throws(DocumentError) {
        for act in acts {
            switch act {
            case .absent(let name):
                try add(act, step.identifier, by: name == administrator ? operatorName : administrator)
            case .replaced(let replacement):
                let isOwn = replacement.role == .administrator
                let isPlanned = roll.isAlternate(replacement.to, for: replacement.role)
                try add(act, step.identifier, by: isOwn ? isPlanned ? replacement.to : "olga" : administrator)
                if roll.initials[replacement.to] == nil {
                    try initial(step, replacement.to)
                }
                if !isPlanned {
                    let raised = Act.Exception.decided(.goOn, expected: replacement.expectation)
                    try add(.exception(raised), step.identifier, by: administrator)
                }
            default: try add(act, step.identifier, by: roll.absent.sorted()[0])
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

    private mutating func make(
        _ what: Expectation,
        _ step: Step,
        by actor: Name,
        of people: [Name] = [],
        _ names: [String]
    ) throws(DocumentError) {
        guard ([actor] + people).allSatisfy(roll.isThere) else {
            let raised = Act.Exception.decided(.goOn, expected: what, isOfAttempt: true)
            try add(.differed(what, happened: "absent"), step.identifier)
            return try add(.exception(raised), step.identifier, by: administrator)
        }
        let files = names.map { name in
            TranscriptLine.File(.output, name.hasSuffix(".p12") ? name : "0001-deadbeef/\(name)", Self.manifest)
        }
        try add(.made(what), step.identifier, by: actor, files: files)
    }

    private mutating func initial(_ step: Step, _ name: Name) throws(DocumentError) {
        try add(.initialled("XY"), step.identifier, by: name)
    }

    private mutating func initialBoth(_ step: Step) throws(DocumentError) {
        try initial(step, operatorName)
        try initial(step, witness)
    }

    private mutating func note(
        _ media: [Plan.Medium],
        _ step: Step,
        _ bags: [String: String],
        _ expected: [String: String],
        _ serials: [String: String]
    ) throws(DocumentError) {
        let direction: Act.Bag.Direction = step.act == .openBags ? .out : .into
        let roll = roll
        for medium in media where plan.kind == .backup || roll.isThere(medium.holder) {
            let word = direction.rawValue
            let bag = Act.Bag(
                medium: medium.label,
                number: bags["\(word) \(medium.label)"] ?? "B1-\(word)-\(medium.label)",
                direction: direction,
                expected: direction == .out ? expected[medium.label] : nil
            )
            try add(.bagged(bag), step.identifier, by: witness)
            if direction == .out {
                let serial = Act.Serial(medium: medium.label, number: serials[medium.label] ?? "S-\(medium.label)")
                try add(.numbered(serial), step.identifier, by: witness)
            }
        }
    }

    private mutating func attest(_ step: Step, _ disagreeing: String?) throws(DocumentError) {
        for person in roll.present {
            let agrees = person.name.description != disagreeing
            let said = Act.Statement(
                agrees: agrees,
                exceptions: agrees ? nil : "the <b>camera</b> stood still",
                initials: "XY"
            )
            try add(.attested(said), step.identifier, by: person.name)
        }
    }

    private mutating func add(
        _ act: Act,
        _ step: String,
        by actor: Name? = nil,
        files: [TranscriptLine.File] = []
    ) throws(DocumentError) {
        time = time.adding(seconds: 20)
        try transcript.add(act, step: step, by: actor ?? operatorName, at: time, files: files)
    }
}

extension Transcript {
    /// Adds what another transcript's line says, numbered and chained anew.
    mutating func add(_ line: TranscriptLine) throws(DocumentError) {
        try add(line.act, step: line.step, by: line.actor, at: line.time, files: line.files)
    }
}

extension Act.Exception {
    /// One whose other words do not matter.
    static func decided(
        _ decision: Act.Decision,
        expected: Expectation = "a",
        happened: String = "b",
        isOfAttempt: Bool = false
    ) -> Self {
        Self(
            expected: expected,
            happened: happened,
            decided: "wait",
            decision: decision,
            isOfAttempt: isOfAttempt
        )
    }
}
