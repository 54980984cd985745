// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Testing

@testable import CertificateAuthority

/// Secrets among settings never get into an archive, and their values into no message.
@Suite struct StateSettingTests {
    static let secrets: [(file: String, text: String, setting: String?)] = [
        ("config/ca.json", #"{"root": "r", "password": "hunter2"}"#, "password"),
        ("config/ca.json", #"{"Password": "hunter2"}"#, "password"),
        ("config/ca.json", #"{"kms": {"type": "yubikey", "pin": "hunter2"}}"#, "pin"),
        ("config/ca.json", #"{"kms": {"managementKey": "hunter2"}}"#, "managementKey"),
        ("config/ca.json", #"{"a": [{"decrypterKeyPassword": "hunter2"}]}"#, "decrypterKeyPassword"),
        ("config/ca.json", #"{"key": "pkcs11:id=%01?pin-value=hunter2"}"#, "pin-value"),
        ("config/ca.json", #"{"authority": {"provisioners": [{"key": {"kty": "EC", "d": "hunter2"}}]}}"#, nil),
        ("config/ca.json", #"{"key": {"kty": "oct", "k": "hunter2"}}"#, nil),
        ("config/ca.json", #"{"key": {"k\u0074y": "OKP", "\u0064": "hunter2"}}"#, nil),
        ("config/broken.json", #"{"password": "hunter2""#, "password"),
        ("openssl.cnf", "[req]\n input_password = hunter2\n", "input_password"),
        ("openssl.cnf", "req::output_password=hunter2\r\n", "output_password"),
        ("openssl.cnf", "output_pass\\\nword = hunter2\n", "output_password"),
        ("openssl.cnf", "PIN = hunter2\n", "PIN"),
        ("openssl.cnf", "private_key = pkcs11:object=ca;pin-value=hunter2\n", "pin-value"),
        ("pki/vars", "set_var EASYRSA_PASSIN\t\"pass:hunter2\"\n", "EASYRSA_PASSIN"),
        ("pki/vars", "export EASYRSA_PASSOUT=pass:hunter2\n", "EASYRSA_PASSOUT"),
    ]

    static let harmless: [(file: String, text: String)] = [
        (
            "config/ca.json",
            #"{"password": "", "authority": {"provisioners": [{"type": "JWK", "name": "p", "#
                + #""key": {"kty": "EC", "x": "a", "y": "b"}, "encryptedKey": "eyJhbGciOiJ.a.b.c.d"}]}}"#
        ),
        ("config/ca.json", #"{"key": "pkcs11:id=%01?pin-source=/run/pin", "d": "x"}"#),
        ("config/defaults.json", #"{"provisioner-password-file": "p"}"#),
        ("openssl.cnf", "# input_password = secret\n# output_password = secret\n"),
        // Reading the rest of the line at each of them would take a quarter of an hour.
        ("pki/vars", String(repeating: "EASYRSA_PASSIN=file: ", count: 20_000)),
        ("openssl.cnf", "input_password = $ENV::PATH\noutput_password =\n"),
        ("openssl.cnf", "pkcs11-module-token-pin = file:/run/pin\n"),
        ("pki/vars", "#set_var EASYRSA_PASSIN \"pass:x\"\nset_var EASYRSA_PASSIN 'file:/run/p'\n"),
        ("pki/vars", "test -n \"$EASYRSA_PASSOUT\" || export EASYRSA_PASSOUT=env:P; echo ${EASYRSA_PASSIN}\n"),
    ]

    private func capture(_ file: String, _ text: String) throws {
        let scene = try StateScene()
        try scene.folder.sh("mkdir -p ca/db ca/pki; : > ca/db/x; cp ca/index.txt ca/pki")
        try scene.folder.write("ca/\(file)", text)
        let layout: StateLayout =
            switch file.prefix(2) {
            case "op": try scene.layout
            case "pk": .easyRSA(root: scene.root.appending("pki"))
            default: try .stepCA(root: scene.root)
            }
        do throws(StateError) {
            try Self.archive(layout, scene)
        } catch {
            #expect(!"\(error)".contains("hunter2") && "\(error)".contains(file))
            throw error
        }
    }

    private static func archive(_ layout: StateLayout, _ scene: StateScene) throws(StateError) {
        do {
            try scene.capture(layout)
        } catch {
            throw error as! StateError
        }
    }

    @Test("a password or key among settings is refused, by file and name", arguments: secrets.indices)
    func refused(_ number: Int) throws {
        let (file, text, setting) = Self.secrets[number]
        let error = try #require(throws: StateError.self) { try capture(file, text) }
        switch error {
        case .secretSetting(_, let found): #expect(found == setting)
        case .privateKey(_, let kind): #expect(setting == nil && kind == "JWK")
        default: Issue.record(error)
        }
    }

    @Test("a private JWK among what grows with use is left out, and named")
    func leftOut() throws {
        let scene = try StateScene()
        try scene.folder.write("ca/db/key.jwk", #"{"kty":"RSA","n":"x","d":"hunter2"}"#)
        let left = try scene.capture(StateLayout.stepCA(root: scene.root)).archive.leftOut
        #expect(left.contains { $0.path.lastComponent == "key.jwk" && $0.reason == .privateKey(kind: "JWK") })
        #expect(try scene.folder.sh("grep -c hunter2 state.tar || true") == "0\n")
    }

    @Test("what names no secret is archived", arguments: harmless.indices)
    func accepted(_ number: Int) throws {
        try capture(Self.harmless[number].file, Self.harmless[number].text)
    }

    @Test("settings that are too long to be looked through are refused")
    func long() throws {
        #expect(throws: StateError.self) {
            try capture("config/ca.json", String(repeating: " ", count: SettingScan.byteLimit + 1))
        }
    }
}
