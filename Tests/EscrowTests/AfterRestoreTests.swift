// SPDX-License-Identifier: Apache-2.0

import Audit
import Custody
import Encoding
import Files
import Ristretto255
import SecretMemory
import SecretSharing
import SystemPackage
import Testing

@testable import Escrow

/// What is left once a request has been answered, the key restored and the request's key erased: nothing that opens.
@Suite struct AfterRestoreTests {
    let world: World
    let document: EpochDocument
    /// What travelled to the restoring machine.
    let releases: [ReleaseBox]
    let keyFile: FilePath
    /// All that must not be found anywhere afterwards: the secret and the shares.
    let needles: [[UInt8]]

    init() throws {
        world = try World(policy: "3 of (alice, bob, carol, dave, erin)", officers: "2 of (olga, omar, otto)")
        document = try world.document()
        let key = try Somebody("request")
        keyFile = world.folder("request.key")
        let passphrase: SecretBytes? = nil
        try Files.create(keyFile, key.identity.sealed(passphrase: passphrase).encoded(), permissions: [.ownerReadWrite])
        let request = try world.request(to: key)
        let names: [Name] = ["erin", "alice", "carol"]
        let (world, document) = (world, document)
        releases = try names.map { try world.release(request, by: $0) }

        var collection = ShareCollection(for: document.manifest.sharing)
        var needles: [[UInt8]] = []
        for release in releases {
            let share = try release.open(with: key.identity, for: request, in: document, at: "x.release")
            needles.append(bytes(share.bytes))
            try collection.add(share, at: release.statement.path)
            try SignedDocument(statementOf: release, in: document).file()
        }
        let secret = try collection.finish()
        needles.append(bytes(secret.bytes))
        self.needles = needles
        let archive = try document.pkcs12(given: nil, escrow: world.escrow)
        let name = document.manifest.pkcs12.name
        let material = try document.material(from: archive, at: name, secret: secret, added: [])
        try #require(try material.pkcs8 == [Acme.pkcs8(.root)])
        let record = RestoreRecord(
            of: document,
            by: names,
            to: "pem:ca.key",
            request: request.digest,
            overrides: [],
            at: World.now,
            provenBy: secret
        )
        try document.file(record, signatures: [world.cast["olga"].sign(record.encoded(), .restore)])
        try Files.erase(keyFile)
    }

    /// Every file of the escrow and its key file.
    private func files() throws -> [(name: String, content: [UInt8])] {
        try world.folder.sh("find . -type f ! -name 'stderr-*'").split(separator: "\n").map { name in
            (String(name), try world.folder.read(String(name.dropFirst(2))))
        }
    }

    /// Every text of base64 in a document, decoded.
    private func blobs(in value: JSONValue) -> [[UInt8]] {
        switch value {
        case .string(let text): Base64.decode(text).map { [$0] } ?? []
        case .array(let items): items.flatMap { blobs(in: $0) }
        case .object(let members): members.values.flatMap { blobs(in: $0) }
        default: []
        }
    }

    /// Every box in the escrow, wherever it stands.
    private func boxes() throws -> [[UInt8]] {
        try files().filter { $0.name.hasSuffix(".json") }
            .flatMap { try blobs(in: JSONValue(canonical: $0.content)) }
            .filter { $0.count == SealedPayload.boxByteCount }
    }

    private func opens(_ box: [UInt8], _ somebody: Somebody) -> Bool {
        let header = document.headerOfFirstShare(to: somebody.identity.sealingKey)
        do throws(BoxError) {
            _ = try somebody.identity.open(box: box, expecting: header)
            return true
        } catch {
            // Anything else would have been said of what is inside.
            return error != .doesNotOpen
        }
    }

    @Test("no officer's identity opens any box in the escrow, nor a captured release; the request's key is gone")
    func boxesStayClosed() throws {
        let boxes = try boxes()
        #expect(boxes == document.manifest.shares.map(\.box))
        let others = ["olga", "omar", "otto"].map { world.cast[$0] } + [try Auditors.ada]
        for somebody in others {
            for box in boxes + releases.map(\.box) {
                #expect(!opens(box, somebody), "\(somebody.name)")
            }
        }
        // Custodians open their own box, and no release, not even the one that they made.
        for name in ["alice", "bob", "carol", "dave", "erin"] as [Name] {
            #expect(boxes.count { opens($0, world.cast[name]) } == 1)
            #expect(!releases.contains { opens($0.box, world.cast[name]) })
        }
        #expect(try Files.kind(of: keyFile) == nil)
    }

    @Test("no release box lies in the escrow, in any form")
    func noReleases() throws {
        for (name, content) in try files() {
            for release in releases {
                for form in [
                    release.box, Array(Base64.encode(release.box).utf8), Array(Hex.encode(release.box).utf8),
                    Array(release.box[..<32]),
                ] {
                    #expect(!content.contains(form), "\(name)")
                }
            }
        }
    }

    @Test("no file holds a share or the secret, in any form")
    func needlesAreNotFound() throws {
        for (name, content) in try files() {
            for needle in needles {
                for form in [needle, Array(Base64.encode(needle).utf8), Array(Hex.encode(needle).utf8)] {
                    #expect(!content.contains(form), "\(name)")
                }
            }
        }
    }

    @Test("the audit calls the escrow sound, and knows the restore")
    func audit() throws {
        for name in ["alice", "bob", "carol", "dave", "erin"] as [Name] {
            try world.acknowledge(name).file()
        }
        #expect(try world.fullAudit().verdict == .sound)
        let restores = try Evidence(of: document, in: world.directory()).restores.documents
        #expect(restores.map(\.document.custodians) == [["erin", "alice", "carol"]])
    }
}
