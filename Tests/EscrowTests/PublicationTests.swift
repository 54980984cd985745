// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import Glibc
import SystemPackage
import Testing

@testable import Escrow

/// setfsuid(2), which Glibc's module map leaves out: the user of the calling thread, as far as files go.
@_silgen_name("setfsuid") private func setfsuid(_ user: uid_t) -> CInt

/// A new epoch appears whole or not at all.
@Suite struct PublicationTests {
    let folder: TemporaryFolder
    let epoch: NewEpoch
    let cast: Cast

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
        cast = try Cast.regular
        epoch = try NewEpoch.make(of: Acme.material(), cast: cast)
    }

    private func publish(to destination: Destination) throws {
        _ = try epoch.publish(to: destination, isFirst: true, signatures: [cast["olga"].sign(epoch.bytes)])
    }

    private func publish(to escrow: FilePath, pkcs12: FilePath? = nil) throws {
        try publish(to: Destination(escrow: escrow, pkcs12: pkcs12))
    }

    /// Expects an error, and that everything is as it was.
    private func expectNothing(
        _ error: EscrowError,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws -> Void
    ) throws {
        let before = try folder.listing()
        #expect(throws: error, sourceLocation: sourceLocation, performing: body)
        #expect(try folder.listing() == before, sourceLocation: sourceLocation)
    }

    /// Does something as a user who owns nothing here; other threads go on as they are.
    private func asNobody<Result>(_ body: () throws -> Result) rethrows -> Result {
        guard getuid() == 0 else {
            return try body()
        }
        _ = setfsuid(65534)
        defer { _ = setfsuid(0) }
        return try body()
    }

    @Test("a first escrow has its files, its modes, and nothing else")
    func whole() throws {
        try publish(to: folder("acme.escrow"))
        let name = EpochDirectory.name(of: 1, epoch.digest)
        let files = [
            "README.txt", "\(name)/cards/alice.json", "\(name)/cards/bob.json", "\(name)/cards/carol.json",
            "\(name)/manifest.json", "\(name)/manifest.json.olga.sig",
        ]
        let expected = (files + ["", name, "\(name)/cards"]).map { "acme.escrow/\($0)" } + [epoch.manifest.pkcs12.name]
        let found = try folder.listing().map { $0.split(separator: " ")[0] }
        #expect(Set(found.map(String.init)) == Set(expected.map { $0.hasSuffix("/") ? "acme.escrow" : $0 }))
        for file in files {
            #expect(try folder.permissions(folder("acme.escrow/\(file)")) == 0o644, "\(file)")
        }
        for directory in ["acme.escrow", "acme.escrow/\(name)", "acme.escrow/\(name)/cards"] {
            #expect(try folder.permissions(folder(directory)) == 0o755, "\(directory)")
        }
        #expect(try folder.permissions(folder(epoch.manifest.pkcs12.name)) == 0o600)
        #expect(try folder.read(epoch.manifest.pkcs12.name) == epoch.pkcs12)
        #expect(try EscrowDirectory(at: folder("acme.escrow")).epoch(1).bytes == epoch.bytes)
    }

    @Test("a later epoch joins the escrow and touches nothing in it")
    func later() throws {
        try publish(to: folder("acme.escrow"))
        let before = try folder.listing()
        let document = try EscrowDirectory(at: folder("acme.escrow")).epoch(1)
        let next = try NewEpoch.make(of: Acme.material(), after: document, cast: cast)
        let (path, pkcs12) = try next.publish(
            to: Destination(escrow: folder("acme.escrow"), pkcs12: nil),
            isFirst: false,
            signatures: []
        )
        #expect(path == folder("acme.escrow").appending(EpochDirectory.name(of: 2, next.digest)))
        #expect(try folder.permissions(path) == 0o755)
        #expect(try folder.permissions(pkcs12) == 0o600)
        #expect(try folder.permissions(path.appending("README.txt")) == 0o644)
        let after = try folder.listing()
        #expect(Set(after).isSuperset(of: before))
        #expect(after.count == before.count + 8)
        // The same epoch once more is refused.
        try expectNothing(.file(.exists(path: path.string))) {
            _ = try next.publish(
                to: Destination(escrow: folder("acme.escrow"), pkcs12: nil),
                isFirst: false,
                signatures: []
            )
        }
    }

    @Test(
        "whatever is in the escrow's place stays",
        arguments: ["mkdir x", "echo x >x", "ln -s nowhere x", "mkfifo x"]
    )
    func targetExists(command: String) throws {
        try folder.sh(command)
        try expectNothing(.file(.exists(path: folder("x").string))) { try publish(to: folder("x")) }
    }

    @Test("whatever is in the PKCS#12 file's place stays, before and after the secret is made")
    func pkcs12Exists() throws {
        try folder.write("key.p12", "old")
        try expectNothing(.file(.exists(path: folder("key.p12").string))) {
            try publish(to: folder("x.escrow"), pkcs12: folder("key.p12"))
        }
        // One that comes about in between.
        let destination = try Destination(escrow: folder("x.escrow"), pkcs12: nil)
        try folder.write(epoch.manifest.pkcs12.name, "old")
        try expectNothing(.file(.exists(path: folder(epoch.manifest.pkcs12.name).string))) {
            try publish(to: destination)
        }
        #expect(try folder.read(epoch.manifest.pkcs12.name) == Array("old".utf8))
    }

    @Test("the PKCS#12 file goes where it is wanted, but never into the escrow")
    func pkcs12Place() throws {
        try folder.sh("mkdir safe")
        #expect(try Destination(escrow: folder("x.escrow"), pkcs12: nil).pkcs12Path(named: "k.p12") == folder("k.p12"))
        let inDirectory = try Destination(escrow: folder("x.escrow"), pkcs12: folder("safe"))
        #expect(inDirectory.pkcs12Path(named: "k.p12") == folder("safe/k.p12"))
        #expect(inDirectory.pkcs12Name(epoch.manifest.set) == "x-\(epoch.manifest.set.short).p12")
        let named = try Destination(escrow: folder("x.escrow"), pkcs12: folder("safe/mine.p12"))
        #expect(named.pkcs12Name(epoch.manifest.set) == "mine.p12")
        #expect(named.pkcs12Path(named: "mine.p12") == folder("safe/mine.p12"))
        let world = try World()
        let epoch = try #require(world.epoch.lastComponent).string
        try world.folder.sh("mkdir safe; ln -s ../acme.escrow safe/link")
        for path in ["acme.escrow/k.p12", "acme.escrow", "safe/../acme.escrow/k.p12", "safe/link/\(epoch)/k.p12"] {
            let given = FilePath(world.folder.path + "/" + path)
            let place = try Files.resolved(world.escrow).string
            #expect(throws: EscrowError.directory(.insideEscrow(path: given.string, escrow: place)), "\(path)") {
                _ = try Destination(escrow: world.folder("x.escrow"), pkcs12: given)
            }
        }
        // Nor does an escrow lie in another.
        #expect(
            throws: EscrowError.directory(
                .insideEscrow(
                    path: world.escrow.appending("x.escrow").string,
                    escrow: try Files.resolved(world.escrow).string
                )
            )
        ) {
            _ = try Destination(escrow: world.escrow.appending("x.escrow"), pkcs12: nil)
        }
        for name in ["my key.p12", ".p12", "-k.p12", "clé.p12"] {
            let error = EscrowError.directory(
                .fileName(
                    path: folder(name).string,
                    expected: "a file of at most 64 letters, digits, '.', '_' and '-'"
                )
            )
            try expectNothing(error) { _ = try Destination(escrow: folder("x.escrow"), pkcs12: folder(name)) }
        }
    }

    @Test("a PKCS#12 file in the place, or below the place, of the escrow that is to come is refused")
    func pkcs12InPlace() throws {
        for path in ["x.escrow", "x.escrow/k.p12", "./x.escrow/0001/k.p12"] {
            let given = FilePath(folder.path + "/" + path)
            let place = folder("x.escrow").string
            try expectNothing(.directory(.insideEscrow(path: given.string, escrow: place))) {
                _ = try Destination(escrow: folder("x.escrow"), pkcs12: given)
            }
        }
    }

    @Test("an escrow whose name is no plain file name still gets a PKCS#12 file with one")
    func plainName() throws {
        let set = epoch.manifest.set
        for name in ["Büro.escrow", "my ca.escrow", "\(String(repeating: "x", count: 60)).escrow"] {
            #expect(try Destination(escrow: folder(name), pkcs12: nil).pkcs12Name(set) == "ca-\(set.short).p12")
        }
    }

    @Test("a parent that is not there, or is a file, is named")
    func noParent() throws {
        try folder.write("file", "x")
        for (path, errno) in [("none/x.escrow", Errno.noSuchFileOrDirectory), ("file/x.escrow", .notDirectory)] {
            try expectNothing(.file(.cannotCreate(path: folder(path).string, errno))) {
                try publish(to: folder(path))
            }
        }
        for (path, errno) in [("none/k.p12", Errno.noSuchFileOrDirectory), ("file/k.p12", .notDirectory)] {
            try expectNothing(.file(.cannotCreate(path: folder(path).string, errno))) {
                try publish(to: folder("x.escrow"), pkcs12: folder(path))
            }
        }
    }

    @Test("a directory that one may not write to is named, and nothing is left")
    func notWritable() throws {
        try folder.sh("mkdir open shut && chmod 0777 open && chmod 0555 shut")
        try expectNothing(.file(.cannotCreate(path: folder("shut/x.escrow").string, .permissionDenied))) {
            try asNobody { try publish(to: folder("shut/x.escrow"), pkcs12: folder("open")) }
        }
        let file = folder("shut").appending(epoch.manifest.pkcs12.name)
        try expectNothing(.file(.cannotCreate(path: file.string, .permissionDenied))) {
            try asNobody { try publish(to: folder("open/x.escrow"), pkcs12: folder("shut")) }
        }
    }

    @Test("a directory that one may not read, so that it cannot be synced, is named, and nothing is left")
    func notReadable() throws {
        try folder.sh("mkdir open blind && chmod 0777 open && chmod 0333 blind")
        let error = EscrowError.file(.system(path: folder("blind").string, .permissionDenied))
        try expectNothing(error) {
            try asNobody { try publish(to: folder("open/x.escrow"), pkcs12: folder("blind")) }
        }
        try expectNothing(error) {
            try asNobody { try publish(to: folder("blind/x.escrow"), pkcs12: folder("open")) }
        }
        try expectNothing(error) { try asNobody { try publish(to: folder("blind/x.escrow")) } }
    }

    /// Whether this process may mount a file system of its own.
    private static let canMount: Bool = {
        do {
            let folder = try TemporaryFolder()
            try folder.sh("mkdir disk && mount -t tmpfs -o size=4k none disk && umount disk")
            return true
        } catch {
            return false
        }
    }()

    @Test("a full disk is named, and nothing is left on it or beside it", .enabled(if: canMount), arguments: 1...4)
    func fullDisk(pages: Int) throws {
        try folder.sh("mkdir disk && mount -t tmpfs -o size=\(pages * 4)k,mode=0755 none disk")
        defer { _ = try? folder.sh("umount disk") }
        let before = try folder.listing()
        for (escrow, pkcs12) in [("disk/x.escrow", "."), ("x.escrow", "disk"), ("disk/x.escrow", "disk")] {
            do {
                // Something of it must not fit: the directory has six files of a page or two each.
                if escrow == "x.escrow" {
                    try folder.sh("head -c \(pages * 4096) /dev/zero >disk/full")
                }
                try publish(to: folder(escrow), pkcs12: FilePath(folder.path + "/" + pkcs12))
                Issue.record("\(pages) pages were enough")
            } catch EscrowError.file(.system(_, .noSpace)), EscrowError.file(.cannotCreate(_, .noSpace)) {
                _ = try? folder.remove(folder("disk/full"))
            }
            #expect(try folder.listing() == before)
        }
    }

    @Test("a rename that would replace something is refused, and what was staged is removed")
    func renameRefused() throws {
        let target = folder("x.escrow")
        try folder.sh("mkdir other")
        let before = try folder.listing()
        #expect(throws: FileError.exists(path: target.string)) {
            var staged = try StagedDirectory(for: target)
            try staged.makeDirectory("inner")
            try staged.write([1, 2, 3], to: "inner/file", permissions: .publicFile)
            try folder.move(folder("other"), to: target)
            try staged.publish(permissions: .publicDirectory)
        }
        try folder.move(target, to: folder("other"))
        #expect(try folder.listing() == before)
    }

    @Test("a record is filed once, after its signatures, and an older one is not replaced")
    func record() throws {
        let bytes = Array("{}\n".utf8)
        let signature = cast["olga"].sign(bytes)
        let directory = folder("records")
        func file() throws -> FilePath {
            try Record.file(bytes, .restore, created: World.created, in: directory, signatures: [signature])
        }
        let path = try file()
        let name = "20261123T120000Z-restore-\(SHA256Digest(of: bytes).identifier).json"
        #expect(path == directory.appending(name))
        #expect(try folder.permissions(path) == 0o644)
        #expect(try folder.permissions(directory) == 0o755)
        #expect(try folder.read(directory.appending("\(name).olga.sig")) == signature.signature.armored)
        try expectNothing(.file(.exists(path: directory.appending("\(name).olga.sig").string))) { _ = try file() }
    }
}
