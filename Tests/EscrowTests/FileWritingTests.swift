// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

/// Files that grow, and files that are erased.
@Suite struct FileWritingTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("a file that grows keeps its mode and leaves nothing beside it")
    func extend() throws {
        let path = folder("alice.seen")
        for text in ["one\n", "one\ntwo\n", "one\ntwo\nthree\n"] {
            try Files.replace(path, with: Array(text.utf8), permissions: [.ownerReadWrite])
            #expect(try folder.read(path) == Array(text.utf8))
            #expect(try folder.permissions(path) == 0o600)
            #expect(try folder.listing() == ["alice.seen \(text.utf8.count)"])
        }
        #expect(throws: FileError.cannotCreate(path: folder("none/alice.seen").string, .noSuchFileOrDirectory)) {
            try Files.replace(folder("none/alice.seen"), with: [1], permissions: [.ownerReadWrite])
        }
    }

    @Test("an erased file is gone, and its bytes were overwritten")
    func erase() throws {
        let path = folder("request.key")
        for count in [0, 1, 4096, 100_000] {
            try folder.write([UInt8](repeating: 0x5a, count: count), to: path)
            // A second name for the same bytes shows what became of them.
            try folder.sh("ln request.key other-name")
            try Files.erase(path)
            #expect(try Files.kind(of: path) == nil)
            #expect(try folder.read("other-name") == [UInt8](repeating: 0, count: count))
            try folder.remove(folder("other-name"))
        }
    }

    @Test("what is not there, and a symbolic link, is not erased")
    func refused() throws {
        let path = folder("request.key")
        #expect(throws: FileError.system(path: path.string, .noSuchFileOrDirectory)) { try Files.erase(path) }
        try folder.write("elsewhere", "precious")
        try folder.sh("ln -s elsewhere request.key")
        #expect(throws: FileError.system(path: path.string, .tooManySymbolicLinkLevels)) { try Files.erase(path) }
        #expect(try folder.read("elsewhere") == Array("precious".utf8))
        #expect(try Files.kind(of: path) == .symbolicLink)
    }
}
