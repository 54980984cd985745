// SPDX-License-Identifier: Apache-2.0

import Escrow

// Every member that somebody says: a member more is a line more here.
extension PlanQuestion {
    /// A question, and when it is asked.
    struct Entry {
        let member: String
        let words: String
        var form = Form.text
        /// What is left out without an answer.
        var isOptional = false
        /// Whether somebody is asked at all, or it is only given beforehand.
        var isAsked = true
        /// Whether it is confirmed when everything else is as last time.
        var isAskedAgain = false

        func question(of owner: String = "", _ proposal: Proposal = .none) -> PlanQuestion {
            PlanQuestion(
                member: owner.isEmpty ? member : "\(owner).\(member)",
                words: owner.isEmpty ? words : "\(owner): \(words)",
                isOptional: isOptional,
                form: form,
                proposal: proposal
            )
        }
    }

    static let ofPlan = [
        Entry(
            member: "kind",
            words: "What is done: backup, restore or drill",
            form: .word(Plan.Kind.allCases.map(\.rawValue)),
            isAskedAgain: true
        ),
        Entry(member: "title", words: "Title", isAskedAgain: true),
        Entry(member: "rehearsal", words: "Whether it is a rehearsal", form: .flag, isOptional: true, isAsked: false),
        Entry(member: "date", words: "When it begins, in UTC, such as 2027-03-01 09:00", form: .moment),
        Entry(member: "standby", words: "When it is held instead, if it cannot be held then", form: .moment),
        Entry(member: "place", words: "Where", isAskedAgain: true),
        Entry(member: "note", words: "A note for people", isOptional: true, isAsked: false),
        Entry(member: "ca.certificate", words: "File with the CA's certificate", form: .path),
        Entry(member: "escrow.path", words: "Directory of the escrow", form: .path),
        Entry(member: "escrow.store", words: "Store of the key, such as openssl-ca:ca, from the plan's directory"),
        Entry(
            member: "escrow.occasion",
            words: "Why a new epoch of it is made",
            form: .word(Backup.givenOccasions.map(\.rawValue))
        ),
        Entry(member: "escrow.officers", words: "Who approves, such as 2 of (olga, omar), or olga", form: .officers),
        Entry(member: "escrow.policy", words: "Who restores, such as 3 of all", form: .policy),
        Entry(
            member: "escrow.pkcs12",
            words: "Where the PKCS#12 file will be on the day",
            form: .path,
            isOptional: true
        ),
        Entry(member: "escrow.purpose", words: "Why, such as yearly drill"),
        Entry(
            member: "inventory",
            words: "Inventory of the ceremony before, in its bundle",
            form: .path,
            isOptional: true,
            isAskedAgain: true
        ),
    ]

    static let ofPerson = [
        Entry(member: "fullName", words: "full name"),
        Entry(member: "roles", words: "roles, such as witness, alternate operator", form: .roles),
        Entry(member: "site", words: "site"),
        Entry(member: "organisation", words: "organisation", isOptional: true, isAsked: false),
        Entry(member: "line", words: "line of management", isOptional: true),
        Entry(member: "identity", words: "file of the identity", form: .path, isOptional: true, isAsked: false),
        Entry(member: "note", words: "a note", isOptional: true, isAsked: false),
    ]

    static let ofMedium = [
        Entry(member: "site", words: "site", isAsked: false),
        Entry(member: "serial", words: "serial number", isOptional: true, isAsked: false),
        Entry(member: "holder", words: "holder", form: .name, isAsked: false),
        Entry(member: "note", words: "a note", isOptional: true, isAsked: false),
    ]
}
