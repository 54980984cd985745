// SPDX-License-Identifier: Apache-2.0

extension AuditCheck {
    /// What to do when the check has failed; commands stand between backticks.
    var remedy: String {
        switch self {
        case .layout:
            "Take out what does not belong. A PKCS#12 file, an identity or a private key in an escrow was copied with "
                + "it: let the officers make a new epoch."
        case .manifest: "Fetch the epoch from another copy of the escrow; when none reads, make a new epoch."
        case .chain:
            "Compare with the officers' copies. Of two epochs with one number, officers must say which is void."
        case .people, .policy, .commitments, .shares:
            "It was not made as it must be: do not rely on it, and ask the officers for a new epoch."
        case .cards: "Put the card back from another copy of the escrow; if there is none, make a new epoch."
        case .readme: "Put README.txt back from another copy: nobody should follow this one."
        case .clock: "Set the clock of the audit's machine; if it is right, ask who made the document when."
        case .signatures: "Ask the person named whether the file is theirs: it counts for nothing."
        case .approval: "The officers named must sign: `ca-escrow sign`."
        case .succession: "Ask the officers of the epoch before: what they have not approved may be forged."
        case .anchor:
            "Compare keys with the officers on a number that you know. Until they agree, take the escrow to be forged."
        case .certificate: "It is another CA's escrow, or older than the certificate: `ca-escrow backup`."
        case .validity: "Renew the certificate."
        case .key: "Replace the CA's key with a stronger one."
        case .pkcs12:
            "Look for the file in its other place; if it is lost, escrow the key again while the CA still has it."
        case .protection: "Make a new epoch, which has a new PKCS#12 file, and destroy this file."
        case .state:
            "Look for the archive in its other place; if it is lost, make a new epoch with `ca-escrow backup --with-state`."
        case .records, .receipts, .challenges, .proofs, .requests, .releases, .refusals:
            "Ask the person named whether the document is theirs, and fetch it from another copy of the escrow."
        case .equivocation:
            "Call the custodian: somebody showed them a different manifest. Keep both, and let the officers say which is theirs."
        case .quorum: "The key cannot be restored: make a new epoch with other custodians at once."
        }
    }

    /// What to do when the check was not made; likewise.
    var nextStep: String {
        switch self {
        case .anchor:
            "Give the officers' file, which came from the officers themselves: `--signers FILE`. It or `--require K` says how "
                + "many of them are enough; `--tsa FILE` whose time stamps show that a key signed before its end."
        case .certificate: "Give the CA's certificate: `--certificate FILE`."
        case .pkcs12, .protection, .state:
            "Give the file: `--pkcs12 FILE`; if it is deliberately not here: `--without-pkcs12`."
        case .receipts: "Those named must acknowledge their shares: `ca-escrow acknowledge`."
        case .proofs:
            "Those named must prove their shares: `ca-escrow prove`. A challenge counts when the file given with `--signers` "
                + "admits who made it."
        case .records: "Audit with a version that knows the record."
        default: "Mend what failed, and audit again."
        }
    }
}

extension AuditVerdict {
    /// What the verdict means, in a sentence.
    var meaning: String {
        switch self {
        case .failed: "At least one check failed. Do not rely on this escrow until every finding is explained."
        case .notAnchored:
            "Nobody whom the auditor knows vouches for it, or not as many as it takes: somebody else can have made this "
                + "escrow."
        case .incomplete:
            "Nothing is wrong, but nothing shows that every custodian has opened and accepted their share."
        case .notFullyChecked: "Nothing is wrong, but not every check could be made."
        case .soundWithoutPKCS12: "Every check passed; the PKCS#12 file was left out on purpose."
        case .sound: "Every check was made and passed."
        }
    }

    /// A shape that tells the three kinds apart without colour.
    var mark: String { ["✔", "▲", "✖"][Int(exitStatus)] }

    /// The shape and the words.
    var marked: String { "\(mark) \(rawValue)" }

    /// How the page styles it.
    var styleClass: String { Self.styleClass(exitStatus) }

    /// How the page styles what has one of these statuses: 0, 1 or 2.
    static func styleClass(_ exitStatus: Int32) -> String { ["good", "wait", "bad"][Int(exitStatus)] }
}
