// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import Files
@testable import KeyStores

/// What root restores into somebody's directory is theirs; these accounts are there on every Debian.
@Suite(.enabled(if: getuid() == 0))
struct OwnershipTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
        try folder.sh("mkdir srv; chown nobody:nogroup srv; chmod 750 srv")
    }

    /// What lies below a directory: mode, owner and path.
    private func listed(_ name: String = "srv") throws -> [String] {
        try folder.sh("cd \(name); find . -mindepth 1 -printf '%m %u:%g %P\\n' | sort -k 3")
            .split(separator: "\n").map(String.init)
    }

    static let stores = [
        "pem:srv/ca/private/ca.key,srv/ca/certs/ca.crt,srv/ca/certs/chain.crt", "p12:srv/media/ca.p12",
        "certutil:srv/media", "openssl-ca:srv/ca", "easy-rsa:srv/vpn", "step-ca:srv/step#intermediate",
    ]

    @Test("every file and directory of every kind of store is the directory's owner's", arguments: stores)
    func everyKind(_ text: String) throws {
        let store = try KeyStore(parsing: text.replacing("srv", with: folder("srv")))
        let material = try Renewed.material()
        try store.preflight(for: material.certificates)
        #expect(try listed() == [])
        let restored = try store.restore(material, "correct horse")
        let found = try listed()
        #expect(restored.places.written.count == found.count { !$0.hasPrefix("7") })
        #expect(found.allSatisfy { $0.contains(" nobody:nogroup ") }, "\(found)")
        // Nobody enters where they could not before, and keys stay closed.
        let isOpen = text.hasPrefix("pem") || text.hasPrefix("openssl")
        #expect(found.allSatisfy { $0.hasPrefix("7") ? $0.hasPrefix("750") || $0.hasPrefix("700") : true })
        #expect(isOpen == found.contains { $0.hasPrefix("644") })
        for line in found where line.contains("private") || line.contains("secret") || line.contains("p12") {
            #expect(line.hasPrefix("700") || line.hasPrefix("600"), "\(line)")
        }
        // Once more, and nothing is touched.
        #expect(try store.restore(material, "correct horse").places.written == [])
        #expect(try listed() == found)
    }

    @Test("each file is its own directory's owner's, and one that is named gets all")
    func places() throws {
        try folder.sh("mkdir srv/private srv/certs; chown backup:games srv/private; chmod 755 srv/certs")
        let store = KeyStore(.pem(key: folder("srv/private/k.pem"), certificates: [folder("srv/certs/new/c.pem")]))
        _ = try store.restore(Sample.p256.material(), nil)
        let own = [
            "755 root:root certs", "755 root:root certs/new", "644 root:root certs/new/c.pem",
            "755 backup:games private", "600 backup:games private/k.pem",
        ]
        #expect(try listed() == own)
        try folder.sh("rm -r srv/certs/new srv/private/k.pem; ln -s certs srv/link; chown -h games: srv/link")
        let linked = KeyStore(.pem(key: folder("srv/private/sub/k.pem"), certificates: [folder("srv/link/c.pem")]))
        let owner = try Ownership(named: "backup:nogroup")
        try linked.preflight(for: Sample.p256.material().certificates, ownership: owner)
        _ = try linked.restore(Sample.p256.material(), protection: .plain, ownership: owner) { _ in nil }
        #expect(
            try listed() == [
                "755 root:root certs", "644 backup:nogroup certs/c.pem", "777 games:games link",
                "755 backup:games private", "700 backup:nogroup private/sub", "600 backup:nogroup private/sub/k.pem",
            ]
        )
    }

    @Test("a state that comes back is the directory's owner's, and an empty folder keeps its own")
    func state() throws {
        let scene = try StateScene()
        let archive = try scene.capture().archive
        try scene.folder.sh(
            "mkdir -p srv/ca/newcerts; chown nobody:nogroup srv srv/ca; chmod 750 srv; chown backup: srv/ca/newcerts"
        )
        try scene.restore(archive.sha256, to: "srv/ca")
        try scene.restore(archive.sha256, to: "srv/sub/ca")
        let list = try scene.folder.sh("cd srv; find . -mindepth 1 -printf '%m %u:%g %P\\n' | sort -k 3")
        func lines(_ place: String, _ mode: String, _ owner: String) -> String {
            """
            \(mode) nobody:nogroup \(place)
            644 nobody:nogroup \(place)/crlnumber
            644 nobody:nogroup \(place)/index.txt
            644 nobody:nogroup \(place)/index.txt.attr
            755 \(owner) \(place)/newcerts
            644 \(owner) \(place)/newcerts/1000.pem
            644 \(owner) \(place)/newcerts/1001.pem
            644 \(owner) \(place)/newcerts/1002.pem
            644 nobody:nogroup \(place)/serial

            """
        }
        #expect(
            list == lines("ca", "755", "backup:backup") + "750 nobody:nogroup sub\n"
                + lines("sub/ca", "750", "nobody:nogroup")
        )
    }

    @Test("an empty folder is there again, as it was, when the rest cannot be moved to its place")
    func rollback() throws {
        try folder.sh("mkdir srv/old; chown backup:games srv/old; chmod 710 srv/old")
        var staged = StagedPlaces(.place)
        let old = try staged.add(FilePath(folder("srv/old")))
        try staged.makeFolder("", at: old, permissions: [.ownerReadWriteExecute])
        try staged.makeFolder("sub", at: old, permissions: [.ownerReadWriteExecute, .groupRead])
        try staged.makeFile("sub/file", at: old, permissions: [.ownerReadWrite])
        let file = try staged.add(FilePath(folder("srv/new/file")))
        try staged.makeFile("", at: file, permissions: [.ownerReadWrite])
        try staged.endFile()
        try folder.write("srv/new/file", "somebody was faster")
        do {
            try staged.publish()
            Issue.record("what is there was replaced")
        } catch {
            #expect(error == .exists(path: folder("srv/new/file")))
        }
        #expect(try listed() == ["750 nobody:nogroup new", "644 root:root new/file", "710 backup:games old"])
    }

    @Test("what staging made is given away with its folders, the last ones first")
    func staging() throws {
        var staged = StagedPlaces(.given(Owner(user: 34, group: 60)))
        let place = try staged.add(FilePath(folder("srv/a/b")))
        try staged.makeFolder("", at: place, permissions: [.ownerReadWriteExecute, .groupRead])
        try staged.makeFolder("c", at: place, permissions: [.ownerReadWriteExecute])
        try staged.makeFolder("c/d", at: place, permissions: [.ownerReadWriteExecute])
        try staged.makeFile("c/d/e", at: place, permissions: [.ownerReadWrite, .otherRead])
        try staged.endFile()
        try staged.publish()
        #expect(
            try listed() == [
                "750 backup:games a", "740 backup:games a/b", "700 backup:games a/b/c", "700 backup:games a/b/c/d",
                "604 backup:games a/b/c/d/e",
            ]
        )
    }

    @Test("a folder to join is made whole, or gets what it lacks, and then under its own owner's name")
    func joining() throws {
        for isThere in [false, true] {
            try folder.sh("mkdir srv/a")
            var staged = StagedPlaces(.place)
            let place = try staged.add(FilePath(folder("srv/a/certs")), joins: true)
            try staged.makeFolder("", at: place, permissions: [.ownerReadWriteExecute, .otherExecute])
            for name in ["one", "two"] {
                try staged.makeFile(FilePath(name), at: place, permissions: [.ownerReadWrite])
            }
            try staged.endFile()
            if isThere {
                try folder.write("srv/a/certs/one", "here already")
            }
            try staged.publish()
            // Whoever made it meanwhile did not know its mode.
            #expect(
                try listed("srv/a") == [
                    "701 root:root certs", "\(isThere ? 644 : 600) root:root certs/one", "600 root:root certs/two",
                ]
            )
            try folder.sh("rm -r srv/a")
        }
    }

    @Test("who is named must be known")
    func names() throws {
        #expect(try Ownership(named: nil) == .place)
        #expect(try Ownership(named: "backup") == .given(Owner(user: 34, group: 34)))
        #expect(try Ownership(named: "backup:games") == .given(Owner(user: 34, group: 60)))
        #expect(try Ownership(named: "34") == .given(Owner(user: 34, group: 34)))
        #expect(try Ownership(named: "54321:12345") == .given(Owner(user: 54321, group: 12345)))
        #expect(Owner(user: 54321, group: 60).description == "54321:games")
        for (name, error) in [
            ("", .unknownUser("")), ("nobodyy", .unknownUser("nobodyy")), ("-1", .unknownUser("-1")),
            // To the system, this one means that nothing changes.
            ("4294967295", .unknownUser("4294967295")), ("backup:4294967295", .unknownGroup("4294967295")),
            ("4294967296", .unknownUser("4294967296")), (":games", .unknownUser("")),
            ("backup:", .unknownGroup("")), ("backup:gamess", .unknownGroup("gamess")),
            ("backup:games:", .unknownGroup("games:")), ("54321", .noAccount("54321")),
        ] as [(String, OwnerError)] {
            #expect(throws: error) { try Ownership(named: name) }
        }
    }

    @Test("who is not root keeps what they make, gives it to their own groups, and to nobody else")
    func notRoot() async throws {
        await #expect(processExitsWith: .success) {
            try OpenSSL.start()
            let folder = try TemporaryFolder()
            try folder.sh("mkdir open; chmod 777 open; chmod 755 .")
            let material = try Sample.p256.material()
            // The real user stays root, who cleans up.
            let groups: [gid_t] = [65534, 60]
            #expect(unsafe setgroups(2, groups) == 0 && setegid(65534) == 0 && seteuid(65534) == 0)
            defer {
                _ = seteuid(0)
                _ = setegid(0)
            }
            let store = KeyStore(.pem(key: folder("open/k.pem"), certificates: [folder("open/c.pem")]))
            _ = try store.restore(material, nil)
            #expect(try Files.owner(of: FilePath(folder("open/k.pem"))) == .running)
            #expect(throws: OwnerError.notRoot(Owner(user: 0, group: 0))) { try Ownership(named: "root") }
            #expect(throws: OwnerError.notRoot(Owner(user: 65534, group: 34))) { try Ownership(named: "nobody:34") }
            #expect(try Ownership(named: "nobody") == .given(.running))
            let own = try Ownership(named: "nobody:games")
            let other = KeyStore(.p12(folder("open/ca.p12")))
            try other.preflight(for: material.certificates, ownership: own)
            _ = try other.restore(
                material,
                protection: .encrypted(passphrase: secret("horse")),
                ownership: own
            ) { _ in nil }
            #expect(try Files.owner(of: FilePath(folder("open/ca.p12"))) == Owner(user: 65534, group: 60))
        }
    }
}
