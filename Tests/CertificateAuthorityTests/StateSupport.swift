// SPDX-License-Identifier: Apache-2.0

import Files
import SecretMemory
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// A folder in which a CA has a state, made of files that `openssl ca` would write.
struct StateScene {
    let folder: TemporaryFolder
    var root: FilePath { FilePath(folder("ca")) }
    var layout: StateLayout { get throws { try StateLayout.opensslCA(root, section: nil) } }
    var archive: FilePath { FilePath(folder("state.tar")) }

    static let rows = [
        "R\t301231000000Z\t261125000000Z\t1000\tunknown\t/CN=one",
        "V\t301231000000Z\t\t1001\tunknown\t/CN=two",
        "V\t301231000000Z\t\t1002\tunknown\t/CN=three",
    ]

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
        try index(Self.rows)
        try folder.write("ca/index.txt.attr", "unique_subject = yes\n")
        try folder.write("ca/serial", "1003\n")
        try folder.write("ca/crlnumber", "0a\n")
        for serial in 1000...1002 {
            try folder.write("ca/newcerts/\(serial).pem", "a certificate \(serial)\n")
        }
        try folder.write("ca/private/cakey.pem", "not archived\n")
    }

    func index(_ rows: [String]) throws {
        try folder.write("ca/index.txt", rows.map { $0 + "\n" }.joined())
    }

    @discardableResult
    func capture(
        _ layout: StateLayout? = nil,
        without passphrases: [String] = []
    ) throws -> (archive: StateCapture.Archive, figures: StateFigures) {
        var secrets = WithheldSecrets()
        for passphrase in passphrases {
            secrets.add(SecretBytes(copying: Array(passphrase.utf8).span))
        }
        try folder.sh("rm -f state.tar")
        let file = try StagedFile(in: FilePath(folder.path), named: "state")
        let result = try StateCapture.archive(try layout ?? self.layout, without: secrets, to: file)
        try file.publish(as: archive, permissions: [.ownerReadWrite])
        return result
    }

    /// Restores an archive to another folder of the scene.
    func restore(_ sha256: [UInt8], to name: String, _ layout: StateLayout? = nil) throws {
        let place = try layout ?? StateLayout.opensslCA(FilePath(folder(name)), section: nil)
        let restore = try StateRestore(of: StateArchive(at: archive, sha256: sha256), to: place, nil)
        try restore.stage()
        _ = try restore.publish()
    }

    /// The digest of the archive as it lies there.
    func digest() throws -> [UInt8] { try StateArchive.digest(at: archive).sha256 }
}
