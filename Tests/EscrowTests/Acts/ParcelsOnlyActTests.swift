// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// Those who only ever get parcels: what they do with one in the place of an escrow, and what they send back.
@Suite("By parcels only")
struct ParcelsOnlyActTests {
    private let world: World

    init() throws { world = try World() }

    /// A parcel of all that the escrow has, in a file.
    private func sent(_ name: String = "all.parcel") throws -> FilePath {
        let parcel = Parcel(about: "a test", files: try world.directory().packed())
        try world.folder.write(parcel.encoded(), to: world.folder(name))
        return world.folder(name)
    }

    private func collect(_ files: [FilePath], into escrow: FilePath? = nil) throws -> [Collect.Outcome] {
        var outcomes: [Collect.Outcome] = []
        try Collect(files, into: escrow ?? world.escrow).run(attended: Script()) { outcomes.append($0) }
        return outcomes
    }

    private func parcel(_ name: String) throws -> Parcel { try Parcel(at: world.folder(name)) }

    @Test("a share is acknowledged and checked, and what was seen counts as in a directory")
    func acknowledge() throws {
        let (all, alice) = (try sent(), try world.onDisk("alice"))
        let script = Script(knowing: try world.document().digest)
        try Acknowledge([all], by: alice, given: [], parcel: world.folder("a.parcel"), now: World.now)
            .run(attended: script)
        #expect(script.kinds == ["laidOut", "custody", "isWithoutPassphrase", "acknowledged", "parcel"])
        #expect(world.names(in: "receipts") == [])
        let outcomes = try collect([world.folder("a.parcel")])
        #expect(outcomes.count == 1 && world.names(in: "receipts").count == 2)
        let check = Script()
        try Check([all], by: alice, epoch: nil).run(attended: check)
        guard case .custodian(.checked(let share))? = check.told.last else {
            Issue.record("nothing was checked")
            return
        }
        #expect(!share.isToBeAcknowledged && share.escrow.typed == all)
    }

    @Test("a refusal goes into a parcel and nowhere else")
    func refuse() throws {
        let request = try world.request(to: Somebody("request"))
        let (all, bob) = (try sent(), try world.onDisk("bob"))
        let out = world.folder("no.parcel")
        try Refuse(all, request: nil, by: bob, because: "no", parcel: out, now: World.now).run(attended: Script())
        #expect(world.names(in: "refusals") == [])
        #expect(try parcel("no.parcel").files.count == 2)
        _ = try collect([out])
        #expect(world.names(in: "refusals").count == 2)
        #expect(try world.document().request(nil, at: World.now).identifier == request.identifier)
    }

    @Test("an officer signs what came in a parcel; the signature is filed where the document lies")
    func sign() throws {
        _ = try world.request(to: Somebody("request"), signedBy: ["olga"])
        let all = try sent()
        let out = world.folder("omar.parcel")
        let omar = try world.onDisk("omar")
        let act = Sign([all], by: omar, naming: [], isConfirmed: true, parcel: out, now: World.now)
        let script = Script()
        #expect(try act.found(attended: script).signed(attended: script).nextSteps.isEmpty)
        #expect(Array(script.kinds.suffix(2)) == ["signed", "parcel"])
        #expect(try world.document().requests().map { $0.request.signatures.signed.count } == [1])
        guard case .success(.signature(let officer, _))? = try collect([out]).first?.result else {
            Issue.record("no signature was filed")
            return
        }
        #expect(officer.name == "omar")
        #expect(try collect([out]).map { $0.result == nil } == [true])
    }

    @Test("a new card makes an epoch that is sent with those before it, and is taken into an old copy as a draft")
    func rekey() throws {
        let card = world.folder("new.card")
        try world.folder.write(try Somebody("alice").card.bytes, to: card)
        let given = ["\(try world.document().digest)"]
        let (all, alice, out) = (try sent(), try world.onDisk("alice"), world.folder("rekey.parcel"))
        try Rekey([all], by: alice, to: card, given: given, parcel: out, now: World.now).run(attended: Script())
        #expect(try world.directory().epochs.count == 1)
        let outcomes = try collect([out])
        guard outcomes.count == 1, case .success(.epoch(let draft, let place))? = outcomes[0].result else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(!draft.isApproved && draft.signers.map(\.name) == ["alice"])
        #expect(try Files.kind(of: place) == .directory)
        #expect(try world.directory().approval(of: nil).document.manifest.epoch == 1)
        #expect(try collect([out]).map { $0.result == nil } == [true])
    }

    @Test("an escrow that is not there is made of a parcel that holds all of it, and of no other")
    func made() throws {
        _ = try world.challenge()
        let all = try sent()
        let copy = world.folder("copy.escrow")
        let half = Parcel(
            about: "half",
            files: try parcel("all.parcel").files.filter { !$0.path.hasSuffix("/manifest.json") }
        )
        try world.folder.write(half.encoded(), to: world.folder("half.parcel"))
        guard case .failure(.notWhole)? = try collect([world.folder("half.parcel")], into: copy).first?.result else {
            Issue.record("an escrow was made of half a parcel")
            return
        }
        #expect(try Files.kind(of: copy) == nil)
        #expect(throws: EscrowError.file(.system(path: copy.string, .noSuchFileOrDirectory))) {
            _ = try collect([world.folder("x.json")], into: copy)
        }
        let outcomes = try collect([all], into: copy)
        #expect(outcomes.allSatisfy { if case .success? = $0.result { true } else { false } })
        #expect(try EscrowDirectory(at: copy).packed().map(\.path) == world.directory().packed().map(\.path))
        #expect(try EscrowDirectory(at: copy).approval(of: nil).isApproved)
    }

    @Test("no epoch is taken that begins another escrow, excludes what is in force, or was altered")
    func misfits() throws {
        let other = try World()
        let foreign = try other.directory().packed()
        let file = world.folder("foreign.parcel")
        try world.folder.write(Parcel(about: "other", files: foreign).encoded(), to: file)
        let outcomes = try collect([file])
        guard outcomes.count == 1, case .failure(.doesNotFollow(_, .followsNothing))? = outcomes[0].result else {
            Issue.record("\(outcomes)")
            return
        }
        // Two epochs that officers have approved: whoever has one keeps it.
        let (left, right) = (try world.copy(), try world.copy())
        try left.next(officers: "2 of (olga, omar, otto)")
        try right.next(officers: "1 of (olga, omar)")
        let fork = world.folder("fork.parcel")
        try world.folder.write(Parcel(about: "fork", files: right.directory().packed()).encoded(), to: fork)
        var found: [Collect.Outcome] = []
        try Collect([fork], into: left.escrow).run(attended: Script()) { found.append($0) }
        guard found.count == 1, case .failure(.doesNotFollow(_, .excludes))? = found[0].result else {
            Issue.record("\(found)")
            return
        }
        #expect(try left.directory().epochs.count == 2 && left.directory().chain().dispute == nil)
        #expect(throws: Never.self) { try left.directory().chain().requireInForce() }
    }

    @Test("a draft is taken in when somebody of the epoch before has signed it, and a first one when an officer has")
    func unsigned() throws {
        let far = try world.copy()
        let draft = try far.next(signedBy: ["olga"])
        let files = try far.directory().packed()
        func parcel(_ name: String, _ isSigned: (String) -> Bool) throws -> FilePath {
            let kept = files.filter { !$0.path.hasSuffix(".sig") || isSigned($0.path) }
            try world.folder.write(Parcel(about: "a draft", files: kept).encoded(), to: world.folder(name))
            return world.folder(name)
        }
        let before = try world.folder.listing()
        let bare = try parcel("bare.parcel") { !$0.hasPrefix("0002-") }
        guard case .failure(.doesNotFollow(_, .isNotSigned))? = try collect([bare]).first?.result else {
            Issue.record("a draft that nobody signed was filed")
            return
        }
        #expect(try Files.kind(of: world.escrow.appending(draft.lastComponent!)) == nil)
        #expect(try world.folder.listing().filter { !$0.contains("bare.parcel") } == before)
        let none = world.folder("none.escrow")
        let outcomes = try collect([parcel("nobody.parcel") { _ in false }], into: none)
        guard outcomes.count == 2, case .failure(.doesNotFollow(_, .isNotSigned))? = outcomes[0].result else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(try Files.kind(of: none) == nil)
        let signed = try parcel("signed.parcel") { _ in true }
        guard case .success(.epoch(let filed, _))? = try collect([signed]).first?.result else {
            Issue.record("a draft that an officer signed was not filed")
            return
        }
        #expect(!filed.isApproved)
        // Taken back, it stays away until officers have approved it.
        let olga = try world.onDisk("olga")
        _ = try Withdraw(nil, of: world.escrow, pkcs12: nil, by: olga).run(attended: Script())
        guard case .failure(.doesNotFollow(_, .wasWithdrawn))? = try collect([signed]).first?.result else {
            Issue.record("a draft came back that was withdrawn")
            return
        }
        #expect(try world.directory().epochs.count == 1)
    }

    @Test("a copy is made after it was shown, and a refusal given after the request was: a no leaves nothing")
    func consent() throws {
        let (all, copy) = (try sent(), world.folder("copy.escrow"))
        let no = Script(agreeing: false)
        #expect(throws: EscrowError.notConfirmed) { try Collect([all], into: copy).run(attended: no) { _ in } }
        #expect(no.kinds == ["laidOut", "makesCopy"])
        #expect(no.asked == [.decision(.makeCopy(escrow: copy.string))])
        #expect(try Files.kind(of: copy) == nil)
        let nobody = Script(isAnybodyThere: false)
        try Collect([all], into: copy).run(attended: nobody) { _ in }
        #expect(nobody.asked == [] && nobody.kinds == ["laidOut", "makesCopy"])
        let request = try world.request(to: Somebody("request"))
        let bob = try world.onDisk("bob")
        let refusing = Script(agreeing: false) { _ in "no" }
        #expect(throws: EscrowError.notConfirmed) {
            try Refuse(world.escrow, request: nil, by: bob, because: nil, parcel: nil, now: World.now)
                .run(attended: refusing)
        }
        #expect(refusing.kinds == ["asksOfAll"])
        #expect(refusing.asked == [.text(.reasonToRefuse), .decision(.refuse(request: request.identifier))])
        #expect(world.names(in: "refusals") == [])
    }

    @Test("a signature that completes an epoch or a request says what is next, once")
    func nextSteps() throws {
        let draft = try world.next(signedBy: ["olga"])
        let manifest = draft.appending("manifest.json")
        func signature(_ name: Name, of file: FilePath, _ format: DocumentFormat) throws -> FilePath {
            let place = world.folder("\(name).sig")
            let bytes = try Files.read(file, limit: ByteLimit.manifest)
            try world.folder.write(world.cast[name].sign(bytes, format).signature.armored, to: place)
            return place
        }
        func steps(_ file: FilePath) throws -> [String] {
            try Collect([file], into: world.escrow).run(attended: Script()) { _ in }
        }
        let omar = try signature("omar", of: manifest, .manifest)
        let escrow = ShellWord.path(world.escrow.string)
        let found = try steps(omar)
        #expect(found.count == 2)
        #expect(found.first == "make a parcel for alice, bob, carol: ca-escrow pack \(escrow)")
        #expect(
            found.last == "never drilled for this epoch: ca-escrow drill \(escrow) --certificate FILE --purpose TEXT "
                + "-i olga.identity"
        )
        #expect(try steps(omar) == [])
        let epoch = try world.directory().approval(of: nil)
        #expect(epoch.document.path == draft && epoch.shortfalls == [])
    }

    @Test("of two groups of officers, each that lacks somebody is named")
    func shortfalls() throws {
        let next = try world.next(officers: "2 of (olga, otto)", signedBy: ["olga"])
        let draft = try #require(try world.directory().chain().drafts.first)
        #expect(draft.document.path == next)
        let own = Shortfall(signed: 1, needed: 2, missing: ["otto"])
        let before = Shortfall(signed: 1, needed: 2, missing: ["omar"])
        #expect(draft.shortfalls == [own, before])
        #expect(draft.notInForce == .trust(.notInForce(path: next.string, own, before: before)))
        #expect(
            "\(draft.notInForce)"
                == "\(next): not in force: signed by 1 of 2 officers: 1 more needed of (otto), and by 1 of 2 officers of the "
                + "epoch before: 1 more needed of (omar)"
        )
        #expect(
            NextStep.sign(draft.shortfalls, in: "a b.escrow")
                == "otto of the new officers, and omar of the old ones must sign: ca-escrow sign 'a b.escrow' -i otto.identity"
        )
        #expect(Shortfall(signed: 0, needed: 2, missing: ["olga", "omar", "otto"]).who == "2 of olga, omar, otto")
        #expect(Shortfall(signed: 0, needed: 2, missing: ["olga", "omar"]).who == "olga and omar")
        #expect(Shortfall(signed: 1, needed: 2, missing: ["omar", "otto"]).who == "omar or otto")
    }

    @Test("files come in any order: a signature before its document, a receipt before its epoch")
    func anyOrder() throws {
        let request = try world.request(to: Somebody("request"), signedBy: ["olga", "omar"])
        let copy = try world.copy()
        try copy.folder.remove(copy.epoch.appending("requests"))
        let name = try #require(request.path.lastComponent)
        let loose = ["\(name).omar.sig", "\(name)", "\(name).olga.sig"].map {
            world.epoch.appending("requests").appending($0)
        }
        var outcomes: [Collect.Outcome] = []
        try Collect(loose, into: copy.escrow).run(attended: Script()) { outcomes.append($0) }
        #expect(outcomes.count == 3 && outcomes.allSatisfy { if case .success? = $0.result { true } else { false } })
        #expect(copy.names(in: "requests").count == 3)
        outcomes = []
        try Collect(loose, into: copy.escrow).run(attended: Script()) { outcomes.append($0) }
        let again = outcomes.map { if case .success(.alreadyHere)? = $0.result { true } else { false } }
        #expect(again == [true, true, true])
    }

    @Test("a name is free by itself; the very bytes are there already")
    func freeNames() throws {
        let folder = FilePath(world.folder.path)
        let name = FreeName(of: "alice", "receipts", answering: "3fa9c2d1", ending: "parcel", in: folder)
        let first = world.folder("alice-receipts-3fa9.parcel")
        #expect(try name.create([1], permissions: [.ownerReadWrite], or: nil) == (first, true))
        #expect(try name.create([1], permissions: [.ownerReadWrite], or: nil) == (first, false))
        let second = world.folder("alice-receipts-3fa9-2.parcel")
        #expect(try name.create([2], permissions: [.ownerReadWrite], or: nil) == (second, true))
        #expect(try name.create([2], permissions: [.ownerReadWrite], or: second) == (second, false))
        #expect(throws: EscrowError.file(.exists(path: second.string))) {
            _ = try name.create([3], permissions: [.ownerReadWrite], or: second)
        }
    }

    @Test("a plan's places in a parcel are a bundle's, and lead nowhere else")
    func planPlaces() {
        for path in [
            "plan.json", "plan.json.olga.sig", "certificate.pem", "earlier-inventory.json", "cards/olga.card",
            "cards/omar.pub",
        ] {
            #expect(PlanPlace.isKnown(path))
        }
        for path in [
            "", "plan.json.sig", "plan.json..sig", "transcript.jsonl", "cards/../plan.json", "cards/olga.identity",
            "/plan.json", "cards/a/b.card", "officers.signers",
        ] {
            #expect(!PlanPlace.isKnown(path))
        }
    }

    @Test("whoever signs by parcel signs again what they signed, and nothing else of an older copy")
    func again() throws {
        let draft = try World(signedBy: ["olga"])
        try draft.folder.write(
            Parcel(about: "a draft", files: draft.directory().packed()).encoded(),
            to: draft.folder("draft.parcel")
        )
        func sign(_ out: String) throws -> FilePath {
            let (omar, parcel) = (try draft.onDisk("omar"), draft.folder(out))
            let script = Script()
            _ = try Sign(
                [draft.folder("draft.parcel")],
                by: omar,
                naming: [],
                isConfirmed: true,
                parcel: parcel,
                now: World.now
            )
            .found(attended: script).signed(attended: script)
            return parcel
        }
        #expect(try Parcel(at: sign("1.parcel")).files == Parcel(at: sign("2.parcel")).files)
    }

    @Test("what desktops leave beside cards and in an escrow is passed over")
    func clutter() throws {
        for name in ["._alice.card", ".DS_Store", ".gitignore", "Thumbs.db", "desktop.ini"] {
            #expect(Clutter.isOne(name))
            try world.folder.write([0], to: world.escrow.appending(name))
        }
        for name in ["alice.card", ".DS_Storex", "._x.0123456789abc.partial", "thumbs"] {
            #expect(!Clutter.isOne(name) || name == "._x")
        }
        try world.folder.write([0], to: world.epoch.appending("._manifest.json"))
        #expect(try world.directory().strays == [])
        let cards = world.folder("cards")
        try Files.makeDirectory(cards, permissions: .publicDirectory)
        try world.folder.write([0], to: cards.appending("._alice.card"))
        #expect(try PeopleGiven(at: [cards]).cardNames == [])
        #expect(Clutter.found.contains(cards.appending("._alice.card")))
    }
}
