// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// What officers do, each way it can end, with whoever is at hand.
@Suite("What officers do")
struct OfficerActTests {
    private let world: World

    init() throws { world = try World() }

    // MARK: Sign

    private func sign(
        _ name: Name,
        naming named: [String] = [],
        isConfirmed: Bool = false,
        in world: World? = nil,
        _ script: Script
    ) throws -> [FilePath] {
        let world = world ?? self.world
        let officer = try world.onDisk(name)
        return try Sign([world.escrow], by: officer, naming: named, isConfirmed: isConfirmed, now: World.now)
            .found(attended: script).signed(attended: script).inForce
    }

    @Test("a first manifest is signed after a yes, and comes into force with the last signature")
    func first() throws {
        let world = try World(signedBy: ["olga"])
        #expect(throws: EscrowError.notConfirmed) { _ = try sign("omar", in: world, Script(agreeing: false)) }
        let script = Script()
        #expect(try sign("omar", in: world, script) == [world.escrow])
        #expect(script.asked == [.decision(.sign(count: 1, "omar"))])
        #expect(script.kinds == ["waits", "isWithoutPassphrase", "signed"])
        let officer = try world.onDisk("omar")
        let again = Sign([world.escrow], by: officer, naming: [], isConfirmed: false, now: World.now)
        #expect(try again.found(attended: script).documents.isEmpty)
        let carol = try world.onDisk("carol")
        #expect(throws: EscrowError.person(.notAnOfficer(path: carol.path, "carol"))) {
            _ = try sign("carol", in: world, Script())
        }
    }

    @Test("where nothing waits, nobody is asked to sign it")
    func nothingWaits() throws {
        let script = Script()
        #expect(try sign("omar", script) == [] && script.asked == [])
    }

    @Test("nothing is asked for that its readers refuse")
    func askedTooMuch() throws {
        let olga = try world.onDisk("olga")
        let parcel = world.folder("x.parcel")
        for seconds in [0, Challenge.longestSeconds + 1] {
            let act = AskForProofs([world.escrow], by: olga, seconds: seconds, parcel: parcel, now: World.now)
            let error = try #require(throws: EscrowError.self) { _ = try act.run(attended: Script()) }
            #expect(error.field == "expires")
        }
        #expect(world.names(in: "challenges") == [])
        func request(_ purpose: String, seconds: Int) throws {
            let act = AskForShares(
                of: world.escrow,
                Request.Words(purpose: purpose, destination: "pem:ca.key", machine: "vault-1"),
                from: World.now,
                seconds: seconds,
                by: olga,
                isRehearsing: false,
                now: World.now
            )
            let script = Script(passphrase: "correct horse")
            _ = try act.ready().made(keyAt: world.folder("request.key"), attended: script)
        }
        let tooLong = try #require(throws: EscrowError.self) {
            try request("a test", seconds: Request.longestSeconds + 1)
        }
        let twoLines = try #require(throws: EscrowError.self) { try request("a\nb", seconds: 3600) }
        #expect(tooLong.field == "expires" && twoLines.field == "purpose")
        #expect((try? world.folder.read("request.key")) == nil && world.names(in: "requests") == [])
    }

    @Test("what changes is named before anything is signed")
    func changes() throws {
        try world.next(policy: "2 of (alice, bob, dave)", signedBy: ["olga"])
        let draft = try #require(world.directory().chain().drafts.first)
        let script = Script()
        let waiting = try Sign([world.escrow], by: world.onDisk("omar"), naming: [], isConfirmed: false, now: World.now)
            .found(attended: script).documents
        let names = waiting.flatMap(\.changes).tokens
        #expect(!names.isEmpty)
        #expect(throws: EscrowError.changes(.notNamed(names[0]))) { _ = try sign("omar", script) }
        #expect(script.asked == [.text(.changes(names))])
        #expect(throws: EscrowError.changes(.givenDoesNotChange("nobody"))) {
            _ = try sign("omar", naming: ["nobody"], Script())
        }
        // A slip is told, and asked again; Enter alone stops.
        var typed = [(names + ["nobody"]).joined(separator: " "), ""]
        let other = Script { _ in typed.removeFirst() }
        #expect(throws: EscrowError.changes(.doesNotChange("nobody"))) { _ = try sign("omar", other) }
        #expect(other.asked.count == 2 && other.kinds.contains("failed") && typed.isEmpty)
        // A yes beforehand is none for a key.
        #expect(throws: EscrowError.changes(.notNamed("dave"))) { _ = try sign("omar", isConfirmed: true, Script()) }
        #expect(try world.directory().chain().approval(of: draft.document.digest)?.isApproved == false)
        _ = try sign("omar", Script { _ in names.joined(separator: " ") })
        #expect(try world.directory().chain().approval(of: draft.document.digest)?.isApproved == true)
    }

    @Test("of two drafts of one number one is signed, by its name")
    func twoDrafts() throws {
        let predecessor = try world.directory().epoch(nil)
        let drafts = try (0..<2).map { _ in
            let policy = "2 of (alice, bob, carol)"
            let new = try NewEpoch.make(policy: policy, of: Acme.material(), after: predecessor, cast: world.cast)
            return try world.publish(new, signedBy: [world.cast["olga"]])
        }
        let error = try #require(throws: EscrowError.self) { _ = try sign("omar", Script()) }
        guard case .trust(.oneDraftCanBeSigned(let paths)) = error else {
            Issue.record(error)
            return
        }
        #expect(Set(paths.map(\.string)) == Set(drafts.map { $0.appending("manifest.json").string }))
    }

    // MARK: Suspend and reinstate

    @Test("an officer suspends a custodian, and officers end it")
    func suspension() throws {
        func suspend(_ custodian: Name, by name: Name) throws -> Suspend.Done {
            let officer = try world.onDisk(name)
            return try Suspend(custodian, of: world.escrow, because: .lost, by: officer, now: World.now)
                .run(attended: Script())
        }
        #expect(throws: EscrowError.person(.notACustodian(path: world.escrow.string, "dave"))) {
            _ = try suspend("dave", by: "olga")
        }
        let carol = try world.onDisk("carol")
        #expect(throws: EscrowError.person(.notAnOfficer(path: carol.path, "carol"))) {
            _ = try suspend("bob", by: "carol")
        }
        let done = try suspend("bob", by: "olga")
        #expect(done.isRestorable && !done.isThere)
        let again = try suspend("bob", by: "omar")
        #expect(again.isThere && again.record == done.record)
        #expect(try !suspend("carol", by: "olga").isRestorable)
        func reinstate(_ script: Script, _ custodian: Name = "bob") throws -> Reinstate.Done {
            let officer = try world.onDisk("omar")
            return try Reinstate(custodian, of: world.escrow, because: "found", by: officer, now: World.now)
                .run(attended: script)
        }
        #expect(throws: EscrowError.person(.notSuspended(path: world.escrow.string, "alice"))) {
            _ = try reinstate(Script(), "alice")
        }
        #expect(throws: EscrowError.notConfirmed) { _ = try reinstate(Script(agreeing: false)) }
        let script = Script()
        #expect(try reinstate(script).ended == 1)
        #expect(script.asked == [.decision(.reinstate("bob"))])
        #expect(script.kinds == ["endsSuspensions", "isWithoutPassphrase"])
    }

    // MARK: Void and withdraw

    @Test("a branch is voided where approved epochs exclude one another, and nowhere else")
    func void() throws {
        func void(_ selected: EpochSelector?, _ script: Script) throws -> VoidBranch.Done {
            let officer = try world.onDisk("olga")
            return try VoidBranch(selected, of: world.escrow, because: "a mistake", by: officer, now: World.now)
                .run(attended: script)
        }
        let path = world.escrow.string
        #expect(throws: EscrowError.directory(.nothingToVoid(path: path))) { _ = try void(nil, Script()) }
        let epoch = try world.document()
        for time in [World.created, World.now] {
            let new = try NewEpoch.make(of: Acme.material(), after: epoch, cast: world.cast, created: time)
            try world.publish(new, signedBy: [world.cast["olga"], world.cast["omar"]])
        }
        #expect(throws: EscrowError.directory(.whichBranch(path: path))) { _ = try void(nil, Script()) }
        #expect(throws: EscrowError.directory(.notOfTheFork(path: path, .number(1)))) {
            _ = try void(.number(1), Script())
        }
        let digest = try #require(world.directory().documents.last?.digest)
        let selector = try #require(EpochSelector("\(digest)"))
        #expect(throws: EscrowError.notConfirmed) { _ = try void(selector, Script(agreeing: false)) }
        let script = Script()
        _ = try void(selector, script)
        #expect(script.asked == [.decision(.void(digest))] && script.kinds == ["fork", "isWithoutPassphrase"])
    }

    @Test("a draft is taken back by whoever signed it, after a yes")
    func withdraw() throws {
        try world.next(signedBy: ["olga"])
        func withdraw(_ name: Name, _ script: Script) throws -> Withdrawal {
            try Withdraw(nil, of: world.escrow, pkcs12: nil, by: world.onDisk(name)).run(attended: script)
        }
        #expect(throws: EscrowError.directory(.noDraft(path: world.escrow.string, "omar"))) {
            _ = try withdraw("omar", Script())
        }
        #expect(throws: EscrowError.notConfirmed) { _ = try withdraw("olga", Script(agreeing: false)) }
        #expect(try world.directory().epochs.count == 2)
        #expect(try withdraw("olga", Script()).moves.count == 2)
        #expect(try world.directory().epochs.count == 1)
    }
}

extension EscrowError {
    /// The member of a document that has a value which its readers refuse.
    fileprivate var field: String? {
        if case .document(_, .wrongValue(let field, _)) = self { field } else { nil }
    }
}
