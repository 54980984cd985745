// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// Keys whose public numbers are right, and that are none: what hardware modules leave in files, and what a wrong bit makes.
@Suite("Keys that cannot sign") struct KeyProofTests {
    /// As `damage-key.py` makes them.
    enum Damage: String, CaseIterable, Sendable {
        case empty, stub, exponent, primes, bit

        var source: String { self == .bit ? "ec" : "rsa" }
    }

    /// A store of files, the key file in it, and the certificate file; those of PKCS#12 have one.
    enum Place: String, CaseIterable, Sendable {
        case pem, p12, certutil, opensslCA, easyRSA, stepCA

        var files: (key: String, certificate: String) {
            switch self {
            case .pem: ("k.pem", "c.pem")
            case .p12, .certutil: ("media/x.p12", "")
            case .opensslCA: ("ca/private/cakey.pem", "ca/cacert.pem")
            case .easyRSA: ("vpn/pki/private/ca.key", "vpn/pki/ca.crt")
            case .stepCA: ("step/secrets/root_ca_key", "step/certs/root_ca.crt")
            }
        }

        func store(in folder: TemporaryFolder) throws -> KeyStore {
            let text =
                switch self {
                case .pem: "pem:\(folder("k.pem")),\(folder("c.pem"))"
                case .p12: "p12:\(folder("media/x.p12"))"
                case .certutil: "certutil:\(folder("media"))"
                case .opensslCA: "openssl-ca:\(folder("ca"))"
                case .easyRSA: "easy-rsa:\(folder("vpn"))"
                case .stepCA: "step-ca:\(folder("step"))#root"
                }
            return try KeyStore(parsing: text)
        }
    }

    private static let tool = URL(filePath: #filePath).appending(path: "../../../Tests/Tools/damage-key.py")
        .standardized.path()

    /// A CA of each kind, its key damaged in every way, and PKCS#12 files of them under the password `horse`.
    private static let made = Result {
        let folder = try TemporaryFolder()
        try folder.sh("openssl genpkey \(Sample.rsa2048.rawValue) -out rsa.pem")
        try folder.sh("openssl genpkey \(Sample.p256.rawValue) -out ec.pem")
        for name in ["rsa", "ec"] {
            try folder.sh(
                "openssl req -x509 -new -key \(name).pem -set_serial 7 -subj '/CN=Acme \(name) CA' -days 30 -out \(name).crt"
            )
        }
        for damage in Damage.allCases {
            try folder.sh("'\(tool)' \(damage) \(damage.source).pem \(damage).pem")
        }
        for (name, source) in [("rsa", "rsa"), ("ec", "ec")] + Damage.allCases.map({ ("\($0)", $0.source) }) {
            try folder.sh(
                "openssl pkcs12 -export -inkey \(name).pem -in \(source).crt -passout pass:horse -out \(name).p12"
            )
        }
        return try folder.files()
    }

    private static func file(_ name: String) throws -> [UInt8] { try #require(made.get()[name]) }

    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
    }

    /// Puts a key of ``made`` with its certificate into a store.
    ///
    /// - Returns: The store, and the file that its key lies in.
    private func put(_ name: String, _ source: String, into place: Place) throws -> (KeyStore, key: String) {
        let (key, certificate) = place.files
        if certificate.isEmpty {
            try folder.write(key, Self.file("\(name).p12"))
        } else {
            try folder.write(key, Self.file("\(name).pem"))
            try folder.write(certificate, Self.file("\(source).crt"))
        }
        return (try place.store(in: folder), folder(key))
    }

    /// What must be found; OpenSSL's reasons change from release to release.
    private func expect(_ fault: KeyFault, of damage: Damage) {
        #expect(fault.subject == "CN=Acme \(damage.source) CA")
        #expect(fault.serial == "07")
        switch (damage, fault.reason) {
        case (.empty, .notSigned(.openSSL(let error))): #expect(error.call == "sign")
        case (.stub, .wrongSignature), (.bit, .wrongSignature): break
        case (.exponent, .numbersDiffer), (.primes, .numbersDiffer): break
        default: Issue.record("\(damage): \(fault)")
        }
    }

    @Test("a key that cannot sign is not taken from any store of files", arguments: Damage.allCases, Place.allCases)
    func stores(damage: Damage, place: Place) throws {
        let (store, path) = try put("\(damage)", damage.source, into: place)
        let error = #expect(throws: StoreError.self) { try store.export(Prompter("horse")) }
        guard case .keyDoesNotSign(path, let fault) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        expect(fault, of: damage)
    }

    @Test("the same key whole is taken", arguments: ["rsa", "ec"], Place.allCases)
    func whole(source: String, place: Place) throws {
        let (store, _) = try put(source, source, into: place)
        let material = try store.export(Prompter("horse"))
        try store.rehearse(for: material.certificates, protection: .encrypted(passphrase: secret("horse"))) { _ in nil }
    }

    @Test(
        "a damaged key where a restore would write is found before anybody is asked for a share",
        arguments: Damage.allCases
    )
    func destination(damage: Damage) throws {
        let certificate = try Certificate(pem: Self.file("\(damage.source).crt"))
        for place in Place.allCases {
            var (store, path) = try put("\(damage)", damage.source, into: place)
            if place == .certutil {
                // Where a restore puts it: beside other files.
                path = folder("media/\(CertutilName.file(for: certificate))")
                try folder.sh("mv media/x.p12 '\(path)'")
            }
            try store.preflight(for: [certificate])
            let error = #expect(throws: StoreError.self) {
                try store.rehearse(for: [certificate], protection: .encrypted(passphrase: secret("horse"))) { _ in nil }
            }
            guard case .damagedKey(path, let fault) = error else {
                Issue.record("\(place): \(String(describing: error))")
                continue
            }
            expect(fault, of: damage)
        }
    }

    @Test("an encrypted key that is here already is opened and signs before anybody is asked for a share")
    func encrypted() throws {
        let certificate = try Certificate(pem: Self.file("rsa.crt"))
        for (name, isWhole) in [("rsa", true), ("stub", false)] {
            let (store, path) = try put(name, "rsa", into: .pem)
            try folder.sh("openssl pkcs8 -topk8 -in k.pem -passout pass:old -out e.pem; mv e.pem k.pem")
            let prompter = Prompter("old")
            let found = Result {
                try store.rehearse(for: [certificate], protection: .encrypted(passphrase: secret("new"))) { request in
                    prompter.ask(request)
                }
            }
            #expect(prompter.requests.map(\.subject) == [path])
            switch found {
            case .success: #expect(isWhole)
            case .failure(let error):
                #expect(!isWhole)
                #expect(error as? StoreError == .damagedKey(path: path, KeyFault(of: certificate, .wrongSignature)))
            }
        }
        // Another key is no damaged one, and is found as early.
        _ = try put("ec", "ec", into: .pem)
        let (store, path) = try put("ec", "rsa", into: .pem)
        let other = try Certificate(pem: Self.file("ec.crt"))
        try folder.sh("openssl pkcs8 -topk8 -in k.pem -passout pass:old -out e.pem; mv e.pem k.pem")
        #expect(throws: StoreError.anotherKey(path: path, spkiSHA256: other.spkiSHA256)) {
            try store.rehearse(for: [certificate], protection: .plain) { _ in secret("old") }
        }
    }

    @Test("a damaged key of an older generation is named by its own file and certificate")
    func generation() throws {
        try folder.write("k.pem", Self.file("ec.pem"))
        try folder.write("c.pem", Self.file("ec.crt"))
        try folder.write("k-gen2.pem", Self.file("stub.pem"))
        try folder.write("c-gen2.pem", Self.file("rsa.crt"))
        let store = try Place.pem.store(in: folder)
        let older = try Certificate(pem: Self.file("rsa.crt"))
        let fault = KeyFault(of: older, .wrongSignature)
        #expect(throws: StoreError.keyDoesNotSign(path: folder("k-gen2.pem"), fault)) {
            try store.export(Prompter())
        }
        #expect(
            "\(fault)" == "the private key of 'CN=Acme rsa CA', serial 07, does not sign for its certificate: "
                + "its secret numbers are not those of its public ones"
        )
    }

    @Test(
        "keys that are too short for the signature, or with an exponent that OpenSSL does not use, are refused",
        arguments: [
            ("rsa_keygen_bits:512", KeyFault.Reason.tooShort(bitCount: 512)),
            // More than 64 bits, beside a modulus of more than 3,072.
            (
                "rsa_keygen_bits:3200 -pkeyopt rsa_keygen_pubexp:36893488147419103363",
                .exponentTooLong(bitCount: 66, limit: 64)
            ),
        ]
    )
    func unusable(options: String, reason: KeyFault.Reason) throws {
        try folder.sh("openssl genpkey -algorithm RSA -pkeyopt \(options) -out k.pem")
        try folder.sh("openssl req -x509 -new -key k.pem -subj '/CN=Odd CA' -days 30 -out c.pem")
        let error = #expect(throws: StoreError.self) { try Place.pem.store(in: folder).export(Prompter()) }
        guard case .keyDoesNotSign(folder("k.pem"), let fault) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(fault.subject == "CN=Odd CA" && fault.reason == reason)
    }

    @Test(
        "short keys and long exponents that OpenSSL does use are taken",
        arguments: [
            "rsa_keygen_bits:522", "rsa_keygen_bits:3072 -pkeyopt rsa_keygen_pubexp:36893488147419103363",
            "rsa_keygen_bits:3200 -pkeyopt rsa_keygen_pubexp:18446744073709551557",
            "rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3",
        ]
    )
    func usable(options: String) throws {
        try folder.sh("openssl genpkey -algorithm RSA -pkeyopt \(options) -out k.pem")
        try folder.sh("openssl req -x509 -new -key k.pem -subj '/CN=Odd CA' -days 30 -out c.pem")
        #expect(try Place.pem.store(in: folder).export(Prompter()).newest.subject == "CN=Odd CA")
    }

    @Test("whole RSA keys of two primes and of three are consistent")
    func consistent() throws {
        for count in [2, 3] {
            try folder.sh("openssl genrsa -primes \(count) -out k.pem 2048")
            let text = secret(try folder.read("k.pem"))
            let key = try PrivateKey(pem: text)
            let isConsistent = key.isConsistent
            #expect(isConsistent)
        }
    }
}
