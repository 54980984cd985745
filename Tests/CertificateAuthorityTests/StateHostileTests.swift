// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// Archives that lie, and states that are not what they should be: each is refused by name, and nothing is written.
@Suite struct StateHostileTests {
    let scene: StateScene

    init() throws {
        scene = try StateScene()
    }

    /// Blocks of an archive, altered as a test wants.
    struct Member {
        var name: String
        var content: [UInt8] = Array("1003\n".utf8)
        var type: UInt8 = UInt8(ascii: "0")
        var change: @Sendable (inout [UInt8]) -> Void = { _ in }

        var blocks: [UInt8] {
            let isFolder = type == UInt8(ascii: "5")
            let byteCount = isFolder ? 0 : content.count
            let header = TarHeader(
                name: "x",
                isFolder: isFolder,
                permissions: [.ownerReadWrite],
                byteCount: byteCount
            )
            var block = header.encoded()!
            for index in 0..<100 {
                block[index] = 0
            }
            for (index, byte) in name.utf8.enumerated() {
                block[index] = byte
            }
            block[156] = type
            change(&block)
            for index in 148..<156 {
                block[index] = UInt8(ascii: " ")
            }
            let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
            let digits = Array((String(repeating: "0", count: 6 - sum.count) + sum).utf8) + [0]
            block.replaceSubrange(148..<155, with: digits)
            let padding = [UInt8](repeating: 0, count: header.paddingByteCount)
            return block + (isFolder ? [] : content + padding)
        }
    }

    static let end = [UInt8](repeating: 0, count: 1024)
    static let index = Member(name: "index.txt", content: [])

    private func expect(
        _ error: TarError,
        _ bytes: [UInt8],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try scene.folder.write("state.tar", bytes)
        let digest = try scene.digest()
        #expect(throws: StateError.archive(path: scene.archive.string, error), sourceLocation: sourceLocation) {
            try scene.restore(digest, to: "new")
        }
        #expect(try scene.folder.sh("find . -path './new*'") == "", sourceLocation: sourceLocation)
    }

    private func expect(
        _ error: TarError,
        _ member: Member,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try expect(error, Self.index.blocks + member.blocks + Self.end, sourceLocation: sourceLocation)
    }

    @Test(
        "paths that lead elsewhere",
        arguments: [
            "/etc/passwd", "../serial", "newcerts/../../serial", "./serial", "newcerts//1", "..", "newcerts/\u{1b}[2J",
            "newcerts/a\nb", "newcerts/\u{202e}mep.1", "",
            // To Swift, an accent makes another character of the slash before it, and of `..` a part of a name.
            "newcerts/../\u{301}serial", "newcerts/\u{301}1.pem",
        ]
    )
    func paths(_ name: String) throws {
        try expect(.name(name), Member(name: name))
    }

    @Test("a path that is not UTF-8")
    func notUTF8() throws {
        try expect(.name("s\u{fffd}"), Member(name: "s ", change: { $0[1] = 0xFF }))
    }

    @Test(
        "what is neither a file nor a folder",
        arguments: [
            ("1", "a hard link"), ("2", "a symbolic link"), ("3", "a device"), ("4", "a device"), ("6", "a FIFO"),
            ("7", "an entry of type '7'"), ("x", "an entry of type 'x'"), ("L", "an entry of type 'L'"),
        ]
    )
    func kinds(_ type: String, _ what: String) throws {
        try expect(.kind(name: "serial", what: what), Member(name: "serial", type: type.utf8.first!))
    }

    @Test("names that stand there twice, or differ only in case or in the form of an accent")
    func twice() throws {
        try expect(.twice("index.txt"), Member(name: "index.txt"))
        let folder = Member(name: "newcerts", type: UInt8(ascii: "5"))
        let first = Member(name: "newcerts/\u{e9}a.pem")
        for other in ["newcerts/\u{e9}A.pem", "newcerts/e\u{301}a.pem"] {
            try expect(
                .sameName(other, other: first.name),
                Self.index.blocks + folder.blocks + first.blocks + Member(name: other).blocks + Self.end
            )
        }
    }

    @Test("sizes that lie")
    func sizes() throws {
        try expect(
            .truncated,
            Member(name: "serial", change: { $0.replaceSubrange(124..<135, with: "00077777777".utf8) })
        )
        try expect(
            .number(name: "serial"),
            Member(name: "serial", change: { $0.replaceSubrange(124..<135, with: "-0000000005".utf8) })
        )
        // In binary, as GNU tar writes 8 GiB and more.
        try expect(.number(name: "serial"), Member(name: "serial", change: { $0[124] = 0x80 }))
        try expect(
            .number(name: "newcerts"),
            Member(name: "newcerts", type: UInt8(ascii: "5"), change: { $0[134] = UInt8(ascii: "1") })
        )
    }

    @Test("archives that are cut off, wherever that is")
    func truncated() throws {
        try scene.capture()
        let whole = try scene.folder.read("state.tar")
        for count in stride(from: 0, to: whole.count, by: 512) where count != whole.count - 512 {
            try expect(.truncated, Array(whole[..<count]))
        }
        try expect(.truncated, Array(whole[..<(whole.count - 512)]))
        try expect(.truncated, Array(whole[..<700]))
    }

    @Test("something behind the end, a checksum that does not match, another format")
    func form() throws {
        try expect(.behindTheEnd, Self.index.blocks + Self.end + Self.index.blocks)
        try expect(.behindTheEnd, Self.index.blocks + [UInt8](repeating: 0, count: 512) + Self.index.blocks + Self.end)
        var blocks = Self.index.blocks
        blocks[0] = UInt8(ascii: "I")
        try expect(.checksum(offset: 0), blocks + Self.end)
        try expect(.notUstar(offset: 512), Member(name: "serial", change: { $0[262] = UInt8(ascii: " ") }))
        try expect(.notUstar(offset: 0), Array("not an archive".utf8) + [UInt8](repeating: 1, count: 2048))
    }

    @Test("a file whose folder does not come before it")
    func orphan() throws {
        try expect(.folderMissing("newcerts/1000.pem"), Member(name: "newcerts/1000.pem"))
    }

    @Test("what the store has no place for", arguments: ["private/cakey.pem", "cron.d", "newcerts", "index.txt.old"])
    func noPlace(_ name: String) throws {
        try scene.folder.write("state.tar", Self.index.blocks + Member(name: name).blocks + Self.end)
        let digest = try scene.digest()
        #expect(throws: StateError.noPlace(path: scene.archive.string, name: name, store: "openssl-ca")) {
            try scene.restore(digest, to: "new")
        }
        #expect(try scene.folder.sh("find . -path './new*'") == "")
    }

    @Test("any byte that is altered is another archive")
    func digest() throws {
        let (archive, _) = try scene.capture()
        try scene.folder.sh("printf X | dd of=state.tar bs=1 seek=1540 conv=notrunc status=none")
        let found = OpenSSL.hex(try scene.digest())
        #expect(
            throws: StateError.archiveIsAnother(
                path: scene.archive.string,
                expected: OpenSSL.hex(archive.sha256),
                found: found
            )
        ) {
            try scene.restore(archive.sha256, to: "new")
        }
    }

    @Test("an archive that is a link")
    func linkedArchive() throws {
        let (archive, _) = try scene.capture()
        try scene.folder.sh("mv state.tar real.tar && ln -s real.tar state.tar")
        #expect(throws: StateError.file(.symbolicLink(path: scene.archive.string))) {
            try scene.restore(archive.sha256, to: "new")
        }
    }

    // MARK: States

    private func expectCapture(_ error: StateError, sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(throws: error, sourceLocation: sourceLocation) { try scene.capture() }
        let made = try scene.folder.sh("find . -name '*.tar' -o -name '.*.partial'")
        #expect(made == "", sourceLocation: sourceLocation)
    }

    @Test("a link in the state is not followed, wherever it points")
    func links() throws {
        for (make, path) in [
            ("mv ca/serial real && ln -s ../real ca/serial", "ca/serial"),
            ("mv ca/newcerts real && ln -s ../real ca/newcerts", "ca/newcerts"),
            ("rm ca/index.txt && ln -s nowhere ca/index.txt", "ca/index.txt"),
        ] {
            let scene = try StateScene()
            try scene.folder.sh(make)
            #expect(throws: StateError.file(.symbolicLink(path: scene.folder(path))), "\(path)") { try scene.capture() }
        }
    }

    @Test(
        "what is neither file nor folder among many is left out and named, and not opened",
        arguments: [
            ("ln -s /etc", StateCapture.LeftOut.Reason.symbolicLink), ("ln -s 1000.pem", .symbolicLink),
            ("mkfifo", .notAFile),
        ]
    )
    func leftOut(_ make: String, _ reason: StateCapture.LeftOut.Reason) throws {
        try scene.folder.sh("\(make) ca/newcerts/odd")
        let path = FilePath(scene.folder("ca/newcerts/odd"))
        #expect(try scene.capture().archive.leftOut == [StateCapture.LeftOut(path: path, reason: reason)])
        #expect(try scene.folder.sh("tar -tf state.tar | grep -c odd || true") == "0\n")
    }

    @Test("the top folder may be a link: the administrator named it")
    func topFolder() throws {
        try scene.folder.sh("mv ca real && ln -s real ca")
        try scene.capture()
        #expect(try scene.folder.sh("tar -tf state.tar | wc -l") == "8\n")
    }

    @Test("a FIFO, a socket and a device are not opened")
    func specialFiles() throws {
        try scene.folder.sh("rm ca/serial && mkfifo ca/serial")
        try expectCapture(.file(.notRegular(path: scene.folder("ca/serial"))))
        try scene.folder.sh("rm ca/serial && mkdir ca/serial")
        try expectCapture(.file(.system(path: scene.folder("ca/serial"), .isDirectory)))
    }

    @Test("names that no archive should have")
    func names() throws {
        try scene.folder.write("ca/newcerts/a\nb.pem", "x")
        try expectCapture(.fileName(path: scene.folder("ca/newcerts/a\nb.pem")))
        try scene.folder.sh("rm ca/newcerts/a* && echo x > ca/newcerts/1000.PEM")
        try expectCapture(.sameName(path: scene.folder("ca/newcerts/1000.pem"), other: "newcerts/1000.PEM"))
    }

    @Test("folders in folders without end")
    func depth() throws {
        let path = (["ca/newcerts"] + (1...16).map { "\($0)" }).joined(separator: "/")
        try scene.folder.sh("mkdir -p \(path)")
        try expectCapture(.tooDeep(path: scene.folder(path)))
    }

    @Test("a state that is not there, or has no index, or a broken one")
    func broken() throws {
        try scene.folder.write("ca/index.txt", "V\t1\t\n")
        try expectCapture(.index(path: scene.folder("ca/index.txt"), line: 1))
        try scene.folder.sh("rm ca/index.txt")
        try expectCapture(.missing(path: scene.folder("ca/index.txt")))
        try scene.folder.sh("rm -r ca")
        try expectCapture(.nothingThere(path: scene.folder("ca")))
    }
}
