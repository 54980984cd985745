// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// Epochs as they follow one another on disk.
@Suite struct ChainTests {
    let world: World

    init() throws {
        world = try World()
    }

    @Test("one, two and three epochs are a chain, and the last is in force")
    func chain() throws {
        for number in 1...3 {
            if number > 1 {
                try world.next()
            }
            let directory = try world.directory()
            #expect(directory.chain().epochs.map(\.document.manifest.epoch) == Array(1...number))
            #expect(directory.chain().inForce?.document.manifest.epoch == number)
            #expect(directory.strays.isEmpty && directory.leftovers.isEmpty)
            let audit = try world.audit()
            #expect(audit.failed.isEmpty)
            #expect(audit.subject?.document.manifest.epoch == number)
        }
        #expect(try world.audit(epoch: 2).subject?.document.manifest.epoch == 2)
        #expect(
            try world.directory().epoch(2).manifest.previous == Predecessor(epoch: 1, sha256: world.document().digest)
        )
        #expect(throws: EscrowError.directory(.noSuchEpoch(path: world.escrow.string, 4))) {
            try world.directory().approval(of: 4)
        }
        #expect(throws: EscrowError.directory(.noSuchEpoch(path: world.escrow.string, 4))) { try world.audit(epoch: 4) }
        // Each epoch has a secret of its own, and restores by itself.
        let directory = try world.directory()
        #expect(Set(directory.chain().epochs.map(\.document.manifest.set)).count == 3)
        for number in 1...3 {
            let people = [world.cast["alice"], world.cast["carol"]]
            #expect(try directory.epoch(number).restore(by: people, in: directory) == [Acme.pkcs8(.root)])
        }
    }

    @Test("an epoch that is missing is named")
    func gap() throws {
        let second = try world.next()
        try world.next()
        try world.folder.remove(second)
        let chain = try world.directory().chain()
        #expect(chain.inForce?.document.manifest.epoch == 1)
        let third = try #require(chain.drafts.first)
        let error = EscrowError.directory(
            .escrowIsDamaged(
                path: third.document.path.string,
                finding: "the epoch that it follows is not here"
            )
        )
        #expect(chain.drafts.count == 1 && third.notInForce == error)
        let audit = try world.audit()
        #expect(audit.failed == [.chain])
        #expect(audit.findings(.chain) == [error.description])
        try world.folder.remove(world.epoch)
        #expect(throws: error) { try world.directory().chain().requireInForce() }
    }

    @Test("two epochs of one number are a fork, and no command chooses")
    func fork() throws {
        let document = try world.document()
        for _ in 0..<2 {
            let new = try NewEpoch.make(of: Acme.material(), after: document, cast: world.cast)
            try world.publish(new, signedBy: [world.cast["olga"], world.cast["omar"]])
        }
        let directory = try world.directory()
        let digests = try directory.epochs.dropFirst().map { try $0.document.get().digest }
        let error = EscrowError.directory(.fork(path: world.escrow.string, epoch: 2, digests: digests))
        #expect(throws: error) { try directory.chain().requireInForce() }
        #expect(throws: error) { try directory.approval(of: 2) }
        #expect(throws: error) { try directory.approval(of: nil) }
        // By its digest each is to be had, on the worst day.
        for digest in digests {
            #expect(try directory.approval(of: .digest(prefix: digest.short)).document.digest == digest)
        }
        #expect(try directory.epoch(1).digest == document.digest)
        let audit = try world.audit()
        #expect(audit.failed == [.chain])
        #expect(audit.findings(.chain) == [error.description])
        #expect(audit.outcome(.approval) == .notChecked("approved epochs exclude one another"))
        #expect(audit.subject?.document.digest == document.digest)
    }

    @Test("an epoch that names another digest before it does not follow")
    func otherPredecessor() throws {
        let new = try NewEpoch.make(of: Acme.material(), after: world.document(), cast: world.cast)
        let json = try JSONValue(canonical: new.bytes)
            .setting("previous.sha256", to: .string(SHA256Digest(of: []).description))
        let path = try world.place(
            json,
            epoch: 2,
            signedBy: [world.cast["olga"], world.cast["omar"]],
            cards: new.cards
        )
        let finding = "\(path): the epoch that it follows is not here"
        #expect(try world.directory().chain().inForce?.document.manifest.epoch == 1)
        let audit = try world.audit()
        #expect(audit.failed == [.chain])
        #expect(audit.findings(.chain) == [finding])
    }

    @Test("an epoch under another directory's name is refused", arguments: ["0001-00000000", "0002"])
    func directoryName(name: String) throws {
        let expected = try #require(world.epoch.lastComponent).string
        let name = name.contains("-") ? name : name + expected.dropFirst(4)
        let moved = world.escrow.appending(name)
        try world.folder.move(world.epoch, to: moved)
        let error = EscrowError.directory(.fileName(path: moved.string, expected: expected))
        #expect(throws: error) { try world.directory().chain().requireInForce() }
        #expect(throws: error) { try world.directory().approval(of: name.hasPrefix("0002") ? 2 : 1) }
        let audit = try world.audit()
        #expect(audit.failed == [.chain])
        // What was not looked at is not said to be right.
        for check in [AuditCheck.cards, .readme, .commitments] {
            #expect(audit.outcome(check) == .notChecked("a manifest is refused"))
        }
    }

    @Test("names that are no epoch's are strays, and the audit names them")
    func strays() throws {
        let names = ["0001-3FA9C2D1", "001-3fa9c2d1", "0000-3fa9c2d1", "0001-3fa9c2d", "+001-3fa9c2d1", "notes.txt"]
        for name in names {
            try world.folder.write([], to: world.escrow.appending(name))
        }
        #expect(try world.directory().strays == names.sorted())
        let audit = try world.audit()
        #expect(audit.failed == [.layout])
        #expect(audit.findings(.layout) == names.sorted().map { "\($0): belongs to no escrow" })
    }

    @Test("a PKCS#12 file anywhere inside the escrow is a finding")
    func pkcs12Inside() throws {
        let epoch = try #require(world.epoch.lastComponent).string
        let places: [(String, AuditCheck)] = [
            ("acme.p12", .layout), ("\(epoch)/acme.p12", .layout), ("\(epoch)/cards/acme.p12", .cards),
            ("\(epoch)/records/acme.p12", .layout), ("\(epoch)/records/acme.json", .layout),
            ("\(epoch)/receipts/acme.p12", .layout), ("\(epoch)/manifest.json.acme.sig", .signatures),
        ]
        for (name, check) in places {
            let path = world.escrow.appending(FilePath(name).components)
            try world.folder.write(try world.folder.read(world.pkcs12), to: path)
            #expect(try world.audit().failed == [check], "\(name)")
            try world.folder.remove(path)
        }
        #expect(try world.audit().failed.isEmpty)
    }

    @Test("what an interrupted run left is named, and is no stray")
    func leftovers() throws {
        try world.folder.write([], to: world.escrow.appending(".0002-3fa9c2d1.k3v.partial").appending("README.txt"))
        try world.folder.write([], to: world.escrow.appending(".README.txt.x.partial"))
        let names = [".0002-3fa9c2d1.k3v.partial", ".README.txt.x.partial"]
        #expect(try world.directory().leftovers == names)
        #expect(try world.directory().strays == [])
        #expect(
            try world.audit().findings(.layout)
                == names.map { "\($0): left half-made by an interrupted run: remove it" }
        )
    }

    @Test("what a backup left beside the escrow is named, and no file of another name")
    func leftoversBeside() throws {
        let mine = [".acme-12345678.p12.k.partial", ".acme.escrow.k.partial", "acme-12345678.p12"]
        for name in mine + ["acme-1234567g.p12", "other-12345678.p12", ".other.escrow.k.partial", "acme-12345678.txt"] {
            try world.folder.write(name, [])
        }
        let destination = try Destination(escrow: world.escrow, pkcs12: nil)
        let found = try destination.leftovers(besides: [world.document()])
        #expect(found.compactMap(\.lastComponent?.string) == mine)
    }

    @Test("what is no escrow is said to be none")
    func noEscrow() throws {
        #expect(throws: EscrowError.file(.system(path: world.folder("none").string, .noSuchFileOrDirectory))) {
            try EscrowDirectory(at: world.folder("none"))
        }
        #expect(throws: EscrowError.directory(.anotherFile(path: world.pkcs12.string, found: .pkcs12, wanted: .escrow)))
        {
            try EscrowDirectory(at: world.pkcs12)
        }
        #expect(throws: EscrowError.directory(.anotherFile(path: world.epoch.string, found: .epoch, wanted: .escrow))) {
            try EscrowDirectory(at: world.epoch)
        }
        #expect(throws: EscrowError.directory(.notAnEscrow(path: FilePath(world.folder.path).string))) {
            try EscrowDirectory(at: FilePath(world.folder.path))
        }
        #expect(EscrowDirectory.isEscrow(world.escrow))
        #expect(!EscrowDirectory.isEscrow(world.epoch))
        #expect(!EscrowDirectory.isEscrow(world.pkcs12))
    }

    @Test("a manifest that is a symbolic link, a directory or too large is not read")
    func hostileFiles() throws {
        let manifest = world.epoch.appending("manifest.json")
        let original = world.folder("original.json")
        try world.folder.move(manifest, to: original)
        try world.folder.sh("ln -s \(original) \(manifest)")
        #expect(throws: EscrowError.file(.symbolicLink(path: manifest.string))) {
            try world.directory().chain().requireInForce()
        }
        #expect(try world.audit().failed == [.manifest])
        try world.folder.sh("rm \(manifest); mkdir \(manifest)")
        #expect(throws: EscrowError.file(.system(path: manifest.string, .isDirectory))) {
            try world.directory().chain().requireInForce()
        }
        try world.folder.sh("rmdir \(manifest); mkfifo \(manifest)")
        #expect(throws: EscrowError.file(.notRegular(path: manifest.string))) {
            try world.directory().chain().requireInForce()
        }
        try world.folder.sh("rm \(manifest); truncate -s 4194305 \(manifest)")
        #expect(
            throws: EscrowError.file(.tooLarge(path: manifest.string, byteCount: 4_194_305, limit: 4_194_304))
        ) {
            try world.directory().chain().requireInForce()
        }
        #expect(try world.audit().failed == [.manifest])
    }
}
