// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import Ristretto255
import SecretMemory
import SystemPackage
import Testing

@testable import Audit
@testable import Custody
@testable import Encoding
@testable import Escrow
@testable import SecretSharing

/// The example that `docs/format.md` ends with, held against values that another implementation worked out.
@Suite("Fixtures/vectors/escrow")
struct ExampleEscrowTests {
    @Test("an epoch's digests, public shares and certificates are those expected", arguments: [0, 1])
    func manifest(position: Int) throws {
        let (document, expected) = try ExampleEscrow.epoch(position)
        let manifest = document.manifest
        #expect(document.path.lastComponent?.string == expected.directory)
        #expect(document.digest.description == expected.manifest)
        #expect(manifest.headDigest.description == expected.head)
        #expect(manifest.set.description == expected.set)
        #expect(Hex.encode(manifest.sharing.secret.bytes) == expected.A0)
        let publicShares = manifest.sharing.publicShares.map { ($0.key.description, Hex.encode($0.value.bytes)) }
        #expect(Dictionary(uniqueKeysWithValues: publicShares) == expected.X)
        #expect(manifest.certificates.map { SHA256Digest(of: $0.der).description } == expected.certificates)
        #expect(manifest.pkcs12.sha256.description == expected.pkcs12)
        let people = manifest.people.map { ($0.name.description, $0.card.description) }
        #expect(Dictionary(uniqueKeysWithValues: people) == expected.people)
    }

    @Test("every identity opens to the seed expected")
    func identities() throws {
        let seeds = try ExampleEscrow.expected().seeds
        #expect(seeds.keys.sorted() == ["alice", "bob", "carol", "dave", "erin", "frank", "olga"])
        for (name, seed) in seeds {
            let identity = try ExampleEscrow.identity(name)
            let found = identity.keys.withSeed { span in Hex.encode(span.indices.map { span[$0] }) }
            #expect(found == seed)
        }
    }

    @Test("every box holds the payload and the share expected", arguments: [0, 1])
    func boxes(position: Int) throws {
        let (document, expected) = try ExampleEscrow.epoch(position)
        let directory = try ExampleEscrow.directory()
        for (path, custodian) in document.manifest.policy.leaves {
            let identity = try ExampleEscrow.identity(custodian.description)
            let share = try document.openShare(of: identity, at: "\(custodian).identity", in: directory)
            let header = BoxHeader(
                purpose: .share,
                set: document.manifest.set.bytes,
                epoch: UInt32(document.manifest.epoch),
                path: path.numbers,
                context: document.manifest.headDigest,
                recipient: identity.sealingKey
            )
            let value = share.bytes.shownHex
            #expect(value == expected.shares[path.description])
            #expect(Hex.encode(header.encoded) + value == expected.payloads[path.description])
        }
    }

    @Test("every quorum rebuilds the secret, and no other set of people does", arguments: [0, 1])
    func quorums(position: Int) throws {
        let (document, expected) = try ExampleEscrow.epoch(position)
        let policy = document.manifest.policy
        var quorumCount = 0
        for subset in 0..<(1 << policy.leaves.count) {
            let present = policy.leaves.enumerated().filter { subset >> $0.offset & 1 == 1 }.map(\.element)
            var collection = ShareCollection(for: document.manifest.sharing)
            for (path, _) in present where collection.needs(path) {
                try collection.add(try Self.scalar(expected.shares[path.description]), at: path)
            }
            let isComplete = collection.isComplete
            #expect(isComplete == policy.isSatisfied(by: Set(present.map(\.custodian))))
            if isComplete {
                quorumCount += 1
                let found = try collection.finish().bytes.shownHex
                #expect(found == expected.secret)
            }
        }
        // Of 8 sets of (bob, carol, dave) 4 have two people, of 4 sets of (erin, frank) 3 have one. With alice, either
        // will do: 32 - 4 × 1 = 28. Without her, both: 4 × 3 = 12.
        #expect(quorumCount == 40)
    }

    @Test("the password opens the PKCS#12 file to the keys expected", arguments: [0, 1])
    func restore(position: Int) throws {
        let (document, expected) = try ExampleEscrow.epoch(position)
        let secret = try Self.scalar(expected.secret)
        let password = secret.bytes.withSpan { ArchivePassword.derive(from: $0) }
        let isPassword = password.isEqual(to: SecretBytes(copying: Array(expected.password.utf8).span))
        #expect(isPassword)
        let escrow = try ExampleEscrow.directory().path
        let material = try document.material(
            from: try document.pkcs12(given: nil, escrow: escrow),
            at: document.manifest.pkcs12.name,
            secret: secret,
            added: try document.addedCertificates().filter(\.isApproved).map(\.document.certificate)
        )
        var keys: [String] = []
        for generation in material.generations {
            let digest = try generation.key.pkcs8().withSpan { span in
                SHA256Digest(of: span.indices.map { span[$0] })
            }
            keys.append(digest.description)
        }
        #expect(keys == expected.keys)
        // In epoch 1 the certificate that was added joins the one in the file.
        #expect(material.certificates.count == position + 2)
    }

    @Test("an audit finds nothing amiss, but that receipts are outstanding")
    func audit() throws {
        let newest = try Files.read(ExampleEscrow.file("certificates/3.crt"), limit: ByteLimit.document)
        let signers = try Files.read(ExampleEscrow.file("officers.signers"), limit: ByteLimit.document)
        let input = AuditInput(
            anchor: try Anchor(path: "officers.signers", signers: try AllowedSigners(signers), required: 2),
            certificates: [.file(try Certificate(pem: newest), path: "3.crt")],
            pkcs12: nil,
            isWithoutPKCS12: false,
            time: "2027-01-01T00:00:00Z",
            epoch: nil
        )
        let audit = try Audit(of: ExampleEscrow.directory().path, with: input)
        #expect(audit.verdict == .incomplete)
        #expect(audit.outcomes.filter { $0.outcome != .pass }.map(\.check) == [.state, .receipts, .proofs])
        #expect(audit.subject?.document.manifest.epoch == 2)
        #expect(audit.trusted.map(\.name.description) == ["olga", "omar"])
    }

    @Test("records are those expected, approved or proven")
    func records() throws {
        let (document, expected) = try ExampleEscrow.epoch(0)
        let paths = try Record.files(in: document.path)
        let records = try #require(expected.records)
        #expect(paths.map { $0.lastComponent?.string } == records.map(\.file))
        for (path, record) in zip(paths, records) {
            let bytes = try Files.read(path, limit: ByteLimit.document)
            #expect(SHA256Digest(of: bytes).description == record.sha256)
            guard let digest = record.D else {
                continue
            }
            let restore = try RestoreRecord(canonical: bytes)
            let covered = SHA256Digest(of: try JSONValue(canonical: bytes).removing("possession").encoded())
            let challenge = PossessionProof.challenge(
                publicShare: document.manifest.sharing.secret,
                commitment: restore.possession.commitment,
                digest: covered.bytes
            )
            #expect(covered.description == digest)
            #expect(Hex.encode(challenge.bytes) == record.c)
            #expect(restore.isProven(for: document))
        }
        #expect(try document.addedCertificates().map(\.isApproved) == [true])
    }

    private static func scalar(_ hex: String?) throws -> Scalar {
        let bytes = try #require(Hex.decode(hex ?? ""))
        return try Scalar(canonical: bytes.span)
    }
}
