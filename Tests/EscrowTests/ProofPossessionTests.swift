// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Foundation
import Ristretto255
import SecretSharing
import SystemPackage
import Testing

@testable import Escrow

/// The proof of possession inside a proof: replayed, borrowed and forged, alone and in a batch.
@Suite struct ProofPossessionTests {
    let world: World
    let document: EpochDocument
    let alice: Somebody
    let challenge: Filed<Challenge>

    init() throws {
        world = try World()
        document = try world.document()
        alice = world.cast["alice"]
        challenge = try world.challenge()
    }

    @Test("the published vector is a proof as a document")
    func vector() throws {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardized
        let data = try Data(contentsOf: root.appending(path: "Fixtures/vectors/ca-escrow-v1.json"))
        let all = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let vector = try #require(all["possession"] as? [String: Any])
        let members = try #require(vector["document"] as? [String: Any]).mapValues { value -> JSONValue in
            guard let members = value as? [String: String] else {
                return .string(value as? String ?? "")
            }
            return .object(members.mapValues(JSONValue.string))
        }
        let bytes = JSONValue.object(members).encoded()
        let proof = try Proof(canonical: bytes)
        #expect(proof.encoded() == bytes)
        #expect(PossessionProof.digest(of: proof.members).description == vector["D"] as? String)
        let digits = try #require(vector["y"] as? String)
        let share = try #require(Hex.decode(digits))
        let publicShare = Element(generatorTimes: try Scalar(canonical: share.span))
        #expect(proof.possession.isValid(for: publicShare, over: proof.members))
    }

    @Test("replayed, of another share, or of none: among good ones the bad one is named")
    func possession() throws {
        try world.prove(challenge, by: "bob").file()
        try world.prove(challenge, by: "carol").file()
        let receipt = try JSONValue(canonical: world.acknowledge("alice").bytes)
        let bobs = try JSONValue(canonical: world.prove(challenge, by: "bob").bytes)
        let earlier = try JSONValue(canonical: world.prove(challenge, by: "alice").bytes)
        let proof = try world.prove(challenge, by: "alice", at: "2026-12-01T13:00:00Z")
        let json = try JSONValue(canonical: proof.bytes)
        let bad: [JSONValue] = [
            json.setting("possession", to: receipt["possession"]),
            json.setting("possession", to: bobs["possession"]),
            json.setting("possession", to: earlier["possession"]),
            json.proven(by: Scalar.random()),
        ]
        let reason = DocumentError.wrongValue(
            field: "possession",
            expected: "a proof that holds for alice's share"
        )
        for json in bad {
            let path = try world.file(Proof.self, json.encoded(), signedBy: [alice])
            let review = try Evidence(of: document, in: world.directory()).proofs
            #expect(review.faults == [.document(path: path.string, reason)])
            #expect(review.proofs.map(\.proof.document.custodian) == ["bob", "carol"])
            try world.folder.remove(path)
            try world.folder.remove(FiledSignature.path(of: path, by: "alice"))
        }
    }

    @Test("two forged proofs that cancel out under equal weights are both named")
    func cancelling() throws {
        // Two custodians whose responses are wrong by +1 and -1, each signed by its custodian.
        for (name, difference) in [("alice", PublicScalar(1)), ("bob", PublicScalar(0).subtracting(PublicScalar(1)))]
            as [(Name, PublicScalar)]
        {
            let json = try JSONValue(canonical: world.prove(challenge, by: name).bytes)
            let digits = try #require(json["possession.z"]).text
            let response = try PublicScalar(canonical: #require(Hex.decode(digits)))
            let forged = json.setting(
                "possession.z",
                to: .string(Hex.encode(response.adding(difference).bytes))
            )
            try world.file(Proof.self, forged.encoded(), signedBy: [world.cast[name]])
        }
        try world.prove(challenge, by: "carol").file()
        let review = try Evidence(of: document, in: world.directory()).proofs
        #expect(review.proofs.map(\.proof.document.custodian) == ["carol"])
        #expect(review.faults.count == 2)
        #expect(try world.fullAudit().failed == [.proofs])
    }
}
