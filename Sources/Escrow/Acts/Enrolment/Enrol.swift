// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import Files
package import SystemPackage

/// An officer asks whoever has a card to show that they can unseal, before anything is sealed to them.
///
/// docs/format.md, section 4.23. One parcel holds the cards and a signed challenge to each.
package struct Enrol {
    private let cards: [FilePath]
    private let officer: IdentityOnDisk
    private let parcel: FilePath
    private let now: Timestamp
    private let end: Timestamp

    /// - Parameters:
    ///   - cards: Cards, and directories of them.
    ///   - end: Until when they may answer.
    ///   - parcel: A new file.
    package init(
        _ cards: [FilePath],
        by officer: IdentityOnDisk,
        until end: Timestamp,
        to parcel: FilePath,
        now: Timestamp
    ) {
        (self.cards, self.officer, self.parcel) = (cards, officer, parcel)
        (self.now, self.end) = (now, end)
    }

    /// A challenge to one card.
    package struct Asked: Sendable {
        package let path: String
        package let card: Card
        package let challenge: SHA256Digest
    }

    /// - Throws: ``EscrowError/file(_:)`` when the parcel is there already, ``PersonFault/cardExpired(path:_:_:)``,
    ///   ``EscrowError/enrolment(path:_:)``, ``EscrowError/document(path:_:)``, and why the identity cannot be opened.
    package func run(attended attendance: any Attendance) throws(EscrowError) -> [Asked] {
        try orThrow(Files.requireNothing(at: parcel))
        let people = try PeopleGiven(at: cards)
        let wanted = try wanted(of: people, attended: attendance)
        var (asked, sent): ([Asked], [Parcel.File]) = ([], [])
        try officer.use(attended: attendance) { identity throws(EscrowError) in
            for card in wanted {
                let path = people.path(of: card.name)
                let challenge = try challenge(to: card, at: path)
                sent += challenge.parcelFiles(to: card, signedBy: identity)
                let digest = SHA256Digest(of: challenge.encoded())
                asked.append(Asked(path: path, card: card, challenge: digest))
            }
        }
        let names = asked.map(\.card.name).listed
        let text = "\(officer.name) asks \(names) to show that they can unseal: ca-escrow answer FILE"
        let about = TextRule.allows(text) ? text : "\(officer.name) asks custodians: ca-escrow answer FILE"
        let bytes = Parcel(about: about, files: sent).encoded()
        try orThrow(Files.create(parcel, bytes, permissions: .publicFile))
        return asked
    }

    private func challenge(to card: Card, at path: String) throws(EscrowError) -> EnrolmentChallenge {
        let challenge = try orThrow(EnrolmentChallenge(to: card, by: officer.signer, at: now, until: end)) {
            .enrolment(path: path, .box($0))
        }
        // As its readers will.
        return try orThrow(EnrolmentChallenge(canonical: challenge.encoded())) { .document(path: path, $0) }
    }

    /// The cards of others that are valid still.
    private func wanted(of people: PeopleGiven, attended attendance: any Attendance) throws(EscrowError) -> [Card] {
        let cards = people.cardNames.compactMap { people.card(of: $0) }
        for card in cards {
            if let end = card.validUntil, end <= now {
                throw .person(.cardExpired(path: people.path(of: card.name), card.name, end))
            }
        }
        let (own, others) = (cards.filter(isOwn), cards.filter { !isOwn($0) })
        guard !others.isEmpty else {
            throw own.first.map { .enrolment(path: people.path(of: $0.name), .askedThemselves(officer.name)) }
                ?? .enrolment(path: self.cards.map(\.string).joined(separator: ", "), .noCard)
        }
        own.forEach { attendance.tell(.ownCardLeftOut(path: people.path(of: $0.name))) }
        return others
    }

    private func isOwn(_ card: Card) -> Bool {
        card.name == officer.name || card.signingKey == officer.file.signingKey
    }
}
