// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import Foundation
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// The stores of easy-rsa, step-ca and openssl, and what the environment says about them.
@Suite struct FileStoreTests {
    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
    }

    @Test("a key of every kind goes into every software's own files and comes back", arguments: Sample.allCases)
    func everyKind(_ sample: Sample) throws {
        let material = try sample.material()
        for text in ["easy-rsa:\(folder("e"))", "step-ca:\(folder("s"))#root", "step-ca:\(folder("s"))#intermediate"] {
            for passphrase in ["correct horse", nil] {
                let store = try KeyStore(parsing: text)
                let restored = try store.restore(material, passphrase)
                #expect(try keys(of: restored.generations) == [sample.der])
                let exported = try store.export(Prompter("correct horse"))
                #expect(try keys(of: exported.generations) == [sample.der])
                for path in restored.places.written {
                    let attributes = try FileManager.default.attributesOfItem(atPath: path)
                    #expect(attributes[.posixPermissions] as? Int == 0o600)
                    try FileManager.default.removeItem(atPath: path)
                }
            }
        }
    }

    @Test("all generations go beside the newest, and the root of step-ca to its place")
    func generations() throws {
        let material = try Renewed.material()
        let pki = KeyStore(.easyRSA(path: folder("e"), isPKI: true))
        let restored = try pki.restore(material, "correct horse")
        #expect(
            restored.places.written
                == [
                    "ca.crt", "ca-gen2.crt", "ca-older.crt", "ca-issuers.crt", "private/ca.key", "private/ca-gen2.key",
                ].map { folder("e/\($0)") }
        )
        #expect(restored.places.notWritten.isEmpty)
        let step = KeyStore(.stepCA(path: folder("s"), authority: .intermediate))
        let whole = try step.restore(material, "correct horse")
        #expect(
            whole.places.written
                == [
                    "certs/intermediate_ca.crt", "certs/intermediate_ca-gen2.crt", "certs/intermediate_ca-older.crt",
                    "certs/root_ca.crt", "secrets/intermediate_ca_key", "secrets/intermediate_ca_key-gen2",
                ].map { folder("s/\($0)") }
        )
        #expect(whole.places.notWritten.isEmpty)
        let exported = try step.export(Prompter("correct horse"))
        #expect(try keys(of: exported.generations) == keys(of: material.generations))
        #expect(exported.certificates == material.certificates && exported.chain == material.chain)
        let again = try pki.export(Prompter("correct horse"))
        #expect(try keys(of: again.generations) == keys(of: material.generations))
        #expect(again.certificates == material.certificates && again.chain == material.chain)
    }

    @Test("stores without a path are where the environment says")
    func environment() throws {
        let environment = StoreEnvironment(
            easyRSAPKI: "/e",
            stepPath: "/s",
            home: "/h",
            opensslConfiguration: "/o/openssl.cnf"
        )
        let alone = StoreEnvironment(easyRSAPKI: "", stepPath: "", home: "/h", opensslConfiguration: "")
        for (text, environment, location) in [
            ("easy-rsa:", environment, .easyRSA(path: "/e", isPKI: true)),
            ("easy-rsa:x", environment, .easyRSA(path: "x", isPKI: false)),
            ("easy-rsa:", alone, .easyRSA(path: "pki", isPKI: true)),
            ("step-ca:", environment, .stepCA(path: "/s", authority: nil)),
            ("step-ca:#root", environment, .stepCA(path: "/s", authority: .root)),
            ("step-ca:x#intermediate", environment, .stepCA(path: "x", authority: .intermediate)),
            ("step-ca:#root", alone, .stepCA(path: "/h/.step", authority: .root)),
            ("openssl-ca:", environment, .opensslCA(path: "/o/openssl.cnf", section: nil)),
            ("openssl-ca:#sub", environment, .opensslCA(path: "/o/openssl.cnf", section: "sub")),
        ] as [(String, StoreEnvironment, StoreURI)] {
            #expect(try StoreURI(parsing: text, environment: environment) == location)
        }
        #expect(throws: StoreError.fileStore(.noPlace(kind: "openssl-ca", variable: "OPENSSL_CONF"))) {
            try StoreURI(parsing: "openssl-ca:", environment: alone)
        }
        #expect(throws: StoreError.fileStore(.noPlace(kind: "step-ca", variable: "STEPPATH"))) {
            try StoreURI(parsing: "step-ca:")
        }
    }

    @Test("a pki is found in its working directory, under its own name, and where nothing is yet")
    func pki() throws {
        try folder.write("work/pki/private/ca.key", "x")
        try folder.write("other/private/ca.key", "x")
        try folder.write("pki/pki/x", "x")
        try folder.write("config/openssl-easyrsa.cnf", "x")
        for (name, pki) in [
            ("work", "work/pki"), ("work/pki", "work/pki"), ("other", "other"), ("pki", "pki/pki"),
            ("absent", "absent/pki"), ("absent/pki", "absent/pki"), ("config", "config/pki"),
        ] {
            #expect(try EasyRSA(at: FilePath(folder(name)), isPKI: false).pki.string == folder(pki))
            #expect(try EasyRSA(at: FilePath(folder(name)), isPKI: true).pki.string == folder(name))
        }
    }

    @Test("other settings of the section follow the same rule of paths")
    func settings() throws {
        try folder.write(
            "x.cnf",
            """
            [default]
            serial = serial.txt
            [ca]
            default_ca = it
            [it]
            dir = ./here
            database = $dir/index.txt
            crlnumber = /var/crlnumber
            email_in_dn = no
            """
        )
        let configuration = try OpenSSLConfiguration(at: FilePath(folder("x.cnf")), section: nil)
        #expect(configuration.section == "it" && configuration.file?.string == folder("x.cnf"))
        #expect(try configuration.path("database")?.string == folder("here/index.txt"))
        #expect(try configuration.path("serial")?.string == folder("serial.txt"))
        #expect(try configuration.path("crlnumber")?.string == "/var/crlnumber")
        #expect(try configuration.path("new_certs_dir") == nil)
        #expect(configuration.value("email_in_dn") == "no")
        let layout = try OpenSSLConfiguration(at: FilePath(folder("nowhere")), section: nil)
        #expect(try layout.path("database")?.string == folder("nowhere/index.txt") && layout.file == nil)
    }

    @Test(
        "JSON of other programs is read as RFC 8259 says",
        arguments: [
            (#"{"a": "b"}"#, "b"), ("\t{ \"x\" : [1, -2.5e+3, {}],\r\n\"A\":\"b\"}\n", "b"),
            (#"{"a": "\u00e9\ud83d\ude00\/\n"}"#, "é😀/\n"), (#"{"a": ""}"#, ""), (#"{"a": null}"#, nil),
            (#"{"b": {"a": "c"}}"#, nil), (#"["a"]"#, nil), ("7", nil),
        ]
    )
    func json(text: String, value: String?) throws {
        #expect(try ForeignJSON(parsing: Array(text.utf8))["a"]?.string == value)
    }

    @Test(
        "what is not JSON is refused with its line",
        arguments: [
            "", " ", "{", "{\"a\"}", "{\"a\":}", "{\"a\": 1,}", "[1,]", "[1 2]", "{a: 1}", "{'a': 1}", "\"a", "\"\\x\"",
            "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\u12g4\"", "\"\\u+123\"", "01", "+1", "1.", "nul",
            "{} {}", "\"\t\"", "// x\n{}", "\u{feff}{}",
        ]
    )
    func notJSON(text: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try ForeignJSON(parsing: Array(text.utf8)) }
        #expect(error?.line == 1)
    }

    @Test("names that come twice, depth and broken UTF-8 are refused")
    func hostileJSON() {
        #expect(throws: JSONSyntaxError(.duplicate(key: "KEY"), line: 2, column: 1)) {
            try ForeignJSON(parsing: Array("{\"key\": 1,\n\"KEY\": 2}".utf8))
        }
        let limit = ForeignJSON.depthLimit
        #expect(throws: JSONSyntaxError(.tooDeep(limit: limit), line: 1, column: limit + 1)) {
            try ForeignJSON(parsing: Array(repeating: UInt8(ascii: "["), count: 1 << 20))
        }
        #expect(throws: JSONSyntaxError(.notUTF8, line: 1, column: 2)) {
            try ForeignJSON(parsing: [0x22, 0xc0, 0xaf, 0x22])
        }
    }

    @Test(
        "an address of a key is told from a path",
        arguments: [
            ("private/ca.key", nil, nil), ("/a:b", nil, nil), ("file:/a/b", "/a/b", "file:/a/b"),
            ("file:///a", "/a", "file:///a"), ("FILE://localhost/a", "/a", "file://localhost/a"),
            ("pkcs11:token=x?pin-value=1", nil, "pkcs11:token=x"),
            ("pkcs11:token=x;PIN-value=1;pin-value=2", nil, "pkcs11:token=x;PIN-value=…;pin-value=…"),
            ("./pkcs11:x", nil, nil),
        ] as [(String, String?, String?)]
    )
    func addresses(text: String, path: String?, shown: String?) {
        #expect(KeyAddress(text)?.filePath == path && KeyAddress(text)?.shown == shown)
    }
}
