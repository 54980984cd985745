// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Escrow

/// What an escrow takes from a parcel: what verifies, each in its place, and what does not is left out by name.
@Suite struct CollectParcelTests {
    private static let made = Result { try CompleteEscrow() }

    /// What became of each file of a parcel, by its place.
    private func collect(_ files: [Parcel.File], into world: World) throws -> [String: Result<Collected, CollectError>]
    {
        try world.collect(parcel: files)
    }

    private func listing(_ world: World) throws -> [String] {
        try world.folder.listing().filter { !$0.contains("stderr") }
    }

    /// A copy of the complete escrow in which nobody has added anything yet.
    private func bare() throws -> World {
        let world = try Self.made.get().world.copy()
        for name in EpochDirectory.addedDirectories {
            try world.folder.remove(world.epoch.appending(name))
        }
        return world
    }

    @Test("documents of every kind are filed with their signatures, and the second time there is nothing to do")
    func everything() throws {
        let complete = try Self.made.get()
        let world = try bare()
        // Cards and signatures of the manifest that are missing come along as well.
        try world.folder.remove(world.epoch.appending("cards").appending("bob.json"))
        try world.folder.remove(world.epoch.appending("manifest.json.otto.sig"))
        #expect(try world.fullAudit(time: CompleteEscrow.end).failed == [.cards])
        let files = try complete.world.directory().packed()
        var kinds: Set<String> = []
        for (place, result) in try collect(files, into: world) {
            switch result {
            case .success(.document(let kind, let path)):
                kinds.insert(kind)
                #expect(path == world.escrow.appending(FilePath(place).components))
            case .success(.card(let name, _)): #expect(name == "bob")
            case .success(.signature(let officer, _)): #expect(officer.name == "otto")
            case .success(.alreadyHere): break
            default: Issue.record("\(place): \(result)")
            }
        }
        #expect(kinds.count == 11)
        #expect(try listing(world) == listing(complete.world))
        #expect(try world.fullAudit(time: CompleteEscrow.end).verdict == .sound)
        for (place, result) in try collect(files, into: world) {
            guard case .success(.alreadyHere) = result else {
                Issue.record("\(place): \(result)")
                continue
            }
        }
    }

    @Test("a request that is here gets the signatures that are new")
    func completed() throws {
        let complete = try Self.made.get()
        let world = try bare()
        let files = try complete.world.directory().packed(only: [complete.request.identifier])
        func without(_ signers: String...) -> [Parcel.File] {
            files.filter { file in !signers.contains { file.path.hasSuffix(".\($0).sig") } }
        }
        _ = try collect(without("omar", "otto"), into: world)
        #expect(try world.document().requests().map(\.signed) == [["olga"]])
        _ = try collect(without("olga"), into: world)
        #expect(try world.document().requests().map(\.signed) == [["olga", "omar", "otto"]])
        // A signature alone finds its document.
        let again = try bare()
        _ = try collect(without("omar"), into: again)
        _ = try collect(files.filter { $0.path.hasSuffix(".omar.sig") }, into: again)
        #expect(try again.document().requests().map(\.signed) == [["olga", "omar", "otto"]])
    }

    @Test("a key file, an identity, a release and rubbish under a lawful path are left out by name")
    func smuggled() throws {
        let complete = try Self.made.get()
        let world = try bare()
        let epoch = try #require(world.epoch.lastComponent).string
        let before = try listing(world)
        let digest = String(repeating: "0a", count: 16)
        let identity = try Identity(generatingFor: "alice").sealed(passphrase: nil).encoded()
        let pkcs12 = try world.folder.read(world.pkcs12)
        let pem = Array("-----BEGIN PRIVATE KEY-----\n".utf8)
        let contents: [(String, [UInt8], (String) -> CollectError)] = [
            ("receipts/alice-\(digest).json", pkcs12, { .pkcs12(path: $0) }),
            ("cards/alice.json", identity, { .secret(path: $0) }),
            ("records/20260301T120000Z-restore-\(digest).json", pem, { .secret(path: $0) }),
            ("releases/alice-\(digest).json", complete.releases[0].encoded(), { .releaseBox(path: $0) }),
            ("manifest.json.eve.sig", pkcs12, { .pkcs12(path: $0) }),
            (
                "refusals/bob-\(digest)-\(digest).json", [1, 2, 3],
                { .escrow(.directory(.anotherFile(path: $0, found: .data, wanted: .filed))) }
            ),
            ("manifest.json", complete.releases[0].encoded(), { .releaseBox(path: $0) }),
            ("README.txt", identity, { .secret(path: $0) }),
        ]
        for (place, content, error) in contents {
            let path = "\(epoch)/\(place)"
            let results = try collect([Parcel.File(escrow: "acme.escrow", path: path, content: content)], into: world)
            guard case .failure(let found)? = results[path] else {
                Issue.record("\(place): \(results)")
                continue
            }
            // Errors name the file in the parcel, or where it was unpacked.
            let named = String("\(found)".prefix(upTo: try #require("\(found)".firstRange(of: path)).upperBound))
            #expect(named.hasSuffix("x.parcel: \(path)") || named.hasSuffix("/acme.escrow/\(path)"))
            #expect(found == error(named))
        }
        #expect(try listing(world) == before)
    }

    @Test("altered, unsigned and foreign documents are left out, and the others filed")
    func mixed() throws {
        let complete = try Self.made.get()
        let world = try bare()
        var files = try complete.world.directory().packed()
        func index(_ part: String, _ end: String) throws -> Int {
            try #require(files.firstIndex { $0.path.contains(part) && $0.path.hasSuffix(end) })
        }
        // Alice's receipt says another time; bob's comes without signature; carol's is of another escrow.
        let alices = try index("/receipts/alice-", ".json")
        let altered = try JSONValue(canonical: files[alices].content)
            .setting("created", to: .string("2026-12-01T12:00:01Z")).encoded()
        files[alices] = Parcel.File(escrow: files[alices].escrow, path: files[alices].path, content: altered)
        files.remove(at: try index("/receipts/bob-", ".sig"))
        let stranger = try World().acknowledge("carol")
        let epoch = try #require(world.epoch.lastComponent).string
        files += stranger.parcelFiles(of: "acme.escrow").map { file in
            let rest = file.path.split(separator: "/").dropFirst().joined(separator: "/")
            return Parcel.File(escrow: file.escrow, path: "\(epoch)/\(rest)", content: file.content)
        }
        var failures: [String] = []
        for (place, result) in try collect(files, into: world) {
            if case .failure(.escrow(let error)) = result {
                switch error {
                case .directory(.fileName), .signature(_, .doesNotVerify): failures.append("altered")
                case .trust(.notSigned(_, let name)): failures.append("not signed by \(name)")
                case .directory(.anotherEscrow(_, let kind)): failures.append("a \(kind) of another escrow")
                default: Issue.record("\(place): \(error)")
                }
            }
        }
        #expect(failures.sorted() == ["a receipt of another escrow", "altered", "not signed by bob"])
        let evidence = try Evidence(of: world.document(), in: world.directory(), at: CompleteEscrow.end)
        #expect(evidence.withoutReceipt == ["alice", "bob"])
        #expect(evidence.proofs.proofs.count == 3)
    }

    @Test("a receipt of a manifest that nobody knows is filed as what it is")
    func otherManifest() throws {
        let world = try bare()
        let receipt = try world.acknowledge("alice")
        let shown = SHA256Digest(of: Array("shown".utf8))
        let bytes = try JSONValue(canonical: receipt.bytes).setting("manifest", to: .string("\(shown)"))
            .proven(by: world.share(of: "alice")).encoded()
        let sent = world.folder("sent.json")
        try world.folder.write(bytes, to: sent)
        // Under its own name, as Alice's tool wrote it there.
        let name = try Receipt(canonical: bytes).fileName(of: bytes)
        let named = world.folder("sent/\(name)")
        try world.folder.write(bytes, to: named)
        let signature = world.cast["alice"].sign(bytes, .receipt).signature
        try world.folder.write(signature.armored, to: FilePath("\(named).alice.sig"))
        guard case .unknownManifest("alice", let place) = try world.directory().collect(named) else {
            Issue.record("not filed as a receipt of another manifest")
            return
        }
        #expect(place == world.epoch.appending("receipts").appending(name))
        #expect(try world.fullAudit().failed.isEmpty)
        guard case .alreadyHere = try world.directory().collect(named) else {
            Issue.record("filed twice")
            return
        }
        #expect(throws: CollectError.escrow(.directory(.fileName(path: sent.string, expected: name)))) {
            try world.directory().collect(sent)
        }
    }

    @Test("a parcel about another escrow, or an epoch that is not here, is named")
    func elsewhere() throws {
        let complete = try Self.made.get()
        let world = try bare()
        let files = try complete.world.directory().packed()
        let others = files.map { Parcel.File(escrow: "other.escrow", path: $0.path, content: $0.content) }
        let third = files.map { Parcel.File(escrow: "third.escrow", path: $0.path, content: $0.content) }
        let thrown = #expect(throws: CollectError.self) { try collect(others + third, into: world) }
        guard case .notInParcel(_, "acme.escrow", ["other.escrow", "third.escrow"])? = thrown else {
            Issue.record("\(thrown as Any)")
            return
        }
        // The only escrow in it may have been renamed here.
        let request = others.filter { $0.path.contains(complete.request.identifier) }
        _ = try collect(request, into: world)
        #expect(try world.document().requests().map(\.identifier) == [complete.request.identifier])
        let later = try world.copy()
        try later.next(officers: "2 of (olga, omar, otto)")
        let epoch = try #require(later.directory().epochs.last).name
        let results = try collect(later.directory().packed(only: []), into: world)
        guard case .success(.epoch(let epochHere, _))? = results[epoch] else {
            Issue.record("\(results)")
            return
        }
        #expect(epochHere.isApproved && epochHere.document.manifest.epoch == 2)
        #expect(try world.directory().epochs.map(\.name) == later.directory().epochs.map(\.name))
    }

    @Test("two who collect the same at once disturb each other in nothing")
    func atOnce() async throws {
        let complete = try Self.made.get()
        let world = try bare()
        let parcel = Parcel(about: "a test", files: try complete.world.directory().packed())
        let (escrow, sent) = (world.escrow, world.folder("x.parcel"))
        try world.folder.write(parcel.encoded(), to: sent)
        let failures = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var failures: [String] = []
                    try Collect([sent], into: escrow).run(attended: Script()) { outcome in
                        if case .failure(let error)? = outcome.result {
                            failures.append("\(error)")
                        }
                    }
                    return failures
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(failures == [])
        try world.folder.remove(sent)
        #expect(try listing(world) == listing(complete.world))
    }

    @Test("only the wanted escrow of a parcel is unpacked, for nobody else to read")
    func onlyOne() throws {
        let world = try World()
        let files = ["a", "b"].map { Parcel.File(escrow: $0, path: "README.txt", content: [1]) }
        let parcel = Parcel(about: "a test", files: files)
        let unpacked = try UnpackedParcel(parcel, only: "b", in: FilePath(world.folder.path))
        #expect(try Files.kind(of: unpacked.path(of: "a")) == nil)
        #expect(try world.folder.permissions(unpacked.path(of: "b").appending("README.txt")) == 0o600)
        _ = consume unpacked
    }

    @Test("17 MiB are refused by their size, before reading")
    func tooLarge() throws {
        let world = try World()
        let size = 17 << 20
        try world.folder.sh("truncate -s \(size) big.parcel")
        let path = world.folder("big.parcel")
        let error = FileError.tooLarge(path: path.string, byteCount: size, limit: ByteLimit.parcel)
        #expect(throws: error) { try Files.read(path, limit: ByteLimit.parcel) }
        #expect(throws: CollectError.escrow(.file(error))) { try world.directory().collect(path) }
        // A document or a signature may be much less.
        try world.folder.write("long.json", Array("{".utf8) + [UInt8](repeating: 0x20, count: 300_000))
        let long = world.folder("long.json")
        #expect(
            throws: CollectError.escrow(
                .file(.tooLarge(path: long.string, byteCount: 300_001, limit: ByteLimit.document))
            )
        ) { try world.directory().collect(long) }
    }

    @Test("an unpacked parcel is nobody else's, and stays as long as paths into it are in use")
    func unpacked() throws {
        let world = try World()
        let parcel = Parcel(about: "a test", files: try Self.made.get().world.directory().packed())
        let root: FilePath
        do {
            let unpacked = try UnpackedParcel(parcel, in: FilePath(world.folder.path))
            root = unpacked.path(of: "acme.escrow")
        }
        // The end of the process removes it: parcel-leftovers.txt.
        #expect(try EscrowDirectory(at: root).chain().inForce != nil)
        #expect(try world.folder.permissions(root.removingLastComponent()) == 0o700)
    }
}
