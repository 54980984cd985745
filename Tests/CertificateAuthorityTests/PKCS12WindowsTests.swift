// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Foundation
import KeyStores
import Testing

/// Files from Windows and for it: Tests/Tools/adcs.py makes what `certutil -backupKey` makes.
@Suite("PKCS#12 of Certificate Services")
struct PKCS12WindowsTests {
    static let tools = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Tests/Tools").path()
    static let csp = "Microsoft Strong Cryptographic Provider"
    static let password = "correct horse"
    let folder: TemporaryFolder
    let material: CAMaterial

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
        try folder.write("password", Self.password + "\n")
        try folder.sh("PYTHONDONTWRITEBYTECODE=1 \(Self.tools)/adcs.py backup password")
        let store = try KeyStore(parsing: "certutil:\(folder("backup"))")
        material = try store.export { _ in secret(Self.password) }
    }

    private func expectSame(_ found: CAMaterial, providers: [String?]) throws {
        #expect(try keys(of: found.generations) == [folder.read("key-2.der"), folder.read("key-0.der")])
        #expect(found.generations.map(\.name) == ["Acme Issuing CA(2)", "Acme Issuing CA"])
        #expect(found.generations.map(\.providerName) == providers)
        #expect(found.generations.map(\.keyUsage) == [nil, 0x80])
        #expect(found.certificates.map { $0.caVersion?.description } == ["V2.2", "V1.0", "V0.0"])
        #expect(found.chain == [try Certificate(pem: folder.read("root.crt"))])
    }

    @Test("all generations, containers, providers, the key usage and the chain come out of a backup by certutil")
    func export() throws {
        try expectSame(material, providers: [PKCS12Writer.defaultProviderName, Self.csp])
    }

    @Test("and they survive every file that is written", arguments: PKCS12Writer.Profile.allCases)
    func profiles(_ profile: PKCS12Writer.Profile) throws {
        let password = secret(Self.password)
        let file = try PKCS12Writer.write(material, password: password, iterations: 1000, profile: profile)
        try expectSame(
            try PKCS12Reader.read(file, password: password),
            providers: [PKCS12Writer.defaultProviderName, Self.csp]
        )
        #expect(try PKCS12Reader.facts(file) == PKCS12Writer.facts(iterations: 1000, profile: profile))
    }

    @Test("for Windows Server 2016 everything is 3DES and SHA-1, and each RSA and EC key has a provider")
    func windows2016() throws {
        let password = secret(Self.password)
        for sample in [Sample.rsa2048, .p384] {
            let file = try PKCS12Writer.write(sample.material(), password: password, profile: .windows2016)
            try folder.write("x.p12", file)
            let text = try folder.sh("openssl pkcs12 -in x.p12 -passin file:password -info -noout 2>&1")
            #expect(
                text == """
                    MAC: sha1, Iteration 2048
                    MAC length: 20, salt length: 16
                    PKCS7 Encrypted data: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048
                    Certificate bag
                    PKCS7 Data
                    Shrouded Keybag: pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048

                    """
            )
            let found = try PKCS12Reader.read(file, password: password)
            #expect(found.generations.map(\.providerName) == [PKCS12Writer.defaultProviderName])
        }
    }

    @Test("an escrow's own file says nothing of Windows for a key that did not come from there")
    func standard() throws {
        let password = secret(Self.password)
        for profile in PKCS12Writer.Profile.allCases {
            for sample in Sample.allCases {
                let file = try PKCS12Writer.write(sample.material(), password: password, profile: profile)
                let found = try PKCS12Reader.read(file, password: password).generations[0]
                let isForWindows = profile != .standard && sample != .ed25519 && sample != .ed448
                #expect(found.providerName == (isForWindows ? PKCS12Writer.defaultProviderName : nil))
                #expect(found.keyUsage == nil)
            }
        }
    }

    @Test("NSS, Java and GnuTLS find both keys in a file for Windows", arguments: [false, true])
    func others(isOld: Bool) throws {
        let password = secret(Self.password)
        let profile: PKCS12Writer.Profile = isOld ? .windows2016 : .interchange
        try folder.write("x.p12", PKCS12Writer.write(material, password: password, profile: profile))
        let nss = try folder.sh("pk12util -l x.p12 -w password")
        #expect(nss.matches(of: /(?m)^Key\(shrouded\):$/).count == 2)
        let java = try folder.sh("keytool -list -keystore x.p12 -storepass:file password 2>&1")
        #expect(java.contains("Your keystore contains 2 entries"))
        let gnutls = try folder.sh("certtool --p12-info --inder --infile x.p12 --password '\(Self.password)' 2>&1")
        #expect(gnutls.matches(of: /BEGIN ENCRYPTED PRIVATE KEY/).count == 2)
    }

    @Test("a password that a file for others should not have is refused")
    func travelling() throws {
        for (text, count) in [
            (String(repeating: "x", count: 32), 32), ("pässwörd", nil), ("tab\t", nil), ("del\u{7F}", nil),
        ] as [(String, Int?)] {
            #expect(throws: PKCS12Error.passwordDoesNotTravel(byteCount: count)) {
                let password = secret(text)
                try PKCS12Writer.check(travelling: password)
            }
        }
        for text in ["x", String(repeating: "~", count: 31), "correct horse"] {
            let password = secret(text)
            try PKCS12Writer.check(travelling: password)
        }
    }

    @Test("a CA's name becomes a file's as MS-WCCE has it")
    func fileNames() throws {
        for (name, file) in [
            // MS-WCCE, section 1.3.2.5.
            ("LongCAName(WithSpeci@#$%^Characters", "LongCAName!0028WithSpeci@!0023$!0025!005eCharacters.p12"),
            ("Ärzte/Münster", "!00c4rzte!002fM!00fcnster.p12"), ("A ~ B", "A ~ B.p12"),
        ] {
            let other = try TemporaryFolder()
            try other.write("k.pem", Sample.p256.pem)
            let subject = "/CN=\(name.replacing("/", with: "\\/"))"
            try other.sh("openssl req -x509 -new -key k.pem -utf8 -subj '\(subject)' -out c.pem")
            let store = try KeyStore(parsing: "pem:\(other("k.pem")),\(other("c.pem"))")
            let material = try store.export { _ in nil }
            let target = try KeyStore(parsing: "certutil:\(other("new"))")
            let protection = KeyProtection.encrypted(passphrase: secret("secret"))
            let restored = try target.restore(material, protection: protection) { _ in nil }
            #expect(restored.places.written == [other("new/\(file)")])
        }
    }
}
