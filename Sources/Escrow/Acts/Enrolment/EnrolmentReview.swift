// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding

/// What the files at hand show of each card, and of answers about cards that are not among them.
package struct EnrolmentReview: Sendable {
    let found: EnrolmentFiles
    let trust: EnrolmentTrust
    let now: Timestamp
    /// The cards by name, then the answers without a card.
    package let lines: [Line]

    /// What is said of one card.
    package enum Verdict: String, Sendable {
        case proven
        case notAnswered = "not answered"
        /// Nothing is wrong where nobody was named whom to believe.
        case notChecked = "not checked"
        case wrong

        fileprivate var exitStatus: Int32 {
            switch self {
            case .proven: 0
            case .notAnswered, .notChecked: 1
            case .wrong: 2
            }
        }
    }

    package struct Line: Sendable {
        package let verdict: Verdict
        /// The card's file, or the answer's.
        let subject: String
        let card: Card?
        /// Who asked, and when; of what is proven alone.
        let asked: (by: Signer, at: Timestamp)?
        let details: [String]
    }

    init(of found: EnrolmentFiles, trusting trust: EnrolmentTrust, now: Timestamp) {
        (self.found, self.trust, self.now) = (found, trust, now)
        let cards = found.cards.sorted { ($0.card.name, $0.path) < ($1.card.name, $1.path) }
        lines =
            cards.map { card in
                let state = Enrolment.state(of: card.card, in: found, trusting: trust, now: now)
                return Line(of: card, state, isAnchored: !trust.isOfNobody)
            }
            + found.answersWithoutCard.map { answer in
                let fault = EnrolmentError.cardIsNotHere(answer.document.custodian, answer.document.card)
                return Line(
                    verdict: .wrong,
                    subject: answer.path,
                    card: nil,
                    asked: nil,
                    details: [fault.description]
                )
            }
    }

    /// Files that are not what their names say.
    package var faults: [EscrowError] { found.faults }

    /// 0 when every card is proven, 1 when one is not answered or not checked, 2 when something is wrong.
    package var exitStatus: Int32 { lines.map(\.verdict.exitStatus).max().map { faults.isEmpty ? $0 : 2 } ?? 2 }

    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "exitStatus": .integer(UInt64(exitStatus)),
            "format": .string("ca-escrow/v1/enrolments"),
        ]
        if !lines.isEmpty {
            members["cards"] = .array(lines.map(\.json))
        }
        return .object(members)
    }
}

extension EnrolmentReview.Line {
    fileprivate init(of card: EnrolmentFiles.FoundCard, _ state: Enrolment.State, isAnchored: Bool) {
        (subject, self.card) = (card.path, card.card)
        switch state {
        case .proven(let time, let officer):
            (verdict, asked) = (.proven, (officer, time))
            details = ["\(card.card.name) answered the challenge of \(officer.name) of \(time.forPeople)"]
        case .notAnswered: (verdict, asked, details) = (.notAnswered, nil, [])
        case .wrong(let faults):
            let isUnchecked = !isAnchored && faults.allSatisfy(\.isUnknownOfficer)
            (verdict, asked, details) = (isUnchecked ? .notChecked : .wrong, nil, faults.map(\.description))
        }
    }

    /// The file, what is said of it, and why.
    package var text: String {
        ([subject, verdict.rawValue] + (details.isEmpty ? [] : [details.joined(separator: "; ")]))
            .joined(separator: ": ")
    }

    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "file": .string(subject.printable), "state": .string(verdict.rawValue),
        ]
        members["asked"] = asked.map { .string($0.at.description) }
        members["name"] = (card?.name).map { .string($0.description) }
        members["officer"] = (asked?.by).map {
            .object(["key": .string($0.key.openSSH), "name": .string($0.name.description)])
        }
        members["sha256"] = (card?.digest).map { .string($0.description) }
        if !details.isEmpty {
            members["detail"] = .array(details.map { .string($0.printable) })
        }
        return .object(members)
    }
}

extension EscrowError {
    /// That an answer lacks nothing but somebody who vouches for its officer.
    fileprivate var isUnknownOfficer: Bool {
        if case .enrolment(_, .officerIsUnknown) = self { true } else { false }
    }
}
