// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// Secrets among settings never get into an archive, and their values into no message.
@Suite struct StateSettingTests {
    static let secrets: [(file: String, text: String, setting: String?)] = [
        ("config/ca.json", #"{"root": "r", "password": "hunter2"}"#, "password"),
        ("config/ca.json", #"{"Password": "hunter2"}"#, "password"),
        ("config/ca.json", #"{"kms": {"pin": 1234}}"#, "pin"),
        ("config/ca.json", #"{"password": ["", "hunter2"]}"#, "password"),
        ("config/ca.json", #"{"kms": {"type": "yubikey", "pin": "hunter2"}}"#, "pin"),
        ("config/ca.json", #"{"kms": {"managementKey": "hunter2"}}"#, "managementKey"),
        ("config/ca.json", #"{"a": [{"decrypterKeyPassword": "hunter2"}]}"#, "decrypterKeyPassword"),
        ("config/ca.json", #"{"key": "pkcs11:id=%01?pin-value=hunter2"}"#, "pin-value"),
        ("config/ca.json", #"{"authority": {"provisioners": [{"key": {"kty": "EC", "d": "hunter2"}}]}}"#, nil),
        ("config/ca.json", #"{"key": {"kty": "oct", "k": "hunter2"}}"#, nil),
        ("config/ca.json", #"{"key": {"k\u0074y": "OKP", "\u0064": "hunter2"}}"#, nil),
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

    /// Beside the configuration, where nobody reads them.
    static let copies: [(file: String, text: String, reason: StateCapture.LeftOut.Reason)] = [
        ("key.jwk", #"{"kty":"RSA","n":"x","d":"hunter2"}"#, .privateKey(kind: "JWK")),
        ("config/ca.json.old", #"{"password": "hunter2"}"#, .secretSetting("password")),
        ("config/broken.json", #"{"password": "hunter2""#, .secretSetting("password")),
        ("vars.bak", "set_var EASYRSA_PASSIN\t\"pass:hunter2\"\n", .secretSetting("EASYRSA_PASSIN")),
        ("templates/req.cnf", "[req]\ninput_password = hunter2\n", .secretSetting("input_password")),
        ("old/openssl.cnf~", "output_pass\\\nword = hunter2\r\n", .secretSetting("output_password")),
        ("engine", "PIN = hunter2\n", .secretSetting("PIN")),
        ("notes", "private_key = pkcs11:object=ca;pin-value=hunter2\n", .secretSetting("pin-value")),
        ("password.txt", "hunter2\n", .passwordFile), ("old/ca.pass", "hunter2\n", .passwordFile),
        ("large.json", String(repeating: " ", count: SettingScan.byteLimit + 1), .tooLarge),
    ]

    @Test("a secret in what is no configuration is left out, and named", arguments: copies.indices)
    func leftOut(_ number: Int) throws {
        let (file, text, reason) = Self.copies[number]
        let scene = try StateScene()
        try scene.folder.sh("mkdir ca/db; : > ca/db/x")
        try scene.folder.write("ca/\(file)", text)
        let left = try scene.capture(StateLayout.stepCA(root: scene.root)).archive.leftOut
        #expect(left.contains(StateCapture.LeftOut(path: FilePath(scene.folder("ca/\(file)")), reason: reason)))
        #expect(try scene.folder.sh("grep -c hunter2 state.tar || true") == "0\n")
    }

    @Test("a stranger's words in the middle of a line are no setting")
    func strangers() throws {
        let scene = try StateScene()
        try scene.folder.write(
            "ca/newcerts/1000.pem",
            "        Subject: CN = EASYRSA_PASSIN=pass:x\n Issuer: CN = pkcs11:pin-value=1\n CN=x, PIN = 3\n"
        )
        #expect(try scene.capture().archive.leftOut == [])
    }

    @Test(
        "a file that settings call a file of a password is left out, whatever it is called",
        arguments: [
            ("pki/vars", "set_var EASYRSA_PASSIN \"file:$EASYRSA_PKI/Geheim\"\n"),
            ("pki/vars", "export EASYRSA_PASSOUT='file:/run/Geheim'\n"),
            ("pki/openssl-easyrsa.cnf", "input_password = file:Geheim\n"),
            ("vars", "EASYRSA_PASSIN=file:pki/Geheim\n"),
        ]
    )
    func named(_ file: String, _ text: String) throws {
        let scene = try StateScene()
        try scene.folder.sh("mkdir ca/pki; cp ca/index.txt ca/pki; echo hunter2 > ca/pki/Geheim")
        try scene.folder.write("ca/\(file)", text)
        let left = try scene.capture(.easyRSA(root: scene.root.appending("pki"))).archive.leftOut
        #expect(left == [StateCapture.LeftOut(path: FilePath(scene.folder("ca/pki/Geheim")), reason: .passwordFile)])
    }

    @Test("step's settings name such files, too")
    func namedByStep() throws {
        let scene = try StateScene()
        try scene.folder.sh("mkdir ca/db; : > ca/db/x; echo hunter2 > ca/Geheim")
        try scene.folder.write("ca/config/defaults.json", #"{"provisioner-password-file": "/home/step/Geheim"}"#)
        let left = try scene.capture(StateLayout.stepCA(root: scene.root)).archive.leftOut
        #expect(left.contains(StateCapture.LeftOut(path: FilePath(scene.folder("ca/Geheim")), reason: .passwordFile)))
    }

    /// A passphrase, and whether each of the files has it.
    static let passphrases: [(passphrase: String, file: String, isThere: Bool)] = [
        ("hunter2 hunter2", "hunter2 hunter2\n", true), ("hunter2 hunter2", "x=hunter2 hunter2;", true),
        ("hunter2 hunter2", "hunter2 hunter\n", false), ("acme", "acme\n", true), ("acme", "x\r\nacme\r\n", true),
        ("acme", "CN=acme\n", false), ("a", "a b c\n", false), ("a", "a", true),
    ]

    @Test(
        "a file with the passphrase of the CA's key is left out; a short one counts as a line",
        arguments: passphrases
    )
    func passphrase(_ passphrase: String, _ text: String, _ isThere: Bool) throws {
        let scene = try StateScene()
        try scene.folder.write("ca/newcerts/x", text)
        let left = try scene.capture(without: [passphrase]).archive.leftOut
        #expect(left.map(\.reason) == (isThere ? [.passphrase] : []))
    }

    @Test("a passphrase across the end of a piece, and one in the index")
    func passphraseAnywhere() throws {
        let scene = try StateScene()
        try scene.folder.sh("(head -c 1310718 /dev/zero; echo 'hunter2 hunter2') > ca/newcerts/x")
        #expect(
            try scene.capture(without: ["other", "hunter2 hunter2"]).archive.leftOut.map(\.reason) == [.passphrase]
        )
        try scene.index(["V\t301231000000Z\t\t1001\tunknown\t/CN=hunter2 hunter2"])
        #expect(throws: StateError.incomplete(path: scene.folder("ca/index.txt"), why: .passphrase)) {
            try scene.capture(without: ["hunter2 hunter2"])
        }
        // Numbers are numbers.
        try scene.folder.write("ca/serial", "12345678\n")
        try scene.capture(without: ["12345678"])
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
