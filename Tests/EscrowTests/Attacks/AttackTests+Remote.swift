// SPDX-License-Identifier: Apache-2.0

import Ristretto255
import SecretSharing
import SystemPackage
import Testing

@testable import Audit
@testable import Custody
@testable import Encoding
@testable import Escrow

/// Who asks custodians from afar, keeps what they send, or sends it for them.
extension AttackTests {
    @Test(
        "whoever asks custodians by telephone or mail for their shares: no officers, no share; officers who conspire get it"
    )
    func telephone() throws {
        let key = try Somebody("request")
        let forged = try world.request(to: key, signedBy: [])
        let review = try #require(try document.requests().first)
        #expect(
            throws: EscrowError.request(
                forged.identifier,
                .notApproved(signed: [], needed: 2, missing: ["olga", "omar"])
            )
        ) { try review.check(at: World.now) }
        try world.folder.remove(world.epoch.appending("requests"))
        // Signed by all, and one custodian objects.
        let request = try world.request(to: key)
        try #require(try document.requests().first).check(at: World.now)
        try world.refuse(request, by: "carol")
        let refused = try #require(try document.requests().first)
        let objection = EscrowError.request(request.identifier, .refused(by: "carol", World.now, "nobody told me"))
        #expect(throws: objection) { try refused.check(at: World.now) }
        // A share goes to that request's key alone.
        let release = try world.release(request, by: "alice")
        for somebody in [try Somebody("request"), world.cast["alice"], world.cast["olga"]] {
            #expect(throws: EscrowError.release(path: "x", .box(.doesNotOpen))) {
                _ = try release.open(with: somebody.identity, for: request, in: document, at: "x")
            }
        }
        // The loss: enough officers override the refusal, and two releases are the secret.
        let refusal = try #require(try refused.refusals.first?.refusal.get())
        try world.override([refusal], of: request, signedBy: ["olga", "omar"])
        try #require(try document.requests().first).check(at: World.now)
        let isTheSecret = try opened(request, with: key, by: ["alice", "bob"])
        #expect(isTheSecret)
    }

    /// Whether these people's releases, opened with a request's key, give the secret.
    private func opened(_ request: Filed<Request>, with key: Somebody, by names: [Name]) throws -> Bool {
        var collection = ShareCollection(for: document.manifest.sharing)
        for name in names {
            let release = try world.release(request, by: name)
            try collection.add(
                release.open(with: key.identity, for: request, in: document, at: "\(name).release"),
                at: release.statement.path
            )
        }
        let secret = try collection.finish()
        return Element(generatorTimes: secret) == document.manifest.sharing.secret
    }

    @Test(
        "somebody who keeps a release and gets the request's key later: refused elsewhere; key and quorum are the loss"
    )
    func keptRelease() throws {
        let key = try Somebody("request")
        let request = try world.request(to: key)
        let kept = try world.release(request, by: "alice")
        let second = try world.request(to: key, at: "2026-12-01T12:00:01Z")
        #expect(
            throws: EscrowError.release(
                path: "x",
                .anotherRequest(found: request.digest, expected: second.digest)
            )
        ) { _ = try kept.open(with: key.identity, for: second, in: document, at: "x") }
        let end = World.now.adding(seconds: 3 * 86_400)
        let late = end.adding(seconds: 1)
        let review = try #require(try document.requests().first { $0.request.digest == request.digest })
        #expect(throws: EscrowError.request(request.identifier, .expired(end, now: late))) {
            try review.check(at: late)
        }
        // The request's key lies under a passphrase of its own.
        let cost = try DerivationCost(passes: 1, memoryByteCount: 64 << 20)
        let file = try key.identity.sealed(passphrase: secret("for one restore"), cost: cost)
        #expect(throws: IdentityError.wrongPassphrase("request")) {
            _ = try file.open(passphrase: secret("for another"))
        }
        // The loss: with it and as many releases as the threshold, time is no matter: nothing is revoked.
        let isTheSecret = try opened(request, with: key, by: ["alice", "carol"])
        #expect(isTheSecret)
    }

    @Test("whoever sends a custodian a challenge to enrol: no oracle; an officer answers, and cannot sign, for them")
    func enrolmentOracle() throws {
        let scene = try EnrolmentScene()
        let header = EnrolmentBox.header(of: scene.frank.card)
        let share = try world.share(of: "alice")
        for purpose in [BoxPurpose.share, .release] {
            let offered = BoxHeader(
                purpose: purpose,
                set: document.manifest.set.bytes,
                epoch: 1,
                path: [1],
                context: scene.frank.card.digest,
                recipient: scene.frank.card.sealingKey
            )
            let box = try SealedPayload.seal(value: share.bytes, header: offered)
            #expect(throws: BoxError.mismatch(.purpose)) {
                _ = try scene.frank.identity.answer(toEnrolment: box, of: scene.frank.card)
            }
            #expect(offered.encoded != header.encoded)
        }
        // The loss: the officer drew the bytes, so knows the answer. Frank's signature is not on it.
        let challenge = try scene.challenge()
        try scene.write(challenge, signedBy: scene.olga)
        let name = try scene.write(try scene.answer(to: challenge), signedBy: nil)
        #expect(try scene.state() == .wrong([.trust(.notSigned(path: scene.path(name), "frank"))]))
        try scene.folder.write(
            "\(name).frank.sig",
            scene.olga.sign(try scene.answer(to: challenge).encoded(), .enrolment).signature.armored
        )
        let keys = SignatureError.otherKey(
            found: scene.olga.officer.key.fingerprint,
            expected: scene.frank.officer.key.fingerprint
        )
        #expect(try scene.state() == .wrong([.signature(path: scene.path("\(name).frank.sig"), keys)]))
    }

    @Test(
        "a custodian with a card that opens nothing, or somebody else's card in their name: enrolment shows it; a backup goes on"
    )
    func falseCard() throws {
        let scene = try EnrolmentScene()
        // Nobody has the seed of this card: nothing is ever answered.
        let dead = Card.make(for: Identity(generatingFor: "frank"), details: try CardDetails())
        try scene.write(try scene.challenge(to: dead), signedBy: scene.olga)
        #expect(try scene.state(of: dead) == .notAnswered)
        // Mallory's card under frank's name, while frank answers for his own.
        let impostor = try Somebody("frank")
        let answer = try scene.enrol().answer
        let difference = EnrolmentError.anotherCard("frank", scene.frank.card.digest)
        #expect(
            try scene.state(of: impostor.card) == .wrong([.enrolment(path: scene.path(answer), difference)])
        )
        #expect(try scene.state() == .proven(at: EnrolmentScene.asked, by: scene.olga.officer))
        // The loss: it is a warning. None of these people has answered, and the escrow is made.
        #expect(document.manifest.people.map(\.name).contains("alice"))
        #expect(
            try Enrolment.state(
                of: world.cast["alice"].card,
                in: world.cast.cards,
                officers: [world.cast["olga"].officer],
                now: World.now
            ) == .notAnswered
        )
    }

    @Test("somebody who packs a parcel: paths are places, and what is secret stays out by name")
    func parcel() throws {
        let key = try Somebody("request")
        let request = try world.request(to: key)
        let digits = String(repeating: "0a", count: 16)
        let release = try world.release(request, by: "alice").encoded()
        let place = world.epoch.appending("releases").appending("alice-\(digits).json")
        try world.folder.write(release, to: place)
        var leftOut: [String] = []
        _ = try world.directory().packed { leftOut.append($0) }
        #expect(
            leftOut == ["\(place): a release: it is for the restoring machine, and never lies in an escrow"]
        )
        for path in ["../x", "/etc/passwd", "0001-3fa9c2d1/../x", "alice.identity", "acme.p12"] {
            let json = JSONValue.object([
                "about": .string("a gift"), "format": .string("ca-escrow/v1/parcel"),
                "files": .array([
                    .object(["content": .string("AAEC"), "escrow": .string("acme.escrow"), "path": .string(path)])
                ]),
            ])
            #expect(throws: DocumentError.wrongValue(field: "files[0].path", expected: "a place in an escrow")) {
                try Parcel(canonical: json.encoded())
            }
        }
    }

    @Test(
        "an auditor who lies, or makes custodians do work: who is not admitted asks for nothing; a proof shows no share"
    )
    func auditor() throws {
        let challenge = try world.challenge(by: Auditors.eve)
        let answer = try world.prove(challenge, by: "alice")
        let share = try bytes(world.share(of: "alice").bytes)
        for form in [share, Array(Hex.encode(share).utf8), Array(Base64.encode(share).utf8)] {
            #expect(!answer.bytes.contains(form))
        }
        // What was proven to eve counts for nobody who does not know her.
        try answer.file()
        let audit = try world.fullAudit()
        #expect(audit.failed.isEmpty)
        let nobody = AuditOutcome.notChecked("signers admits no signer of a challenge for ca-escrow-challenge-v1")
        #expect(audit.outcome(.proofs) == nobody)
    }

    @Test(
        "one insider who blocks: who suspends people for no reason is named, keeps no quorum from the key, and is overruled"
    )
    func suspension() throws {
        for name in ["alice", "bob"] as [Name] {
            try world.suspend(name, because: .died)
        }
        #expect(try world.audit().findings(.quorum) == ["alice, bob: suspended; the others cannot restore"])
        let record = try #require(try Evidence(of: document, in: world.directory()).suspension(of: "alice"))
        #expect(record.signatures.signed == [world.cast["olga"].officer])
        #expect(try world.restore(by: ["alice", "bob"]) == [Acme.pkcs8(.root)])
        try world.reinstate("alice", ending: [record.digest])
        #expect(try world.audit().failed.isEmpty)
        // Once more, alone, and dated before that: it does not count.
        try world.suspend("alice", because: .left, at: World.now.adding(seconds: -60))
        #expect(try world.audit().failed.isEmpty)
    }
}
