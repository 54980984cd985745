// SPDX-License-Identifier: Apache-2.0

import Ristretto255
import SecretMemory
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// What a custodian's program answers, and what it opens for nobody.
@Suite struct AskedEnrolmentTests {
    let scene: EnrolmentScene

    init() throws {
        scene = try EnrolmentScene()
    }

    private func keys(_ somebody: Somebody) throws -> IdentityFile {
        let none: SecretBytes? = nil
        return try somebody.identity.sealed(passphrase: none)
    }

    private func answer(
        _ challenge: EnrolmentChallenge,
        signedBy signer: Somebody? = nil,
        by person: Somebody? = nil,
        card: Card? = nil,
        now: Timestamp = EnrolmentScene.answered
    ) throws -> [Parcel.File] {
        let (officer, person) = (signer ?? scene.olga, person ?? scene.frank)
        let files = challenge.parcelFiles(to: card ?? scene.frank.card, signedBy: officer.identity)
        var found = EnrolmentFiles()
        found.add(Parcel(about: "a test", files: files), shownAs: "x.parcel")
        #expect(found.faults.isEmpty && found.challenges.count == 1)
        return try AskedEnrolment(found.challenges[0], in: found, to: keys(person), now: now)
            .answered(by: person.identity, now: now)
    }

    private func path(_ challenge: EnrolmentChallenge) -> String {
        let digest = SHA256Digest(of: challenge.encoded())
        return "x.parcel: \(EnrolmentChallenge.fileName(of: challenge.custodian, digest))"
    }

    /// A challenge with a box of somebody's making.
    private func challenge(box: [UInt8], promising answer: SHA256Digest? = nil) -> EnrolmentChallenge {
        EnrolmentChallenge(
            to: scene.frank.card,
            by: scene.olga.officer,
            at: EnrolmentScene.asked,
            until: EnrolmentScene.expires,
            box: box,
            answer: answer ?? scene.frank.card.digest
        )
    }

    private func expect(
        _ error: EnrolmentError,
        of challenge: EnrolmentChallenge,
        by person: Somebody? = nil,
        card: Card? = nil,
        now: Timestamp = EnrolmentScene.answered,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let expected = EscrowError.enrolment(path: path(challenge), error)
        #expect(throws: expected, sourceLocation: sourceLocation) {
            _ = try answer(challenge, by: person, card: card, now: now)
        }
    }

    @Test("what is sent back is all that an officer needs, and proves it")
    func everyday() throws {
        let sent = try answer(try scene.challenge())
        let parcel = try Parcel(canonical: Parcel(about: "a test", files: sent).encoded())
        var found = EnrolmentFiles()
        found.add(parcel, shownAs: "frank.parcel")
        let state = Enrolment.state(of: scene.frank.card, in: found, trusting: scene.trust, now: World.now)
        #expect(state == .proven(at: EnrolmentScene.asked, by: scene.olga.officer))
        let proofs = found.proofs(trusting: scene.trust, now: World.now)
        #expect(proofs.count == 1 && proofs[0].proof.files.count == 4)
        // Filed beside the card it shows the same, and twice is once.
        for (name, bytes) in proofs[0].proof.files {
            try scene.folder.write(name, bytes)
        }
        #expect(try scene.state() == state)
        found.add(parcel, shownAs: "again.parcel")
        #expect(found.answers.count == 1 && found.cards.count == 1 && found.faults.isEmpty)
    }

    @Test("a clock that is a little behind makes no answer older than its challenge")
    func clocks() throws {
        let challenge = try scene.challenge()
        let now = EnrolmentScene.asked.adding(seconds: -300)
        var found = EnrolmentFiles()
        found.add(Parcel(about: "a test", files: try answer(challenge, now: now)), shownAs: "frank.parcel")
        #expect(found.answers.map(\.document.created) == [EnrolmentScene.asked])
        let earlier = now.adding(seconds: -1)
        let error = EscrowError.trust(.clockIsWrong(newest: EnrolmentScene.asked, path: path(challenge), now: earlier))
        #expect(throws: error) { _ = try answer(challenge, now: earlier) }
    }

    @Test("decryption oracle: the box of one's share, or of a release, offered as a challenge")
    func oracle() throws {
        let world = try World(policy: "2 of (frank, alice, bob)", cast: try cast())
        let share = try #require(try world.document().manifest.share(of: "frank"))
        expect(.box(.mismatch(.purpose)), of: challenge(box: share.box))
        // A real release of alice's share, sealed to frank as if his key were a request's.
        let header = BoxHeader(
            purpose: .release,
            set: try world.document().manifest.set.bytes,
            epoch: 1,
            path: [2],
            context: scene.frank.card.digest,
            recipient: scene.frank.card.sealingKey
        )
        let release = try SealedPayload.seal(value: world.share(of: "alice").bytes, header: header)
        expect(.box(.mismatch(.purpose)), of: challenge(box: release))
    }

    private func cast() throws -> Cast {
        try Cast([scene.frank, scene.olga] + ["alice", "bob", "omar"].map { try Somebody($0) })
    }

    @Test("a box that holds zero, that was altered, or that is somebody else's")
    func boxes() throws {
        let header = EnrolmentBox.header(of: scene.frank.card)
        let zeros = [UInt8](repeating: 0, count: 32)
        let zero = try SealedPayload.seal(value: SecretBytes(copying: zeros.span), header: header)
        expect(.box(.nothingInside), of: challenge(box: zero))
        var altered = try scene.challenge().box
        altered[100] ^= 1
        expect(.box(.doesNotOpen), of: challenge(box: altered))
        let erin = try Somebody("erin")
        expect(.box(.doesNotOpen), of: challenge(box: try EnrolmentBox.draw(for: erin.card).box))
    }

    @Test("a box of other content than its officer signed for: nothing leaves")
    func promise() throws {
        let (first, second) = (try scene.challenge(), try scene.challenge())
        let answer = try scene.answer(to: second).answer
        expect(.contradictsItself, of: challenge(box: first.box, promising: answer))
    }

    @Test("a challenge that expired, or that one would put to oneself")
    func refused() throws {
        let late = EnrolmentScene.expires.adding(seconds: 1)
        expect(.expired(EnrolmentScene.expires, now: late), of: try scene.challenge(), now: late)
        let own = try scene.challenge(by: scene.frank.officer)
        #expect(throws: EscrowError.enrolment(path: path(own), .askedThemselves("frank"))) {
            _ = try answer(own, signedBy: scene.frank)
        }
    }

    @Test("a card of one's name with other keys, or no card at all")
    func cards() throws {
        let impostor = try Somebody("frank")
        expect(.notYourCard("frank"), of: try scene.challenge(to: impostor.card), card: impostor.card)
        let renewed = Card.make(for: scene.frank.identity, details: try CardDetails(site: "Lyon"))
        expect(.cardIsNotHere("frank", scene.frank.card.digest), of: try scene.challenge(), card: renewed)
    }

    @Test("a challenge that somebody else signed in the officer's name")
    func signature() throws {
        let challenge = try scene.challenge()
        let impostor = try Somebody("olga")
        let keys = SignatureError.otherKey(
            found: impostor.officer.key.fingerprint,
            expected: scene.olga.officer.key.fingerprint
        )
        #expect(throws: EscrowError.signature(path: "\(path(challenge)).olga.sig", keys)) {
            _ = try answer(challenge, signedBy: impostor)
        }
        #expect(throws: EscrowError.trust(.notSigned(path: path(challenge), "olga"))) {
            _ = try answer(challenge, signedBy: try Somebody("omar"))
        }
    }

    @Test(
        "places of enrolments in a parcel, and nothing that leads elsewhere",
        arguments: [
            ("frank.card", true), ("a-b.card", true), ("Frank.card", false), (".card", false), ("../frank.card", false),
            ("frank-0123456789abcdef0123456789abcdef.enrolment.json", true),
            ("frank-0123456789abcdef0123456789abcdef.enrolment-challenge.json", true),
            ("frank-0123456789abcdef0123456789abcdef.enrolment-challenge.json.olga.sig", true),
            ("frank-0123456789abcdef0123456789abcdef.enrolment.json.frank.sig", true),
            ("frank-0123456789abcdef0123456789abcdeF.enrolment.json", false),
            ("frank-0123456789abcdef.enrolment.json", false), ("frank.enrolment.json", false),
            ("frank-0123456789abcdef0123456789abcdef.receipt.json", false),
            ("frank-0123456789abcdef0123456789abcdef.enrolment.json.sig", false),
            ("frank-0123456789abcdef0123456789abcdef.enrolment.json..sig", false),
            ("x/frank-0123456789abcdef0123456789abcdef.enrolment.json", false),
            ("frank-0123456789abcdef0123456789abcdef.enrolment.json.a/../b.sig", false), ("frank.sig", false),
        ] as [(String, Bool)]
    )
    func places(name: String, isKnown: Bool) throws {
        #expect(EnrolmentPlace.isKnown(name) == isKnown)
        for (escrow, isAccepted) in [("enrolment", isKnown), ("acme.escrow", false)] {
            let parcel = Parcel(about: "a test", files: [Parcel.File(escrow: escrow, path: name, content: [1])])
            #expect(((try? Parcel(canonical: parcel.encoded())) != nil) == isAccepted)
        }
    }
}
