// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// Cards and keys that are given for a backup.
@Suite struct PeopleTests {
    let folder: TemporaryFolder
    let cast: Cast

    init() throws {
        folder = try TemporaryFolder()
        cast = try Cast.regular
    }

    private func card(_ person: Somebody, as name: String? = nil) throws -> FilePath {
        let name = name ?? "\(person.name).card"
        try folder.write(name, person.card.bytes)
        return folder(name)
    }

    private func plan(_ policy: String, officers: String = "1 of (olga)", _ people: PeopleGiven) throws -> EscrowPlan {
        let approval = try people.approval(PolicyText(officers))
        return try EscrowPlan(
            policy: people.policy(PolicyText(policy), officers: approval),
            approval: approval,
            people: people,
            title: nil,
            isRehearsal: false,
            now: World.created
        )
    }

    @Test("who has no card is named, with those who have one")
    func noCard() throws {
        let people = try PeopleGiven(at: [cast.cards])
        let everybody = (Cast.custodians + Cast.officers).sorted()
        #expect(throws: EscrowError.person(.noCard("wanda", given: everybody))) {
            _ = try plan("2 of (alice, wanda)", people)
        }
    }

    @Test("an OpenSSH key makes an officer, and no custodian")
    func publicKey() throws {
        try folder.write("wanda.pub", "\(try Somebody("wanda").officer.key.openSSH) wanda@office\n")
        let people = try PeopleGiven(at: [cast.cards, folder("wanda.pub")])
        #expect(try people.approval(PolicyText("1 of (wanda)")).text == "1 of (wanda)")
        #expect(throws: EscrowError.person(.sshKeyCannotUnseal(path: folder("wanda.pub").string, "wanda"))) {
            _ = try plan("2 of (alice, wanda)", people)
        }
    }

    @Test("a file of an OpenSSH key that is none, or has no name, is named")
    func badPublicKey() throws {
        try folder.write("wanda.pub", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC0 x\n")
        #expect(
            throws: EscrowError.publicKey(path: folder("wanda.pub").string, .unsupportedType("ssh-rsa"))
        ) { try PeopleGiven(at: [folder("wanda.pub")]) }
        try folder.write("Wanda W.pub", "\(try Somebody("wanda").officer.key.openSSH)\n")
        #expect(
            throws: EscrowError.directory(
                .fileName(
                    path: folder("Wanda W.pub").string,
                    expected: "the name of an officer, such as omar.pub"
                )
            )
        ) { try PeopleGiven(at: [folder("Wanda W.pub")]) }
    }

    @Test("two different cards of one name are refused, the same card twice is not")
    func twoCards() throws {
        let (first, second) = (try card(cast["alice"], as: "a.card"), try card(Somebody("alice"), as: "b.card"))
        #expect(throws: EscrowError.person(.twoCards("alice", first.string, second.string))) {
            try PeopleGiven(at: [first, second])
        }
        #expect(try PeopleGiven(at: [first, first, cast.cards.appending("alice.card")]).cardNames == ["alice"])
    }

    @Test("a card that is no longer valid is refused, at its last second too")
    func expired() throws {
        for (time, isValid) in [("2026-11-23T12:00:00Z", false), ("2026-11-23T12:00:01Z", true)]
            as [(Timestamp, Bool)]
        {
            let wanda = try Somebody("wanda", CardDetails(validUntil: time))
            let path = try card(wanda)
            let people = try PeopleGiven(at: [cast.cards, path])
            if isValid {
                #expect(try plan("2 of (alice, wanda)", people).cards.map(\.name) == ["alice", "wanda"])
            } else {
                #expect(throws: EscrowError.person(.cardExpired(path: path.string, "wanda", time))) {
                    _ = try plan("2 of (alice, wanda)", people)
                }
            }
        }
    }

    @Test("one key under two names is refused")
    func oneKey() throws {
        let seed = [UInt8](repeating: 7, count: 32)
        let cards = try ["wanda", "willy"].map { (name: Name) in
            let identity = Identity(name: name, seed: secret(seed))
            try folder.write("\(name).card", Card.make(for: identity, details: CardDetails()).bytes)
            return folder("\(name).card")
        }
        let people = try PeopleGiven(at: cards + [cast.cards.appending("olga.card")])
        #expect(throws: EscrowError.person(.keyAppearsTwice("wanda", "willy"))) {
            _ = try plan("2 of (wanda, willy)", people)
        }
        #expect(throws: EscrowError.approval(.keyAppearsTwice("wanda", "willy"))) {
            _ = try people.approval(PolicyText("1 of (wanda, willy)"))
        }
    }

    @Test("a card that is altered, or of another kind, is named")
    func altered() throws {
        var bytes = cast["alice"].card.bytes
        bytes.replace(Array("alice".utf8), with: Array("alicf".utf8), maxReplacements: 1)
        try folder.write("alice.card", bytes)
        #expect(
            throws: EscrowError.card(path: folder("alice.card").string, .signature("alicf", .doesNotVerify))
        ) { try PeopleGiven(at: [folder("alice.card")]) }
        try folder.write("x.card", "{}\n")
        #expect(
            throws: EscrowError.directory(
                .anotherFile(path: folder("x.card").string, found: .json, wanted: .document("card"))
            )
        ) { try PeopleGiven(at: [folder("x.card")]) }
        #expect(throws: EscrowError.file(.system(path: folder("none").string, .noSuchFileOrDirectory))) {
            try PeopleGiven(at: [folder("none")])
        }
    }

    @Test("the people of an epoch come back from it, and others fill in")
    func ofEpoch() throws {
        let world = try World()
        let people = try PeopleGiven(of: world.document())
        #expect(people.cardNames == ["alice", "bob", "carol"])
        #expect(people.officers.map(\.name) == ["alice", "bob", "carol", "olga", "omar"])
        var mine = try PeopleGiven(at: [card(Somebody("alice"))])
        mine.fill(from: people)
        #expect(mine.cardNames == ["alice", "bob", "carol"])
        #expect(mine.card(of: "alice") != cast["alice"].card)
        #expect(mine.card(of: "bob") == cast["bob"].card)
    }
}
