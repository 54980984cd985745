// SPDX-License-Identifier: Apache-2.0

import Custody

// What is done with the key: dealt and tried out, restored, or drilled.
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
        manifest().drills(quorums).reaching()
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
    func tryOut(_ quorums: [[Name]]) -> Script<Tried> { drills(quorums).reaching() }
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
        return all.reaching()
    }
}
