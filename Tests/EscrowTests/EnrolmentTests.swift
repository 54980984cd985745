// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import SystemPackage
import TestSupport
import Testing

@testable import Escrow

/// Whether a card's holder has shown that they can unseal, and every way in which an answer does not show it.
@Suite struct EnrolmentTests {
    let scene: EnrolmentScene

    init() throws {
        scene = try EnrolmentScene()
    }

    private func expect(
        _ error: EnrolmentError,
        of name: String,
        card: Card? = nil,
        trusting trust: EnrolmentTrust? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let state = try scene.state(of: card, trusting: trust)
        let expected = EscrowError.enrolment(path: scene.path(name), error)
        #expect(state == .wrong([expected]), sourceLocation: sourceLocation)
    }

    @Test("an answer that holds is as old as its challenge; without one nothing is shown")
    func proven() throws {
        #expect(try scene.state() == .notAnswered)
        let challenge = try scene.challenge()
        try scene.write(challenge, signedBy: scene.olga)
        #expect(try scene.state() == .notAnswered)
        try scene.write(try scene.answer(to: challenge), signedBy: scene.frank)
        #expect(try scene.state() == .proven(at: EnrolmentScene.asked, by: scene.olga.officer))
        #expect(
            try Enrolment.state(
                of: scene.frank.card,
                in: FilePath(scene.folder.path),
                officers: [scene.olga.officer],
                now: World.now
            ) == .proven(at: EnrolmentScene.asked, by: scene.olga.officer)
        )
        // A younger one that holds, and one that does not, take nothing away.
        let second = try scene.challenge(at: "2026-11-22T12:00:00Z")
        try scene.write(second, signedBy: scene.olga)
        try scene.write(try scene.answer(to: second, at: "2026-11-23T12:00:00Z"), signedBy: scene.frank)
        try scene.write(try scene.answer(to: second, at: "2026-11-24T12:00:00Z"), signedBy: nil)
        #expect(try scene.state() == .proven(at: "2026-11-22T12:00:00Z", by: scene.olga.officer))
    }

    @Test("both documents read back as they were written, and differ by a member that is gone or not known")
    func members() throws {
        let challenge = try scene.challenge()
        #expect(try EnrolmentChallenge(canonical: challenge.encoded()) == challenge)
        let answer = try scene.answer(to: challenge)
        #expect(try EnrolmentAnswer(canonical: answer.encoded()) == answer)
        for (members, read) in [
            (challenge.members, { bytes throws(DocumentError) in _ = try EnrolmentChallenge(canonical: bytes) }),
            (answer.members, { bytes throws(DocumentError) in _ = try EnrolmentAnswer(canonical: bytes) }),
        ] as [([String: JSONValue], ([UInt8]) throws(DocumentError) -> Void)] {
            for key in members.keys {
                let bytes = JSONValue.object(members.filter { $0.key != key }).encoded()
                #expect(throws: DocumentError.missing(field: key)) { try read(bytes) }
            }
            let more = JSONValue.object(members.merging(["more": .boolean(true)]) { $1 }).encoded()
            #expect(throws: DocumentError.unknown(field: "more")) { try read(more) }
        }
        for seconds in [0, -1, 90 * 86_400 + 1] {
            let end = EnrolmentScene.asked.adding(seconds: seconds)
            let bytes = try scene.challenge(until: end).encoded()
            let error = DocumentError.wrongValue(
                field: "expires",
                expected: "a time after 'created', by 90 days at most"
            )
            #expect(throws: error) { _ = try EnrolmentChallenge(canonical: bytes) }
        }
    }

    @Test("replay: an answer said to be of another challenge")
    func anotherChallenge() throws {
        let (first, second) = (try scene.challenge(), try scene.challenge())
        try scene.write(second, signedBy: scene.olga)
        let hash = try scene.answer(to: first).answer
        let digest = SHA256Digest(of: second.encoded())
        let forged = EnrolmentAnswer(hash, to: second, digest: digest, at: EnrolmentScene.answered)
        try expect(.wrongAnswer(digest), of: try scene.write(forged, signedBy: scene.frank))
    }

    @Test("replay: an answer about a card that has changed since, or about another of the same name")
    func anotherCard() throws {
        let name = try scene.enrol().answer
        let old = scene.frank.card
        let renewed = Card.make(for: scene.frank.identity, details: try CardDetails(site: "Lyon"))
        let impostor = try Somebody("frank").card
        for card in [renewed, impostor] {
            try expect(.anotherCard("frank", old.digest), of: name, card: card)
        }
        #expect(try scene.state(of: old) == .proven(at: EnrolmentScene.asked, by: scene.olga.officer))
        #expect(try scene.state(of: Somebody("frances").card) == .notAnswered)
    }

    @Test("replay: an answer said to be about the card, to a challenge of another card or another person")
    func anotherSubject() throws {
        let renewed = Card.make(for: scene.frank.identity, details: try CardDetails(site: "Lyon"))
        let old = try scene.challenge()
        try scene.write(old, signedBy: scene.olga)
        let answer = try scene.answer(to: old)
        var json = JSONValue.object(answer.members)
        json["card"] = .string(renewed.digest.description)
        let moved = try EnrolmentAnswer(canonical: json.encoded())
        let name = try scene.write(moved, signedBy: scene.frank)
        try expect(.cardsDiffer, of: name, card: renewed)
        try scene.folder.remove(scene.folder(name))
        let erin = try scene.challenge(to: try Somebody("erin").card)
        try scene.write(erin, signedBy: scene.olga)
        json = JSONValue.object(answer.members)
        json["challenge"] = .string(SHA256Digest(of: erin.encoded()).description)
        json["created"] = .string("2026-11-22T12:00:00Z")
        let other = try EnrolmentAnswer(canonical: json.encoded())
        try expect(.challengeOfAnother("erin"), of: try scene.write(other, signedBy: scene.frank))
    }

    @Test("an answer whose challenge is not here shows nothing")
    func withoutChallenge() throws {
        let challenge = try scene.challenge()
        let name = try scene.write(try scene.answer(to: challenge), signedBy: scene.frank)
        try expect(.challengeIsNotHere(SHA256Digest(of: challenge.encoded())), of: name)
    }

    @Test("a guess is no answer, whoever signs it")
    func guess() throws {
        let challenge = try scene.challenge()
        try scene.write(challenge, signedBy: scene.olga)
        let digest = SHA256Digest(of: challenge.encoded())
        // Also the digest that the challenge shows, which everybody knows.
        for guess in [challenge.answer, digest, scene.frank.card.digest] {
            let forged = EnrolmentAnswer(guess, to: challenge, digest: digest, at: EnrolmentScene.answered)
            let name = try scene.write(forged, signedBy: scene.frank)
            try expect(.wrongAnswer(digest), of: name)
            try scene.folder.remove(scene.folder(name))
        }
    }

    @Test("an answer that somebody else signed, or nobody, or for another purpose")
    func answerSignature() throws {
        let challenge = try scene.challenge()
        try scene.write(challenge, signedBy: scene.olga)
        let answer = try scene.answer(to: challenge)
        let name = try scene.write(answer, signedBy: nil)
        #expect(try scene.state() == .wrong([.trust(.notSigned(path: scene.path(name), "frank"))]))
        let impostor = try Somebody("frank")
        try scene.write(answer, signedBy: impostor)
        let keys = SignatureError.otherKey(
            found: impostor.officer.key.fingerprint,
            expected: scene.frank.officer.key.fingerprint
        )
        #expect(try scene.state() == .wrong([.signature(path: scene.path("\(name).frank.sig"), keys)]))
        try scene.write(answer, signedBy: scene.frank, for: .receipt)
        let namespace = SignatureError.wrongNamespace(found: "ca-escrow-receipt-v1", expected: "ca-escrow-enrolment-v1")
        #expect(try scene.state() == .wrong([.signature(path: scene.path("\(name).frank.sig"), namespace)]))
    }

    @Test("a challenge that its officer has not signed")
    func challengeSignature() throws {
        let challenge = try scene.challenge()
        let name = try scene.write(challenge, signedBy: nil)
        try scene.write(try scene.answer(to: challenge), signedBy: scene.frank)
        #expect(try scene.state() == .wrong([.trust(.notSigned(path: scene.path(name), "olga"))]))
        try scene.write(challenge, signedBy: scene.frank)
        #expect(try scene.state() == .wrong([.trust(.notSigned(path: scene.path(name), "olga"))]))
        let impostor = try Somebody("olga")
        try scene.write(challenge, signedBy: impostor)
        let keys = SignatureError.otherKey(
            found: impostor.officer.key.fingerprint,
            expected: scene.olga.officer.key.fingerprint
        )
        #expect(try scene.state() == .wrong([.signature(path: scene.path("\(name).olga.sig"), keys)]))
    }

    @Test("a challenge by an officer for whom nobody vouches: another name, another key, another purpose, another time")
    func officers() throws {
        let name = try scene.enrol().challenge
        let olga = scene.olga.officer
        let unknown = EnrolmentError.officerIsUnknown(olga)
        for trust in [
            EnrolmentTrust(officers: []), EnrolmentTrust(officers: [try Somebody("olga").officer]),
            EnrolmentTrust(officers: [Signer(name: "omar", key: olga.key)]),
            EnrolmentTrust(officers: [], signers: try signers("ca-escrow-manifest-v1")),
            EnrolmentTrust(
                officers: [],
                signers: try signers("ca-escrow-enrolment-challenge-v1", until: "20261101000000Z")
            ),
        ] {
            try expect(unknown, of: name, trusting: trust)
        }
        let trust = EnrolmentTrust(officers: [], signers: try signers("ca-escrow-enrolment-challenge-v1"))
        #expect(try scene.state(trusting: trust) == .proven(at: EnrolmentScene.asked, by: olga))
        let everyday = EnrolmentTrust(officers: [], signers: try Anchor.of([olga]).signers)
        #expect(try scene.state(trusting: everyday) == .proven(at: EnrolmentScene.asked, by: olga))
    }

    private func signers(_ namespace: String, until end: String? = nil) throws -> AllowedSigners {
        let end = end.map { ",valid-before=\"\($0)\"" } ?? ""
        let key = scene.olga.officer.key.openSSH
        return try AllowedSigners(Array("olga namespaces=\"\(namespace)\"\(end) \(key)\n".utf8))
    }

    @Test("nobody enrols themselves: whoever makes a challenge knows its answer")
    func themselves() throws {
        let frank = scene.frank.officer
        let challenge = try scene.challenge(by: frank)
        try scene.write(challenge, signedBy: scene.frank)
        let name = try scene.write(try scene.answer(to: challenge), signedBy: scene.frank)
        try expect(.askedThemselves("frank"), of: name, trusting: EnrolmentTrust(officers: [frank]))
    }

    @Test("an answer from before the challenge, after its end, or of the future")
    func times() throws {
        let challenge = try scene.challenge()
        try scene.write(challenge, signedBy: scene.olga)
        let early = EnrolmentScene.asked.adding(seconds: -1)
        let late = EnrolmentScene.expires.adding(seconds: 1)
        for (time, error) in [
            (early, EnrolmentError.early(early, asked: EnrolmentScene.asked)),
            (late, .late(late, expired: EnrolmentScene.expires)),
        ] {
            let name = try scene.write(try scene.answer(to: challenge, at: time), signedBy: scene.frank)
            try expect(error, of: name)
            try scene.folder.remove(scene.folder(name))
        }
        for time in [EnrolmentScene.asked, EnrolmentScene.expires] {
            let name = try scene.write(try scene.answer(to: challenge, at: time), signedBy: scene.frank)
            let state = try scene.state(now: time)
            #expect(state == .proven(at: EnrolmentScene.asked, by: scene.olga.officer))
            try scene.folder.remove(scene.folder(name))
        }
        let name = try scene.write(try scene.answer(to: challenge), signedBy: scene.frank)
        let now = EnrolmentScene.answered.adding(seconds: -301)
        let clock = EscrowError.trust(.clockIsWrong(newest: EnrolmentScene.answered, path: scene.path(name), now: now))
        #expect(try scene.state(now: now) == .wrong([clock]))
    }

    @Test("a byte changed in any of the four files: never proven", arguments: 0..<60)
    func bytes(seed: Int) throws {
        let names = try scene.enrol()
        let all = [
            names.challenge, "\(names.challenge).olga.sig", names.answer, "\(names.answer).frank.sig",
        ]
        var generator = SeededGenerator(seed: UInt64(seed))
        let name = all[Int.random(in: 0..<all.count, using: &generator)]
        var content = try scene.folder.read(name)
        let position = Int.random(in: 0..<content.count, using: &generator)
        content[position] ^= UInt8.random(in: 1...255, using: &generator)
        try scene.folder.write(name, content)
        let state = try scene.state()
        if case .proven = state {
            Issue.record("\(name), byte \(position)")
        }
        let faults = try scene.files().faults
        #expect(state != .notAnswered || !faults.isEmpty)
    }

    @Test("a file under another name than its content gives it is a fault")
    func names() throws {
        let name = try scene.enrol().answer
        let other = "frank-\(String(repeating: "0", count: 32)).enrolment.json"
        try scene.folder.move(scene.folder(name), to: scene.folder(other))
        try scene.folder.write("notes.txt", "not ours")
        try scene.folder.write("omar.pub", "not read")
        let files = try scene.files()
        #expect(files.faults == [.directory(.fileName(path: scene.path(other), expected: name))])
        #expect(try scene.state() == .notAnswered)
    }
}
