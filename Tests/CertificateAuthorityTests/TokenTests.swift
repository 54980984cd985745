// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory
import Testing

@testable import CertificateAuthority

/// Keys of all stores through a token of SoftHSM, in this process: one test after the other, since a module is one.
@Suite(.serialized) struct TokenTests {
    private static let module = "/usr/lib/softhsm/libsofthsm2.so"

    /// Tokens of SoftHSM, for all tests: its module reads once where they are.
    private static let folder = Result {
        let folder = try TemporaryFolder()
        try folder.write("tokens/.keep", "")
        try folder.write("softhsm2.conf", "directories.tokendir = \(folder("tokens"))\nlog.level = ERROR\n")
        _ = unsafe setenv("SOFTHSM2_CONF", folder("softhsm2.conf"), 1)
        return folder
    }

    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try Self.folder.get()
    }

    private func softhsm(_ command: String) throws {
        try folder.sh("export SOFTHSM2_CONF=\(folder("softhsm2.conf")); \(command)")
    }

    private func makeToken(_ label: String) throws {
        try softhsm("softhsm2-util --init-token --free --label \(label) --so-pin 12345678 --pin 1234")
    }

    private func store(_ label: String, _ object: String? = nil) throws -> KeyStore {
        let object = object.map { ";object=\($0)" } ?? ""
        return try KeyStore(parsing: "pkcs11:token=\(label)\(object)?module-path=\(Self.module)")
    }

    private func restore(_ material: CAMaterial, to store: KeyStore) throws -> RestoredKey {
        let prompter = Prompter("1234")
        let certificates = material.certificates
        try store.preflight(for: certificates)
        try store.rehearse(for: certificates, protection: .byStore) { _ in secret("1234") }
        let restored = try store.restore(material, protection: .byStore) { prompter.ask($0) }
        #expect(prompter.requests.map(\.attempt) == [1] && prompter.requests[0].pin == .notSaid)
        return restored
    }

    @Test("keys go in, sign there, and come out the same", arguments: [Sample.rsa2048, .rsa3072, .p256, .p384, .p521])
    func roundTrip(sample: Sample) throws {
        try makeToken("\(sample)")
        let store = try store("\(sample)", "root")
        let restored = try restore(try sample.material(), to: store)
        #expect(restored.written.count == 3 && restored.unchanged.isEmpty && restored.generations.isEmpty)
        let statement = CAKeyStatement.text(kind: "readback", digestHex: String(repeating: "0", count: 64))
        #expect(try restored.signers.map { try $0.proves(statement) } == [true])
        #expect(throws: StoreError.key(path: "token '\(sample)'", .notAStatement)) {
            try restored.signers[0].sign(statement: [1, 2, 3])
        }
        let exported = try store.export(Prompter("1234"))
        #expect(try keys(of: exported.generations) == [sample.der])
        #expect(exported.certificates == [try sample.certificate] && exported.leftOut.isEmpty)
        let again = try restore(try sample.material(), to: store)
        #expect(again.written.isEmpty && again.unchanged.count == 2)
        #expect(try KeyStore.certificate(at: store.location.description) == sample.certificate)
    }

    @Test("every generation with its chain goes in and comes out, newest first")
    func generations() throws {
        try makeToken("renewed")
        let material = try Renewed.material()
        let restored = try restore(material, to: store("renewed", "ca"))
        #expect(restored.written.count == 8 && restored.signers.map(\.newest) == material.generations.map(\.newest))
        let exported = try store("renewed").export(Prompter("1234"))
        #expect(try keys(of: exported.generations) == keys(of: material.generations))
        #expect(exported.generations.map(\.certificates) == material.generations.map(\.certificates))
        #expect(exported.chain == material.chain && exported.leftOut.isEmpty)
        #expect(exported.generations.map(\.name) == ["ca", "ca (gen 2)"])
    }

    @Test("an older key that never leaves is named, and so is a certificate without its key")
    func leftOut() throws {
        try makeToken("kept")
        let material = try Renewed.material()
        _ = try restore(material, to: store("kept", "ca"))
        try softhsm(
            """
            pkcs11-tool --module \(Self.module) --token-label kept --login --pin 1234 --delete-object --type privkey \
            --label 'ca (gen 2)'
            """
        )
        let certificate = material.generations[1].newest
        #expect(try store("kept").export(Prompter("1234")).leftOut == [LeftOutGeneration(certificate, .noKey)])
        // The same key once more, so that it never leaves.
        try folder.write("old.der", Renewed.der("old"))
        try softhsm(
            """
            pkcs11-tool --module \(Self.module) --token-label kept --login --pin 1234 --write-object old.der \
            --type privkey --label kept --id 77 --sensitive
            """
        )
        let exported = try store("kept").export(Prompter("1234"))
        #expect(exported.leftOut == [LeftOutGeneration(certificate, .notExtractable)])
        #expect(try keys(of: exported.generations) == [Renewed.der("new")])
        #expect(throws: StoreError.token(subject: "token 'kept'", .notExtractable(key: "kept"))) {
            try softhsm(
                """
                pkcs11-tool --module \(Self.module) --token-label kept --login --pin 1234 --delete-object --type privkey \
                --label ca
                """
            )
            _ = try store("kept").export(Prompter("1234"))
        }
    }

    @Test("a wrong PIN is asked for and tried once, and giving up is no try")
    func wrongPIN() throws {
        try makeToken("pin")
        let store = try store("pin")
        let prompter = Prompter("4321", "1234")
        #expect(throws: StoreError.token(subject: "token 'pin'", .wrongPIN)) { try store.export(prompter) }
        #expect(prompter.requests == [.init(subject: "token 'pin'", attempt: 1, pin: .notSaid)])
        let none = Prompter()
        #expect(throws: StoreError.token(subject: "token 'pin'", .noPIN)) { try store.export(none) }
        #expect(none.requests == [.init(subject: "token 'pin'", attempt: 1, pin: .few)])
        #expect(throws: StoreError.token(subject: "token 'pin'", .noSuchKey(present: []))) {
            try store.export(Prompter("1234"))
        }
    }
}
