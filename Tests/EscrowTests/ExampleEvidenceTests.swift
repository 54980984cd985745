// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Files
import Foundation
import Ristretto255
import SecretMemory
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow
@testable import SecretSharing

/// The frozen example of added documents, held against what another implementation worked out.
@Suite("Fixtures/vectors/evidence")
struct ExampleEvidenceTests {
    private struct Expected: Decodable {
        struct Report: Decodable {
            let checks: [String: String]
            let exitStatus: Int32
            let verdict: String
        }
        struct Proof: Decodable {
            let D: String
            let X: String
            let c: String
        }
        struct Release: Decodable {
            let payload: String
            let share: String
        }
        let at: String
        let audit: Report
        let proofs: [String: Proof]
        let releases: [String: Release]
        let request: String
        let secret: String
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Fixtures/vectors/evidence").standardized

    private let expected: Expected
    private let directory: EscrowDirectory
    private let epoch: EpochDocument

    init() throws {
        let file = Self.folder.appending(path: "expected.json")
        expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
        directory = try EscrowDirectory(at: Self.path("example.escrow"))
        epoch = try directory.epoch(1)
    }

    private static func path(_ name: String) -> FilePath { FilePath(folder.appending(path: name).path()) }

    private static func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }

    @Test("an audit comes to what the other auditor came to")
    func audit() throws {
        let certificate = try Certificate(pem: Self.read("ca.crt"))
        let input = AuditInput(
            anchor: try Anchor(
                path: "signers",
                signers: try AllowedSigners(Self.read("officers.signers")),
                required: nil
            ),
            certificates: [.file(certificate, path: "ca.crt")],
            pkcs12: nil,
            isWithoutPKCS12: false,
            time: try #require(Timestamp(expected.at)),
            epoch: nil
        )
        let audit = try Audit(of: directory.path, with: input)
        // The check of the CA's state is younger than the vectors, which have none.
        let (younger, outcomes) = (
            audit.outcomes.filter { $0.check == .state }, audit.outcomes.filter { $0.check != .state }
        )
        #expect(younger.map(\.outcome.word) == ["NOT APPLICABLE"])
        let words = outcomes.map { ($0.check.rawValue, $0.outcome.word) }
        #expect(Dictionary(uniqueKeysWithValues: words) == expected.audit.checks)
        #expect(audit.verdict.rawValue == expected.audit.verdict)
        #expect(audit.verdict.exitStatus == expected.audit.exitStatus)
    }

    @Test("every possession proof covers what was worked out, for the public share that was worked out")
    func proofs() throws {
        #expect(expected.proofs.count == 12)
        for (name, proof) in expected.proofs {
            let json = try JSONValue(canonical: Self.read("example.escrow/\(epoch.path.lastComponent!.string)/\(name)"))
            let covered = SHA256Digest(of: json.removing("possession").encoded())
            #expect(covered.description == proof.D)
            var fields = try Fields(json)
            let possession = try fields.take("possession", .possession)
            let path = fields.has("path") ? try fields.take("path", .leaf) : .root
            let element = try #require(
                path == .root ? epoch.manifest.sharing.secret : epoch.manifest.sharing.publicShares[path]
            )
            #expect(Hex.encode(element.bytes) == proof.X)
            let challenge = PossessionProof.challenge(
                publicShare: element,
                commitment: possession.commitment,
                digest: covered.bytes
            )
            #expect(Hex.encode(challenge.bytes) == proof.c)
            #expect(possession.isValid(for: element, over: covered.bytes))
        }
    }

    @Test("releases open with the request's key to the shares that give the secret")
    func releases() throws {
        let request = try #require(try epoch.requests().first).request
        #expect(request.digest.description == expected.request)
        let passphrase: SecretBytes? = secret("an example passphrase")
        let key = try IdentityFile(canonical: Self.read("request.identity")).open(passphrase: passphrase)
        #expect(key.sealingKey == request.document.restoreKey)
        var collection = ShareCollection(for: epoch.manifest.sharing)
        for (name, values) in expected.releases.sorted(by: { $0.key < $1.key }) {
            let release = try ReleaseBox(canonical: Self.read("releases/\(name).release"))
            #expect(release.statement.custodian.description == name)
            let share = try release.open(with: key, for: request, in: epoch, at: name)
            #expect(Hex.encode(bytes(share.bytes)) == values.share)
            #expect(values.payload.hasSuffix(values.share))
            try collection.add(share, at: release.statement.path)
        }
        let secret = try collection.finish()
        #expect(Hex.encode(bytes(secret.bytes)) == expected.secret)
    }

    @Test("the parcel holds the escrow's files, byte for byte")
    func parcel() throws {
        let parcel = try Parcel(canonical: Self.read("example.parcel"))
        #expect(parcel.files == Parcel(about: "x", files: try directory.packed()).files)
    }
}
