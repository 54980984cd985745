// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import Foundation
import Ristretto255
import SystemPackage
import Testing

@testable import Audit
@testable import Custody
@testable import Encoding
@testable import Escrow
@testable import SecretSharing

/// `Fixtures/vectors/drill`, of which another implementation worked out what it holds.
@Suite("The example drills") struct ExampleDrillTests {
    struct Expected: Decodable {
        let A0: String
        let D: String
        let c: String
        let created: String
        let keys: [String]
        let receipt: String
        let signed: String
    }

    static let names = ["ed25519", "p-384", "rsa-3072"]
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/vectors/drill").standardized

    private static func path(_ name: String) -> FilePath { FilePath(folder.appending(path: name).path()) }

    private func expected(_ name: String) throws -> Expected {
        let file = Self.folder.appending(path: "expected.json")
        let all = try JSONDecoder().decode([String: Expected].self, from: Data(contentsOf: file))
        #expect(all.keys.sorted() == Self.names)
        return try #require(all[name])
    }

    @Test("a receipt says what was worked out, and the CA's key has signed the text that was", arguments: names)
    func receipt(name: String) throws {
        let expected = try expected(name)
        let epoch = try EscrowDirectory(at: Self.path("\(name).escrow")).epoch(1)
        let filed = try Filed<DrillReceipt>(at: Self.path(expected.receipt), in: epoch)
        let receipt = filed.document
        #expect(receipt.created.description == expected.created)
        #expect(receipt.keys.map(\.description) == expected.keys)
        let text = CASignatureFile.statement(of: "drill", about: filed.bytes)
        #expect(String(decoding: text, as: UTF8.self) == expected.signed)
        let certificate = try Certificate(pem: Files.read(Self.path("\(name).crt"), limit: ByteLimit.document))
        let signature = try Files.read(CASignatureFile.path(of: filed.path), limit: ByteLimit.signature)
        #expect(certificate.verify(signature: signature, over: text))

        let secret = epoch.manifest.sharing.secret
        #expect(Hex.encode(secret.bytes) == expected.A0)
        let covered = PossessionProof.digest(of: receipt.members)
        #expect(covered.description == expected.D)
        let challenge = PossessionProof.challenge(
            publicShare: secret,
            commitment: receipt.possession.commitment,
            digest: covered.bytes
        )
        #expect(Hex.encode(challenge.bytes) == expected.c)
    }

    @Test("an audit finds nothing, and counts the challenge", arguments: names)
    func audit(name: String) throws {
        let signers = try AllowedSigners(Files.read(Self.path("officers.signers"), limit: ByteLimit.document))
        let certificate = try Certificate(pem: Files.read(Self.path("\(name).crt"), limit: ByteLimit.document))
        let input = AuditInput(
            anchor: try Anchor(path: "signers", signers: signers, required: nil),
            certificates: [.file(certificate, path: "\(name).crt")],
            pkcs12: nil,
            isWithoutPKCS12: true,
            time: "2027-01-01T00:00:00Z",
            epoch: nil
        )
        let audit = try Audit(of: Self.path("\(name).escrow"), with: input)
        #expect(audit.failed.isEmpty)
        let evidence = try #require(audit.evidence.values.first)
        let drill = try #require(evidence.countedDrills(by: input.anchor).last)
        #expect(drill.isSigned && drill.challenge?.document.auditor.name == "wanda")
        #expect(drill.receipt.document.custodians == ["carol", "alice"])
    }
}
