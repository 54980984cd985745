// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CertificateAuthority
@testable import KeyStores

// What an NSS database would refuse at the end of a restore is found before anybody opens a share.
extension NSSDatabaseTests {
    /// A CA by openssl: `NAME.key` and `NAME.crt`.
    private func authority(_ name: String, _ subject: String, serial: Int, key: String? = nil) throws -> CAMaterial {
        if let key {
            try folder.sh("cp \(key).key \(name).key")
        } else {
            try folder.sh("openssl genpkey \(Sample.p256.rawValue) -out \(name).key")
        }
        try folder.sh(
            "openssl req -x509 -new -key \(name).key -subj '\(subject)' -set_serial \(serial) -days 99 -out \(name).crt"
        )
        return try material(name)
    }

    private func material(_ names: String...) throws -> CAMaterial {
        let certificates = try names.map { try Certificate(pem: folder.read("\($0).crt")) }
        let pem = secret(try folder.read("\(names[0]).key"))
        return try CAMaterial(keys: [FoundKey(PrivateKey(pem: pem))], certificates: certificates)
    }

    /// A new database without a password.
    private func empty(_ name: String) throws -> KeyStore {
        try folder.sh("mkdir \(name) && certutil -N -d sql:\(name) --empty-password")
        return try KeyStore(parsing: "nss:\(folder(name))?nickname=acme")
    }

    private func rehearse(_ material: CAMaterial, in store: KeyStore) throws {
        try store.preflight(for: material.certificates)
        try store.rehearse(for: material.certificates, protection: .plain) { _ in nil }
    }

    private func listed(_ name: String) throws -> String {
        try folder.sh("certutil -L -d sql:\(name) && (certutil -K -d sql:\(name) || true)")
    }

    @Test("a rehearsal leaves nothing behind, and the restore after it works")
    func nothingStays() throws {
        let material = try authority("root", "/CN=Acme Root CA", serial: 1)
        let store = try empty("db")
        let before = try listed("db")
        try rehearse(material, in: store)
        #expect(try listed("db") == before)
        let restored = try store.restore(material, protection: .plain) { _ in nil }
        #expect(restored.places.written.count == 2)
        #expect(try listed("db").contains("acme") && !listed("db").contains("rehearsal"))
    }

    @Test("a curve that NSS does not sign with", arguments: ["brainpoolP256r1", "secp256k1"])
    func curve(name: String) throws {
        try folder.sh("openssl ecparam -name \(name) -genkey -noout -out curve.key")
        try folder.sh("openssl req -x509 -new -key curve.key -subj '/CN=Curve CA' -days 9 -out curve.crt")
        let material = try material("curve")
        let store = try empty("db")
        let before = try listed("db")
        let error = #expect(throws: StoreError.self) { try rehearse(material, in: store) }
        guard case .token(folder("db"), .kindNotTaken("EC \(name)", _, isNSS: true))? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(try listed("db") == before)
    }

    @Test("another certificate with the issuer and serial number of one that is to come")
    func sameSerial() throws {
        let first = try authority("first", "/CN=Acme Root CA", serial: 1)
        let store = try empty("db")
        _ = try store.restore(first, protection: .plain) { _ in nil }
        let second = try authority("second", "/CN=Acme Root CA", serial: 1, key: "first")
        #expect(second.newest != first.newest)
        let subject = folder("db")
        let issuer = "CN=Acme Root CA"
        let both = try material("second", "first")
        #expect(
            throws: StoreError.token(subject: subject, .anotherCertificate(name: "acme", subject: issuer))
        ) { try rehearse(second, in: store) }
        let other = try KeyStore(parsing: "nss:\(try empty("empty").location.places[0])?nickname=acme")
        let place = folder("empty")
        #expect(
            throws: StoreError.token(subject: place, .sameSerial(name: nil, issuer: issuer, serial: "01"))
        ) { try rehearse(both, in: other) }
        try folder.sh("certutil -A -d sql:empty -n other -t ,, -i first.crt")
        let error = StoreError.token(subject: place, .anotherCertificate(name: "other", subject: issuer))
        #expect(throws: error) { try rehearse(second, in: other) }
    }

    @Test("a certificate of the CA's issuer under the CA's own serial number")
    func serialOfAnother() throws {
        _ = try authority("root", "/CN=Acme Root CA", serial: 1)
        try folder.write("ca.ext", "basicConstraints=critical,CA:TRUE\n")
        for name in ["sub", "leaf"] {
            try folder.sh("openssl genpkey \(Sample.p256.rawValue) -out \(name).key")
            try folder.sh("openssl req -new -key \(name).key -subj '/CN=Acme \(name)' -out \(name).csr")
            try folder.sh(
                """
                openssl x509 -req -in \(name).csr -CA root.crt -CAkey root.key -set_serial 5 -days 9 -extfile ca.ext \
                -out \(name).crt
                """
            )
        }
        let store = try empty("db")
        try folder.sh("certutil -A -d sql:db -n leaf -t ,, -i leaf.crt")
        let before = try listed("db")
        let error = TokenError.sameSerial(name: "leaf", issuer: "CN=Acme Root CA", serial: "05")
        #expect(throws: StoreError.token(subject: folder("db"), error)) { try rehearse(material("sub"), in: store) }
        #expect(try listed("db") == before)
    }

    @Test("a subject in another spelling goes in under a name of its own, since NSS compares bytes")
    func respelled() throws {
        _ = try authority("old", "/CN=Acme Root CA", serial: 1)
        _ = try authority("new", "/CN=ACME ROOT CA", serial: 2, key: "old")
        let material = try material("new", "old")
        #expect(material.generations.count == 1 && material.chain.isEmpty)
        let store = try empty("db")
        try rehearse(material, in: store)
        let restored = try store.restore(material, protection: .plain) { _ in nil }
        #expect(restored.places.written.count == 3 && restored.places.notWritten.isEmpty)
        #expect(try store.export(Prompter()).certificates == material.certificates)
    }

    @Test("other private keys in the database are named")
    func otherKeys() throws {
        let store = try empty("db")
        _ = try store.restore(authority("root", "/CN=Acme Root CA", serial: 1), protection: .plain) { _ in nil }
        #expect(try store.export(Prompter()).unescrowed.isEmpty)
        let other = try KeyStore(parsing: "nss:\(folder("db"))?nickname=audit")
        _ = try other.restore(authority("audit", "/CN=Acme Audit", serial: 2), protection: .plain) { _ in nil }
        let unescrowed = try store.export(Prompter()).unescrowed
        #expect(unescrowed.privateKeys == ["audit"] && "\(unescrowed)" == "the private key 'audit'")
    }

    @Test("a nickname is named with %XX for any of its bytes")
    func escapedNickname() throws {
        #expect(NSSDatabase("a?nickname=%") == nil && NSSDatabase("a?nickname=%2") == nil)
        #expect(NSSDatabase("a?nickname=%00") == nil && NSSDatabase("a?nickname=%ff") == nil)
        let database = try #require(NSSDatabase("a?nickname=50%25%20b%3fc d"))
        #expect(database.nickname == "50% b?c d" && database.text == "nss:a?nickname=50%25 b?c d")
        #expect(NSSDatabase("a?nickname=50%25 b?c d") == database)
        let material = try authority("root", "/CN=Acme Root CA", serial: 1)
        try folder.sh("mkdir db && certutil -N -d sql:db --empty-password")
        let store = try KeyStore(parsing: "nss:\(folder("db"))?nickname=50%25%20%3d%20half")
        _ = try store.restore(material, protection: .plain) { _ in nil }
        #expect(try listed("db").contains("50% = half"))
        #expect(try store.export(Prompter()).certificates == material.certificates)
    }
}
