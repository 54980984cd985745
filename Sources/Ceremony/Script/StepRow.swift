// SPDX-License-Identifier: Apache-2.0

import Custody

/// One row of the table of steps: the screen, the run sheet, the live ceremony and the verifier of a bundle read it, and
/// docs/format.md, section 4.25, "Acts", says the same.
struct StepRow {
    let identifier: String
    let title: String
    let actors: [Role]
    let minutes: Int
    let canBeExcused: Bool
    let instructions: [String]

    private init(
        _ identifier: String,
        _ title: String,
        by actors: Role...,
        minutes: Int,
        canBeExcused: Bool = true,
        _ instructions: [String]
    ) {
        (self.identifier, self.title, self.actors) = (identifier, title, actors)
        (self.minutes, self.canBeExcused, self.instructions) = (minutes, canBeExcused, instructions)
    }

    /// - Parameter kind: Of the ceremony: some steps are another work in each.
    init(of act: Step.Act, in kind: Plan.Kind) {
        switch act {
        case .signIn:
            self.init(
                "sign-in",
                "Sign in",
                by: .administrator,
                minutes: 10,
                canBeExcused: false,
                [
                    "Phones are out of the room, the camera runs.",
                    "Roles are read out. Nobody is alone with the key, the machine or an open bag.",
                    "The time of the clock on the wall is written down.",
                ]
            )
        case .openBags: self.init("open-bags", "Open the bags", by: .witness, .keeper, minutes: 10, kind.opening)
        case .startMachine:
            self.init(
                "machine",
                "Start the machine",
                by: .operator,
                .witness,
                minutes: 15,
                [
                    "The verified image is started, without a disk and without a network.",
                    "Shown on the projector: ip link, lsblk, lsusb, cat /proc/swaps.",
                ]
            )
        case .clock:
            self.init(
                "clock",
                "Compare the clock",
                by: .witness,
                minutes: 2,
                ["The witness compares the UTC time shown with a clock that is not the machine's."]
            )
        case .selfCheck:
            self.init(
                "self-check",
                "Check the program and the machine",
                by: .operator,
                minutes: 3,
                ["Everything must be green. What is red needs an exception to go on."]
            )
        case .compare(let subject): self.init(comparing: subject, in: kind)
        case .planSignatures:
            self.init(
                "plan-signatures",
                "Verify who signed the plan",
                by: .operator,
                minutes: 2,
                ["As many officers as the plan names must have signed it."]
            )
        case .cards:
            self.init(
                "cards",
                "Verify the cards",
                by: .operator,
                .witness,
                minutes: 5,
                ["Every card is signed, valid, and of another key. Custodians have shown that they can unseal."]
            )
        case .decide:
            self.init(
                "go",
                "Go or no-go",
                by: .administrator,
                minutes: 2,
                canBeExcused: false,
                [
                    "Point of no return, read aloud: \(kind.pointOfNoReturn)",
                    "Nobody objects. The administrator says go.",
                ]
            )
        case .backup:
            self.init(
                "backup",
                "Deal the shares",
                by: .operator,
                minutes: 5,
                canBeExcused: false,
                ["Two people make the CA's key available. The tool checks what it made before a file appears."]
            )
        case .sign(let officer):
            self.init(
                "sign-\(officer)",
                "\(officer) signs the manifest",
                by: .officer,
                minutes: 2,
                ["\(officer) compares the digest with their own sheet, then signs with their own key."]
            )
        case .audit: self.init(auditingIn: kind)
        case .drill(let trial):
            self.init(
                "drill-\(trial.number)",
                "Trial restore \(trial.number) of \(trial.count)",
                by: .operator,
                .custodian,
                minutes: 10,
                [
                    "\(trial.custodians.map(\.description).joined(separator: ", ")) open their shares, one after the other.",
                    "The rebuilt key signs a receipt and is wiped. No key file is written.",
                ]
            )
        case .acknowledge(let custodian):
            self.init(
                "acknowledge-\(custodian)",
                "\(custodian) accepts their share",
                by: .custodian,
                minutes: 3,
                ["\(custodian) opens their own share, types the manifest's digest, and accepts its custody."]
            )
        case .restore:
            self.init(
                "restore",
                "Restore the key",
                by: .operator,
                .custodian,
                minutes: 15,
                canBeExcused: false,
                [
                    "Each custodian opens their share with their own medium. Stop at the quorum.",
                    "The witness confirms the names against the policy, read aloud.",
                ]
            )
        case .closeBags:
            self.init("close-bags", "Bag what leaves", by: .witness, .keeper, .custodian, minutes: 15, kind.closing)
        case .putAway:
            self.init(
                "key",
                "Deal with the key and the machine",
                by: .operator,
                .witness,
                minutes: 10,
                kind.keyAtTheEnd
                    + ["The machine is switched off at the end, its media are destroyed or bagged, under witness."]
            )
        case .exceptions:
            self.init(
                "exceptions",
                "Read the exceptions",
                by: .witness,
                minutes: 5,
                ["Every exception is read aloud. Unused exception sheets are crossed out."]
            )
        case .attest:
            self.init(
                "attest",
                "Attest",
                by: .administrator,
                .operator,
                .witness,
                minutes: 10,
                canBeExcused: false,
                [
                    "Everybody says whether the ceremony went as the sheet says. Not to agree is an answer, and is kept."
                ]
            )
        case .close:
            self.init(
                "close",
                "Close the transcript",
                by: .operator,
                .witness,
                minutes: 5,
                canBeExcused: false,
                ["The transcript's head is read aloud in words; operator and witness sign it."]
            )
        }
    }

    private init(comparing subject: Step.Subject, in kind: Plan.Kind) {
        switch subject {
        case .plan:
            self.init(
                "plan-digest",
                "Compare the plan",
                by: .operator,
                .witness,
                minutes: 5,
                ["The witness reads the plan's digest from the signed printout; the operator types it."]
            )
        case .certificate:
            self.init(
                "certificate",
                "Compare the certificate",
                by: .auditor,
                .witness,
                minutes: 5,
                ["The digest of the CA's certificate is read from a copy that did not come with this machine."]
            )
        case .manifest where kind == .backup:
            self.init(
                "manifest-digest",
                "Compare the manifest",
                by: .custodian,
                .witness,
                minutes: 5,
                [
                    "A custodian, not the operator, reads the words aloud from their own copy.",
                    "Everybody else follows. The digest is written on every label and sheet.",
                ]
            )
        case .manifest:
            self.init(
                "manifest-digest",
                "Compare the manifest",
                by: .officer,
                .witness,
                minutes: 5,
                [
                    "Officers, custodians and auditor agree on the newest epoch. Its digest is read from another device."
                ]
            )
        }
    }

    private init(auditingIn kind: Plan.Kind) {
        if kind == .backup {
            self.init(
                "audit",
                "Audit the escrow",
                by: .operator,
                .auditor,
                minutes: 3,
                ["On the projector; the auditor repeats it with a copy of the tool of their own."]
            )
        } else {
            self.init(
                "audit",
                "Audit the escrow",
                by: .operator,
                minutes: 3,
                ["Signatures, commitments, chain of epochs and PKCS#12 file must be sound."]
            )
        }
    }
}

// What is said at a step of one kind of ceremony.
extension Plan.Kind {
    fileprivate var opening: [String] {
        switch self {
        case .backup: ["Media come out of sealed packs. Bag and serial numbers are read aloud and written down."]
        case .restore, .drill: ["Bag numbers and seals are held against the inventory before a bag is opened."]
        }
    }

    fileprivate var pointOfNoReturn: String {
        switch self {
        case .backup: "from here on the shares exist, and a second run makes a second set."
        case .restore: "from here on the key is whole on this machine, and the escrow is used."
        case .drill: "from here on the key is rebuilt in this machine's memory."
        }
    }

    fileprivate var closing: [String] {
        switch self {
        case .backup:
            ["Each medium is written, ejected, read again and compared.", "Bag number, content, holder, two initials."]
        case .restore, .drill: ["What came out of a bag goes into a new one. Its number, holder, two initials."]
        }
    }

    fileprivate var keyAtTheEnd: [String] {
        switch self {
        case .backup: ["The CA's key is back where the plan wants it; no copy stays on this machine."]
        case .restore:
            [
                "The key is at its destination, and nowhere else.",
                "The escrow is used: a new one is planned, and old PKCS#12 files are destroyed with a record.",
            ]
        case .drill: ["The rebuilt key is nowhere: it was wiped when each receipt was signed."]
        }
    }
}
