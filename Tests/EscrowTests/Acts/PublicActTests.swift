// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Escrow

/// What other programs do, by the public face alone.
@Suite("Acts as other programs do them")
struct PublicActTests {
    private let world: World

    init() throws { world = try World() }

    private func store(_ issue: Acme.Issue) throws -> String {
        try world.folder.write("ca.key", Acme.pkcs8(issue))
        try world.folder.write("ca.crt", Acme.certificate(issue).pem)
        return "pem:\(world.folder("ca.key")),\(world.folder("ca.crt"))"
    }

    private func identity(_ name: Name) throws -> FilePath { FilePath(try world.onDisk(name).path) }

    private func signers() throws -> FilePath {
        let lines = (["olga", "omar"] as [Name]).map { name in
            AllowedSigners.line(
                name: name,
                key: world.cast[name].officer.key,
                namespaces: DocumentFormat.signedByOfficers.map(\.namespace)
            ) + "\n"
        }
        try world.folder.write("officers.signers", Array(lines.joined().utf8))
        return world.folder("officers.signers")
    }

    /// A backup after a renewal.
    private func renew(_ issue: Acme.Issue, _ script: Script = Script()) throws -> Backup.Outcome {
        try Backup(
            of: store(issue),
            renewing: world.escrow,
            by: identity("olga"),
            anchor: Anchor(signers: signers()),
            at: World.now
        ).run(with: script)
    }

    // MARK: Backup

    @Test("a renewal says whether there is nothing to do, certificates join, or an epoch was made")
    func renewal() throws {
        guard case .nothingToDo = try renew(.root) else {
            Issue.record("there is nothing to do")
            return
        }
        let script = Script()
        guard case .certificatesAdded(waitingFor: ["omar"]) = try renew(.renewed, script) else {
            Issue.record("a certificate of the same key joins")
            return
        }
        #expect(script.asked == [.decision(.addCertificates(count: 1))])
        let records = world.names(in: "records").filter { $0.hasSuffix(".json") }
        #expect(script.events.contains(.filed(world.epoch.appending("records").appending(records[0]))))
        guard case .waits(for: ["omar"]) = try renew(.renewed) else {
            Issue.record("it waits for omar")
            return
        }
        let another = Script()
        guard case .published(let epoch) = try renew(.rekeyed, another) else {
            Issue.record("a new key makes an epoch")
            return
        }
        #expect(epoch.missing == ["omar"])
        #expect(another.shown.contains("  restored by 2 of (alice, bob, carol): at least 2 people"))
        #expect(another.shown.contains("  approved by 2 of (olga, omar)"))
    }

    @Test("an epoch that is there is told, whatever fails behind it")
    func published() throws {
        let olga = try identity("olga")
        try world.folder.write(Array("no lines\n".utf8), to: olga.removingLastComponent().appending("olga.seen"))
        let script = Script()
        let escrow = world.folder("new.escrow")
        let backup = try Backup(
            of: store(.root),
            into: escrow,
            policy: "2 of (alice, bob, carol)",
            officers: "2 of (olga, omar)",
            cards: [world.cast.cards],
            by: olga,
            at: World.now
        )
        #expect(throws: EscrowFailure.self) { _ = try backup.run(with: script) }
        let epoch = try EscrowDirectory(at: escrow).epoch(1)
        let told = script.events.compactMap { if case .published(let epoch) = $0 { epoch } else { nil } }
        #expect(told.map(\.digest) == [epoch.digest] && told.map(\.missing) == [["omar"]])
    }

    // MARK: Sign

    @Test("what is signed was shown with its digest and what it changes; nobody is asked to sign nothing")
    func signed() throws {
        let nothing = Script()
        #expect(try !Sign([world.escrow], by: identity("omar"), at: World.now).run(with: nothing))
        #expect(nothing.asked == [])
        try world.next(officers: "2 of (olga, omar, otto)", signedBy: ["olga"])
        let draft = try #require(try world.directory().chain().drafts.first).document
        let script = Script { wanted in
            if case .changes(let names) = wanted { names.joined(separator: " ") } else { nil }
        }
        #expect(try Sign([world.escrow], by: identity("omar"), at: World.now).run(with: script))
        #expect(script.shown.contains("  SHA-256 \(draft.digest)"))
        let otto = world.cast["otto"].officer.key.fingerprint
        #expect(script.shown.contains("  CHANGES otto: officer otto is new: \(otto)"))
    }

    // MARK: Anchor

    @Test("nobody can say that no officer is enough; a key that counts for everything is told")
    func anchor() throws {
        let signers = try signers()
        #expect(throws: EscrowFailure(.trust(.requirement(0)))) { _ = try Anchor(signers: signers, required: 0) }
        #expect(try Anchor(signers: signers).warnings == [])
        try world.folder.write(Array("olga \(world.cast["olga"].officer.key.openSSH)\n".utf8), to: signers)
        let warning = "\(signers): line 1: no namespaces: the key of olga counts for every kind of document"
        #expect(try Anchor(signers: signers).warnings == [warning])
    }

    // MARK: What is told

    @Test("what is shown stays one line, whatever a file is called")
    func harmless() {
        let notice = Notice(.disclosed(.isRehearsal(escrow: "a\n\u{1b}[2J\u{202e}b")))
        let line = "a\\u{a}\\u{1b}[2J\\u{202e}b: A REHEARSAL: its key is a test key"
        #expect(notice.event == .shown([NoticeLine(text: line, isWarning: false)]))
        #expect(EscrowFailure(.directory(.notAnEscrow(path: "a\nb"))).description.contains("a\\u{a}b"))
    }
}
