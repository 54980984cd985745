// SPDX-License-Identifier: Apache-2.0

/// One row of the table of steps: the screen, the run sheet, the live ceremony and the verifier of a bundle read it, and
/// docs/format-ceremony.md, section 4.25, "Acts", says the same.
struct StepRow {
    let identifier: String
    let title: String
    let actors: [Role]
    let minutes: Int
    let canBeExcused: Bool
    /// What is written down of it besides: names of fields.
    let fields: [String]

    /// The step at which everybody signs in.
    static let signIn = "sign-in"
    /// The step at which what went otherwise is read aloud, and what was typed in any step can be put right.
    static let exceptions = "exceptions"

    /// The field with the SHA-256 of the image that the machine was started from.
    static let image = "image"
    /// The field with the disks that the machine sees.
    static let disks = "lsblk"
    /// The field with how many envelopes were printed, and checked by their scan.
    static let envelopes = "envelopes"

    private init(
        _ identifier: String,
        _ title: String,
        by actors: Role...,
        minutes: Int,
        canBeExcused: Bool = true,
        fields: [String] = []
    ) {
        (self.identifier, self.title, self.actors) = (identifier, title, actors)
        (self.minutes, self.canBeExcused, self.fields) = (minutes, canBeExcused, fields)
    }

    /// - Parameter kind: Of the ceremony: some steps are another work in each.
    init(of act: Step.Act, in kind: Plan.Kind) {
        self =
            switch act {
            case .signIn: Self(Self.signIn, "Sign in", by: .administrator, minutes: 10, canBeExcused: false)
            case .openBags: Self("open-bags", "Open the bags", by: .witness, .keeper, minutes: 10)
            case .startMachine: Self("machine", "Start the machine", by: .operator, .witness, minutes: 15)
            case .clock: Self("clock", "Compare the clock", by: .witness, minutes: 2)
            case .selfCheck: Self.selfCheck
            case .compare(.plan): Self("plan-digest", "Compare the plan", by: .operator, .witness, minutes: 5)
            case .compare(.certificate):
                Self("certificate", "Compare the certificate", by: .auditor, .witness, minutes: 5)
            case .compare(.manifest) where kind == .backup:
                Self("manifest-digest", "Compare the manifest", by: .custodian, .witness, minutes: 5)
            case .compare(.manifest):
                Self("manifest-digest", "Compare the manifest", by: .officer, .witness, minutes: 5)
            case .planSignatures: Self("plan-signatures", "Verify who signed the plan", by: .operator, minutes: 2)
            case .cards: Self("cards", "Verify the cards", by: .operator, .witness, minutes: 5)
            case .decide: Self("go", "Go or no-go", by: .administrator, minutes: 2, canBeExcused: false)
            case .backup: Self("backup", "Deal the shares", by: .operator, minutes: 5, canBeExcused: false)
            case .sign(let officer):
                Self("sign-\(officer)", "\(officer) signs the manifest", by: .officer, minutes: 2)
            case .audit where kind == .backup:
                Self("audit", "Audit the escrow", by: .operator, .auditor, minutes: 3)
            case .audit: Self("audit", "Audit the escrow", by: .operator, minutes: 3)
            case .drill(let trial):
                Self(
                    "drill-\(trial.number)",
                    "Trial restore \(trial.number) of \(trial.count)",
                    by: .operator,
                    .custodian,
                    minutes: 10
                )
            case .acknowledge(let name):
                Self("acknowledge-\(name)", "\(name) accepts their share", by: .custodian, minutes: 3)
            case .restore:
                Self("restore", "Restore the key", by: .operator, .custodian, minutes: 15, canBeExcused: false)
            case .writeMedia: Self("write-media", "Write and read the media", by: .operator, .witness, minutes: 20)
            case .envelopes: Self.checkEnvelopes
            case .closeBags: Self("close-bags", "Bag what leaves", by: .witness, .keeper, .custodian, minutes: 15)
            case .putAway: Self("key", "Deal with the key and the machine", by: .operator, .witness, minutes: 10)
            case .exceptions: Self(Self.exceptions, "Read the exceptions", by: .witness, minutes: 5)
            case .attest:
                Self("attest", "Attest", by: .administrator, .operator, .witness, minutes: 10, canBeExcused: false)
            case .close: Self("close", "Close the transcript", by: .operator, .witness, minutes: 5, canBeExcused: false)
            }
    }

    private static let selfCheck = StepRow(
        "self-check",
        "Check the program and the machine",
        by: .operator,
        minutes: 3,
        fields: [Self.image, Self.disks]
    )

    private static let checkEnvelopes = StepRow(
        "envelopes",
        "Print and check the envelopes",
        by: .operator,
        .custodian,
        minutes: 10,
        fields: [Self.envelopes]
    )
}
