// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import Escrow

/// What an interrupted run left is named by the next one, and what another process is making is not.
@Suite struct LeftoverTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What is found in the test's own folder: other tests write elsewhere in this process.
    private func found(in directory: FilePath) -> [FilePath] {
        Leftovers.found().filter { $0.removingLastComponent() == directory }
    }

    @Test("half made files and folders are found where this process wrote, under our hidden names only")
    func names() throws {
        let place = FilePath(folder.path)
        try folder.sh(
            """
            touch .a.card.1p3ku8frkvvci.partial .video.mp4.partial .x.1p3kU8frkvvci.partial .y.short.partial a.partial
            mkdir .acme.escrow.38hzwlyxmf42e.partial elsewhere
            touch elsewhere/.b.card.1p3ku8frkvvci.partial
            """
        )
        #expect(found(in: place) == [])
        try Files.create(place.appending("new"), [1], permissions: .publicFile)
        #expect(
            found(in: place) == [
                place.appending(".a.card.1p3ku8frkvvci.partial"), place.appending(".acme.escrow.38hzwlyxmf42e.partial"),
            ]
        )
        #expect(found(in: place.appending("elsewhere")) == [])
    }

    @Test("what a process is making is no leftover: it holds a lock on it")
    func beingMade() throws {
        let place = FilePath(folder.path)
        let file = try StagedFile(in: place, named: "state.tar")
        let directory = try StagedDirectory(for: place.appending("acme.escrow"))
        #expect(try Files.names(in: place).filter(Files.isLeftover).count == 2)
        #expect(found(in: place) == [])
        try file.publish(as: place.appending("state.tar"), permissions: .publicFile)
        try directory.publish(permissions: .publicDirectory)
        #expect(try Files.names(in: place) == ["acme.escrow", "state.tar"])
    }

    @Test("a directory appears with its mode: what is half made has another name")
    func directories() throws {
        let place = FilePath(folder.path).appending("receipts")
        try Files.makeDirectory(place, permissions: .publicDirectory)
        try Files.makeDirectory(place, permissions: .publicDirectory)
        #expect(try folder.permissions(place) == 0o755)
        #expect(try Files.names(in: FilePath(folder.path)) == ["receipts"])
        try folder.sh("touch file")
        let file = FilePath(folder.path).appending("file")
        #expect(throws: FileError.exists(path: file.string)) {
            try Files.makeDirectory(file, permissions: .publicDirectory)
        }
        #expect(try Files.names(in: FilePath(folder.path)) == ["file", "receipts"])
    }

    @Test("a signature without its document is found in an epoch's directories, and nowhere else")
    func orphans() throws {
        let epoch = FilePath(folder.path).appending("0001-3fa9c2d1")
        try folder.sh(
            """
            mkdir -p 0001-3fa9c2d1/receipts post/receipts
            cd 0001-3fa9c2d1/receipts
            touch a.b-0.json a.b-0.json.a.b.sig bob.json.x-4.json bob.json.x-4.json.bob.json.x.sig bob-1.json.bob.sig x-drill-2.json.casig .bob-3.json.bob.sig.0a1b2c3d4e.partial
            cp * ../../post/receipts
            """
        )
        let receipts = epoch.appending("receipts")
        #expect(
            Record.orphanedSignatures(in: receipts) == [
                receipts.appending("bob-1.json.bob.sig"), receipts.appending("x-drill-2.json.casig"),
            ]
        )
        #expect(Record.orphanedSignatures(in: FilePath(folder.path).appending("post/receipts")) == [])
        #expect(Record.orphanedSignatures(in: epoch) == [])
    }
}
