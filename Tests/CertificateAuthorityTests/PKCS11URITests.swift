// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// RFC 7512, read strictly.
@Suite struct PKCS11URITests {
    private static let module = "?module-path=/usr/lib/x.so"

    @Test("every attribute is read, decoded, and the text given back")
    func whole() throws {
        let text =
            "pkcs11:token=The%20CA%3b;manufacturer=a;model=b;serial=c;object=caf%C3%A9&x;id=%00%fF;type=private"
            + ";slot-id=17?module-path=/usr/lib/a%20b.so&pin-source=file:///run/pin"
        let uri = try PKCS11URI(text)
        #expect(uri.token == "The CA;" && uri.manufacturer == "a" && uri.model == "b" && uri.serial == "c")
        #expect(uri.object == "café&x" && uri.id == [0, 255] && uri.slot == 17)
        #expect(uri.modulePath == "/usr/lib/a b.so" && uri.pinSource == "/run/pin")
        #expect(try StoreURI(parsing: text).description == text)
        #expect(try StoreURI(parsing: text).places.isEmpty)
    }

    @Test("nothing but the module is needed")
    func empty() throws {
        let uri = try PKCS11URI("pkcs11:\(Self.module)")
        #expect(uri.token == nil && uri.object == nil && uri.id == nil && uri.slot == nil && uri.pinSource == nil)
    }

    @Test(
        "where the PIN lies is a path, or a file: URI",
        arguments: [
            ("pin", "pin"), ("/run/pin", "/run/pin"), ("/dev/fd/3", "/dev/fd/3"), ("file:/run/pin", "/run/pin"),
            ("file:///a:b", "/a:b"), ("file://localhost/run/pin", "/run/pin"), ("a/b:c", "a/b:c"),
        ]
    )
    func pinSource(text: String, path: String) throws {
        #expect(try PKCS11URI("pkcs11:\(Self.module)&pin-source=\(text)").pinSource == path)
    }

    @Test(
        "what is not understood is refused by name",
        arguments: [
            ("?", PKCS11URIError.malformed), ("token\(module)", .malformed),
            (";\(module)", .malformed), ("token=a;\(module)", .malformed), ("token=a;;model=b\(module)", .malformed),
            ("colour=red\(module)", .unknown(name: "colour")), ("Token=a\(module)", .unknown(name: "Token")),
            ("library-version=3\(module)", .unknown(name: "library-version")),
            ("\(module)&x-vendor=1", .unknown(name: "x-vendor")),
            ("pin-source=/x\(module)", .unknown(name: "pin-source")),
            ("\u{1b}=red\(module)", .malformed), ("token=a;token=a\(module)", .twice(name: "token")),
            ("\(module)&module-path=/y", .twice(name: "module-path")),
            ("pin-value=1\(module)", .pinInside), ("\(module)&pin-value=1234", .pinInside),
            ("token=%\(module)", .encoding(name: "token")), ("token=%2\(module)", .encoding(name: "token")),
            ("token=%2g\(module)", .encoding(name: "token")), ("token=%ff\(module)", .encoding(name: "token")),
            ("token=a%00\(module)", .encoding(name: "token")), ("token=\(module)", .encoding(name: "token")),
            ("token=a b\(module)", .encoding(name: "token")), ("token=é\(module)", .encoding(name: "token")),
            ("slot-id=-1\(module)", .value(name: "slot-id", needed: "a number")),
            ("slot-id=01\(module)", .value(name: "slot-id", needed: "a number")),
            ("slot-id=99999999999999999999\(module)", .value(name: "slot-id", needed: "a number")),
            ("type=secret-key\(module)", .value(name: "type", needed: "private or cert")),
            ("?module-path=x.so", .value(name: "module-path", needed: "an absolute path")),
            ("?module-name=softhsm2", .moduleName("softhsm2")),
            ("\(module)&pin-source=%7Ccat%20/x", .value(name: "pin-source", needed: "a path or a file: URI")),
            ("\(module)&pin-source=https://x/y", .value(name: "pin-source", needed: "a path or a file: URI")),
            ("\(module)&pin-source=file://host/y", .value(name: "pin-source", needed: "a file on this machine")),
        ]
    )
    func refused(text: String, error: PKCS11URIError) {
        #expect(throws: error) { try PKCS11URI("pkcs11:\(text)") }
        #expect(throws: StoreError.pkcs11URI(error)) { try StoreURI(parsing: "pkcs11:\(text)") }
    }

    @Test("no error repeats what was given as a PIN")
    func pinStaysOut() {
        let query = "?pin-value=needle"
        for text in ["pin-value=needle", query, "\(query)&pin-value=needle", "x=needle\(query)"] {
            do {
                _ = try PKCS11URI("pkcs11:\(text)")
                Issue.record("\(text): accepted")
            } catch {
                #expect(!"\(error)".contains("needle"))
            }
        }
    }

    @Test("an NSS database is a directory, and perhaps a nickname")
    func nss() throws {
        #expect(try StoreURI(parsing: "nss:/a/b") == .nss(NSSDatabase(directory: "/a/b", nickname: nil)))
        #expect(try StoreURI(parsing: "nss:sql:/a/b") == .nss(NSSDatabase(directory: "/a/b", nickname: nil)))
        let named = try StoreURI(parsing: "nss:a?nickname=caSigningCert cert-pki-ca?")
        #expect(named == .nss(NSSDatabase(directory: "a", nickname: "caSigningCert cert-pki-ca?")))
        #expect(named.description == "nss:a?nickname=caSigningCert cert-pki-ca?" && named.places == ["a"])
        for text in ["nss:", "nss:sql:", "nss:a?", "nss:a?nickname=", "nss:a?name=x", "nss:?nickname=x"] {
            #expect(throws: StoreError.malformed(text: text, needed: "nss:DIR[?nickname=NAME]")) {
                try StoreURI(parsing: text)
            }
        }
    }

    @Test("a directory goes to softokn with its quotes escaped")
    func parameters() {
        let odd = NSSDatabase(directory: #"/a b'c\d"#, nickname: nil)
        #expect(
            odd.parameters(forWriting: false)
                == #"configdir='sql:/a b\'c\\d' certPrefix='' keyPrefix='' secmod='secmod.db' flags=readOnly"#
        )
        #expect(odd.parameters(forWriting: true).hasSuffix("flags="))
        #expect(throws: StoreError.noSoftokn(looked: ["/no/softokn.so"])) {
            try NSSDatabase.module(among: ["/no/softokn.so"])
        }
    }
}
