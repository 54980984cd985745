// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import Files
package import SecretSharing
package import SystemPackage

/// The cards and OpenSSH public keys that someone names on the command line, by person.
///
/// A card is `NAME.card`; an officer may also be a `.pub` file, whose name is the officer's: `omar.pub`.
package struct PeopleGiven: Sendable {
    private var cards: [Name: (card: Card, path: String)] = [:]
    private var publicKeys: [Name: (key: SigningKey, path: String)] = [:]

    /// Nobody yet.
    package init() {}

    /// Reads cards, `.pub` files, and directories of them.
    ///
    /// - Throws: ``EscrowError`` with the file that is not what it should be.
    package init(at paths: [FilePath]) throws(EscrowError) {
        for path in paths {
            if try orThrow(Files.kind(of: path)) == .directory {
                for name in try orThrow(Clutter.namesBesides(in: path))
                where name.hasSuffix(bytesOf: ".card") || name.hasSuffix(bytesOf: ".pub") {
                    try read(path.appending(name))
                }
            } else {
                try read(path)
            }
        }
    }

    /// The people of an epoch, whose cards are filed in it: exactly the cards that its manifest names.
    ///
    /// - Throws: ``PersonFault/cardIsAnother(path:_:)``: shares would be sealed to somebody else's key.
    package init(of epoch: EpochDocument) throws(EscrowError) {
        for person in epoch.manifest.people {
            let path = epoch.cardPath(of: person.name)
            try read(path)
            guard let card = cards[person.name]?.card, Person(card) == person else {
                throw .person(.cardIsAnother(path: path.string, person.name))
            }
        }
        for officer in epoch.manifest.approval.officers where cards[officer.name]?.card.signingKey != officer.key {
            publicKeys[officer.name] = (officer.key, epoch.manifestPath.string)
        }
    }

    /// Those of another, where this one has nobody of that name.
    package mutating func fill(from other: PeopleGiven) {
        cards.merge(other.cards) { mine, _ in mine }
        publicKeys.merge(other.publicKeys.filter { [cards] in cards[$0.key] == nil }) { mine, _ in mine }
    }

    /// Everyone with a card, ordered by name.
    package var cardNames: [Name] { cards.keys.sorted() }

    /// Everyone with the key that they would sign with, ordered by name.
    package var officers: [Signer] {
        let keys = cards.mapValues(\.card.signingKey).merging(publicKeys.mapValues(\.key)) { _, key in key }
        return keys.map { Signer(name: $0.key, key: $0.value) }.sorted { $0.name < $1.name }
    }

    /// Those who sign with an OpenSSH key that was given as a `.pub` file.
    package var openSSHSigners: Set<Name> { Set(publicKeys.keys) }

    package func card(of name: Name) -> Card? { cards[name]?.card }

    package func publicKeyFile(of name: Name) -> String? { publicKeys[name]?.path }

    package func path(of name: Name) -> String { cards[name]?.path ?? publicKeys[name]?.path ?? "\(name).card" }

    /// The approval that `--officers` asks for: `2 of (olga, omar, otto)`.
    ///
    /// - Throws: ``EscrowError/approval(_:)``, ``PersonFault/noCard(_:given:)``
    package func approval(_ text: PolicyText) throws(EscrowError) -> Approval {
        let (threshold, names) = try orThrow(text.approvers(), as: EscrowError.approval)
        let officers = try names.map { name throws(EscrowError) in
            // An OpenSSH key that is given for an officer goes before their card: it is what they sign with.
            guard let key = publicKeys[name]?.key ?? cards[name]?.card.signingKey else {
                throw .person(.noOfficer(name, given: (Array(cards.keys) + Array(publicKeys.keys)).sorted()))
            }
            return Signer(name: name, key: key)
        }
        return try orThrow(Approval(threshold: threshold, of: officers), as: EscrowError.approval)
    }

    /// Those with a card or a key to sign with who neither restore nor approve, as a policy and an approval say.
    package func besides(_ policy: Policy<Name>, _ approval: Approval) -> [Name] {
        let named = Set(policy.leaves.map(\.custodian) + approval.officers.map(\.name))
        return Set(cardNames + publicKeys.keys).subtracting(named).sorted()
    }

    /// The policy that `--policy` asks for; `all` are those with a card who are no officers.
    ///
    /// - Throws: ``EscrowError/policy(_:)``, ``PersonFault/nobodyGiven``
    package func policy(_ text: PolicyText, officers: Approval) throws(EscrowError) -> Policy<Name> {
        let custodians = cardNames.filter { officers.officer(named: $0) == nil }
        if text.mentionsAll, custodians.isEmpty {
            throw .person(.nobodyGiven)
        }
        return try orThrow(text.policy(all: custodians), as: EscrowError.policy)
    }

    private mutating func read(_ path: FilePath) throws(EscrowError) {
        do throws(EscrowError) {
            try readCard(path)
        } catch {
            let wanted: RecognisedFile = path.extension == "pub" ? .publicKey : .document(DocumentFormat.card.kind)
            throw wanted.explaining(error, at: path)
        }
    }

    private mutating func readCard(_ path: FilePath) throws(EscrowError) {
        let bytes = try orThrow(Files.read(path, limit: ByteLimit.document))
        guard path.extension != "pub" else {
            guard let name = try? Name(path.stem ?? "") else {
                throw .directory(.fileName(path: path.string, expected: "the name of an officer, such as omar.pub"))
            }
            let key = try orThrow(SigningKey(openSSH: String(decoding: bytes, as: UTF8.self))) {
                .publicKey(path: path.string, $0)
            }
            if let other = publicKeys.updateValue((key, path.string), forKey: name), other.key != key {
                throw .person(.twoCards(name, other.path, path.string))
            }
            return
        }
        let card = try orThrow(Card(canonical: bytes)) { .card(path: path.string, $0) }
        if let other = cards.updateValue((card, path.string), forKey: card.name), other.card != card {
            throw .person(.twoCards(card.name, other.path, path.string))
        }
    }
}

extension PolicyText {
    /// Whether `all` stands in it.
    package var mentionsAll: Bool {
        switch self {
        case .custodian: false
        case .all: true
        case .gate(_, let members): members.contains(where: \.mentionsAll)
        }
    }

    /// Everybody whom it names.
    package var names: [Name] {
        switch self {
        case .custodian(let name): [name]
        case .all: []
        case .gate(_, let members): members.flatMap(\.names)
        }
    }
}

extension EpochDocument {
    package static let cardsName = "cards"

    /// Where a custodian's card is filed.
    package func cardPath(of name: Name) -> FilePath {
        path.appending(Self.cardsName).appending("\(name).json")
    }
}
