// SPDX-License-Identifier: Apache-2.0

import Custody

// From the door to the administrator's word.
extension Script where Phase == Empty {
    func signIn(_ names: [Name]) -> Script<Attended> {
        adding(
            "sign-in",
            "Sign in",
            by: [.administrator],
            .signIn(names),
            minutes: 10,
            [
                "Phones are out of the room, the camera runs.",
                "Roles are read out. Nobody is alone with the key, the machine or an open bag.",
                "The time of the clock on the wall is written down.",
            ]
        )
    }
}

extension Script where Phase == Attended {
    func openBags(_ instructions: [String]) -> Script<Unsealed> {
        adding("open-bags", "Open the bags", by: [.witness, .keeper], .openBags, minutes: 10, instructions)
    }
}

extension Script where Phase == Unsealed {
    func inspect() -> Script<Inspected> {
        let booted: Script<Unsealed> = adding(
            "machine",
            "Start the machine",
            by: [.operator, .witness],
            .confirm,
            minutes: 15,
            [
                "The verified image is started, without a disk and without a network.",
                "Shown on the projector: ip link, lsblk, lsusb, cat /proc/swaps.",
            ]
        )
        let timed: Script<Unsealed> = booted.adding(
            "clock",
            "Compare the clock",
            by: [.witness],
            .clock,
            minutes: 2,
            ["The witness compares the UTC time shown with a clock that is not the machine's."]
        )
        return timed.adding(
            "self-check",
            "Check the program and the machine",
            by: [.operator],
            .selfCheck,
            minutes: 3,
            ["Everything must be green. What is red needs an exception to go on."]
        )
    }
}

extension Script where Phase == Inspected {
    /// The plan is compared and its signatures verified, then what the plan says of cards and certificate.
    func plan(withCards: Bool) -> Script<Planned> {
        let read: Script<Inspected> = adding(
            "plan-digest",
            "Compare the plan",
            by: [.operator, .witness],
            .compare(.plan),
            minutes: 5,
            ["The witness reads the plan's digest from the signed printout; the operator types it."]
        )
        let signed: Script<Inspected> = read.adding(
            "plan-signatures",
            "Verify who signed the plan",
            by: [.operator],
            .planSignatures,
            minutes: 2,
            ["As many officers as the plan names must have signed it."]
        )
        let known: Script<Inspected> =
            withCards
            ? signed.adding(
                "cards",
                "Verify the cards",
                by: [.operator, .witness],
                .cards,
                minutes: 5,
                ["Every card is signed, valid, and of another key. Custodians have shown that they can unseal."]
            ) : signed
        return known.adding(
            "certificate",
            "Compare the certificate",
            by: [.auditor, .witness],
            .compare(.certificate),
            minutes: 5,
            ["The digest of the CA's certificate is read from a copy that did not come with this machine."]
        )
    }
}

extension Script where Phase == Planned {
    func decide(_ warning: String) -> Script<Agreed> {
        adding(
            "go",
            "Go or no-go",
            by: [.administrator],
            .decide,
            minutes: 2,
            ["Point of no return, read aloud: \(warning)", "Nobody objects. The administrator says go."]
        )
    }
}
