// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import SecretSharing

/// Something that happened to an escrow, as a document in it shows.
struct CeremonyEvent: Sendable {
    let time: Timestamp
    let kind: Kind
    /// The epoch that the document lies in.
    let epoch: Int
    /// Whose document it is; several when events of one kind and day are told together.
    var people: [Name]
    /// What happened, from the document's own words.
    let detail: String

    /// In the order in which events of one moment are told.
    enum Kind: String, CaseIterable, Sendable {
        case epoch = "epoch made"
        case certificate = "certificate added"
        case receipt, challenge, proof, request, release, refusal, override, restore, drill, suspension

        /// Whether several of one day are one line.
        var isShared: Bool { self == .receipt || self == .proof || self == .release }
    }

    /// Everything that the documents of all epochs show, by time.
    static func all(in audit: Audit) -> [CeremonyEvent] {
        let all = audit.evidence.values.flatMap { events(of: $0, in: audit) }
        return all.sorted { $0.place < $1.place }.reduce(into: []) { told, event in
            if let last = told.last, event.kind.isShared, last.kind == event.kind, last.epoch == event.epoch,
                last.detail == event.detail, last.time.date == event.time.date
            {
                told[told.count - 1].people += event.people.filter { !last.people.contains($0) }
            } else {
                told.append(event)
            }
        }
    }

    /// Where it is told among the others.
    private var place: (Timestamp, Int, Int, String, String) {
        let order = Kind.allCases.firstIndex(of: kind) ?? 0
        return (time, epoch, order, people.first?.description ?? "", detail)
    }

    private static func events(of evidence: Evidence, in audit: Audit) -> [CeremonyEvent] {
        let manifest = evidence.epoch.manifest
        func event(_ time: Timestamp, _ kind: Kind, _ people: [Name], _ detail: String) -> CeremonyEvent {
            CeremonyEvent(time: time, kind: kind, epoch: manifest.epoch, people: people, detail: detail)
        }
        func tell<Document>(
            _ filed: [Filed<Document>],
            _ kind: Kind,
            _ words: (Filed<Document>) -> (people: [Name], detail: String)
        ) -> [CeremonyEvent] {
            filed.map { filed in
                let (people, detail) = words(filed)
                return event(filed.document.created, kind, people, detail)
            }
        }
        let admitted = Set(evidence.admittedChallenges(by: audit.input.anchor).map(\.digest))
        var events = [event(manifest.created, .epoch, [], "\(manifest.occasion.rawValue), \(manifest.policy.text)")]
        events += audit.reading.added.filter { $0.document.manifest == evidence.epoch.digest }.map { filed in
            event(filed.document.created, .certificate, [], filed.isApproved ? "approved" : "not approved yet")
        }
        events += tell(evidence.receipts.documents, .receipt) { ([$0.document.custodian], "share opened and accepted") }
        events += tell(evidence.challenges.documents, .challenge) { filed in
            let known = admitted.contains(filed.digest) ? "" : ", whom the auditor does not vouch for"
            return ([filed.document.auditor.name], "\(filed.identifier.prefix(8))\(known)")
        }
        events += tell(evidence.proofs.proofs.map(\.proof), .proof) { filed in
            ([filed.document.custodian], "answers challenge \(filed.document.challenge.short)")
        }
        events += tell(evidence.requests.map(\.request), .request) { filed in
            ([filed.document.officer], "\(filed.identifier.prefix(8)): \(filed.document.purpose)")
        }
        events += tell(evidence.releases.documents, .release) { filed in
            ([filed.document.custodian], "share released for request \(filed.document.request.short)")
        }
        events += tell(evidence.refusals.documents, .refusal) { filed in
            ([filed.document.name], "of request \(filed.document.request.short): \(filed.document.reason)")
        }
        events += tell(evidence.overrides.documents, .override) { filed in
            (
                [filed.document.officer],
                "of refusals of request \(filed.document.request.short): \(filed.document.reason)"
            )
        }
        events += tell(evidence.suspensions.documents, .suspension) { filed in
            ([filed.document.custodian], "\(filed.document.because.rawValue), says \(filed.document.officer)")
        }
        events += tell(evidence.restores.documents, .restore) { filed in
            let overrides = filed.document.overrides.map { ", override \($0.code.rawValue): \($0.reason)" }
            return (filed.document.custodians, "to \(filed.document.destination)\(overrides.joined())")
        }
        events += tell(evidence.drills.documents, .drill) { filed in
            let receipt = filed.document
            let signature = receipt.certificate == nil ? "keys compared" : "receipt signed by the CA's key"
            let asked = receipt.challenge.map { ", for challenge \($0.short)" } ?? ""
            return (receipt.custodians, "\(signature)\(asked)\(receipt.purpose.map { ": \($0)" } ?? "")")
        }
        return events
    }
}
