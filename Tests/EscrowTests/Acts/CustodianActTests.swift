// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// What custodians do, each way it can end, with whoever is at hand.
@Suite("What custodians do")
struct CustodianActTests {
    private let world: World

    init() throws { world = try World() }

    private func acknowledge(
        _ name: Name = "alice",
        given: [String] = [],
        parcel: FilePath? = nil,
        passphrase: String? = nil
    ) throws -> Acknowledge {
        let identity = try world.onDisk(name, passphrase: passphrase)
        return Acknowledge([world.escrow], by: identity, given: given, parcel: parcel, now: World.now)
    }

    // MARK: Acknowledge

    @Test("a manifest is compared once, and acknowledged once")
    func twice() throws {
        let script = Script(knowing: try world.document().digest)
        try acknowledge().run(attended: script)
        #expect(script.asked == [.text(.manifestDigest)])
        #expect(script.kinds == ["custody", "isWithoutPassphrase", "acknowledged", "filed"])
        #expect(world.names(in: "receipts").count == 2)
        let again = Script()
        try acknowledge().run(attended: again)
        #expect(again.asked == [] && again.kinds == ["acknowledgedAlready"])
    }

    @Test("nothing is signed unless the manifest's digest is said")
    func compared() throws {
        let other = "\(SHA256Digest(of: [1]))"
        for (typed, fault) in [
            (other, Comparison.Fault.typedIsAnother), (nil, .nothingWasTyped),
            ("zebra", .malformed(.unknownWord("zebra", position: 1))),
        ] {
            #expect(throws: EscrowError.comparison(.manifest, fault)) {
                try acknowledge().run(attended: Script { _ in typed })
            }
        }
        let script = Script()
        #expect(throws: EscrowError.comparison(.manifest, .givenIsAnother)) {
            try acknowledge(given: [other]).run(attended: script)
        }
        #expect(script.asked == [] && world.names(in: "receipts") == [])
    }

    @Test("where nobody is, nothing is signed; what was said beforehand is enough")
    func absent() throws {
        #expect(throws: EscrowError.absent(Absence("nobody is here"))) {
            try acknowledge().run(attended: Script(isAnybodyThere: false))
        }
        #expect(world.names(in: "receipts") == [])
        let digests = ["\(SHA256Digest(of: [1]))", "\(try world.document().digest)"]
        try acknowledge(given: digests).run(attended: Script(isAnybodyThere: false))
        #expect(world.names(in: "receipts").count == 2)
    }

    @Test("a passphrase has three tries, and none where nobody types one")
    func passphrases() throws {
        let path = try world.onDisk("alice", passphrase: "correct horse").path
        let given = ["\(try world.document().digest)"]
        let script = Script(passphrase: "wrong")
        #expect(throws: EscrowError.identity(path: path, .wrongPassphrase("alice"))) {
            try acknowledge(given: given).run(attended: script)
        }
        #expect(
            script.asked == (1...3).map { .passphrase(.identity("alice", path: path, attempt: $0)) }
        )
        #expect(throws: EscrowError.person(.noPassphrase(path: path, "alice"))) {
            try acknowledge(given: given).run(attended: Script())
        }
        #expect(world.names(in: "receipts") == [])
        try acknowledge(given: given).run(attended: Script(passphrase: "correct horse"))
        #expect(world.names(in: "receipts").count == 2)
    }

    @Test("who holds no share, or has another key under the name, is not asked anything")
    func strangers() throws {
        let script = Script()
        let dave = try world.onDisk("dave")
        #expect(throws: EscrowError.person(.notACustodian(path: dave.path, "dave"))) {
            try acknowledge("dave").run(attended: script)
        }
        let another = try world.onDisk(Somebody("bob"))
        #expect(throws: EscrowError.person(.identityIsNotThePerson(path: another.path, "bob"))) {
            try acknowledge("bob").run(attended: script)
        }
        #expect(script.asked == [] && script.kinds == [])
    }

    @Test("a parcel that is there already stops it before anybody is asked")
    func parcelIsThere() throws {
        let parcel = world.folder("alice.parcel")
        try world.folder.write([1], to: parcel)
        let script = Script(knowing: try world.document().digest)
        #expect(throws: EscrowError.file(.exists(path: parcel.string))) {
            try acknowledge(parcel: parcel).run(attended: script)
        }
        #expect(script.asked == [])
    }

    // MARK: Prove

    private func prove(at now: Timestamp = World.now) throws -> Prove {
        let given = ["\(try world.document().digest)"]
        let alice = try world.onDisk("alice")
        return Prove([world.escrow], by: alice, challenge: nil, given: given, parcel: nil, now: now)
    }

    @Test("a challenge is answered once, and none is no fault")
    func proven() throws {
        #expect(try !prove().run(attended: Script()).isAnything)
        let challenge = try world.challenge()
        let script = Script()
        #expect(try prove().run(attended: script).failures == [])
        #expect(script.kinds == ["custody", "asks", "isWithoutPassphrase", "proven", "filed"])
        let again = Script()
        #expect(try prove().run(attended: again).isAnything)
        #expect(again.kinds == ["provenAlready"] && world.names(in: "proofs").count == 2)
        #expect(challenge.document.expires > World.now)
    }

    @Test("a challenge that is dated ahead keeps no other from being answered")
    func ahead() throws {
        let late = try world.challenge(at: "2027-01-01T00:00:00Z")
        _ = try world.challenge(by: Somebody("ada.2"))
        let script = Script()
        let outcome = try prove().run(attended: script)
        let wrong = EscrowError.trust(
            .clockIsWrong(
                newest: late.document.created,
                path: late.path.string,
                now: World.now
            )
        )
        #expect(outcome.failures.map(\.fact) == [wrong] && script.failures == [wrong])
        #expect(world.names(in: "proofs").count == 2)
    }

    // MARK: Refuse and release

    @Test("a request is refused with a reason, by those of the escrow, while it is open")
    func refuse() throws {
        let request = try world.request(to: Somebody("request"))
        func act(_ name: Name, because reason: String?, at now: Timestamp = World.now) throws -> Refuse {
            let identity = try world.onDisk(name)
            return Refuse(world.escrow, request: nil, by: identity, because: reason, parcel: nil, now: now)
        }
        let dave = try world.onDisk("dave").path
        #expect(throws: EscrowError.person(.neitherCustodianNorOfficer(path: dave, "dave"))) {
            try act("dave", because: "no").run(attended: Script())
        }
        #expect(throws: EscrowError.text(.reasonToRefuse)) { try act("bob", because: "a\nb").run(attended: Script()) }
        #expect(throws: EscrowError.text(.reasonToRefuse)) { try act("bob", because: nil).run(attended: Script()) }
        #expect(world.names(in: "refusals") == [])
        let script = Script { $0 == .reasonToRefuse ? "nobody called me" : nil }
        try act("bob", because: nil).run(attended: script)
        let yes = Script.Question.decision(.refuse(request: request.identifier))
        #expect(script.asked == [.text(.reasonToRefuse), yes] && world.names(in: "refusals").count == 2)
        let again = Script()
        try act("bob", because: "nobody called me").run(attended: again)
        #expect(again.asked.isEmpty && world.names(in: "refusals").count == 2)
        let late = request.document.expires.adding(seconds: 1)
        #expect(throws: EscrowError.request(request.identifier, .expired(request.document.expires, now: late))) {
            try act("omar", because: "no", at: late).run(attended: Script())
        }
    }

    private func release(_ script: Script, to name: String = "alice.release") throws {
        let act = Release(
            from: world.escrow,
            request: nil,
            by: try world.onDisk("alice"),
            given: Release.Given(manifests: ["\(try world.document().digest)"], requests: []),
            to: world.folder(name),
            isRehearsing: false,
            now: World.now
        )
        try act.run(attended: script)
    }

    @Test("a share leaves after the request's words were said, and nothing before")
    func released() throws {
        let request = try world.request(to: Somebody("request"))
        let manifest = try world.document().digest
        let wrong = Script(knowing: manifest, request: SHA256Digest(of: [1]))
        #expect(throws: EscrowError.comparison(.request(identifier: request.identifier), .typedIsAnother)) {
            try release(wrong)
        }
        #expect(wrong.kinds == ["custody", "asksToRelease", "failed", "failed"])
        #expect((try? world.folder.read(world.folder("alice.release"))) == nil && world.names(in: "releases") == [])
        let script = Script(knowing: manifest, request: request.digest)
        try release(script)
        #expect(script.asked == [.text(.requestDigest(identifier: request.identifier))])
        #expect(script.kinds == ["custody", "asksToRelease", "isWithoutPassphrase", "released", "filed"])
        #expect(throws: EscrowError.file(.exists(path: world.folder("alice.release").string))) { try release(script) }
    }

    @Test("no share leaves of a manifest that its custodian has compared and not acknowledged, after another")
    func unacknowledged() throws {
        let first = try world.document()
        try acknowledge(given: ["\(first.digest)"]).run(attended: Script())
        try world.next()
        let request = try world.request(to: Somebody("request"), in: 2)
        let custodian = try ActingCustodian(try world.onDisk("alice"), attended: Script())
        let directory = try world.directory()
        let given = ["\(request.document.manifest)"]
        let compared = try custodian.compared(in: directory, given: given, now: World.now)
        let epoch = compared.epoch
        let script = Script(knowing: epoch.digest, request: request.digest)
        let place = world.folder("alice.release")
        let another = RequestError.anotherManifest(found: epoch.digest, acknowledged: first.digest)
        #expect(throws: EscrowError.request(request.identifier, another)) {
            let review = try epoch.request(nil, at: World.now)
            _ = try compared.release(to: review, given: [], at: place, attended: script)
        }
        #expect(script.asked == [] && (try? world.folder.read(place)) == nil)
    }

    @Test("no share leaves for a request that was refused")
    func refusedRequest() throws {
        let request = try world.request(to: Somebody("request"))
        let refusal = try world.refuse(request, by: "bob")
        let script = Script(knowing: try world.document().digest, request: request.digest)
        let document = refusal.document
        let refused = RequestError.refused(by: "bob", document.created, document.reason)
        #expect(throws: EscrowError.request(request.identifier, refused)) { try release(script) }
        #expect(script.asked == [])
    }

    // MARK: Answer

    @Test("a parcel's tasks are done each on its own, after a yes for each kind")
    func answer() throws {
        _ = try world.challenge()
        let parcel = Parcel(about: "a test", files: try world.directory().packed())
        func act(_ name: String) throws -> Answer {
            Answer(
                [Answer.Received(parcel, at: "x.parcel")],
                by: try world.onDisk("alice"),
                given: Release.Given(manifests: [], requests: []),
                to: world.folder(name),
                isRehearsing: false,
                now: World.now
            )
        }
        let digest = try world.document().digest
        let no = Script(knowing: digest, agreeing: false)
        let outcome = try act("no.parcel").run(attended: no)
        #expect(outcome.isAsked && outcome.failures.map(\.fact) == [.notConfirmed])
        #expect(no.asked == [.text(.manifestDigest), .decision(.acknowledge(escrow: "acme.escrow"))])
        #expect((try? world.folder.read(world.folder("no.parcel"))) == nil)
        let yes = Script(knowing: digest)
        #expect(try act("yes.parcel").run(attended: yes).failures == [])
        #expect(
            yes.asked == [
                .text(.manifestDigest), .decision(.acknowledge(escrow: "acme.escrow")),
                .decision(.prove(escrow: "acme.escrow")),
            ]
        )
        let sent = try Parcel(canonical: world.folder.read(world.folder("yes.parcel")))
        #expect(sent.files.count == 4 && world.names(in: "receipts") == [])
        // What is done is told when the parcel is there, and what is asked before the question.
        let told = ["laidOut", "custody", "isWithoutPassphrase", "asks", "acknowledged", "proven", "parcel"]
        #expect(yes.kinds == told)
    }

    @Test("whoever does not accept a manifest proves and releases nothing of it")
    func answerRefused() throws {
        _ = try world.challenge()
        let request = try world.request(to: Somebody("request"))
        let parcel = Parcel(about: "a test", files: try world.directory().packed())
        let act = Answer(
            [Answer.Received(parcel, at: "x.parcel")],
            by: try world.onDisk("alice"),
            given: Release.Given(manifests: [], requests: ["\(request.digest)"]),
            to: world.folder("no.parcel"),
            isRehearsing: false,
            now: World.now
        )
        let no = Script(knowing: try world.document().digest, request: request.digest, agreeing: false)
        #expect(try act.run(attended: no).failures.map(\.fact) == [.notConfirmed])
        #expect(no.kinds == ["laidOut", "custody", "failed"])
    }

    // MARK: Rekey

    @Test("a share is sealed to a new card of the same name, after a yes, and not twice to one")
    func rekey() throws {
        let renewed = try Somebody("alice")
        let card = world.folder("new.card")
        try world.folder.write(renewed.card.bytes, to: card)
        func act(_ card: FilePath) throws -> Rekey {
            let given = ["\(try world.document().digest)"]
            let alice = try world.onDisk("alice")
            return Rekey([world.escrow], by: alice, to: card, given: given, parcel: nil, now: World.now)
        }
        let bobs = world.cast.cards.appending("bob.card")
        #expect(throws: EscrowError.person(.notACardOf(path: bobs.string, "alice"))) {
            try act(bobs).run(attended: Script())
        }
        let own = world.cast.cards.appending("alice.card")
        #expect(throws: EscrowError.person(.sealedToThisCard(path: world.escrow.string))) {
            try act(own).run(attended: Script())
        }
        #expect(throws: EscrowError.notConfirmed) { try act(card).run(attended: Script(agreeing: false)) }
        #expect(try world.directory().epochs.count == 1)
        let script = Script()
        try act(card).run(attended: script)
        #expect(script.asked == [.decision(.sealToCard)] && script.kinds.last == "rekeyed")
        #expect(try world.directory().epochs.count == 2)
    }

    // MARK: Check

    @Test("a share is checked, and its custodian told to compare the manifest")
    func check() throws {
        let script = Script()
        try Check([world.escrow], by: world.onDisk("alice"), epoch: nil).run(attended: script)
        guard case .custodian(.checked(let share))? = script.told.last else {
            Issue.record("nothing was checked")
            return
        }
        #expect(share.isToBeAcknowledged && share.sealedIn == 1 && share.path == "1")
        let dave = try world.onDisk("dave")
        #expect(throws: EscrowError.person(.notACustodian(path: dave.path, "dave"))) {
            try Check([world.escrow], by: dave, epoch: nil).run(attended: script)
        }
    }
}
