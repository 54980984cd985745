// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// An accent behind a sign makes one character of both to Swift, and hides it from nobody who reads the file.
@Suite struct AccentTests {
    @Test(
        "a secret behind an accent is a secret",
        arguments: [
            ("input_password =\u{301}secret\n", "openssl.cnf", "input_password"),
            ("\u{301}\ninput_password\t=\u{301} secret\r\nx", "openssl.cnf", "input_password"),
            ("x = pkcs11:object=a?pin-value=\u{301}1234\n", "openssl.cnf", "pin-value"),
            ("EASYRSA_PASSIN\u{301}=pass:secret\n", "vars", "EASYRSA_PASSIN"),
            ("{\"pa\u{17f}\u{17f}word\": \"secret\"}", "ca.json", "password"),
            ("{\"managementKey\": \"\u{301}\"}", "ca.json", "managementKey"),
            ("{\"management\u{212a}ey\": \"secret\"}", "ca.json", "managementKey"),
            ("{\"password\"\u{301}: \"secret\"}", "ca.json", "password"),
        ]
    )
    func secrets(text: String, file: String, setting: String) {
        #expect(SettingScan.look(at: Array(text.utf8), named: file) == .secretSetting(setting))
    }

    @Test("a message shows no PIN, whatever accents stand around its name")
    func withoutPIN() {
        let text = "pkcs11:object=a?\u{301}Pin-Value=\u{301}1234;\u{301}x&pin-value=5678"
        let shown = "pkcs11:object=a?\u{301}Pin-Value=…;\u{301}x&pin-value=…"
        #expect(KeyAddress.withoutPIN(text).utf8.elementsEqual(shown.utf8))
    }

    @Test("a URI's attributes end at their separators, and a look-alike of one ends none")
    func uri() throws {
        #expect(throws: PKCS11URIError.pinInside) {
            try PKCS11URI("pkcs11:object=a?module-path=/m&pin-value=\u{301}1")
        }
        #expect(throws: PKCS11URIError.encoding(name: "object")) {
            try PKCS11URI("pkcs11:object=a\u{37e}token=b?module-path=/m")
        }
        let composed = try PKCS11URI("pkcs11:object=%C3%A9?module-path=/m")
        let named = composed.naming("e\u{301}", [1])
        #expect(named.object.map { Array($0.utf8) } == [0x65, 0xcc, 0x81])
    }
}
