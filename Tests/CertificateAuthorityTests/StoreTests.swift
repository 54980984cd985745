// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import Foundation
import KeyStores
import SecretMemory
import SystemPackage
import TestSupport
import Testing

/// Gives one passphrase, and remembers for what.
final class Prompter {
    var requests: [KeyStore.PassphraseRequest] = []
    let answers: [String]

    init(_ answers: String...) { self.answers = answers }

    func ask(_ request: KeyStore.PassphraseRequest) -> SecretBytes? {
        requests.append(request)
        return requests.count <= answers.count ? secret(answers[requests.count - 1]) : nil
    }
}

extension KeyStore {
    func export(_ prompter: Prompter) throws -> CAMaterial {
        try export { prompter.ask($0) }
    }

    func restore(
        _ material: CAMaterial,
        _ passphrase: String?,
        _ prompter: Prompter = Prompter()
    ) throws -> RestoredKey {
        if let passphrase {
            return try restore(material, protection: .encrypted(passphrase: secret(passphrase))) { prompter.ask($0) }
        }
        return try restore(material, protection: .plain) { prompter.ask($0) }
    }
}

@Suite struct StoreTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
    }

    private func permissions(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: folder(name))
        return try #require(attributes[.posixPermissions] as? Int)
    }

    /// `openssl ca` as its manual makes it, with an encrypted key.
    private func makeCA(_ configuration: String = "", directory: String = "ca") throws {
        try folder.write(
            "\(directory)/openssl.cnf",
            """
            [ca]
            default_ca = CA_default
            [CA_default]
            dir = .
            certificate = $dir/cacert.pem
            private_key = $dir/private/cakey.pem
            database = $dir/index.txt
            new_certs_dir = $dir
            rand_serial = yes
            policy = any
            default_md = sha256
            default_days = 30
            [any]
            commonName = supplied
            [req]
            distinguished_name = dn
            [dn]
            \(configuration)
            """
        )
        try folder.sh(
            """
            cd \(directory); mkdir private; touch index.txt
            openssl req -x509 -newkey rsa:2048 -keyout private/cakey.pem -passout pass:horse -out cacert.pem \
            -subj '/CN=Acme Root CA' -addext keyUsage=critical,keyCertSign,cRLSign
            openssl pkcs8 -topk8 -nocrypt -in private/cakey.pem -passin pass:horse -outform DER -out ../key.der
            openssl req -new -newkey ed25519 -nodes -keyout ../leaf.pem -subj /CN=leaf -out ../leaf.csr
            """
        )
    }

    @Test("a key of every kind goes into every kind of store and comes back", arguments: Sample.allCases)
    func everyKind(_ sample: Sample) throws {
        let material = try sample.material()
        let stores = [
            "pem:\(folder("k.pem")),\(folder("c.pem"))", "p12:\(folder("x.p12"))",
            "certutil:\(folder("media"))", "openssl-ca:\(folder("ca"))",
        ]
        // A run that is not whole takes one kind of key into all of them, and each other kind into one.
        let isWhole = TestRun.isWhole || sample == .p256
        let place = (Sample.allCases.firstIndex(of: sample) ?? 0) % stores.count
        for text in isWhole ? stores : [stores[place]] {
            let store = try KeyStore(parsing: text)
            let restored = try store.restore(material, "correct horse")
            #expect(try keys(of: restored.generations) == [sample.der])
            #expect(restored.generations[0].newest == material.newest)
            #expect(restored.places.unchanged.isEmpty && restored.places.notWritten.isEmpty)
            let prompter = Prompter("correct horse")
            let exported = try store.export(prompter)
            #expect(try keys(of: exported.generations) == [sample.der])
            #expect(exported.certificates == material.certificates)
            #expect(prompter.requests.map(\.attempt) == [1])
            #expect(restored.places.written.contains(prompter.requests[0].subject))
            let again = try store.restore(material, "correct horse")
            #expect(try keys(of: again.generations) == [sample.der])
            #expect(again.places.written.isEmpty)
            #expect(Set(again.places.unchanged) == Set(restored.places.written))
        }
        guard isWhole else {
            return
        }
        #expect(try permissions("k.pem") == 0o600)
        #expect(try permissions("c.pem") == 0o644)
        #expect(try permissions("ca/private") == 0o700)
        #expect(try permissions("ca/private/cakey.pem") == 0o600)
        #expect(FileManager.default.fileExists(atPath: folder("media/Acme \(sample) CA.p12")))
    }

    @Test("a key is written plain only where that was asked for")
    func plain() throws {
        let store = try KeyStore(parsing: "pem:\(folder("k.pem")),\(folder("c.pem"))")
        let prompter = Prompter()
        let restored = try store.restore(Sample.p384.material(), nil, prompter)
        #expect(restored.places.written == [folder("c.pem"), folder("k.pem")])
        #expect(try folder.read("k.pem") == Sample.p384.pem)
        #expect(try permissions("k.pem") == 0o600)
        #expect(try store.export(prompter).newest == Sample.p384.certificate)
        #expect(prompter.requests.isEmpty)
        #expect(throws: StoreError.needsPassphrase(path: folder("x.p12"))) {
            try KeyStore(.p12(folder("x.p12"))).restore(Sample.p384.material(), nil)
        }
    }

    @Test("a certification authority by openssl is read, lost, restored, and issues again")
    func opensslCA() throws {
        try makeCA()
        let store = try KeyStore(parsing: folder("ca"))
        let prompter = Prompter("wrong", "horse")
        let material = try store.export(prompter)
        #expect(try keys(of: material.generations) == [folder.read("key.der")])
        #expect(prompter.requests.map(\.attempt) == [1, 2])
        #expect(prompter.requests.map(\.subject) == [String](repeating: folder("ca/private/cakey.pem"), count: 2))
        try folder.sh("rm -r ca/private ca/cacert.pem")
        let restored = try store.restore(material, "new horse")
        #expect(restored.places.written.count == 2)
        let statement = CAKeyStatement.text(kind: "readback", digestHex: StatementTests.digest)
        let signature = try restored.generations[0].key.sign(statement: statement)
        #expect(material.newest.verify(signature: signature, over: statement))
        try folder.sh(
            """
            cd ca && openssl ca -config openssl.cnf -batch -passin 'pass:new horse' -in ../leaf.csr -out leaf.crt &&
            openssl verify -CAfile cacert.pem leaf.crt
            """
        )
    }

    @Test("sections and paths of the configuration are followed as openssl follows them")
    func configuration() throws {
        try makeCA(
            """
            [sub]
            dir = \(folder("elsewhere"))
            certificate = $dir/sub.crt
            private_key = ${CA_default::dir}/sub/sub.key
            [bare]
            dir = x
            """
        )
        let material = try Sample.p256.material()
        let store = try KeyStore(parsing: "openssl-ca:\(folder("ca/openssl.cnf"))#sub")
        let restored = try store.restore(material, "correct horse")
        #expect(
            restored.places.written.map { URL(filePath: $0).standardized.path() }
                == [folder("elsewhere/sub.crt"), folder("ca/sub/sub.key")]
        )
        let cnf = folder("ca/openssl.cnf")
        for (text, error) in [
            ("openssl-ca:\(cnf)#none", .noSection(path: cnf, section: "none")),
            ("openssl-ca:\(cnf)#bare", .noSetting(path: cnf, section: "bare", name: "private_key")),
            ("openssl-ca:\(folder("x.cnf"))", .file(.system(path: folder("x.cnf"), .noSuchFileOrDirectory))),
        ] as [(String, StoreError)] {
            #expect(throws: error) { try KeyStore(parsing: text).export(Prompter()) }
        }
        try folder.write("empty.cnf", "[req]\n")
        #expect(throws: StoreError.noSetting(path: folder("empty.cnf"), section: "ca", name: "default_ca")) {
            try KeyStore(parsing: folder("empty.cnf")).export(Prompter())
        }
    }

    @Test(
        "an .include that is no file is refused, however it is written",
        arguments: [
            ".include /dev/zero", "\t.include = /dev/zero", ".inc\\\nlude /dev/zero", "\u{feff}.include /dev/zero",
            "\r.include /dev/zero", " \u{0b}.include /dev/zero\r", ".include \"/dev/zero\"",
            "x = /dev\n.include $x/zero",
            "x::.include /dev/zero", "x::.include=/dev/zero",
        ]
    )
    func includes(line: String) throws {
        // OpenSSL would read it without end.
        try folder.write("x.cnf", "\(line)\n[ca]\ndefault_ca = x\n[x]\ndir = y\n")
        #expect(throws: StoreError.file(.notRegular(path: "/dev/zero"))) {
            try KeyStore(parsing: "openssl-ca:\(folder("x.cnf"))").export(Prompter())
        }
    }

    @Test(
        "an .include after what only OpenSSL can read is refused",
        arguments: ["a\\ b::.include /dev/zero", "a\\=b::.include /dev/zero", "a = b::.include /dev/zero"]
    )
    func unclear(line: String) throws {
        try folder.write("x.cnf", "\(line)\n")
        let cnf = folder("x.cnf")
        #expect(throws: StoreError.fileStore(.include(path: cnf, line: 1, name: "", .unclear))) {
            try KeyStore(parsing: "openssl-ca:\(cnf)").export(Prompter())
        }
    }

    @Test("a backslash that OpenSSL's line buffer would swallow hides no .include", arguments: 490...520)
    func longLines(blanks: Int) throws {
        let blank = String(repeating: " ", count: blanks)
        try folder.write("x.cnf", "\(blank).inc\\lude /dev/zero\n[ca]\ndefault_ca = x\n")
        // Without limit if it were opened; here it is no setting.
        #expect {
            try KeyStore(parsing: "openssl-ca:\(folder("x.cnf"))").export(Prompter())
        } throws: { error in
            if case StoreError.configuration(folder("x.cnf"), 1, _) = error { true } else { false }
        }
    }

    @Test("a passphrase is asked for three times, and not at all when nobody answers")
    func passphrases() throws {
        try makeCA()
        let store = KeyStore(.pem(key: folder("ca/private/cakey.pem"), certificates: [folder("ca/cacert.pem")]))
        let prompter = Prompter("a", "b", "c", "horse")
        #expect(throws: StoreError.wrongPassphrase(path: folder("ca/private/cakey.pem"))) {
            try store.export(prompter)
        }
        #expect(prompter.requests.map(\.attempt) == [1, 2, 3])
        #expect(throws: StoreError.noPassphrase(path: folder("ca/private/cakey.pem"))) {
            try store.export(Prompter())
        }
        let unavailable = StoreError.passphraseUnavailable(path: "x", reason: "no terminal")
        #expect(throws: unavailable) {
            try store.export { (_) throws(StoreError) -> SecretBytes? in throw unavailable }
        }
    }

    @Test("a wrong certificate, one that is no authority's, and a wrong key are named")
    func mismatches() throws {
        try folder.write("k.pem", Sample.p256.pem)
        try folder.write("other.pem", Sample.p384.certificate.pem)
        let wrong = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("other.pem")]))
        #expect(throws: StoreError.keyMatchesNoCertificate(key: folder("k.pem"), certificate: folder("other.pem"))) {
            try wrong.export(Prompter())
        }
        try folder.sh(
            "openssl req -x509 -new -key k.pem -subj /CN=leaf -addext basicConstraints=critical,CA:FALSE -out leaf.pem"
        )
        let leaf = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("leaf.pem")]))
        #expect(throws: StoreError.notACA(path: folder("leaf.pem"), subject: "CN=leaf")) {
            try leaf.export(Prompter())
        }
        let noKey = KeyStore(.pem(key: folder("other.pem"), certificates: [folder("other.pem")]))
        #expect(throws: StoreError.key(path: folder("other.pem"), .noKey)) { try noKey.export(Prompter()) }
        let noCertificate = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("k.pem")]))
        #expect(throws: StoreError.certificate(path: folder("k.pem"), .none)) { try noCertificate.export(Prompter()) }
    }

    @Test("what is there already is never replaced: another key, encrypted or not, and another certificate")
    func existing() throws {
        let material = try Sample.p256.material()
        let digest = OpenSSL.sha256Hex(try Sample.p384.certificate.spki)
        try folder.write("k.pem", Sample.p384.pem)
        let store = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")]))
        let anotherKey = StoreError.anotherKey(path: folder("k.pem"), spkiSHA256: digest)
        #expect(throws: anotherKey) { try store.restore(material, "horse") }
        // Encrypted: the certificate beside it tells, without a question.
        try folder.sh("openssl pkcs8 -topk8 -in k.pem -passout pass:old -out e.pem; mv e.pem k.pem")
        try folder.write("c.pem", Sample.p384.certificate.pem)
        let prompter = Prompter()
        #expect(throws: anotherKey) { try store.restore(material, "horse", prompter) }
        #expect(prompter.requests.isEmpty)
        // Encrypted without certificate: the one who knows the passphrase tells.
        try folder.sh("rm c.pem")
        #expect(throws: anotherKey) { try store.restore(material, "horse", Prompter("old")) }
        #expect(throws: StoreError.noPassphrase(path: folder("k.pem"))) { try store.restore(material, "horse") }
        #expect(!FileManager.default.fileExists(atPath: folder("c.pem")))
        // The same key, encrypted with another passphrase, is proven instead of written.
        let same = try store.restore(Sample.p384.material(), "horse", Prompter("old"))
        #expect(same.places.unchanged == [folder("k.pem")] && same.places.written == [folder("c.pem")])
        // Another certificate.
        try folder.sh("rm k.pem c.pem")
        let other = try Sample.p521.certificate
        try folder.write("c.pem", other.pem)
        #expect(
            throws: StoreError.anotherCertificate(
                path: folder("c.pem"),
                subject: other.subject,
                sha256: other.sha256Hex
            )
        ) {
            try store.restore(material, "horse")
        }
        #expect(!FileManager.default.fileExists(atPath: folder("k.pem")))
        // Another PKCS#12 file.
        let p12 = KeyStore(.p12(folder("x.p12")))
        _ = try p12.restore(Sample.p384.material(), "horse")
        #expect(throws: StoreError.anotherKey(path: folder("x.p12"), spkiSHA256: digest)) {
            try p12.restore(material, "horse")
        }
    }

    @Test("a certutil folder holds one PKCS#12 file, or says what it holds instead")
    func certutil() throws {
        try folder.write("empty/x", "")
        try folder.write("database/Database/certbkxp.dat", "x")
        try folder.write("two/a.p12", "x")
        try folder.write("two/b.PFX", "x")
        for (name, error) in [
            ("empty", .noPKCS12(path: folder("empty"))), ("database", .databaseBackup(path: folder("database"))),
            ("two", .severalPKCS12(path: folder("two"), names: ["a.p12", "b.PFX"])),
            ("none", .file(.system(path: folder("none"), .noSuchFileOrDirectory))),
        ] as [(String, StoreError)] {
            #expect(throws: error) { try KeyStore(.certutil(folder(name))).export(Prompter("x")) }
        }
    }

    @Test("special characters of a name are written as Certificate Services writes them")
    func sanitisedName() throws {
        try folder.write("k.pem", Sample.p256.pem)
        try folder.sh("openssl req -x509 -new -utf8 -key k.pem -subj '/CN=Acmé CA (test) 1%' -out c.pem")
        let material = try KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")])).export(Prompter())
        #expect(material.newest.subject == "CN=Acmé CA (test) 1%")
        let restored = try KeyStore(.certutil(folder("x"))).restore(material, "horse")
        #expect(restored.places.written == [folder("x/Acm!00e9 CA !0028test!0029 1!0025.p12")])
    }

    @Test("a key and a certificate do not go into one file")
    func samePlace() throws {
        let store = KeyStore(.pem(key: folder("x.pem"), certificates: [folder("x.pem")]))
        #expect(throws: StoreError.samePlace(path: folder("x.pem"))) {
            try store.restore(Sample.p256.material(), "horse")
        }
        #expect(!FileManager.default.fileExists(atPath: folder("x.pem")))
        try folder.write("x.pem", Sample.p256.pem + Sample.p256.certificate.pem)
        let restored = try store.restore(Sample.p256.material(), "horse")
        #expect(restored.places.written.isEmpty)
    }

    @Test("keys leave the locked heap with their owners")
    func heap() async throws {
        await #expect(processExitsWith: .success) {
            try OpenSSL.start()
            let folder = try TemporaryFolder()
            try folder.sh("openssl genpkey \(Sample.p384.rawValue) -out k.pem")
            try folder.sh("openssl req -x509 -new -key k.pem -subj /CN=x -out c.pem")
            func cycle(_ number: Int) throws {
                let source = KeyStore(.pem(key: folder("k.pem"), certificates: [folder("c.pem")]))
                let store = KeyStore(.p12(folder("\(number).p12")))
                let restored = try store.restore(source.export(Prompter()), "horse")
                let statement = CAKeyStatement.text(kind: "readback", digestHex: StatementTests.digest)
                _ = try restored.generations[0].key.sign(statement: statement)
                #expect(throws: StoreError.wrongPassphrase(path: folder("\(number).p12"))) {
                    try store.export(Prompter("a", "b", "c"))
                }
            }
            try cycle(0)
            let before = OpenSSL.secureHeapBytesInUse
            for number in 1...3 {
                try cycle(number)
            }
            #expect(OpenSSL.secureHeapBytesInUse == before)
        }
    }

    @Test("a place that cannot be written to is named before anything is written")
    func readOnly() async throws {
        await #expect(processExitsWith: .success) {
            try OpenSSL.start()
            let folder = try TemporaryFolder()
            let material = try Sample.p256.material()
            try folder.sh("mkdir locked open; chmod 555 locked; chmod 777 open; chmod 755 .")
            // The superuser may write everywhere; access(2) asks for the real user, the effective one cleans up.
            let user = getuid()
            setreuid(65534, user)
            defer { setreuid(user, user) }
            let store = KeyStore(.pem(key: folder("locked/sub/k.pem"), certificates: [folder("open/c.pem")]))
            #expect(throws: StoreError.notWritable(path: folder("locked"))) { try store.restore(material, "horse") }
            #expect(!FileManager.default.fileExists(atPath: folder("open/c.pem")))
        }
    }
}
