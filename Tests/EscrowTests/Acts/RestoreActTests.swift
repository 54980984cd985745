// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import KeyStores
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// A restore, each way it can end, with whoever is at hand.
@Suite("A restore with whoever is at hand")
struct RestoreActTests {
    private let world: World
    private let passphrase = "correct horse battery"

    init() throws { world = try World() }

    private func restore(
        to store: String? = nil,
        _ protection: Restore.Protection = .asked,
        ownership: Ownership = .place,
        isWithState: Bool = false
    ) throws -> Restore {
        var opening = Opening(world.escrow, now: World.now)
        opening.anchor = try Anchor.of([world.cast["olga"].officer, world.cast["omar"].officer])
        opening.certificate = .file(try Acme.certificate(.root), path: "ca.crt")
        let name = store ?? "pem:\(world.folder("new.key")),\(world.folder("new.crt"))"
        return Restore(
            opening,
            to: try KeyStore(parsing: name),
            named: name,
            protection: protection,
            ownership: ownership,
            isWithState: isWithState
        )
    }

    private func script(_ names: [Name] = ["alice", "bob"]) throws -> Script {
        Script(bringing: try names.map { FilePath(try world.onDisk($0).path) }, passphrase: passphrase)
    }

    /// That nothing was asked of a custodian, and nothing written.
    private func isUntouched(_ script: Script) -> Bool {
        let isAsked = script.asked.contains { if case .identity = $0 { true } else { false } }
        return !isAsked && (try? world.folder.read(world.folder("new.key"))) == nil && world.names(in: "records") == []
    }

    @Test("the new passphrase is asked for before the first custodian, and the key is told once it is proven")
    func restored() throws {
        let script = try script()
        let done = try restore().run(attended: script)
        #expect(
            script.asked == [
                .passphrase(.restoredKey(pkcs12: nil)), .identity(count: 2, ["alice", "bob", "carol"]),
                .identity(count: 1, ["bob", "carol"]),
            ]
        )
        #expect(done.places.written == [world.folder("new.crt").string, world.folder("new.key").string])
        #expect(world.names(in: "records").count == 1)
        #expect(script.kinds.suffix(2) == ["restored", "stateStays"])
        // Once more: the key is there, is opened by what is typed, and stays.
        let again = try self.script()
        let second = try restore().run(attended: again)
        #expect(second.places.written == [] && second.places.unchanged.count == 2)
        // The passphrase of what is there is the new one: it opened the file, and nobody was asked for another.
        #expect(again.asked == script.asked)
    }

    @Test("a wrong passphrase for what is there costs nobody a share")
    func wrongPassphrase() throws {
        _ = try restore().run(attended: script())
        let records = world.names(in: "records")
        let wrong = Script(bringing: [], passphrase: "another one")
        let key = world.folder("new.key").string
        #expect(throws: EscrowError.store(.wrongPassphrase(path: key))) { _ = try restore().run(attended: wrong) }
        let attempts = wrong.asked.compactMap { question -> Int? in
            if case .passphrase(.store(let request, .destination, _)) = question { request.attempt } else { nil }
        }
        #expect(attempts == [1, 2, 3] && world.names(in: "records") == records)
    }

    @Test("nobody who types a new passphrase, and nobody at all, end it before a share")
    func nobody() throws {
        let silent = Script()
        #expect(throws: EscrowError.person(.noNewPassphrase)) { _ = try restore().run(attended: silent) }
        #expect(isUntouched(silent))
        let absent = Script(isAnybodyThere: false)
        #expect(throws: EscrowError.absent(Absence("nobody is here"))) { _ = try restore().run(attended: absent) }
        #expect(isUntouched(absent))
    }

    @Test("too few custodians leave nothing behind")
    func tooFew() throws {
        let script = try script(["alice"])
        #expect(throws: EscrowError.opening(.notEnough(found: 1, needed: 2, candidates: ["bob", "carol"]))) {
            _ = try restore().run(attended: script)
        }
        #expect(try Files.kind(of: world.folder("new.key")) == nil && world.names(in: "records") == [])
    }

    @Test("what lies in the way is found before anything is asked")
    func inTheWay() throws {
        try world.folder.sh("openssl genpkey -algorithm ed25519 -out new.key")
        let script = try script()
        let error = try #require(throws: EscrowError.self) { _ = try restore().run(attended: script) }
        guard case .store(.anotherKey) = error else {
            Issue.record(error)
            return
        }
        #expect(script.asked == [] && world.names(in: "records") == [])
    }

    @Test("what a store cannot have is refused first")
    func impossible() throws {
        let archive = "p12:\(world.folder("new.p12"))"
        let cases: [(Restore, EscrowError)] = [
            (try restore(.windows2016), .opening(.notPKCS12(kind: "pem"))),
            (try restore(to: archive, .plain), .store(.needsPassphrase(path: world.folder("new.p12").string))),
            (try restore(to: "nss:\(world.folder("db"))", ownership: .maker), .opening(.ownedByStore(kind: "nss"))),
            (
                try restore(to: "pem:\(world.escrow.appending("k")),c.pem"),
                .directory(.insideEscrow(path: world.escrow.appending("k").string, escrow: world.escrow.string))
            ),
        ]
        for (act, error) in cases {
            let script = Script()
            #expect(throws: error) { _ = try act.run(attended: script) }
            #expect(script.asked == [])
        }
    }

    @Test("a PKCS#12 file takes no passphrase that does not travel")
    func travelling() throws {
        let path = world.folder("new.p12").string
        let script = Script(passphrase: "naïve passphrase")
        let error = try #require(throws: EscrowError.self) { _ = try restore(to: "p12:\(path)").run(attended: script) }
        guard case .store(.pkcs12(path, .passwordDoesNotTravel)) = error else {
            Issue.record(error)
            return
        }
        #expect(isUntouched(script))
    }

    @Test("a state that was never archived does not come back, and that is said at once")
    func state() throws {
        let script = Script()
        let store = "openssl-ca:\(world.folder("ca"))"
        #expect(throws: EscrowError.opening(.stateIsNotArchived(path: world.escrow.string, epoch: 1))) {
            _ = try restore(to: store, isWithState: true).run(attended: script)
        }
        #expect(isUntouched(script))
    }
}
