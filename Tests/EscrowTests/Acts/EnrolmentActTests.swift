// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// What officers ask of whoever has a card, and what they make of the answers.
@Suite("Enrolment")
struct EnrolmentActTests {
    private let scene: EnrolmentScene
    private let officer: IdentityOnDisk

    init() throws {
        scene = try EnrolmentScene()
        officer = try Self.onDisk(scene.olga, in: scene)
    }

    private static func onDisk(_ somebody: Somebody, in scene: EnrolmentScene) throws -> IdentityOnDisk {
        let path = "\(somebody.name).identity"
        try scene.folder.write(path, try somebody.identity.sealed(passphrase: nil, cost: .minimum).encoded())
        return try IdentityOnDisk(at: scene.path(path))
    }

    private var parcel: FilePath { scene.folder("frank.parcel") }

    private func ask(_ cards: [String], _ script: Script = Script()) throws -> [Enrol.Asked] {
        try Enrol(
            cards.map { scene.folder($0) },
            by: officer,
            until: EnrolmentScene.expires,
            to: parcel,
            now: EnrolmentScene.asked
        ).run(attended: script)
    }

    private func review(
        _ names: [String],
        trusting trust: EnrolmentTrust? = nil,
        into folder: FilePath? = nil
    ) throws -> EnrolmentReview {
        let files = names.map { scene.folder($0) }
        return try VerifyEnrolment(files, trusting: trust ?? scene.trust, into: folder, now: World.now).run()
    }

    @Test("nothing is asked for longer than its readers take, and nothing is filed where no directory is")
    func refused() throws {
        let parcel = scene.folder("long.parcel")
        let longest = EnrolmentChallenge.longestSeconds
        let error = try #require(throws: EscrowError.self) {
            _ = try Enrol(
                [scene.folder("frank.card")],
                by: officer,
                until: EnrolmentScene.asked.adding(seconds: longest + 1),
                to: parcel,
                now: EnrolmentScene.asked
            ).run(attended: Script())
        }
        guard case .document(_, .wrongValue(field: "expires", _)) = error else {
            Issue.record(error)
            return
        }
        let absent = scene.folder("absent")
        #expect(throws: EscrowError.directory(.notADirectory(path: absent.string))) { _ = try review([], into: absent) }
    }

    @Test("a card is challenged in a parcel, which its custodian answers")
    func challenge() throws {
        let script = Script()
        let asked = try ask(["frank.card"], script)
        #expect(asked.map(\.card) == [scene.frank.card])
        #expect(asked.map(\.path) == [scene.path("frank.card")])
        #expect(script.kinds == ["isWithoutPassphrase"])
        let sent = try Parcel(at: parcel)
        #expect(sent.about == "olga asks frank to show that they can unseal: ca-escrow answer FILE")
        #expect(try review(["frank.parcel"]).lines.map(\.verdict) == [.notAnswered])
        let frank = try Self.onDisk(scene.frank, in: scene)
        let answer = Answer(
            [Answer.Received(sent, at: "frank.parcel")],
            by: frank,
            given: Release.Given(manifests: [], requests: []),
            to: scene.folder("answer.parcel"),
            isRehearsing: false,
            now: EnrolmentScene.answered
        )
        #expect(try answer.run(attended: Script()).isAsked)
        let review = try review(["answer.parcel"])
        #expect(review.lines.map(\.verdict) == [.proven])
        #expect(review.exitStatus == 0)
    }

    @Test("whoever asks is not asked, nor is anybody whose card has ended, or who has none")
    func nobodyToAsk() throws {
        try scene.folder.write("olga.card", scene.olga.card.bytes)
        let script = Script()
        #expect(try ask(["frank.card", "olga.card"], script).map(\.card.name) == ["frank"])
        #expect(script.kinds == ["ownCardLeftOut", "isWithoutPassphrase"])
        #expect(throws: EscrowError.file(.exists(path: parcel.string))) { _ = try ask(["frank.card"]) }
        try scene.folder.remove(parcel)
        let own = EscrowError.enrolment(path: scene.path("olga.card"), .askedThemselves("olga"))
        #expect(throws: own) { _ = try ask(["olga.card"]) }
        try scene.folder.write("zoe.pub", Array(scene.frank.card.signingKey.openSSH.utf8))
        #expect(throws: EscrowError.enrolment(path: scene.path("zoe.pub"), .noCard)) { _ = try ask(["zoe.pub"]) }
        let end: Timestamp = "2026-01-01T00:00:00Z"
        let late = try Somebody("late", CardDetails(validUntil: end))
        try scene.folder.write("late.card", late.card.bytes)
        #expect(throws: EscrowError.person(.cardExpired(path: scene.path("late.card"), "late", end))) {
            _ = try ask(["frank.card", "late.card"])
        }
        #expect(try Files.kind(of: parcel) == nil)
    }

    @Test("what is proven is filed beside its card, once, and over nothing else")
    func filing() throws {
        let (challenge, answer) = try scene.enrol()
        let review = try review(["frank.card", challenge, answer])
        #expect(
            review.lines.map(\.text) == [
                "\(scene.path("frank.card")): proven: frank answered the challenge of olga of "
                    + EnrolmentScene.asked.forPeople
            ]
        )
        let cards = scene.folder("cards")
        try scene.folder.write("cards/other", [])
        var filed: [String] = []
        try review.file(in: cards) { filed.append($0.lastComponent?.string ?? "") }
        #expect(filed == ["frank.card", "\(challenge).olga.sig", challenge, "\(answer).frank.sig", answer])
        try review.file(in: cards) { Issue.record("\($0) was filed twice") }
        let other = try Somebody("frank")
        try scene.folder.remove(cards.appending("frank.card"))
        try scene.folder.write("cards/frank.card", other.card.bytes)
        let two = EscrowError.person(.twoCards("frank", cards.appending("frank.card").string, scene.path("frank.card")))
        #expect(throws: two) { try review.file(in: cards) { _ in } }
    }

    @Test("nobody who is believed: not checked; another who is: wrong; an answer without its card: wrong")
    func verdicts() throws {
        let (challenge, answer) = try scene.enrol()
        let files = ["frank.card", challenge, answer]
        let unanchored = try review(files, trusting: EnrolmentTrust(officers: []))
        #expect(unanchored.lines.map(\.verdict) == [.notChecked])
        #expect(unanchored.exitStatus == 1)
        let other = try review(files, trusting: EnrolmentTrust(officers: [Somebody("omar").officer]))
        #expect(other.lines.map(\.verdict) == [.wrong])
        #expect(other.exitStatus == 2)
        #expect(try review([challenge, answer]).lines.map(\.verdict) == [.wrong])
        try scene.folder.write("empty/other", [])
        #expect(throws: EscrowError.enrolment(path: scene.path("empty"), .nothingHere)) { _ = try review(["empty"]) }
    }
}
