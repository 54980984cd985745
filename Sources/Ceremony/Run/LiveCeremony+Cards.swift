// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Escrow
import SystemPackage

// Who signed the plan, and whose cards it names.
extension LiveCeremony {
    /// Signatures on the plan, as they lie beside it now.
    func checkSignatures() throws {
        try ensure("\(files.approval.threshold) officers of the plan signed it") { [self] in
            let now = try PlanFiles(at: files.path, now: now())
            guard now.digest == files.digest else {
                return Outcome(fault: "\(files.path) is not what it was when the ceremony began")
            }
            _ = try Bundle.make(at: bundle.path, for: now)
            let names = now.signed.map(\.name.description).joined(separator: ", ")
            return outcome(of: now.findings, ["not-approved", "signature"], else: "signed by \(names)")
        }
    }

    /// Cards, and the proof of each custodian that they can unseal.
    func checkCards() throws {
        try ensure("every card is good") { [self] in
            let now = try PlanFiles(at: files.path, now: now())
            let codes = ["card", "card-expires", "one-key", "full-name"] + PlanPeople.codes
            return outcome(of: now.findings, codes, else: "every card is good")
        }
        // Who has no card is a finding above.
        for card in plan.people(with: .custodian).compactMap({ files.people.card(of: $0.name) }) {
            try ensure(.unsealing(by: card.name)) { [self] in
                switch try files.people.enrolment(of: card, files.approval, now: now()) {
                case .proven(let time, let officer):
                    screen.say("\(card.name): enrolled by \(officer.name), \(time.forPeople)")
                    let kept = try keepEnrolment(of: card)
                    return Outcome(files: kept, remarks: [.enrolled(by: officer.name, time)])
                case .notAnswered: return Outcome(fault: "no answer to an enrolment challenge")
                case .wrong(let faults):
                    let words = faults.map(\.description).joined(separator: "; ")
                    return Outcome(fault: "the enrolment does not count: \(words)")
                }
            }
        }
    }

    /// Keeps what shows that somebody can unseal: what was mended on the day is not in the bundle yet.
    private func keepEnrolment(of card: Card) throws -> [TranscriptLine.File] {
        try files.enrolmentFiles(of: card, now: now()).map { name, bytes in
            try bundle.keep(bytes, at: bundle.cards.appending(name))
            return .init(.input, "\(Bundle.cardsName)/\(name)", SHA256Digest(of: bytes))
        }
    }

    /// What findings under these codes make of a check.
    private func outcome(of findings: [PlanFinding], _ codes: [String], else good: String) -> Outcome {
        let found = findings.filter { codes.contains($0.code) }
        found.forEach { screen.say("\($0.severity.rawValue): \($0.text)") }
        guard found.isEmpty else {
            return Outcome(fault: found.map(\.text).joined(separator: "; "))
        }
        screen.say(good)
        return Outcome(remarks: [.result(good)])
    }
}
