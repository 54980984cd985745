// SPDX-License-Identifier: Apache-2.0

package import Custody

/// One step of a ceremony: who does what, what they say, what must come out.
package struct Step: Sendable {
    /// Its place in the sheet, from 1.
    package let number: Int
    /// A word that the transcript keeps: once in a script.
    package let identifier: String
    package let title: String
    /// Who acts, in words.
    package let actors: [Role]
    /// What is said aloud, or done by hand; a line each.
    package let instructions: [String]
    package let act: Act
    /// How long it should take.
    package let minutes: Int

    /// What the tool does at a step.
    package enum Act: Sendable, Equatable {
        /// Everybody named gives their initials.
        case signIn([Name])
        /// Bag and medium numbers are read from the bags and held against the inventory.
        case openBags
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
        /// Shares are dealt: what cannot be taken back.
        case backup
        /// An officer signs the manifest.
        case sign(Name)
        /// The escrow is audited with the officers of the plan.
        case audit
        /// These custodians rebuild the key, which goes nowhere.
        case drill([Name])
        /// A custodian opens their share and accepts its custody.
        case acknowledge(Name)
        /// A quorum restores the key into its store: what cannot be taken back.
        case restore
        /// Bag numbers of everything that leaves the room are entered.
        case closeBags
        /// Something is done by hand; operator and witness give their initials.
        case confirm
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

    /// Whether the step cannot be taken back, and is never repeated by itself.
    package var isIrreversible: Bool { act == .backup || act == .restore }

    /// Whether an exception may go on without the step, or without something that was tried in it.
    ///
    /// The one list of it: the screen, the run sheet, the live ceremony and the verifier of a bundle ask here, and the
    /// second column of the table in *docs/format.md, section 4.25, "Acts"* says the same. A ceremony without one of the
    /// others is none.
    package var canBeExcused: Bool {
        switch act {
        case .signIn, .decide, .backup, .restore, .attest, .close: false
        case .openBags, .clock, .selfCheck, .compare, .planSignatures, .cards, .sign, .audit, .drill, .acknowledge,
            .closeBags, .confirm, .exceptions:
            true
        }
    }

    /// What screen and run sheet say of a step that no exception gives up.
    package var withoutException: String? { canBeExcused ? nil : "No exception gives this step up." }
}
