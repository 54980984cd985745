// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import CertificateAuthority

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
