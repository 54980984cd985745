// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// A restore that was done before is told from a place that holds another state.
@Suite struct StateAgainTests {
    let scene: StateScene
    let digest: [UInt8]

    init() throws {
        scene = try StateScene()
        digest = try scene.capture().archive.sha256
        try scene.restore(digest, to: "back")
    }

    @Test("a second restore leaves everything as it is, and says that it is here already")
    func again() throws {
        try scene.folder.sh("cp -a back before")
        let layout = try StateLayout.opensslCA(FilePath(scene.folder("back")), section: nil)
        let restore = try StateRestore(of: StateArchive(at: scene.archive, sha256: digest), to: layout, nil)
        try restore.stage()
        let (written, differing) = try restore.publish()
        #expect(written.isEmpty && differing.isEmpty)
        #expect(Set(restore.kept) == Set(layout.entries.map(\.path.string)).filter { !$0.hasSuffix(".cnf") })
        try scene.folder.sh("diff -r back before; test -z \"$(find . -name '.*.partial')\"")
    }

    @Test(
        "whatever differs makes it another state, which is refused",
        arguments: [
            "echo 1004 > back/serial", "rm back/serial", "rm back/newcerts/1001.pem", "touch back/newcerts/x",
            "printf X | dd of=back/newcerts/1002.pem bs=1 conv=notrunc status=none", "rm back/index.txt",
            "mkdir back/newcerts/d", "mv back/serial s; ln -s ../s back/serial",
        ]
    )
    func differs(_ command: String) throws {
        try scene.folder.sh(command)
        let layout = try StateLayout.opensslCA(FilePath(scene.folder("back")), section: nil)
        let error = #expect(throws: StateError.self) {
            _ = try StateRestore(of: StateArchive(at: scene.archive, sha256: digest), to: layout, nil)
        }
        if case .notEmpty = error {} else { Issue.record("\(String(describing: error))") }
    }

    @Test("what tells a place from a restored one is named")
    func differences() throws {
        let layout = try StateLayout.opensslCA(FilePath(scene.folder("back")), section: nil)
        for (command, difference) in [
            ("rm back/index.txt", StateError.Difference.missing(path: scene.folder("back/index.txt"))),
            ("touch back/newcerts/x", .added(path: scene.folder("back/newcerts/x"))),
            ("echo 1004 > back/serial", .another(path: scene.folder("back/serial"))),
        ] {
            try scene.folder.sh("cp -a back before; \(command)")
            #expect(throws: StateError.notEmpty(path: scene.folder("back/crlnumber"), difference)) {
                _ = try StateRestore(of: StateArchive(at: scene.archive, sha256: digest), to: layout, nil)
            }
            try scene.folder.sh("rm -r back; mv before back")
        }
    }

    @Test("an empty folder that is there already keeps its mode, and what lies above it")
    func emptyFolders() throws {
        try scene.folder.sh("rm -r back; mkdir -p back/newcerts; chmod 2770 back/newcerts; chmod 711 back")
        try scene.restore(digest, to: "back")
        #expect(try scene.folder.sh("stat -c %a back back/newcerts; ls back/newcerts | wc -l") == "711\n2770\n3\n")
    }

    @Test("settings that are here must be a file", arguments: ["ln -s nowhere X", "mkfifo X", "mkdir X"])
    func oddSettings(_ command: String) throws {
        try scene.folder.write("ca/openssl.cnf", "# of the CA\n")
        let digest = try scene.capture().archive.sha256
        try scene.folder.sh("mkdir odd; " + command.replacing("X", with: "odd/openssl.cnf"))
        let layout = try StateLayout.opensslCA(FilePath(scene.folder("ca")), section: nil)
        let entries = layout.entries.map { entry in
            entry.isFolder
                ? StateLayout.folder(entry.name, entry.part, in: FilePath(scene.folder("odd")))
                : StateLayout.file(entry.name, entry.part, in: FilePath(scene.folder("odd")))
        }
        let moved = StateLayout(
            store: .opensslCA,
            root: FilePath(scene.folder("odd")),
            list: StateLayout.Entries(entries),
            hasCountingSerials: true,
            folderPermissions: [.ownerReadWriteExecute]
        )
        #expect(throws: StateError.self) {
            _ = try StateRestore(of: StateArchive(at: scene.archive, sha256: digest), to: moved, nil)
        }
    }

    @Test("a folder that is not there and that a path leaves by '..' is not made")
    func leavingFolders() throws {
        try scene.folder.sh("mkdir there; ln -s there link")
        let root = scene.folder.path
        for (given, taken) in [
            ("\(root)/x/../ca", "\(root)/ca"), ("\(root)/x/y/../../ca", "\(root)/ca"),
            ("\(root)/there/../ca", "\(root)/there/../ca"), ("\(root)/link/../ca", "\(root)/link/../ca"),
            ("\(root)/link/x/../../ca", "\(root)/link/../ca"), ("no-such/../../ca", "../ca"), ("no-such/..", "."),
        ] {
            #expect(try StoreURI(parsing: "openssl-ca:\(given)") == .opensslCA(path: taken, section: nil))
            #expect(try StoreURI(parsing: "step-ca:\(given)") == .stepCA(path: taken, authority: nil))
        }
    }
}
