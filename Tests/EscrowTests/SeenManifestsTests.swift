// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage
import Testing

@testable import Escrow

/// What a custodian remembers, and whom that finds out.
@Suite struct SeenManifestsTests {
    let world: World
    let document: EpochDocument
    let folder: TemporaryFolder

    init() throws {
        world = try World()
        document = try world.document()
        folder = try TemporaryFolder()
    }

    private var file: FilePath { folder("alice.seen") }

    private func seen() throws -> SeenManifests { try SeenManifests(of: "alice", beside: folder("alice.identity")) }

    /// A later epoch of the same secret, with other officers.
    private func rotate(_ previous: EpochDocument, _ officers: String = "2 of (olga, otto)") throws -> EpochDocument {
        let path = try world.rotate(after: previous, to: officers, signedBy: ["olga", "omar", "otto"])
        return try #require(world.directory().epochs.first { $0.path == path }).document.get()
    }

    @Test("the first time nothing is known; afterwards the same is fine")
    func firstTime() throws {
        var seen = try seen()
        #expect(seen.path == file)
        #expect(try !seen.knows(document, in: world.directory().chain()) && !seen.has(document))
        try seen.check(document, in: world.directory())
        #expect(try Files.kind(of: file) == nil)
        #expect(try seen.last(in: world.directory()) == nil)
        try seen.remember(document, in: world.directory())
        #expect(try folder.read(file) == Array("\(document.manifest.set) 1 \(document.digest)\n".utf8))
        #expect(try folder.permissions(file) == 0o600)
        seen = try self.seen()
        #expect(try seen.knows(document, in: world.directory().chain()) && seen.has(document))
        #expect(try seen.last(in: world.directory()) == document.digest)
        try seen.check(document, in: world.directory())
        let before = try folder.read(file)
        try seen.remember(document, in: world.directory())
        #expect(try folder.read(file) == before)
    }

    @Test("a higher epoch is taken when the digests lead to it, and then the lower is refused")
    func higher() throws {
        var seen = try seen()
        try seen.remember(document, in: world.directory())
        let second = try rotate(document)
        let third = try rotate(second, "2 of (olga, omar)")
        try seen.check(second, in: world.directory())
        try seen.check(third, in: world.directory())
        try seen.remember(third, in: world.directory())
        seen = try self.seen()
        try seen.check(third, in: world.directory())
        for (epoch, number) in [(document, 1), (second, 2)] {
            #expect(
                throws: EscrowError.seen(path: epoch.path.string, .older(epoch: number, seen: 3))
            ) { try seen.check(epoch, in: world.directory()) }
        }
        let lines = String(decoding: try folder.read(file), as: UTF8.self).split(separator: "\n")
        #expect(lines == ["\(document.manifest.set) 1 \(document.digest)", "\(third.manifest.set) 3 \(third.digest)"])
        #expect(try folder.permissions(file) == 0o600)
    }

    @Test("whoever acted on an epoch with a secret of its own is not taken back to the one before")
    func rollback() throws {
        var seen = try seen()
        try seen.remember(document, in: world.directory())
        let path = try world.next()
        let second = try world.directory().epoch(2)
        try seen.remember(second, in: world.directory())
        let refusal = EscrowError.seen(path: document.path.string, .older(epoch: 1, seen: 2))
        #expect(throws: refusal) { try seen.check(document, in: world.directory()) }
        // A copy from which the newer epoch was taken away shows nothing of it.
        try world.folder.remove(path)
        #expect(throws: refusal) { try seen.check(document, in: world.directory()) }
    }

    @Test("two commands at once lose nothing")
    func together() throws {
        var (first, second) = (try seen(), try seen())
        let other = try World()
        try first.remember(document, in: world.directory())
        try second.remember(other.document(), in: other.directory())
        let seen = try self.seen()
        #expect(try seen.has(document) && seen.has(other.document()))
    }

    @Test("another manifest at the same epoch, and a higher epoch beside the chain, are refused")
    func forked() throws {
        let second = try rotate(document)
        var seen = try seen()
        try seen.remember(second, in: world.directory())
        try world.folder.remove(second.path)
        let other = try rotate(document, "2 of (omar, otto)")
        #expect(
            throws: EscrowError.seen(
                path: other.path.string,
                .another(found: other.digest, epoch: 2, seen: second.digest)
            )
        ) { try seen.check(other, in: world.directory()) }
        let third = try rotate(other)
        #expect(
            throws: EscrowError.seen(
                path: third.path.string,
                .another(found: third.digest, epoch: 2, seen: second.digest)
            )
        ) { try seen.check(third, in: world.directory()) }
    }

    @Test("when an epoch on the way is missing, a later one is refused")
    func gap() throws {
        var seen = try seen()
        try seen.remember(document, in: world.directory())
        let second = try rotate(document)
        let third = try rotate(second)
        try world.folder.remove(second.path)
        #expect(
            throws: EscrowError.seen(
                path: third.path.string,
                .another(found: third.digest, epoch: 1, seen: document.digest)
            )
        ) { try seen.check(third, in: world.directory()) }
    }

    @Test("another set is another secret: nothing is known of it, and it is remembered beside the first")
    func anotherSet() throws {
        var seen = try seen()
        try seen.remember(document, in: world.directory())
        try world.next()
        let second = try world.directory().epoch(2)
        #expect(try !seen.knows(second, in: world.directory().chain()))
        try seen.check(second, in: world.directory())
        try seen.remember(second, in: world.directory())
        #expect(try self.seen().has(document) && self.seen().has(second))
        #expect(try self.seen().last(in: world.directory()) == second.digest)
        let stranger = try World()
        #expect(try self.seen().last(in: stranger.directory()) == nil)
    }

    @Test("a file that is no memory is refused by its line, and nothing is guessed")
    func malformed() throws {
        let good = "\(document.manifest.set) 1 \(document.digest)\n"
        let digest = document.digest
        let set = document.manifest.set
        let wrong: [(String, Int)] = [
            ("rubbish\n", 1), (good + "\n", 2), (good + good.dropLast(), 2), (good + "\(set) 0 \(digest)\n", 2),
            (good + "\(set) 01 \(digest)\n", 2), (good + "\(set) +1 \(digest)\n", 2), (good + "\(set) 1\n", 2),
            (good + "\(set)  1 \(digest)\n", 2), (good + "\(set) 1 \(digest) \n", 2),
            (good + "\(set) 1 \(digest)\r\n", 2), ("\u{feff}" + good, 1),
            (good + "\(String(describing: set).dropLast(2)) 1 \(digest)\n", 2),
            (good + "\(set) 1 \("\(digest)".uppercased())\n", 2),
        ]
        for (text, line) in wrong {
            try folder.write("alice.seen", text)
            #expect(throws: EscrowError.seen(path: file.string, .malformed(line: line)), "\(text)") { try seen() }
        }
        try folder.write("alice.seen", [0xff, 0x0a])
        #expect(throws: EscrowError.seen(path: file.string, .malformed(line: 1))) { try seen() }
        try folder.write("alice.seen", good)
        #expect(try seen().has(document))
        try folder.write("alice.seen", "")
        #expect(try !seen().has(document))
    }

    @Test("a symbolic link in its place is refused")
    func link() throws {
        try folder.write("elsewhere", "\(document.manifest.set) 1 \(document.digest)\n")
        try folder.sh("ln -s elsewhere alice.seen")
        #expect(throws: EscrowError.file(.symbolicLink(path: file.string))) { try seen() }
    }
}
