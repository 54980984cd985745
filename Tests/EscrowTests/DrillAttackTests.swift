// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import Ristretto255
import SystemPackage
import Testing

@testable import Escrow

/// Whoever wants a receipt that was never earned, or a signature that the CA's key should never make.
@Suite struct DrillAttackTests {
    let world: World
    let document: EpochDocument

    init() throws {
        world = try World()
        document = try world.document()
    }

    private func findings() throws -> [String] {
        let audit = try world.audit()
        #expect(audit.failed == [.records])
        return audit.findings(.records)
    }

    private static let unproven = DocumentError.wrongValue(
        field: "possession",
        expected: "a proof that holds for the secret"
    )

    @Test("a nonce made of a certificate's to-be-signed part does not get that part signed")
    func nonce() throws {
        let folder = world.folder
        // The auditor wants a sub-CA of their own: its nonce is the digest that ECDSA would sign.
        try folder.sh("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out eve.pem")
        try folder.write("ca.crt", Acme.certificate(.root).pem)
        try folder.sh(
            """
            openssl req -x509 -new -key eve.pem -subj '/CN=Eve Sub CA' -days 3650 -sha256 -out eve.crt && \
            openssl asn1parse -in eve.crt -strparse 4 -noout -out tbs.der
            """
        )
        let tbs = try folder.read("tbs.der")
        let ada = try Auditors.ada
        let honest = Challenge(by: ada.officer, to: document, at: World.now, until: World.now.adding(seconds: 86_400))
        let json = JSONValue.object(honest.members)
        #expect(throws: DocumentError.wrongValue(field: "nonce", expected: "64 lower-case hexadecimal digits")) {
            try Challenge(canonical: json.setting("nonce", to: .string(Hex.encode(tbs))).encoded())
        }
        let digest = SHA256Digest(of: tbs)
        let bytes = json.setting("nonce", to: .string(digest.description)).encoded()
        try world.file(Challenge.self, bytes, signedBy: [ada])
        let challenge = try #require(try document.challenges(nil, at: World.now).first)
        #expect(challenge.document.nonce == Array(digest.bytes))

        let (receipt, signature) = try world.makeDrill(answering: challenge.digest)
        let casig = try #require(signature)
        // What is signed is the statement about the receipt, and is neither the nonce nor the part of the certificate.
        let certificate = try Acme.certificate(.root)
        let statement = CASignatureFile.statement(of: "drill", about: receipt.encoded())
        #expect(certificate.verify(signature: casig, over: statement))
        #expect(!certificate.verify(signature: casig, over: tbs))
        #expect(!certificate.verify(signature: casig, over: challenge.document.nonce))
        #expect(!CAKeyStatement.isStatement(tbs) && !CAKeyStatement.isStatement(challenge.document.nonce))
        try folder.write("sig", casig)
        try folder.sh("openssl x509 -in ca.crt -pubkey -noout > ca.pub")
        let options = "-pubin -inkey ca.pub -sigfile sig"
        let raw = try folder.sh("openssl pkeyutl -verify -rawin -digest sha256 \(options) -in tbs.der 2>&1 || true")
        #expect(raw.contains("Signature Verification Failure"))
        try folder.write("nonce", challenge.document.nonce)
        let nonce = try folder.sh("openssl pkeyutl -verify \(options) -in nonce 2>&1 || true")
        #expect(nonce.contains("Signature Verification Failure"))
        // The key itself refuses whatever is no statement.
        let generation = try Acme.generation(.root)
        #expect(throws: KeyError.notAStatement) { try generation.key.sign(statement: tbs) }
        #expect(throws: KeyError.notAStatement) { try generation.key.sign(statement: challenge.document.nonce) }
    }

    @Test("a receipt by someone who knows the CA's key and not the secret")
    func withoutSecret() throws {
        let alice = world.cast["alice"]
        let share = try document.openShare(of: alice.identity, at: alice.path, in: world.directory())
        func receipt(provenBy secret: borrowing Scalar) -> DrillReceipt {
            DrillReceipt(of: document, by: ["alice", "bob"], for: nil, isSigned: true, at: World.now, provenBy: secret)
        }
        for receipt in [receipt(provenBy: Scalar.random()), receipt(provenBy: share)] {
            let bytes = receipt.encoded()
            let signature = try Acme.material().sign(receipt: bytes, under: Acme.certificate(.root), from: "x")
            let path = try world.file(bytes, signature)
            #expect(try findings() == ["\(path): \(Self.unproven)"])
            try world.folder.remove(path)
            try world.folder.remove(CASignatureFile.path(of: path))
        }
    }

    @Test("a receipt by someone who knows the secret and has another key of the same subject")
    func otherKey() throws {
        let receipt = try world.makeDrill().receipt
        let bytes = receipt.encoded()
        let forged = try CAMaterial(generations: [Acme.generation(.forged)], chain: [])
        #expect(throws: EscrowError.opening(.keysDoNotMatchManifest(path: "x"))) {
            try forged.sign(receipt: bytes, under: Acme.certificate(.root), from: "x")
        }
        let signature = try forged.sign(receipt: bytes, under: Acme.certificate(.forged), from: "x")
        let path = try world.file(bytes, signature)
        let casig = CASignatureFile.path(of: path).string
        let error = EscrowError.caSignature(path: casig, .doesNotHold(subject: "CN=Acme Root CA"))
        #expect(try findings() == [error.description])
    }

    @Test("what who knows the secret cannot say: strangers, too few people, other keys, another certificate")
    func lies() throws {
        let honest = try JSONValue(canonical: world.makeDrill().receipt.encoded())
        let names = { (list: [String]) in JSONValue.array(list.map { .string($0) }) }
        let custodians = DocumentError.wrongValue(
            field: "custodians",
            expected: "custodians of this epoch, each once, who can restore"
        )
        let other = JSONValue.string(SHA256Digest(of: [1]).description)
        let lies: [(String, JSONValue, DocumentError)] = [
            ("custodians", names(["alice", "eve"]), custodians), ("custodians", names(["alice"]), custodians),
            ("custodians", names(["alice", "bob", "alice"]), custodians),
            (
                "keys", .array([other]),
                .wrongValue(field: "keys", expected: "the digests of the public keys in the manifest's certificates")
            ),
            (
                "certificate", other,
                .wrongValue(field: "certificate", expected: "the digest of a certificate of the manifest")
            ),
        ]
        for (member, value, error) in lies {
            let secret = try document.secret(by: [world.cast["alice"], world.cast["bob"]], in: world.directory())
            let json = honest.setting(member, to: value).removing("possession").proven(by: secret)
            let bytes = json.encoded()
            let signature = try Acme.material().sign(receipt: bytes, under: Acme.certificate(.root), from: "x")
            let path = try world.file(bytes, signature)
            #expect(try findings() == ["\(path): \(error)"])
            try world.folder.remove(path)
            try world.folder.remove(CASignatureFile.path(of: path))
        }
    }

    @Test("the signature of one drill beside the receipt of another")
    func reused() throws {
        let (first, signature) = try world.makeDrill(for: "2026")
        try world.file(first.encoded(), signature)
        #expect(try world.audit().failed.isEmpty)
        let second = try world.makeDrill(for: "2027").receipt
        let path = try world.file(second.encoded(), signature)
        let casig = CASignatureFile.path(of: path).string
        let error = EscrowError.caSignature(path: casig, .doesNotHold(subject: "CN=Acme Root CA"))
        #expect(try findings() == [error.description])
    }

    @Test("a read-back or an endorsement is no drill")
    func otherKind() throws {
        let bytes = try world.makeDrill().receipt.encoded()
        let generation = try Acme.generation(.root)
        for kind in ["readback", "endorsement"] {
            let statement = CASignatureFile.statement(of: kind, about: bytes)
            let path = try world.file(bytes, generation.key.sign(statement: statement))
            let casig = CASignatureFile.path(of: path).string
            let error = EscrowError.caSignature(path: casig, .doesNotHold(subject: "CN=Acme Root CA"))
            #expect(try findings() == [error.description])
            try world.folder.remove(path)
            try world.folder.remove(FilePath(casig))
        }
    }

    @Test("a receipt replayed in a successor, of the same secret or of another")
    func replayed() throws {
        let filed = try world.drill()
        let signature = try world.folder.read(CASignatureFile.path(of: filed.path))
        let same = try world.rotate(to: "2 of (olga, otto)", signedBy: ["olga", "omar", "otto"])
        let path = try world.file(filed.bytes, signature, in: same)
        let digest = try world.directory().epoch(2).digest
        let error = DocumentError.wrongValue(field: "manifest", expected: "this epoch's, \(digest.short)…")
        #expect(try world.audit(signers: ["olga", "otto"]).findings(.records) == ["\(path): \(error)"])

        let other = try World()
        let foreign = try other.file(filed.bytes, signature)
        let set = try other.document().manifest.set
        let wrong = DocumentError.wrongValue(field: "set", expected: "this epoch's, \(set)")
        #expect(try other.audit().findings(.records) == ["\(foreign): \(wrong)"])
    }
}
