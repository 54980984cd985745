// SPDX-License-Identifier: Apache-2.0

import Encoding

// What is said aloud at a step, or done by hand, as screen and run sheet show it.
extension Step.Act {
    /// A line each.
    ///
    /// - Parameter kind: Of the ceremony: some steps are another work in each.
    func instructions(in kind: Plan.Kind) -> [String] {
        switch self {
        case .signIn: Self.signingIn
        case .openBags: kind == .backup ? Self.openingPacks : Self.openingBags
        case .startMachine: Self.startingMachine
        case .clock: ["The witness compares the UTC time shown with a clock that is not the machine's."]
        case .selfCheck: ["Everything must be green. Anything red needs an exception to go on."]
        case .compare(let subject): subject.instructions(in: kind)
        case .planSignatures: ["As many officers as the plan names must have signed it."]
        case .cards: ["Cards are signed and valid, each with its own key. Custodians have shown that they can unseal."]
        case .decide:
            [
                "Point of no return, read aloud: \(kind.pointOfNoReturn)",
                "Nobody objects. The administrator says go.",
            ]
        case .backup:
            ["Two people make the CA's key available. The tool checks what it made before a file appears."]
        case .sign(let officer):
            ["\(officer) compares the digest with their own sheet, then signs with their own key."]
        case .audit: kind == .backup ? Self.firstAudit : Self.laterAudit
        case .drill(let trial):
            [
                "\(trial.custodians.listed) open their shares, one after the other.",
                "The rebuilt key signs a receipt and is wiped. No key file is written.",
            ]
        case .acknowledge(let custodian):
            [
                "\(custodian) opens their own share, types the manifest's first 12 words (rows 1 to 3), and accepts its"
                    + " custody."
            ]
        case .restore:
            [
                "Each custodian opens their share with their own medium. Stop at the quorum.",
                "The witness confirms the names against the policy, read aloud.",
            ]
        case .writeMedia:
            [
                "One medium at a time: written, taken out, put in again, read and compared.",
                "The PKCS#12 file goes to at least two media; share and manifest are in manifest.json.",
            ]
        case .envelopes:
            [
                "Whoever keeps an envelope makes and checks it: ca-escrow envelope, then envelope check.",
                "How many there are is written down; 0 if there are none.",
            ]
        case .closeBags: kind == .backup ? Self.closingFirstBags : Self.closingBags
        case .putAway:
            kind.keyAtTheEnd
                + ["The machine is switched off at the end; its media are destroyed or bagged in front of a witness."]
        case .exceptions: ["Every exception is read aloud. Unused exception sheets are crossed out."]
        case .attest:
            ["Everybody says whether the ceremony went as the sheet says. To disagree is an answer, and is recorded."]
        case .close: ["The transcript's head is read aloud in words; operator and witness sign it."]
        }
    }

    private static let signingIn = [
        "Phones are out of the room, the camera runs.",
        "Roles are read out. Nobody is alone with the key, the machine or an open bag.",
        "The time of the clock on the wall is written down.",
    ]

    private static let openingPacks = [
        "Media come out of sealed packs. Numbers of packs and media are read aloud and written down."
    ]

    private static let openingBags = [
        "Bag number and seal are compared with the inventory before a bag is opened, one bag at a time.",
        "Serial numbers are read from the media.",
    ]

    private static let startingMachine = [
        "The verified image is started, without a disk and without a network.",
        "Shown on the projector: ip link, lsblk, lsusb, cat /proc/swaps.",
        "The SHA-256 of the image, and what lsblk shows, are written down, to be typed at the self-check.",
    ]

    private static let firstAudit = ["On the projector; the auditor repeats it with a copy of the tool of their own."]

    private static let laterAudit = [
        "The PKCS#12 file is copied from its medium to where the plan has it, unless it is there.",
        "Signatures, commitments, chain of epochs and PKCS#12 file must be sound.",
    ]

    private static let closingFirstBags = [
        "Each person's media go into a bag. Its number is written down, with the holder and two initials."
    ]

    private static let closingBags = [
        "What came out of a bag goes into a new one. Its number is written down, with the holder and two initials."
    ]
}

extension Step.Subject {
    /// How people compare it.
    fileprivate func instructions(in kind: Plan.Kind) -> [String] {
        switch self {
        case .plan: ["The witness reads the plan's digest from the signed printout; the operator types it."]
        case .certificate:
            ["The digest of the CA's certificate is read from a copy that did not come with this machine."]
        case .manifest where kind == .backup:
            [
                "The manifest goes to a second machine first, on a medium: sha256sum manifest.json there.",
                "A custodian, not the operator, reads the digest aloud from that machine. Everybody else follows.",
                "The digest is written on every label and sheet.",
            ]
        case .manifest:
            ["Officers, custodians and auditor agree on the newest epoch. Its digest is read from another device."]
        }
    }
}

extension Plan.Kind {
    fileprivate var pointOfNoReturn: String {
        switch self {
        case .backup: "from here on the shares exist, and a second run makes a second set."
        case .restore: "from here on the whole key is on this machine, and the escrow is used."
        case .drill: "from here on the key is rebuilt in this machine's memory."
        }
    }

    fileprivate var keyAtTheEnd: [String] {
        switch self {
        case .backup:
            [
                "The CA's key is back where the plan wants it; no copy stays on this machine.",
                "The PKCS#12 file is on its media, and removed from this machine.",
            ]
        case .restore:
            [
                "The key is at its destination, and nowhere else.",
                "The escrow is used: a new one is planned, and old PKCS#12 files are destroyed with a record.",
                "A PKCS#12 file that was copied here for this is removed.",
            ]
        case .drill:
            [
                "The rebuilt key is nowhere: it was wiped when each receipt was signed.",
                "A PKCS#12 file that was copied here for this is removed.",
            ]
        }
    }
}
