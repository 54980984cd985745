// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import KeyStores
import SystemPackage
import Testing

@testable import Escrow

/// A first escrow and the next ones, each way a backup can end, with whoever is at hand.
@Suite("A backup, with whoever is at hand")
struct BackupActTests {
    private let world: World

    init() throws { world = try World() }

    // MARK: Stores

    /// A key file with certificates beside it, the first of them for that key.
    private func pem(_ issues: Acme.Issue...) throws -> Backup.Source {
        var files = ["ca.key"]
        try world.folder.write("ca.key", Acme.pkcs8(issues[0]))
        for issue in issues {
            files.append("\(issue).crt")
            try world.folder.write("\(issue).crt", Acme.certificate(issue).pem)
        }
        let text = "pem:" + files.map { world.folder($0).string }.joined(separator: ",")
        return .store(try KeyStore(parsing: text), named: text)
    }

    /// A PKCS#12 file with two keys.
    private func p12() throws -> Backup.Source {
        let path = world.folder("ca.p12")
        try world.folder.write(PKCS12Writer.write(Acme.renewedMaterial(), password: secret("opens it")), to: path)
        return .store(try KeyStore(parsing: "p12:\(path)"), named: "p12:\(path)")
    }

    private func backup(_ source: Backup.Source, by officer: Name? = nil, in escrow: FilePath? = nil) throws -> Backup {
        var act = Backup(of: source, in: escrow ?? world.escrow, now: World.now)
        act.officer = try officer.map { try world.onDisk($0) }
        return act
    }

    /// One of a place where nothing is yet.
    private func first(_ source: Backup.Source, by officer: Name? = nil) throws -> Backup {
        var act = try backup(source, by: officer, in: world.folder("new.escrow"))
        act.wishes.people = try PeopleGiven(at: [world.cast.cards])
        act.wishes.officers = try PolicyText("2 of (olga, omar)")
        act.wishes.policy = try PolicyText("2 of (alice, bob, carol)")
        return act
    }

    private func made(_ done: Backup.Done) throws -> (made: Backup.Made, standing: EpochApproval) {
        guard case .made(let made, let standing?) = done else {
            throw EscrowError.backup(.selfCheck("\(done)"))
        }
        return (made, standing)
    }

    // MARK: A first escrow

    @Test("a first escrow is shown and agreed to, and waits for the other officers")
    func firstEscrow() throws {
        let script = Script()
        let (made, standing) = try made(first(pem(.root), by: "olga").run(attended: script))
        #expect(script.asked == [.decision(.dealShares)] && standing.missing == ["omar"])
        #expect(made.manifest.occasion == .installation && made.earlierPKCS12 == nil && made.state == nil)
        #expect(script.kinds.first == "isWithoutPassphrase" && script.kinds.last == "made")
        #expect(script.kinds.filter { $0 == "hasNotEnrolled" }.count == 3)
        let document = try EscrowDirectory(at: made.escrow).epoch(1)
        let custodians = [world.cast["alice"], world.cast["carol"]]
        #expect(try document.restore(by: custodians, in: EscrowDirectory(at: made.escrow)) == [Acme.pkcs8(.root)])
    }

    @Test("what only somebody can want is missing before anything is opened")
    func incomplete() throws {
        var act = try first(p12(), by: "carol")
        let path = act.escrow.string
        let script = Script(passphrase: "opens it")
        let carol = try world.onDisk("carol").path
        #expect(throws: EscrowError.person(.notAnOfficer(path: carol, "carol"))) { _ = try act.run(attended: script) }
        act.wishes.policy = nil
        #expect(throws: EscrowError.backup(.firstEscrowNeeds(path: path, .policy))) {
            _ = try act.run(attended: script)
        }
        act.wishes.officers = nil
        #expect(throws: EscrowError.backup(.firstEscrowNeeds(path: path, .officers))) {
            _ = try act.run(attended: script)
        }
        act.wishes.people = nil
        #expect(throws: EscrowError.backup(.firstEscrowNeeds(path: path, .people))) {
            _ = try act.run(attended: script)
        }
        act.occasion = .scheduled
        #expect(throws: EscrowError.backup(.firstEscrowHasItsOccasion)) { _ = try act.run(attended: script) }
        #expect(script.asked == [] && script.told.isEmpty)
        #expect(try act.isFirst())
    }

    @Test("a title that a manifest cannot say is refused before anything is opened")
    func title() throws {
        var act = try first(pem(.root))
        act.wishes.title = "a\nb"
        let fault = DocumentError.wrongValue(
            field: "title",
            expected: "1 to 500 characters, none invisible and no control character"
        )
        let script = Script()
        #expect(throws: EscrowError.document(path: "manifest.json", fault)) { _ = try act.run(attended: script) }
        #expect(script.kinds == [] && script.asked == [])
        #expect(try Files.kind(of: world.folder("new.escrow")) == nil)
    }

    @Test("a store that does not open leaves no escrow")
    func store() throws {
        let act = try first(p12())
        let path = world.folder("ca.p12").string
        #expect(throws: EscrowError.store(.pkcs12(path: path, .wrongPassword))) {
            _ = try act.run(attended: Script(passphrase: "another"))
        }
        #expect(throws: EscrowError.absent(Absence("nobody is here"))) {
            _ = try act.run(attended: Script(isAnybodyThere: false))
        }
        #expect(try act.isFirst())
        let script = Script(passphrase: "opens it")
        #expect(try made(act.run(attended: script)).made.manifest.certificates.count == 2)
        guard case .passphrase(.store(let request, .source, _))? = script.asked.first else {
            Issue.record("the store's passphrase was not asked for")
            return
        }
        #expect(request.attempt == 1 && script.asked.dropFirst() == [.decision(.dealShares)])
    }

    // MARK: Nothing is made

    @Test("an escrow that holds everything needs nothing; a stranger's word for it is told")
    func nothing() throws {
        var act = try backup(pem(.root))
        let unknown = Script()
        guard case .nothing(let manifest, let newest) = try act.run(attended: unknown) else {
            Issue.record("something was done")
            return
        }
        #expect(manifest.epoch == 1 && newest == manifest.certificate && unknown.kinds == ["nobodyVouches"])
        act.anchor = try Anchor.of([world.cast["olga"].officer, world.cast["omar"].officer])
        let known = Script()
        _ = try act.run(attended: known)
        #expect(known.kinds == [] && known.asked == [])
        act = try backup(pem(.root), by: "carol")
        #expect(throws: EscrowError.person(.notAnOfficer(path: act.officer?.path ?? "", "carol"))) {
            _ = try act.run(attended: Script())
        }
    }

    @Test("what is asked for and in force already is nothing to do")
    func grantedWishes() throws {
        let manifest = try world.document().manifest
        var act = try backup(pem(.root), by: "olga")
        act.wishes.people = try PeopleGiven(of: world.document())
        act.wishes.policy = try PolicyText(manifest.policy.text)
        act.wishes.officers = try PolicyText(manifest.approval.text)
        act.wishes.title = manifest.title
        act.wishes.iterationCount = manifest.pkcs12.iterationCount
        act.wishes.pkcs12 = world.pkcs12
        guard case .nothing = try act.run(attended: Script()) else {
            Issue.record("something was done")
            return
        }
    }

    @Test("what the epoch has otherwise is refused where none is due, and says what it has")
    func idleWishes() throws {
        let manifest = try world.document().manifest
        var act = try backup(pem(.root), by: "olga")
        func refused(_ wish: BackupWish, _ has: String) {
            #expect(throws: EscrowError.backup(.noNewEpochIsDue(wish, epoch: 1, has: has))) {
                _ = try act.run(attended: Script())
            }
        }
        act.wishes.pkcs12 = world.folder("other.p12")
        refused(.pkcs12, "has its key file, \(manifest.pkcs12.name), somewhere else")
        act.wishes.iterationCount = 1
        refused(.iterationCount, "has \(manifest.pkcs12.iterationCount)")
        act.wishes.title = "Acme"
        refused(.title, "has no title")
        act.wishes.policy = try PolicyText("3 of all")
        refused(.policy, "is restored by \(manifest.policy.text)")
        act.wishes.officers = try PolicyText(approval: "olga")
        refused(.officers, "is approved by \(manifest.approval.text)")
    }

    @Test("a draft of the same keys waits for its officers: no second one is made, unless with an occasion")
    func draft() throws {
        try world.next(signedBy: ["omar"])
        let beside = Script()
        guard case .nothing = try backup(pem(.root), by: "olga").run(attended: beside) else {
            Issue.record("the epoch in force holds everything")
            return
        }
        #expect(beside.kinds == ["draftWaits"])
        let young = try World(signedBy: ["olga"])
        var act = try backup(pem(.root), by: "olga", in: young.escrow)
        guard case .draftWaits(let waiting, _) = try act.run(attended: Script()) else {
            Issue.record("no draft waits")
            return
        }
        #expect(waiting.missing == ["omar"])
        act.occasion = .scheduled
        #expect(throws: waiting.notInForce) { _ = try act.run(attended: Script()) }
    }

    @Test("a retired escrow, and another CA's, take no key")
    func refusedKeys() throws {
        let other = try SampleCA.p256.certificate
        try world.folder.write("other.key", SampleCA.p256.keyPEM)
        try world.folder.write("other.crt", other.pem)
        let text = "pem:\(world.folder("other.key")),\(world.folder("other.crt"))"
        let error = try #require(throws: EscrowError.self) {
            _ = try backup(.store(KeyStore(parsing: text), named: text)).run(attended: Script())
        }
        guard case .trust(.anotherCA) = error else {
            Issue.record(error)
            return
        }
        let document = try world.document()
        let retired = try JSONValue(canonical: document.bytes).setting("retired", to: .boolean(true))
        try world.removeEpoch()
        let signers = [world.cast["olga"], world.cast["omar"]]
        let cards = (["alice", "bob", "carol"] as [Name]).map { world.cast[$0].card }
        try world.place(retired, epoch: 1, signedBy: signers, cards: cards)
        #expect(throws: EscrowError.trust(.retired(path: world.escrow.string))) {
            _ = try backup(pem(.root)).run(attended: Script())
        }
    }

    // MARK: A certificate joins

    @Test("a certificate that was renewed with the same key joins after a yes, and waits for officers")
    func certificate() throws {
        let path = world.escrow.string
        #expect(throws: EscrowError.trust(.nobodyVouches(path: path, for: .newShares))) {
            _ = try backup(pem(.renewed)).run(attended: Script())
        }
        #expect(throws: EscrowError.notConfirmed) {
            _ = try backup(pem(.renewed), by: "olga").run(attended: Script(agreeing: false))
        }
        #expect(world.names(in: "records") == [])
        let script = Script()
        let act = try backup(pem(.renewed), by: "olga")
        guard case .certificatesAdded(let done) = try act.run(attended: script) else {
            Issue.record("no certificate was added")
            return
        }
        #expect(done.signer == "olga" && script.asked == [.decision(.addCertificates(count: 1))])
        #expect(script.kinds == ["joins", "isWithoutPassphrase", "joined"])
        guard case .certificateWaits(let filed) = try act.run(attended: Script()) else {
            Issue.record("no certificate waits")
            return
        }
        #expect(filed.missing == ["omar"])
    }

    // MARK: A new epoch

    @Test("a new key gets new shares after a yes, from somebody whom one knows")
    func newKey() throws {
        let source = try p12()
        let unknown = Script(passphrase: "opens it")
        #expect(throws: EscrowError.trust(.nobodyVouches(path: world.escrow.string, for: .newShares))) {
            _ = try backup(source).run(attended: unknown)
        }
        #expect(throws: EscrowError.notConfirmed) {
            _ = try backup(source, by: "olga").run(attended: Script(passphrase: "opens it", agreeing: false))
        }
        #expect(try world.directory().epochs.count == 1)
        let script = Script(passphrase: "opens it")
        let act = try backup(source, by: "olga")
        let (made, standing) = try made(act.run(attended: script))
        #expect(made.manifest.epoch == 2 && made.manifest.occasion == .renewalNewKey && standing.missing == ["omar"])
        #expect(script.asked.last == .decision(.dealShares) && script.asked.count == 2)
        #expect(script.kinds == ["makesEpoch", "isWithoutPassphrase", "made"])
        #expect(made.earlierPKCS12 == (try world.document().manifest.pkcs12.name))
        guard case .draftWaits(let draft, _) = try act.run(attended: Script(passphrase: "opens it")) else {
            Issue.record("the draft was made again")
            return
        }
        #expect(draft.document.digest == made.digest)
    }

    @Test("with an occasion the same key gets new shares, and nobody who is suspended does")
    func occasion() throws {
        try world.suspend("bob")
        var act = try backup(pem(.root), by: "olga")
        act.occasion = .custodianChange
        let error = try #require(throws: EscrowError.self) { _ = try act.run(attended: Script()) }
        guard case .person(.suspended("bob", _, _, _)) = error else {
            Issue.record(error)
            return
        }
        act.wishes.people = try PeopleGiven(at: [world.cast.cards])
        act.wishes.policy = try PolicyText("2 of (alice, dave, carol)")
        act.wishes.title = "after bob"
        let script = Script()
        let made = try made(act.run(attended: script)).made
        #expect(made.manifest.occasion == .custodianChange && made.manifest.title == "after bob")
        #expect(made.manifest.people.map(\.name) == ["alice", "carol", "dave"])
        let new = script.told.compactMap { notice in
            if case .backup(.hasNotEnrolled(let name, _, nil)) = notice { name } else { nil }
        }
        #expect(new == ["dave"])
    }

    @Test("two backups of one escrow do not run at once")
    func lock() throws {
        let again = try backup(pem(.root)).again(attended: Script())
        let busy = try #require(throws: FileError.self) { _ = try DirectoryLock(on: world.escrow, patience: .zero) }
        guard case .busy = busy else {
            Issue.record(busy)
            return
        }
        _ = try again.exported(attended: Script()).done(attended: Script())
        _ = try DirectoryLock(on: world.escrow, patience: .zero)
    }

    // MARK: Nothing stays behind

    @Test("a generation whose key is not there is left out after a yes alone")
    func leavingOut() throws {
        let act = try backup(pem(.rekeyed, .root), by: "olga")
        let error = try #require(throws: EscrowError.self) {
            _ = try act.run(attended: Script(isAnybodyThere: false))
        }
        guard case .backup(.leavesOut(_, let left)) = error else {
            Issue.record(error)
            return
        }
        #expect(try left.keyless.map(\.certificate) == [Acme.certificate(.root)])
        #expect(!left.isPlural && !left.isOfWindows)
        let unwilling = Script(agreeing: false)
        #expect(throws: EscrowError.notConfirmed) { _ = try act.run(attended: unwilling) }
        #expect(unwilling.asked == [.decision(.leaveOut(isPlural: false))])
        let script = Script()
        _ = try made(act.run(attended: script))
        #expect(script.asked == [.decision(.leaveOut(isPlural: false)), .decision(.dealShares)])
        #expect(script.kinds.prefix(3) == ["leavesOut", "makesEpoch", "keysAreOnlyInEpoch"])
    }

    // MARK: Rehearsals

    @Test("a rehearsal and production are kept apart")
    func rehearsals() throws {
        var act = try backup(pem(.root))
        act.isRehearsing = true
        #expect(throws: EscrowError.backup(.notARehearsal(path: world.escrow.string))) {
            _ = try act.run(attended: Script())
        }
        act = try first(pem(.root))
        act.isRehearsing = true
        let error = try #require(throws: EscrowError.self) { _ = try act.run(attended: Script()) }
        guard case .backup(.keyOfProduction) = error else {
            Issue.record(error)
            return
        }
    }

    @Test("a CA that is made for a rehearsal is escrowed once, and has no state")
    func testCA() throws {
        var act = try first(.testCA, by: "olga")
        let script = Script()
        let made = try made(act.run(attended: script)).made
        #expect(made.manifest.isRehearsal && made.manifest.certificate.subject.contains(Rehearsal.mark))
        #expect(script.asked == [.decision(.dealShares)])
        #expect(script.kinds.prefix(2) == ["isWithoutPassphrase", "testCAMade"])
        #expect(throws: EscrowError.backup(.isThereAlready(path: act.escrow.string))) {
            _ = try act.run(attended: Script())
        }
        act.isWithState = true
        #expect(throws: EscrowError.backup(.testCAHasNoState)) { _ = try act.run(attended: Script()) }
    }

    // MARK: The CA's state

    @Test("the CA's state is counted, and archived when it is wanted")
    func state() throws {
        try world.folder.write("ca/ca.key", Acme.pkcs8(.root))
        try world.folder.write("ca/ca.crt", Acme.certificate(.root).pem)
        try world.folder.write(
            "ca/ca.cnf",
            """
            [ca]
            default_ca = a
            [a]
            private_key = \(world.folder("ca/ca.key"))
            certificate = \(world.folder("ca/ca.crt"))
            database = \(world.folder("ca/index.txt"))
            serial = \(world.folder("ca/serial"))
            new_certs_dir = \(world.folder("ca/new"))

            """
        )
        try world.folder.write("ca/index.txt", "")
        try world.folder.write("ca/serial", "1000\n")
        try world.folder.write("ca/new/.keep", "")
        let text = "openssl-ca:\(world.folder("ca/ca.cnf"))"
        let source = Backup.Source.store(try KeyStore(parsing: text), named: text)
        var act = try first(source)
        let counted = try made(act.run(attended: Script())).made
        #expect(counted.state == nil && counted.manifest.state?.figures.serial?.text == "1000")
        try world.folder.remove(act.escrow)
        act.isWithState = true
        let script = Script()
        let archived = try made(act.run(attended: script)).made
        #expect(try Files.kind(of: try #require(archived.state)) == .regular)
        #expect(script.told.contains { if case .begun(.archivingState) = $0 { true } else { false } })
    }

    @Test("a store that keeps no state is refused with one before anything is opened")
    func noState() throws {
        var act = try backup(p12())
        act.isWithState = true
        let script = Script()
        let error = try #require(throws: EscrowError.self) { _ = try act.run(attended: script) }
        guard case .state(.noState) = error else {
            Issue.record(error)
            return
        }
        #expect(script.asked == [])
    }
}
