// SPDX-License-Identifier: Apache-2.0

import Audit
import SecretSharing
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// Anybody can make a manifest whose public shares take seconds to compute: somebody must have signed it before.
@Suite("Signatures before arithmetic") struct SharesAfterSignaturesTests {
    /// A manifest in which alice's share is zero: only X shows it.
    private func cheating(_ world: World) throws -> JSONValue {
        try JSONValue(canonical: world.document().bytes)
            .setting("policy.commitments", to: CheatingDealerTests.hex([7, -7].map(CheatingDealerTests.multiple)))
    }

    @Test("public shares are computed once officers have approved the epoch, and not before")
    func computed() throws {
        let world = try World(signedBy: [])
        func isComputed() throws -> Bool {
            try world.directory().chain().all.contains(where: \.document.manifest.sharing.isComputed)
        }
        #expect(try !isComputed())
        let path = try world.document().manifestPath
        let bytes = try world.document().bytes
        func sign(_ bytes: [UInt8], as name: Name, by signer: Name) throws {
            let signature = world.cast[signer].sign(bytes).signature
            try world.folder.write(signature.armored, to: FiledSignature.path(of: path, by: name))
        }
        // Under olga's name, by another key; by somebody who is no officer; of other bytes; by one of two.
        try sign(bytes, as: "olga", by: "omar")
        try sign(bytes, as: "alice", by: "alice")
        try sign(bytes + [0x0a], as: "omar", by: "omar")
        try sign(bytes, as: "olga", by: "olga")
        #expect(try !isComputed())
        try sign(bytes, as: "omar", by: "omar")
        let document = try #require(try world.directory().chain().inForce?.document)
        #expect(document.manifest.sharing.isComputed)
        #expect(document.manifest.sharing.publicShares.count == 3)
    }

    @Test("a manifest with a share that is zero gets no signature filed, opens nobody's share, and fails its audit")
    func cheating() throws {
        let world = try World()
        let json = try cheating(world)
        try world.removeEpoch()
        let cards = try Cast.regular
        let place = try world.place(json, epoch: 1, signedBy: [], cards: [cards["alice"].card])
        let error = EscrowError.manifest(
            path: place.appending("manifest.json").string,
            .sharing(.publicShareIsIdentity("1"))
        )
        let directory = try world.directory()
        let document = try directory.epoch(1)
        #expect(!document.manifest.sharing.isComputed)
        #expect(throws: error) {
            let signable = try #require(try SignableDocument.all(in: directory).first)
            _ = try signable.file(world.cast["olga"].sign(document.bytes).signature, from: "olga.identity")
        }
        #expect(throws: error) { try document.checkShares() }
        #expect(document.manifest.sharing.publicShares.isEmpty)
        let found = try world.audit().outcomes.first { $0.check == .commitments }?.outcome
        #expect(found == .fail([error.description]))
        // Signed by enough, it is refused as what cannot be read is.
        for name in ["olga", "omar"] as [Name] {
            let signature = world.cast[name].sign(document.bytes).signature
            try world.folder.write(signature.armored, to: FiledSignature.path(of: document.manifestPath, by: name))
        }
        let chain = try world.directory().chain()
        #expect(chain.all.isEmpty && chain.unread.map(\.error) == [error])
        #expect(throws: error) { try chain.requireInForce() }
        #expect(try world.audit().findings(.commitments) == [error.description])
    }

    @Test("a parcel whose manifests have too many members together is refused before one of them is read")
    func parcel() throws {
        func manifest(_ count: Int) -> [UInt8] {
            let custodian = JSONValue.object(["custodian": .string("alice")])
            let inner = JSONValue.object(["members": .array([JSONValue](repeating: custodian, count: count - 1))])
            return JSONValue.object(["policy": .object(["members": .array([inner])])]).encoded()
        }
        func bytes(_ counts: [Int]) -> [UInt8] {
            let files = counts.enumerated().map { index, count in
                Parcel.File(escrow: "e\(index).escrow", path: "0001-3fa9c2d1/manifest.json", content: manifest(count))
            }
            return Parcel(about: "a test", files: files).encoded()
        }
        #expect(try Parcel(canonical: bytes([1000, 1000, 1000, 1000])).files.count == 4)
        #expect(
            throws: DocumentError.wrongValue(
                field: "files",
                expected: "at most 4000 members of policies in all manifests"
            )
        ) { try Parcel(canonical: bytes([1000, 1000, 1000, 999, 2])) }
    }
}
