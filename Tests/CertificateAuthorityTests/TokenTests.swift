// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import SecretMemory
import SystemPackage
import Testing

@testable import CertificateAuthority
@testable import KeyStores

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

    /// The tokens' own software, as the transcripts use it.
    private func token(_ command: String) throws {
        let tool = URL(filePath: #filePath).appending(path: "../../../Tests/Tools/token.sh").standardized.path()
        try folder.sh("'\(tool)' \(command)")
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
        try firstRestore(sample, to: store)
        let exported = try store.export(Prompter("1234"))
        #expect(try keys(of: exported.generations) == [sample.der])
        #expect(exported.certificates == [try sample.certificate] && exported.leftOut.isEmpty)
        let again = try restore(try sample.material(), to: store)
        #expect(again.places.written.isEmpty && again.places.unchanged.count == 2)
        #expect(try KeyStore.authority(at: store.location.description).current == sample.certificate)
    }

    /// Its session, and the lock with it, ends here.
    private func firstRestore(_ sample: Sample, to store: KeyStore) throws {
        let restored = try restore(try sample.material(), to: store)
        #expect(restored.places.written.count == 3 && restored.places.unchanged.isEmpty && restored.generations.isEmpty)
        let statement = CAKeyStatement.text(kind: "readback", digestHex: String(repeating: "0", count: 64))
        #expect(try restored.signers.map { try $0.proves(statement) } == [true])
        #expect(throws: StoreError.key(path: "token '\(sample)'", .notAStatement)) {
            try restored.signers[0].sign(statement: [1, 2, 3])
        }
    }

    @Test("every generation with its chain goes in and comes out, newest first")
    func generations() throws {
        try makeToken("renewed")
        let material = try Renewed.material()
        let restored = try restore(material, to: store("renewed", "ca"))
        #expect(
            restored.places.written.count == 8 && restored.signers.map(\.newest) == material.generations.map(\.newest)
        )
        let exported = try store("renewed").export(Prompter("1234"))
        #expect(try keys(of: exported.generations) == keys(of: material.generations))
        #expect(exported.generations.map(\.certificates) == material.generations.map(\.certificates))
        #expect(exported.chain == material.chain && exported.leftOut.isEmpty)
        #expect(exported.generations.map(\.name) == ["ca", "ca (gen 2)"])
    }

    @Test("an older key that never leaves is named, and so is a certificate without its key")
    func leftOut() throws {
        try token("init kept")
        try token("key kept g1 01 rsa:2048")
        try token("certify kept g1 01 '/CN=Kept CA'")
        try folder.sh("sleep 1")
        try token("key kept g2 02 EC:prime256v1 --extractable")
        try token("certify kept g2 02 '/CN=Kept CA'")
        let old = try Certificate(pem: folder.read("g1.crt"))
        let new = try Certificate(pem: folder.read("g2.crt"))

        let exported = try store("kept", "g2").export(Prompter("1234"))
        #expect(exported.generations.map(\.certificates) == [[new]] && exported.chain.isEmpty)
        #expect(exported.leftOut == [LeftOutGeneration(old, .notExtractable)])

        try token("pkcs11-tool kept --delete-object --type privkey --label g1")
        #expect(try store("kept", "g2").export(Prompter("1234")).leftOut == [LeftOutGeneration(old, .noKey)])

        try folder.sh("sleep 1")
        try token("key kept g3 03 rsa:2048")
        try token("certify kept g3 03 '/CN=Kept CA'")
        #expect(throws: StoreError.token(subject: "token 'kept'", .notExtractable(key: "g3"))) {
            try store("kept", "g2").export(Prompter("1234"))
        }
    }

    @Test("a key and a certificate that lie there twice count once", arguments: ["rsa:2048", "EC:prime256v1"])
    func twice(kind: String) throws {
        let label = "twice-\(kind.prefix(2))"
        try token("init \(label)")
        try folder.sh(
            kind == "rsa:2048"
                ? "openssl genrsa -out twice.key 2048"
                : "openssl ecparam -name prime256v1 -genkey -noout -out twice.key"
        )
        try folder.sh(
            """
            openssl req -x509 -new -key twice.key -subj '/CN=Twice CA' -days 99 -out twice.crt
            openssl x509 -in twice.crt -outform DER -out twice.crt.der
            openssl pkey -in twice.key -outform DER -out twice.key.der
            openssl pkey -in twice.key -pubout -outform DER -out twice.pub.der
            """
        )
        // `hid` never leaves it, and comes first.
        for (name, id, option) in [
            ("hid", "01", ""), ("root", "02", "--extractable"), ("other", "03", "--extractable"),
        ] {
            for (type, file) in [("privkey", "key"), ("pubkey", "pub"), ("cert", "crt")] {
                let extra = type == "privkey" ? option : ""
                try token(
                    "pkcs11-tool \(label) --write-object twice.\(file).der --type \(type) --id \(id) --label \(name) \(extra)"
                )
            }
        }
        let wanted = try Certificate(pem: folder.read("twice.crt"))
        for name in [nil, "root", "other", "hid"] {
            let exported = try store(label, name).export(Prompter("1234"))
            #expect(exported.generations.map(\.certificates) == [[wanted]])
            #expect(exported.chain.isEmpty && exported.leftOut.isEmpty)
        }
        // The rules on what never leaves hold when no copy does.
        for name in ["root", "other"] {
            try token("pkcs11-tool \(label) --delete-object --type privkey --label \(name)")
        }
        #expect(throws: StoreError.token(subject: "token '\(label)'", .notExtractable(key: "hid"))) {
            try store(label).export(Prompter("1234"))
        }
    }

    @Test("a run that was cut off before the public key is completed", arguments: [Sample.rsa2048, .p384])
    func cutOff(sample: Sample) throws {
        let label = "cut-\(sample)"
        try makeToken(label)
        let store = try store(label, "root")
        _ = try restore(try sample.material(), to: store)
        try token("pkcs11-tool \(label) --delete-object --type pubkey --label root")
        let again = try restore(try sample.material(), to: store).places.written
        #expect(again == ["token '\(label)': public key 'root'"])
        #expect(try restore(try sample.material(), to: store).places.written.isEmpty)
        #expect(try keys(of: store.export(Prompter("1234")).generations) == [sample.der])
    }

    @Test("the next backup names the key as it is called there")
    func location() throws {
        try makeToken("named")
        let material = try Sample.p256.material()
        let written = try restore(material, to: store("named", "the%20root%3b1")).places.location
        let text = "pkcs11:token=named;object=the%20root%3b1?module-path=\(Self.module)"
        #expect(written?.description == text)
        #expect(try restore(material, to: store("named", "other")).places.location?.description == text)
        #expect(try restore(material, to: store("named")).places.location?.description == text)
        #expect(try KeyStore(parsing: text).export(Prompter("1234")).newest == material.newest)
    }

    @Test("one restore at a time: the next one waits a while for its turn")
    func turn() throws {
        let path = FilePath(folder("softhsm2.conf"))
        let first = try DirectoryLock(onPlaceOf: path, patience: .zero)
        let error = #expect(throws: FileError.self) {
            _ = try DirectoryLock(onPlaceOf: path, patience: .milliseconds(200))
        }
        guard case .busy(path.string, let holder?) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(holder.process == ProcessInfo.processInfo.processIdentifier)
        _ = consume first
        _ = try DirectoryLock(onPlaceOf: path, patience: .zero)
    }

    @Test("without module-path the modules that are registered with p11-kit are used")
    func p11Kit() throws {
        try makeToken("registered")
        let store = try KeyStore(parsing: "pkcs11:token=registered;object=root")
        let material = try Sample.p256.material()
        let restored = try restore(material, to: store)
        #expect(restored.places.location?.description == "pkcs11:token=registered;object=root")
        #expect(try store.export(Prompter("1234")).newest == material.newest)
        #expect(try self.store("registered", "root").export(Prompter("1234")).newest == material.newest)
        #expect(throws: StoreError.noP11Kit(looked: ["/none"])) { try P11Kit.module(among: ["/none"]) }
    }

    @Test("a rehearsal finds what a token does not take, and leaves nothing behind")
    func rehearsal() throws {
        try makeToken("tried")
        let store = try store("tried", "root")
        for sample in [Sample.rsa2048, .p256] {
            let certificates = [try sample.certificate]
            try store.rehearse(for: certificates, protection: .byStore) { _ in secret("1234") }
            #expect(throws: StoreError.token(subject: "token 'tried'", .noSuchKey(present: []))) {
                try store.export(Prompter("1234"))
            }
            #expect(throws: StoreError.token(subject: "token 'tried'", .noCertificates)) {
                try KeyStore.authority(at: store.location.description).current
            }
        }
        let kind = StoreError.token(subject: "token 'tried'", .keyKind("Ed25519"))
        #expect(throws: kind) { try store.preflight(for: [Sample.ed25519.certificate]) }
    }

    @Test("other private keys of the token are named, of any kind")
    func otherKeys() throws {
        try token("init shared")
        for (name, id) in [("root", "01"), ("ocsp", "02"), ("bare", "03")] {
            try token("key shared \(name) \(id) EC:prime256v1 --extractable")
        }
        try token("certify shared root 01 '/CN=Shared CA'")
        try token("certify shared ocsp 02 '/CN=Shared OCSP'")
        let unescrowed = try store("shared", "root").export(Prompter("1234")).unescrowed
        #expect(unescrowed.privateKeys.sorted() == ["bare", "ocsp"])
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
