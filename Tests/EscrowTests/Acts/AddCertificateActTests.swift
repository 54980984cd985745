// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Escrow

/// Certificates that join an escrow without the key, each way it can end.
@Suite("A certificate joins an escrow, with whoever is at hand")
struct AddCertificateActTests {
    private let world: World

    init() throws { world = try World() }

    private func add(
        _ issues: [Acme.Issue] = [.renewed],
        by officer: Name? = "olga",
        anchor: [Name]? = nil,
        to escrow: FilePath? = nil,
        now: Timestamp = World.now,
        _ script: Script
    ) throws -> CertificateAddition.Done {
        let act = AddCertificate(
            try issues.map { (try Acme.certificate($0), "\($0).crt") },
            to: escrow ?? world.escrow,
            by: try officer.map { try world.onDisk($0) },
            anchor: try anchor.map { try Anchor.of($0.map { world.cast[$0].officer }) },
            now: now
        )
        return try act.run(attended: script)
    }

    @Test("certificates are shown, confirmed, signed by whoever acts, and filed")
    func joins() throws {
        #expect(throws: EscrowError.notConfirmed) { _ = try add([.renewed], Script(agreeing: false)) }
        #expect(world.names(in: "records") == [])
        let script = Script()
        let done = try add([.renewed, .renewedAgain], script)
        #expect(done.signer == "olga" && script.asked == [.decision(.addCertificates(count: 2))])
        #expect(script.kinds == ["joins", "isWithoutPassphrase", "joined", "joined"])
        #expect(try world.document().addedCertificates().map(\.missing) == [["omar"], ["omar"]])
    }

    @Test("nobody has to act: the record waits for all officers, and a stranger's escrow is named")
    func unsigned() throws {
        let script = Script()
        #expect(try add(by: nil, script).signer == nil)
        #expect(script.kinds == ["nobodyVouches", "joins", "joined"])
        #expect(try world.document().addedCertificates().map(\.missing) == [["olga", "omar"]])
        let known = Script()
        _ = try add([.renewedAgain], by: nil, anchor: ["olga", "omar"], known)
        #expect(known.kinds == ["joins", "joined"])
        let error = try #require(throws: EscrowError.self) {
            _ = try add([.earlier], anchor: ["carol"], Script())
        }
        guard case .trust(.noOfficerIsTrusted) = error else {
            Issue.record(error)
            return
        }
    }

    @Test("an old certificate joins, and is named")
    func expired() throws {
        let script = Script()
        _ = try add(now: "2045-01-01T00:00:00Z", script)
        #expect(script.kinds.first == "hasExpired")
    }

    @Test(
        "what does not join is named before anybody is asked",
        arguments: [
            ([.root], .held(epoch: 1)), ([.renewed, .renewed], .givenTwice),
            ([.rekeyed], .anotherKey(spkiSHA256: Acme.orFail(.rekeyed).spkiSHA256)),
            ([.encryption], .notACA(subject: "CN=Acme key exchange")),
        ] as [([Acme.Issue], JoinFault)]
    )
    func refused(issues: [Acme.Issue], fault: JoinFault) throws {
        let script = Script()
        #expect(throws: EscrowError.cannotJoin(path: "\(issues[0]).crt", fault)) { _ = try add(issues, script) }
        #expect(script.asked == [])
    }

    @Test("an escrow that is not in force takes none, and neither does whoever may not sign")
    func refusedEscrow() throws {
        let carol = try world.onDisk("carol")
        #expect(throws: EscrowError.person(.notAnOfficer(path: carol.path, "carol"))) {
            _ = try add(by: "carol", Script())
        }
        let draft = try World(signedBy: ["olga"])
        let waiting = try #require(draft.directory().chain().drafts.first)
        #expect(throws: waiting.notInForce) { _ = try add(to: draft.escrow, Script()) }
        #expect(throws: EscrowError.file(.system(path: world.folder("no").string, .noSuchFileOrDirectory))) {
            _ = try add(to: world.folder("no"), Script())
        }
        let document = try world.document()
        let error = EscrowError.trust(
            .clockIsWrong(
                newest: World.created,
                path: document.manifestPath.string,
                now: "2026-01-01T00:00:00Z"
            )
        )
        #expect(throws: error) { _ = try add(now: "2026-01-01T00:00:00Z", Script()) }
    }
}
