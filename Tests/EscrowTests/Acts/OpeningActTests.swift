// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// Opening an escrow, each way it can end, with whoever is at hand.
@Suite("Opening an escrow with whoever is at hand")
struct OpeningActTests {
    private let world: World

    init() throws { world = try World() }

    private func opening(anchored isAnchored: Bool = true) throws -> Opening {
        var opening = Opening(world.escrow, now: World.now)
        if isAnchored {
            opening.anchor = try Anchor.of([world.cast["olga"].officer, world.cast["omar"].officer])
        }
        opening.certificate = .file(try Acme.certificate(.root), path: "ca.crt")
        return opening
    }

    private func drill(_ opening: Opening, _ script: Script) throws -> Drill.Done {
        try Drill(opening, for: nil, answering: nil, isSigned: true).run(attended: script)
    }

    private func files(_ names: [Name]) throws -> [FilePath] {
        try names.map { FilePath(try world.onDisk($0).path) }
    }

    @Test("a quorum opens it, and whoever holds no share is told")
    func quorum() throws {
        let script = Script(bringing: try files(["dave", "alice", "bob"]))
        #expect(try drill(opening(), script).isSigned)
        let dave = try world.onDisk("dave").path
        #expect(
            script.asked == [
                .identity(count: 2, ["alice", "bob", "carol"]), .identity(count: 2, ["alice", "bob", "carol"]),
                .identity(count: 1, ["bob", "carol"]),
            ]
        )
        guard
            case .done(.rejected(let rejection))? = script.told.first(where: {
                if case .done(.rejected) = $0 { true } else { false }
            })
        else {
            Issue.record("nobody was rejected")
            return
        }
        #expect(rejection.error == .person(.notACustodian(path: dave, "dave")) && !rejection.isBadShare)
        #expect(script.kinds.suffix(5).filter { $0 == "accepted" }.count == 2 && script.kinds.last == "drilled")
    }

    @Test("fewer than a quorum open nothing, and leave no record")
    func tooFew() throws {
        let few = EscrowError.opening(.notEnough(found: 1, needed: 2, candidates: ["bob", "carol"]))
        #expect(throws: few) { _ = try drill(opening(), Script(bringing: files(["alice", "alice"]))) }
        #expect(throws: EscrowError.absent(Absence("nobody is here"))) {
            _ = try drill(opening(), Script(isAnybodyThere: false))
        }
        #expect(world.names(in: "records") == [])
    }

    @Test("who is here is not asked for, and officers among them sign the record")
    func present() throws {
        var opening = try opening()
        opening.identities = [try world.onDisk("alice"), try world.onDisk("olga"), try world.onDisk("carol")]
        let script = Script()
        let done = try drill(opening, script)
        #expect(script.asked == [] && script.kinds.filter { $0 == "accepted" }.count == 2)
        let names = try Files.names(in: done.receipt.removingLastComponent())
        #expect(names.contains { $0.hasSuffix(".olga.sig") })
    }

    @Test("nobody is asked for a share before somebody vouches for the manifest")
    func trustFirst() throws {
        var opening = try opening(anchored: false)
        let silent = Script(bringing: try files(["alice", "bob"]))
        #expect(throws: EscrowError.trust(.notBelieved(path: world.escrow.string))) { _ = try drill(opening, silent) }
        #expect(silent.asked == [.text(.reasonToBelieve)])
        #expect(throws: EscrowError.trust(.nobodyVouches(path: world.escrow.string, for: .opening))) {
            _ = try drill(opening, Script(isAnybodyThere: false))
        }
        opening.anchor = try Anchor.of([Auditors.ada.officer])
        let stranger = Script(bringing: try files(["alice", "bob"]))
        let error = try #require(throws: EscrowError.self) { _ = try drill(opening, stranger) }
        guard case .trust(.noOfficerIsTrusted) = error else {
            Issue.record(error)
            return
        }
        #expect(stranger.asked == [])
        opening.anchor = nil
        opening.unverified = "the officers are gone"
        _ = try drill(opening, Script(bringing: try files(["alice", "bob"])))
    }

    @Test("the certificate that is wanted is asked for, and another one opens nothing")
    func certificate() throws {
        var opening = try opening()
        opening.certificate = .asked
        let digest = SHA256Digest(of: try Acme.certificate(.root).der)
        #expect(throws: EscrowError.trust(.notACertificateDigest)) {
            _ = try opening.found(attended: Script { _ in "acme" })
        }
        let found = try opening.found(attended: Script { $0 == .certificateDigest ? digest.grouped : nil })
        #expect(found.document.digest == (try world.document().digest))
        opening.certificate = .digest("\(SHA256Digest(of: [1]))")
        let error = try #require(throws: EscrowError.self) { _ = try opening.found(attended: Script()) }
        guard case .trust(.anotherCertificate) = error else {
            Issue.record(error)
            return
        }
    }

    @Test("a rule that stands in the way is set aside with a reason, and none that does not")
    func overrides() throws {
        var opening = try opening()
        opening.overrides = ([.superseded], "a test")
        #expect(throws: EscrowError.trust(.nothingToOverride(.superseded))) {
            _ = try opening.found(attended: Script())
        }
        try world.next(created: World.created.adding(seconds: 60))
        opening.epoch = .number(1)
        _ = try opening.found(attended: Script())
        opening.overrides = ([], "")
        let superseded = EscrowError.trust(.superseded(path: world.epoch.string, by: 2))
        #expect(throws: EscrowError.trust(.needsOverride(.superseded, superseded))) {
            _ = try opening.found(attended: Script())
        }
    }

    @Test("what a record cannot say is refused before anybody is asked for a share", arguments: ["", "a\nb"])
    func texts(_ text: String) throws {
        var (unverified, overriding) = (try opening(anchored: false), try opening())
        unverified.unverified = text
        overriding.overrides = ([.superseded], text)
        for (act, field) in [
            (Drill(unverified, for: nil, answering: nil, isSigned: true), "unverified"),
            (Drill(overriding, for: nil, answering: nil, isSigned: true), "override"),
            (Drill(try opening(), for: text, answering: nil, isSigned: true), "purpose"),
        ] {
            let script = Script()
            let fault = DocumentError.wrongValue(
                field: field,
                expected: "1 to 500 characters, none invisible and no control character"
            )
            #expect(throws: EscrowError.document(path: world.escrow.string, fault)) {
                _ = try act.run(attended: script)
            }
            #expect(script.asked == [] && script.kinds == [])
        }
    }

    @Test("a drill answers the open challenge, and says where none is")
    func challenge() throws {
        let people = try files(["alice", "bob"])
        let script = Script(bringing: people)
        _ = try drill(opening(), script)
        #expect(script.kinds.contains("noChallengeIsOpen"))
        let challenge = try world.challenge()
        let answering = Script(bringing: people)
        _ = try drill(opening(), answering)
        #expect(answering.kinds.contains("answersChallenge"))
        let late = Drill(try opening(at: challenge), for: nil, answering: challenge.identifier, isSigned: false)
        let expires = challenge.document.expires
        let error = try #require(throws: EscrowError.self) { _ = try late.run(attended: Script(bringing: people)) }
        #expect(error == .trust(.challengeExpired(challenge.identifier, expires, now: expires.adding(seconds: 1))))
    }

    private func opening(at challenge: Filed<Challenge>) throws -> Opening {
        var late = Opening(world.escrow, now: challenge.document.expires.adding(seconds: 1))
        late.anchor = try opening().anchor
        late.certificate = try opening().certificate
        return late
    }

    @Test("a request's releases open it from afar, with its key, and the key is erased")
    func fromAfar() throws {
        let key = try Somebody("request")
        let request = try world.request(to: key)
        let paths = try (["alice", "bob"] as [Name]).map { name in
            let path = world.folder("\(name).release")
            try world.folder.write(world.release(request, by: name).encoded(), to: path)
            return path
        }
        var opening = try opening()
        let keyFile = try world.onDisk(key)
        let broken = world.folder("broken.release")
        try world.folder.write([1, 2], to: broken)
        opening.request = Opening.AnsweringRequest(request.identifier, key: keyFile, releases: [broken] + paths)
        let script = Script(isAnybodyThere: false)
        _ = try drill(opening, script)
        #expect(script.failures.count == 1 && script.kinds.filter { $0 == "accepted" }.count == 2)
        #expect(script.kinds.last == "requestKeyErased" && world.names(in: "releases").count == 4)
        #expect((try? world.folder.read(FilePath(keyFile.path))) == nil)
        let other = try world.onDisk(Somebody("request.2"))
        opening.request = Opening.AnsweringRequest(request.identifier, key: other, releases: paths)
        #expect(throws: EscrowError.request(request.identifier, .keyIsAnother(path: other.path))) {
            _ = try drill(opening, Script(isAnybodyThere: false))
        }
    }
}
