// SPDX-License-Identifier: Apache-2.0

import Custody

/// A ceremony's steps on the way to ``Closed``: which phase it has reached is in the type, so that an order that must not
/// be does not compile.
///
/// A step that deals shares is a method of `Script<Agreed>` alone; only `decide` gives one of these, and only a script
/// whose machine was checked and whose plan was read can decide. Run sheets and the live ceremony take a
/// ``CeremonyScript``, which only `Script<Closed>` becomes.
struct Script<Phase> {
    private(set) var steps: [Step]

    fileprivate init(_ steps: [Step]) {
        self.steps = steps
    }

    /// The same steps and one more, in the phase that it leads to.
    fileprivate func adding<Next>(
        _ identifier: String,
        _ title: String,
        by actors: [Role],
        _ act: Step.Act,
        minutes: Int,
        _ instructions: [String],
        to next: Next.Type = Next.self
    ) -> Script<Next> {
        let step = Step(
            number: steps.count + 1,
            identifier: identifier,
            title: title,
            actors: actors,
            instructions: instructions,
            act: act,
            minutes: minutes
        )
        return Script<Next>(steps + [step])
    }
}

/// Nobody is there yet.
enum Empty {}
/// People have signed in.
enum Attended {}
/// The bags have been looked at.
enum Unsealed {}
/// Clock, program and machine have been checked.
enum Inspected {}
/// Plan, cards and certificate have been compared.
enum Planned {}
/// The administrator has said go.
enum Agreed {}
/// The shares are dealt, and the manifest's digest has been compared.
enum Dealt {}
/// Officers have signed, and an audit has passed.
enum Approved {}
/// Quorums that cover every custodian have rebuilt the key.
enum Tried {}
/// The key is where the plan wants it, or was shown to come back.
enum Achieved {}
/// Everything that leaves is in its bag.
enum Bagged {}
/// Exceptions were read, everybody has attested.
enum Attested {}
/// The transcript is signed.
enum Closed {}

extension Script where Phase == Empty {
    static var empty: Script<Empty> { Script([]) }

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

extension Script where Phase == Agreed {
    func backup() -> Script<Dealt> {
        let dealt: Script<Agreed> = adding(
            "backup",
            "Deal the shares",
            by: [.operator],
            .backup,
            minutes: 5,
            ["Two people make the CA's key available. The tool checks what it made before a file appears."]
        )
        return dealt.adding(
            "manifest-digest",
            "Compare the manifest",
            by: [.custodian, .witness],
            .compare(.manifest),
            minutes: 5,
            [
                "A custodian, not the operator, reads the words aloud from their own copy.",
                "Everybody else follows. The digest is written on every label and sheet.",
            ]
        )
    }

    func restore() -> Script<Achieved> {
        let compared: Script<Agreed> = manifest()
        return compared.adding(
            "restore",
            "Restore the key",
            by: [.operator, .custodian],
            .restore,
            minutes: 15,
            [
                "Each custodian opens their share with their own medium. Stop at the quorum.",
                "The witness confirms the names against the policy, read aloud.",
            ]
        )
    }

    func drill(_ quorums: [[Name]]) -> Script<Achieved> {
        Script<Achieved>(manifest().drills(quorums).steps)
    }

    private func manifest() -> Script<Agreed> {
        let compared: Script<Agreed> = adding(
            "manifest-digest",
            "Compare the manifest",
            by: [.officer, .witness],
            .compare(.manifest),
            minutes: 5,
            ["Officers, custodians and auditor agree on the newest epoch. Its digest is read from another device."]
        )
        return compared.adding(
            "audit",
            "Audit the escrow",
            by: [.operator],
            .audit,
            minutes: 3,
            ["Signatures, commitments, chain of epochs and PKCS#12 file must be sound."]
        )
    }
}

extension Script where Phase == Dealt {
    func approve(_ officers: [Name]) -> Script<Approved> {
        let signed = officers.reduce(self) { script, officer in
            script.adding(
                "sign-\(officer)",
                "\(officer) signs the manifest",
                by: [.officer],
                .sign(officer),
                minutes: 2,
                ["\(officer) compares the digest with their own sheet, then signs with their own key."]
            )
        }
        return signed.adding(
            "audit",
            "Audit the escrow",
            by: [.operator, .auditor],
            .audit,
            minutes: 3,
            ["On the projector; the auditor repeats it with a copy of the tool of their own."]
        )
    }
}

extension Script {
    /// The only proof that the escrow works: quorums that together cover every custodian.
    fileprivate func drills(_ quorums: [[Name]]) -> Script<Phase> {
        quorums.enumerated().reduce(self) { script, quorum in
            script.adding(
                "drill-\(quorum.offset + 1)",
                "Trial restore \(quorum.offset + 1) of \(quorums.count)",
                by: [.operator, .custodian],
                .drill(quorum.element),
                minutes: 10,
                [
                    "\(quorum.element.map(\.description).joined(separator: ", ")) open their shares, one after the other.",
                    "The rebuilt key signs a receipt and is wiped. No key file is written.",
                ]
            )
        }
    }
}

extension Script where Phase == Approved {
    func tryOut(_ quorums: [[Name]]) -> Script<Tried> { Script<Tried>(drills(quorums).steps) }
}

extension Script where Phase == Tried {
    func acknowledge(_ custodians: [Name]) -> Script<Achieved> {
        let all = custodians.reduce(self) { script, custodian in
            script.adding(
                "acknowledge-\(custodian)",
                "\(custodian) accepts their share",
                by: [.custodian],
                .acknowledge(custodian),
                minutes: 3,
                ["\(custodian) opens their own share, types the manifest's digest, and accepts its custody."]
            )
        }
        return Script<Achieved>(all.steps)
    }
}

extension Script where Phase == Achieved {
    func closeBags(_ instructions: [String]) -> Script<Bagged> {
        adding(
            "close-bags",
            "Bag what leaves",
            by: [.witness, .keeper, .custodian],
            .closeBags,
            minutes: 15,
            instructions
        )
    }
}

extension Script where Phase == Bagged {
    func attest(_ key: [String]) -> Script<Attested> {
        let handled: Script<Bagged> = adding(
            "key",
            "Deal with the key and the machine",
            by: [.operator, .witness],
            .confirm,
            minutes: 10,
            key + ["The machine is switched off at the end, its media are destroyed or bagged, under witness."]
        )
        let read: Script<Bagged> = handled.adding(
            "exceptions",
            "Read the exceptions",
            by: [.witness],
            .exceptions,
            minutes: 5,
            ["Every exception is read aloud. Unused exception sheets are crossed out."]
        )
        return read.adding(
            "attest",
            "Attest",
            by: [.administrator, .operator, .witness],
            .attest,
            minutes: 10,
            ["Everybody says whether the ceremony went as the sheet says. Not to agree is an answer, and is kept."]
        )
    }
}

extension Script where Phase == Attested {
    func close() -> Script<Closed> {
        adding(
            "close",
            "Close the transcript",
            by: [.operator, .witness],
            .close,
            minutes: 5,
            ["The transcript's head is read aloud in words; operator and witness sign it."]
        )
    }
}
