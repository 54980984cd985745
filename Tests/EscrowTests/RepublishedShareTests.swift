// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import SecretSharing
import SystemPackage
import Testing

@testable import Escrow

/// Real sealed shares in manifests that are not those they were made for.
@Suite struct RepublishedShareTests {
    let world: World
    let manifest: JSONValue

    init() throws {
        world = try World()
        manifest = try JSONValue(canonical: world.document().bytes)
    }

    /// What an attacker may change around the real boxes; the result is a manifest in good form.
    enum Change: String, CaseIterable, Sendable {
        case officers, officerThreshold, pkcs12Digest, pkcs12Name, iterations, certificate, moreCertificates, created
        case epochLater, occasion, rehearsal, retired, title, cardOfAnother, keysOfAnother, peopleAdded
    }

    private func republished(_ change: Change) throws -> JSONValue {
        let mallory = try Somebody("mallory")
        let forged = JSONValue.string(Base64.encode(try Acme.certificate(.forged).der))
        var json = manifest
        switch change {
        case .officers:
            for (index, name) in ["olga", "omar"].enumerated() {
                json["approval.officers[\(index)]"] = .object([
                    "key": .string(
                        index == 0 ? mallory.card.signingKey.openSSH : try Somebody("mike").officer.key.openSSH
                    ),
                    "name": .string(name),
                ])
            }
        case .officerThreshold: json["approval.threshold"] = .integer(1)
        case .pkcs12Digest: json["pkcs12.sha256"] = .string(String(repeating: "ab", count: 32))
        case .pkcs12Name: json["pkcs12.name"] = .string("other.p12")
        case .iterations: json["pkcs12.iterations"] = .integer(1)
        case .certificate: json["certificates[0]"] = forged
        case .moreCertificates: json["certificates"] = .array([json["certificates[0]"]!, forged])
        case .created: json["created"] = .string("2026-11-23T12:00:01Z")
        case .epochLater:
            json["epoch"] = .integer(2)
            json["previous"] = .object([
                "epoch": .integer(1), "format": .string("ca-escrow/v1/manifest"),
                "sha256": .string(try world.document().digest.description),
            ])
            json["shares[0].sealedIn"] = .integer(2)
        case .occasion: json["occasion"] = .string("scheduled")
        case .rehearsal: json["rehearsal"] = .boolean(true)
        case .retired: json["retired"] = .boolean(true)
        case .title: json["title"] = .string("The one and only")
        case .cardOfAnother: json["people[1].card"] = .string(mallory.card.digest.description)
        case .keysOfAnother:
            json["people[1].sealingKey"] = .string(Hex.encode(mallory.card.sealingKey))
            json["people[1].signingKey"] = .string(mallory.card.signingKey.openSSH)
        case .peopleAdded:
            json["people"] = .array(
                json["people"]!.items + [
                    .object([
                        "card": .string(mallory.card.digest.description), "name": .string("mallory"),
                        "sealingKey": .string(Hex.encode(mallory.card.sealingKey)),
                        "signingKey": .string(mallory.card.signingKey.openSSH),
                    ])
                ]
            )
            json["policy.members"] = .array(
                json["policy.members"]!.items + [.object(["custodian": .string("mallory")])]
            )
            json["shares"] = .array(
                json["shares"]!.items + [json["shares[0]"]!.setting("path", to: .string("4"))]
            )
        }
        return json
    }

    @Test("a real share under another head is refused by its custodian", arguments: Change.allCases)
    func otherHead(_ change: Change) throws {
        let document = try EpochDocument(republished(change).encoded(), in: "0001-forged")
        let alice = world.cast["alice"]
        let error =
            change == .epochLater
            ? EscrowError.box("alice", "1", .mismatch(.epoch)) : .opening(.headDigest("alice", "1"))
        #expect(throws: error) {
            _ = try document.openShare(of: alice.identity, at: alice.path, in: world.directory())
        }
    }

    @Test("a real share under a lower threshold or another policy is refused by its custodian")
    func otherPolicy() throws {
        // Commitments must fit the policy, so the attacker deals anew and keeps the boxes.
        for policy in ["3 of (alice, bob, carol)", "2 of (alice, bob, carol, dave)", "2 of (alice, bob, carol)"] {
            let other = try NewEpoch.make(policy: policy, of: Acme.material(), cast: world.cast)
            var json = try JSONValue(canonical: other.bytes)
            json["set"] = manifest["set"]
            json["shares[0]"] = manifest["shares[0]"]
            let document = try EpochDocument(json.encoded(), in: "0001-forged")
            let alice = world.cast["alice"]
            #expect(throws: EscrowError.opening(.headDigest("alice", "1"))) {
                _ = try document.openShare(of: alice.identity, at: alice.path, in: world.directory())
            }
        }
    }

    @Test("a share in an epoch whose earlier epoch is forged is refused by its custodian")
    func otherEarlierEpoch() throws {
        var json = try republished(.epochLater)
        json["shares[0].sealedIn"] = .integer(1)
        let document = try EpochDocument(json.encoded(), in: "0002-forged")
        let alice = world.cast["alice"]
        // With the real epoch 1 beside it, the share is alice's own, whatever epoch 2 says of officers.
        _ = try document.openShare(of: alice.identity, at: alice.path, in: world.directory())
        try world.removeEpoch()
        try world.place(manifest.setting("title", to: .string("forged")), epoch: 1, signedBy: [], cards: [])
        #expect(throws: EscrowError.opening(.headDigest("alice", "1"))) {
            _ = try document.openShare(of: alice.identity, at: alice.path, in: world.directory())
        }
    }

    @Test("the same share in the manifest it was made for opens")
    func unchanged() throws {
        let document = try EpochDocument(manifest.encoded(), in: "0001-real")
        let alice = world.cast["alice"]
        let share = try document.openShare(of: alice.identity, at: alice.path, in: world.directory())
        let isTied = document.manifest.sharing.matches(share, at: "1")
        #expect(isTied)
    }
}
