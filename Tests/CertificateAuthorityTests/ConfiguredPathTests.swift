// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// Paths in configurations and behind the prefixes of stores.
@Suite("Paths that people write")
struct ConfiguredPathTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
    }

    /// A configuration in `ca`, with the CA's files in the directory that is said.
    private func configure(_ directory: String, key: String = "$dir/ca.key") throws {
        try folder.write(
            "ca/openssl.cnf",
            """
            [ca]
            default_ca = x
            [x]
            dir = \(directory)
            private_key = \(key)
            certificate = $dir/ca.crt
            database = $dir/index.txt
            default_md = sha256
            """
        )
    }

    private var store: KeyStore { get throws { try KeyStore(parsing: "openssl-ca:\(folder("ca"))") } }

    @Test(
        "the key comes back where openssl ca reads it, however its directory is written",
        arguments: [
            ("./", "ca"), (".//", "ca"), (".", "ca"), ("./.", "ca"), ("..", "."), ("../x/", "x"), ("link/..", "far"),
            ("./link/.././x//", "far/x"),
        ]
    )
    func directories(written: String, place: String) throws {
        try configure(written)
        try folder.sh("mkdir -p far/away; ln -s ../far/away ca/link; mkdir -p \(place)")
        let restored = try store.restore(Sample.p256.material(), nil)
        let top = try Files.absolute(FilePath(folder(place))).string
        #expect(restored.places.written == ["\(top)/ca.crt", "\(top)/ca.key"])
        try folder.write("\(place)/index.txt", "")
        try folder.sh("cd ca; openssl ca -config openssl.cnf -gencrl -crldays 1 -out ../crl.pem")
        let index = try #require(store.stateLayout().entry(.index))
        #expect(try Files.absolute(index.path).string == "\(top)/index.txt")
    }

    @Test("an empty directory is the top of the file system, as for openssl ca; nothing of it is written by reading")
    func emptyDirectory() throws {
        try configure("")
        let configuration = try OpenSSLConfiguration(at: FilePath(folder("ca")), section: nil)
        #expect(try configuration.path("private_key") == "/ca.key")
    }

    @Test(
        "a value that names no file is refused with its name",
        arguments: ["", "private/", "private/.", "private/..", ".", "./", "//"]
    )
    func noFile(value: String) throws {
        try configure(".", key: value)
        #expect(throws: StoreError.fileStore(.namesNoFile(path: folder("ca/openssl.cnf"), setting: "private_key"))) {
            try store.preflight(for: Sample.p256.material().certificates)
        }
    }

    @Test("addresses are taken as OpenSSL takes them, and a file of that very name comes first")
    func addresses() throws {
        func path(_ value: String) throws -> FilePath? {
            try configure(".", key: value)
            return try OpenSSLConfiguration(at: FilePath(folder("ca")), section: nil).path("private_key")
        }
        let file = folder("ca/openssl.cnf")
        #expect(try path("file:/a//./b/../k") == "/a/b/../k")
        #expect(try path("FILE://localhost/a/k") == "/a/k")
        for (value, error) in [
            ("file:k", .relativeAddress(path: file, setting: "private_key", address: "file:k")),
            ("file://host/k", .keyNotInFile(path: file, setting: "private_key", address: "file://host/k")),
            ("file:/a/", .namesNoFile(path: file, setting: "private_key")),
            ("a:k", .keyNotInFile(path: file, setting: "private_key", address: "a:k")),
        ] as [(String, FileStoreError)] {
            #expect(throws: StoreError.fileStore(error)) { try path(value) }
        }
        try folder.write("ca/a:k", "x")
        #expect(try path("a:k")?.string == folder("ca/a:k"))
    }

    @Test("a value that is not UTF-8 is refused: its path could only be guessed")
    func latin1() throws {
        try configure(".", key: "x")
        let text = try folder.read("ca/openssl.cnf")
        let place = try #require(text.firstRange(of: Array("private_key = x".utf8)))
        try folder.write("ca/openssl.cnf", Array(text[..<(place.upperBound - 1)]) + [0xfc] + text[place.upperBound...])
        #expect(throws: StoreError.fileStore(.notUTF8(path: folder("ca/openssl.cnf"), setting: "private_key"))) {
            try store.preflight(for: Sample.p256.material().certificates)
        }
    }

    @Test(
        "no directory called by a tilde is made for a configuration that has one",
        arguments: ["~/ca", "~root/ca", "~"]
    )
    func tildeInConfiguration(directory: String) throws {
        try configure(directory)
        let first = String(directory.prefix { $0 != "/" })
        let error = FileStoreError.homeInSetting(
            path: folder("ca/openssl.cnf"),
            setting: "private_key",
            folder: first
        )
        let store = try store
        #expect(throws: StoreError.fileStore(error)) { try store.restore(Sample.p256.material(), nil) }
        #expect(try folder.sh("ls ca") == "openssl.cnf\n")
        // One that is there is what openssl ca takes.
        try folder.sh("mkdir -p 'ca/\(directory)'")
        _ = try store.restore(Sample.p256.material(), nil)
        #expect(try folder.sh("ls 'ca/\(directory)'") == "ca.crt\nca.key\n")
    }

    @Test("behind a store's prefix, the tilde is the home directory, or refused")
    func tildeInStore() throws {
        let environment = StoreEnvironment(home: "/h")
        for (text, location) in [
            ("pem:~/k,~/c", .pem(key: "/h/k", certificates: ["/h/c"])), ("p12:~/x.p12", .p12("/h/x.p12")),
            ("certutil:~", .certutil("/h")), ("openssl-ca:~/ca#s", .opensslCA(path: "/h/ca", section: "s")),
            ("easy-rsa:~//ca", .easyRSA(path: "/h/ca", isPKI: false)),
            ("step-ca:~/.step#root", .stepCA(path: "/h/.step", authority: .root)),
            ("nss:sql:~/db?nickname=n", .nss(NSSDatabase(directory: "/h/db", nickname: "n"))),
            ("p12:./~/x", .p12("./~/x")), ("p12:x~", .p12("x~")),
        ] as [(String, StoreURI)] {
            #expect(try StoreURI(parsing: text, environment: environment) == location)
        }
        for text in ["p12:~root/x", "pem:k,~root/c", "openssl-ca:~ca", "nss:~x"] {
            let path = String(text.split(separator: /[:,]/).last ?? "")
            #expect(throws: StoreError.fileStore(.homeUnknown(path: path))) {
                try StoreURI(parsing: text, environment: environment)
            }
        }
        #expect(throws: StoreError.fileStore(.homeUnknown(path: "~/x"))) { try StoreURI(parsing: "p12:~/x") }
    }

    @Test("two names of one place are told, also through a link")
    func onePlace() throws {
        try folder.sh("mkdir -p a/b; ln -s a/b link")
        let store = KeyStore(.pem(key: folder("a/x.pem"), certificates: [folder("link/../x.pem")]))
        #expect(throws: StoreError.samePlace(path: folder("link/../x.pem"))) {
            try store.preflight(for: Sample.p256.material().certificates)
        }
        #expect(throws: StoreError.samePlace(path: folder("link/../x.pem"))) {
            try store.restore(Sample.p256.material(), nil)
        }
        // The text alone would call these one.
        let apart = KeyStore(.pem(key: folder("x.pem"), certificates: [folder("link/../x.pem")]))
        _ = try apart.restore(Sample.p256.material(), nil)
    }
}
