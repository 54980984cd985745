// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// What comes back with the key is no part of the state, wherever it lies, and never in the state's way.
@Suite struct StateKeyPlaceTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
    }

    private func archive(_ layout: StateLayout) throws -> StateArchive {
        try folder.sh("rm -f state.tar")
        let file = try StagedFile(in: FilePath(folder.path), named: "state")
        let made = try StateCapture.archive(layout, to: file).archive
        try file.publish(as: FilePath(folder("state.tar")), permissions: [.ownerReadWrite])
        return try StateArchive(at: FilePath(folder("state.tar")), sha256: made.sha256)
    }

    /// An archive that another program made of a folder.
    private func strange(_ name: String) throws -> StateArchive {
        try folder.sh(
            "cd \(name) && find * -type d -print0 -o -print0 | sort -z | xargs -0 "
                + "tar --format=ustar --no-recursion --owner=0 --group=0 --mtime=@0 -cf ../state.tar"
        )
        let path = FilePath(folder("state.tar"))
        return try StateArchive(at: path, sha256: StateArchive.digest(at: path).sha256)
    }

    private func restore(_ archive: consuming StateArchive, to layout: StateLayout) throws -> StateRestore {
        try restore(archive, to: layout) {}
    }

    /// - Parameter key: What the key's restore does.
    private func restore(
        _ archive: consuming StateArchive,
        to layout: StateLayout,
        key: () throws -> Void
    ) throws -> StateRestore {
        let restore = try StateRestore(of: archive, to: layout, nil)
        try restore.stage()
        try key()
        _ = try restore.publish()
        return restore
    }

    private func names() throws -> [String] {
        try folder.sh("tar -tf state.tar").split(separator: "\n").map(String.init)
    }

    @Test("the files of a key: those that were named, older generations, older certificates, issuers; nothing else")
    func contents() throws {
        let places = PEMFiles(key: "private/ca.key", certificates: ["ca.crt"], roots: "roots.pem").places
        for name in ["private/ca.key", "private/ca-gen2.key", "private/ca-gen10.key"] {
            #expect(places.content(of: FilePath(name)) == .key, "\(name)")
        }
        for name in ["ca.crt", "ca-gen2.crt", "ca-older.crt", "ca-issuers.crt", "roots.pem"] {
            #expect(places.content(of: FilePath(name)) == .certificates, "\(name)")
        }
        for name in [
            "ca-gen1.crt", "ca-gen02.crt", "ca-gen.crt", "ca-gen2.pem", "ca-gen2x.crt", "ca-oldest.crt", "x/ca.crt",
            "private/ca-older.key", "roots-gen2.pem", "private", "ca.key",
        ] {
            #expect(places.content(of: FilePath(name)) == nil, "\(name)")
        }
        #expect(places.lie(in: "private") && !places.lie(in: "ca.crt") && !places.lie(in: "priv"))
    }

    @Test("easy-rsa: what an earlier restore wrote beside ca.crt is in no archive")
    func easyRSA() throws {
        for name in ["index.txt", "ca.crt", "ca-issuers.crt", "ca-older.crt", "ca-gen2.crt", "ca-other.crt"] {
            try folder.write("pki/\(name)", "")
        }
        _ = try archive(StateLayout.easyRSA(root: FilePath(folder("pki"))))
        #expect(try names() == ["ca-other.crt", "index.txt"])
    }

    @Test("an archive that has such files all the same comes back without them, and they are named")
    func olderArchive() throws {
        for name in ["index.txt", "ca.crt", "ca-issuers.crt", "issued/a.crt"] {
            try folder.write("pki/\(name)", "")
        }
        let layout = StateLayout.easyRSA(root: FilePath(folder("new")))
        let restore = try restore(strange("pki"), to: layout) { try folder.write("new/ca-issuers.crt", "the key's") }
        #expect(restore.skipped == ["ca-issuers.crt", "ca.crt"])
        #expect(
            try folder.sh("cat new/ca-issuers.crt; cd new; find . -type f | sort") == """
                the key's./ca-issuers.crt
                ./index.txt
                ./issued/a.crt

                """
        )
        let again = try self.restore(strange("pki"), to: layout)
        #expect(again.kept.count == 2)
    }

    @Test("a file where the key's restore makes a folder is found before it")
    func fileInTheWay() throws {
        try folder.write("ca/openssl.cnf", Self.configuration("$dir", "$dir/keys/ca.key", "$dir/ca.crt"))
        try folder.sh("mkdir old new; cp ca/openssl.cnf new; touch old/keys old/index.txt")
        let layout = try StateLayout.opensslCA(FilePath(folder("new")), section: nil)
        #expect(throws: StateError.noPlace(path: folder("state.tar"), name: "keys", store: "openssl-ca")) {
            try restore(strange("old"), to: layout)
        }
    }

    static func configuration(_ newCertificates: String, _ key: String, _ certificate: String) -> String {
        """
        [ca]
        default_ca = a
        [a]
        dir = .
        database = $dir/index.txt
        serial = $dir/serial
        new_certs_dir = \(newCertificates)
        private_key = \(key)
        certificate = \(certificate)

        """
    }

    @Test(
        "openssl-ca: key and certificate may lie where certificates go",
        arguments: [
            ("$dir/certs", "$dir/private/ca.key", "$dir/certs/ca.cert.pem"),
            ("$dir/certs", "$dir/certs/keys/ca.key", "$dir/certs/ca.cert.pem"),
            ("$dir", "$dir/keys/ca.key", "$dir/certs/ca.cert.pem"),
        ]
    )
    func among(_ newCertificates: String, _ key: String, _ certificate: String) throws {
        try folder.write("ca/openssl.cnf", Self.configuration(newCertificates, key, certificate))
        try folder.write("ca/index.txt", "V\t301231000000Z\t\t01\tunknown\t/CN=a\n")
        let (keyFile, certificateFile) = (String(key.dropFirst(5)), String(certificate.dropFirst(5)))
        for name in ["serial", keyFile, certificateFile, "certs/ca.cert-issuers.pem", "certs/01.pem", "certs/x/note"] {
            try folder.write("ca/\(name)", name == "serial" ? "02\n" : "\(name)\n")
        }
        // Beside the key, and in a folder that is the archive's as well as the key's.
        try folder.sh(
            "echo note > $(dirname ca/\(keyFile))/README; chmod 700 ca/certs; mkdir new; cp ca/openssl.cnf new"
        )
        let archive = try archive(StateLayout.opensslCA(FilePath(folder("ca")), section: nil))
        let archived = try names()
        for name in [keyFile, certificateFile, "certs/ca.cert-issuers.pem"] {
            #expect(!archived.contains(name))
        }
        let layout = try StateLayout.opensslCA(FilePath(folder("new")), section: nil)
        _ = try restore(archive, to: layout) {
            for name in [keyFile, certificateFile, "certs/ca.cert-issuers.pem"] {
                try folder.write("new/\(name)", "\(name)\n")
            }
        }
        let isAside = keyFile.hasPrefix("private")
        #expect(
            try folder.sh("diff -r ca new || true") == (isAside ? "Only in ca/private: README\n" : "")
        )
        #expect(try folder.sh("stat -c %a new/certs") == "700\n")
        // Where the key alone has come back, the place is as good as empty; where all of it has, nothing is left to do.
        let path = FilePath(folder("state.tar"))
        let digest = try StateArchive.digest(at: path).sha256
        let again = try restore(StateArchive(at: path, sha256: digest), to: layout)
        #expect(again.kept.contains(folder("new/index.txt")))
        try folder.sh(
            "cd new; find . -type f -not -name 'ca.*' -delete; find . -type d -empty -delete; cp ../ca/openssl.cnf ."
        )
        _ = try restore(StateArchive(at: path, sha256: digest), to: layout)
        #expect(try folder.sh("diff -r ca new || true") == (isAside ? "Only in ca/private: README\n" : ""))
    }
}
