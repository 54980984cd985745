// SPDX-License-Identifier: Apache-2.0

package import Encoding
import SystemPackage

/// Who is suspended in an epoch, by which records: docs/format.md, section 5.12.
///
/// One officer suspends keys or a name, until officers reinstate the custodian. A suspension as unreachable also ends
/// when the custodian acknowledges or proves again, or is no longer among the people. A suspension never decides
/// whether an epoch counts (rule S5 binds who writes and who signs), and never keeps a share from being used in the
/// room.
package struct Suspensions: Sendable {
    /// Those that count, ordered by date and name.
    package let standing: [Standing]
    /// What is wrong with records of these kinds that are left out.
    package let faults: [EscrowError]
    /// Those that count only when as many officers sign them as the manifest demands: officers took that person back before.
    package let waiting: [Filed<Suspension>]
    /// What could not be listed or read, by directory: nothing may be concluded from its absence.
    let unread: [String: [EscrowError]]

    /// A suspension that counts.
    package struct Standing: Sendable {
        package let filed: Filed<Suspension>
        /// The custodian, as the epoch that it lies in names them.
        package let person: Person

        /// Whether somebody is meant: by a key of theirs, or by name.
        package func isOf(_ other: Person) -> Bool {
            switch filed.document.because {
            case .lost, .stolen, .passphrase:
                person.sealingKey == other.sealingKey || person.signingKey == other.signingKey
            case .left, .died, .unreachable: person.name == other.name
            }
        }
    }

    /// - Parameters:
    ///   - line: The epochs from the first to the one that is asked about; records count in approved ones alone.
    ///   - now: What is dated after it does not count.
    /// - Throws: ``EscrowError/file(_:)`` when something could not be read: it may be a suspension.
    package init(in line: [EpochApproval], at now: Timestamp) throws(EscrowError) {
        self.init(readingWhatCanBe: line, at: now)
        if let error = unread.values.joined().first {
            throw error
        }
    }

    /// Reads what can be read, for an audit, which says of what follows from ``unread`` that it was not checked.
    init(readingWhatCanBe line: [EpochApproval], at now: Timestamp) {
        let approved = line.filter(\.isApproved)
        var unread: [String: [EscrowError]] = [:]
        var (found, faults): ([(Standing, epoch: Int)], [EscrowError]) = ([], [])
        var reinstatements: [(Filed<Reinstatement>, epoch: Int)] = []
        for (position, approval) in approved.enumerated() {
            let (document, approvers) = (approval.document, approval.document.manifest.approval)
            let filed = FiledDocuments<Suspension>(readingWhatCanBe: document)
            faults += filed.faults
            for suspension in filed.documents where !ClockRule.isAhead(suspension.document.created, of: now) {
                if let person = document.manifest.person(named: suspension.document.custodian) {
                    found.append((Standing(filed: suspension, person: person), position))
                }
            }
            let ending = FiledDocuments<Reinstatement>(readingWhatCanBe: document)
            faults += ending.faults
            unread[Record.directoryName, default: []] += filed.unread + ending.unread
            for filed in ending.documents
            where !ClockRule.isAhead(filed.document.created, of: now) && filed.isApproved(by: approvers) {
                reinstatements.append((filed, position))
            }
        }
        self.faults = faults
        var (standing, waiting): ([Standing], [Filed<Suspension>]) = ([], [])
        for (suspension, position) in found {
            switch Self.weight(of: suspension, at: position, among: approved, reinstatements) {
            case .none: break
            case .waits: waiting.append(suspension.filed)
            case .counts:
                let isOver =
                    suspension.filed.document.because == .unreachable
                    && Self.isReached(suspension, from: position, among: approved, at: now, &unread)
                if !isOver {
                    standing.append(suspension)
                }
            }
        }
        self.waiting = waiting
        self.unread = unread.filter { !$0.value.isEmpty }
        self.standing = standing.sorted { left, right in
            let (first, second) = (left.filed, right.filed)
            return (first.document.created, first.identifier) < (second.document.created, second.identifier)
        }
    }

    /// The suspensions of somebody, the newest last.
    package func of(_ person: Person) -> [Standing] { standing.filter { $0.isOf(person) } }

    /// Refuses to give a share of a new set, or one that is sealed anew, to somebody who is suspended: rule S5.
    ///
    /// - Throws: ``PersonFault/suspended(_:since:because:path:)``
    package func refuse(_ people: [Person]) throws(EscrowError) {
        for person in people {
            if let suspension = of(person).last?.filed {
                throw .person(
                    .suspended(
                        person.name,
                        since: suspension.document.created,
                        because: suspension.document.because.rawValue,
                        path: suspension.path.string
                    )
                )
            }
        }
    }

    /// What a suspension is worth: nothing once it was ended.
    private enum Weight {
        case none, waits, counts
    }

    /// Whether nobody has ended it, and enough have signed it.
    private static func weight(
        of suspension: Standing,
        at position: Int,
        among approved: [EpochApproval],
        _ reinstatements: [(filed: Filed<Reinstatement>, epoch: Int)]
    ) -> Weight {
        let (filed, document) = (suspension.filed, suspension.filed.document)
        let last = approved[approved.count - 1].document.manifest.approval
        // Whoever came after them decides anew: from then on former officers count only as officers still.
        func isLate(_ created: Timestamp, in position: Int) -> Bool {
            position + 1 < approved.count && created > approved[position + 1].document.manifest.created
        }
        // Officers decide about their own epoch and those before it: former ones end nothing that came after them.
        let ending = reinstatements.filter { filed, epoch in
            epoch >= position && filed.document.name == document.custodian
                && (!isLate(filed.document.created, in: epoch) || filed.signatures.satisfies(last))
        }
        .map(\.filed)
        // Officers of the past do not suspend on, unless they are officers still.
        let isOutdated =
            isLate(document.created, in: position)
            && !filed.signatures.signed.contains { $0.name == document.officer && last.officers.contains($0) }
        guard !isOutdated, !ending.contains(where: { $0.document.suspensions.contains(filed.digest) }) else {
            return .none
        }
        // Once officers have taken somebody back, one officer alone suspends them no more there, whatever date they write.
        let isEnough = ending.isEmpty || filed.signatures.satisfies(approved[position].document.manifest.approval)
        return isEnough ? .counts : .waits
    }

    /// Whether somebody unreachable has shown themselves since, or was left out of an epoch.
    private static func isReached(
        _ suspension: Standing,
        from position: Int,
        among approved: [EpochApproval],
        at now: Timestamp,
        _ unread: inout [String: [EscrowError]]
    ) -> Bool {
        let (name, since) = (suspension.person.name, suspension.filed.document.created)
        func isNewer(_ custodian: Name, _ created: Timestamp) -> Bool {
            custodian == name && created > since && !ClockRule.isAhead(created, of: now)
        }
        for approval in approved[position...] {
            let document = approval.document
            guard document.manifest.person(named: name) != nil else {
                return true
            }
            let receipts = FiledDocuments<Receipt>(readingWhatCanBe: document)
            unread[Receipt.directoryName, default: []] += receipts.unread
            if receipts.documents.contains(where: { isNewer($0.document.custodian, $0.document.created) }) {
                return true
            }
            let challenges = FiledDocuments<Challenge>(readingWhatCanBe: document)
            let proofs = ProofReview(of: document, answering: challenges.documents)
            unread[Proof.directoryName, default: []] += challenges.unread + proofs.unread
            if proofs.proofs.contains(where: { isNewer($0.proof.document.custodian, $0.proof.document.created) }) {
                return true
            }
        }
        return false
    }
}
