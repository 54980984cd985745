// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// One step of a ceremony: who does what, what they say, what must come out.
package struct Step: Sendable {
    /// Its place on the printed sheet, from 1.
    package let number: Int
    /// What is done at it.
    package let act: Act
    private let row: StepRow

    init(number: Int, _ act: Act, of kind: Plan.Kind) {
        self.number = number
        self.act = act
        row = StepRow(of: act, in: kind)
        instructions = act.instructions(in: kind)
    }

    /// A word that the transcript keeps: once in a script.
    package var identifier: String { row.identifier }
    package var title: String { row.title }
    /// Who acts.
    package var actors: [Role] { row.actors }
    /// What is said aloud, or done by hand; a line each.
    package let instructions: [String]
    /// How long it should take.
    package var minutes: Int { row.minutes }

    /// Whether an exception may go on without the step, or without something that was tried in it: the second column of the
    /// table in docs/format-ceremony.md, section 4.25, "Acts".
    package var canBeExcused: Bool { row.canBeExcused }

    /// Whether files can come to the escrow in it.
    var usesEscrow: Bool {
        switch act {
        case .backup, .sign, .audit, .drill, .acknowledge, .restore: true
        default: false
        }
    }

    /// Whether operator and witness give their initials at its end; where somebody signs, says or attests, nobody else does.
    var isInitialled: Bool {
        switch act {
        case .signIn, .startMachine, .clock, .decide, .sign, .acknowledge, .attest, .close: false
        default: true
        }
    }

    /// What is written down of it besides: names of fields.
    package var fields: [String] { row.fields }

    /// Whether the step cannot be taken back, and is never repeated by itself.
    package var isIrreversible: Bool { [.backup, .restore].contains(act) }

    /// What screen and run sheet say of a step that no exception gives up.
    package var withoutException: String? { canBeExcused ? nil : "No exception can skip this step." }

    /// What is done at a step.
    package enum Act: Sendable, Equatable {
        /// Everybody named gives their initials.
        case signIn([Name])
        /// Bag and medium numbers are read from the bags and held against the inventory.
        case openBags
        /// By hand; operator and witness give their initials on the sheet, before there is a program that asks for them.
        case startMachine
        /// The clock is shown, the witness compares it with the one on the wall.
        case clock
        /// The program checks itself and the machine.
        case selfCheck
        /// A digest is read aloud from another device or paper, and typed.
        case compare(Subject)
        /// Signatures on the plan are verified.
        case planSignatures
        /// Every card is verified again, and its answer to an enrolment challenge.
        case cards
        /// The administrator says go or no-go.
        case decide
        /// Shares are dealt.
        case backup
        /// An officer signs the manifest.
        case sign(Name)
        /// The escrow is audited with the officers of the plan.
        case audit
        /// Custodians rebuild the key, which goes nowhere.
        case drill(Trial)
        /// A custodian opens their share and accepts its custody.
        case acknowledge(Name)
        /// A quorum restores the key into its store.
        case restore
        /// What was dealt goes to its media, each of which is read back.
        case writeMedia
        /// Shares go on paper, which is checked by its scan.
        case envelopes
        /// Bag numbers of everything that leaves the room are entered.
        case closeBags
        /// Key and machine are dealt with by hand; operator and witness give their initials.
        case putAway
        /// Exceptions are read aloud.
        case exceptions
        /// Everybody attests, and may disagree.
        case attest
        /// The transcript is closed and signed.
        case close
    }

    /// What a digest is of.
    package enum Subject: String, Sendable {
        case plan
        case certificate
        case manifest
    }

    /// One of several quorums that together cover every custodian.
    package struct Trial: Sendable, Equatable {
        package let custodians: [Name]
        /// From 1.
        let number: Int
        let count: Int
    }
}
