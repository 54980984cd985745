// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import KeyStores
import Testing

/// How stores are named and recognised.
@Suite struct StoreURITests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(
        "the text of a store is read, and written back",
        arguments: [
            ("pem:k.pem,c.pem", StoreURI.pem(key: "k.pem", certificates: ["c.pem"])),
            ("pem:/a/k,/a/c,/a/d", .pem(key: "/a/k", certificates: ["/a/c", "/a/d"])),
            ("p12:a:b.p12", .p12("a:b.p12")), ("certutil:/media/x", .certutil("/media/x")),
            ("openssl-ca:/root/ca", .opensslCA(path: "/root/ca", section: nil)),
            ("openssl-ca:ca.cnf#sub", .opensslCA(path: "ca.cnf", section: "sub")),
            ("pem:\u{301}k,\u{301}c", .pem(key: "\u{301}k", certificates: ["\u{301}c"])),
            ("openssl-ca:x#\u{301}s", .opensslCA(path: "x", section: "\u{301}s")),
            ("nss:sql:sql:/ca", .nss(NSSDatabase(directory: "sql:/ca", nickname: nil))),
        ]
    )
    func texts(text: String, location: StoreURI) throws {
        let parsed = try StoreURI(parsing: text)
        #expect(parsed == location)
        #expect(parsed.description == text)
        #expect(try KeyStore(parsing: text).recognisedAs == nil)
    }

    @Test(
        "a text that names no store is refused",
        arguments: [
            ("ftp:token=ca", StoreError.unknownKind("ftp")),
            ("pem:k.pem", .malformed(text: "pem:k.pem", needed: "pem:KEY,CERT[,CERT…]")),
            ("pem:k.pem,", .malformed(text: "pem:k.pem,", needed: "pem:KEY,CERT[,CERT…]")),
            ("p12:", .malformed(text: "p12:", needed: "p12:FILE")),
            ("openssl-ca:x#", .malformed(text: "openssl-ca:x#", needed: "openssl-ca:[DIR|FILE.cnf][#SECTION]")),
            ("/nowhere/at/all", .notFound(path: "/nowhere/at/all")),
        ]
    )
    func refused(text: String, error: StoreError) {
        #expect(throws: error) { try StoreURI(parsing: text) }
    }

    @Test("a bare path is recognised by what lies there")
    func recognised() throws {
        try folder.write("both.pem", Sample.p256.pem + Sample.p256.certificate.pem)
        try folder.write("ca.cnf", "[ca]\n")
        try folder.write("odd.bin", PKCS12Writer.write(Sample.p256.material(), password: secret("password")))
        try folder.write("certutil/Acme.P12", "")
        try folder.write("with-cnf/openssl.cnf", "")
        try folder.write("layout/private/cakey.pem", "")
        try folder.write("layout/cacert.pem", "")
        try folder.write("alias/cert9.db", "")
        try folder.write("alias/key4.db", "")
        for (name, location) in [
            ("both.pem", .pem(key: folder("both.pem"), certificates: [folder("both.pem")])),
            ("ca.cnf", .opensslCA(path: folder("ca.cnf"), section: nil)),
            ("odd.bin", .p12(folder("odd.bin"))),
            ("certutil", .certutil(folder("certutil"))),
            ("with-cnf", .opensslCA(path: folder("with-cnf"), section: nil)),
            ("layout", .opensslCA(path: folder("layout"), section: nil)),
            ("alias", .nss(NSSDatabase(directory: folder("alias"), nickname: nil))),
        ] as [(String, StoreURI)] {
            let store = try KeyStore(parsing: folder(name))
            #expect(store.location == location)
            #expect(store.recognisedAs == "reading \(folder(name)) as \(location.kind)")
        }
    }

    @Test("a bare path that is no store, or two, is an error that says so")
    func notRecognised() throws {
        try folder.write("key.pem", Sample.p256.pem)
        try folder.write("cert.pem", Sample.p256.certificate.pem)
        try folder.write("text.txt", "hello")
        try folder.write("backup/Database/certbkxp.dat", "x")
        try folder.write("flat/Acme.edb", "x")
        try folder.write("two/x.p12", "")
        try folder.write("two/openssl.cnf", "")
        try folder.write("empty/x", "")
        for (name, error) in [
            ("key.pem", .keyWithoutCertificate(path: folder("key.pem"))),
            ("cert.pem", .certificateWithoutKey(path: folder("cert.pem"))),
            ("text.txt", .notRecognised(path: folder("text.txt"))),
            ("backup", .databaseBackup(path: folder("backup"))),
            ("flat", .databaseBackup(path: folder("flat"))),
            ("flat/Acme.edb", .databaseBackup(path: folder("flat/Acme.edb"))),
            ("empty", .notRecognised(path: folder("empty"))),
            (
                "two",
                .ambiguous(path: folder("two"), choices: ["certutil:\(folder("two"))", "openssl-ca:\(folder("two"))"])
            ),
        ] as [(String, StoreError)] {
            #expect(throws: error) { try KeyStore(parsing: folder(name)) }
        }
        #expect(
            StoreError.databaseBackup(path: "/x").description
                == "/x: a database backup of Certificate Services: it holds no private key"
        )
    }
}
