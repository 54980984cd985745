// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import SystemPackage
import Testing

@testable import Escrow

/// What a store's certificate asks for, held against an escrow.
@Suite struct BackupNeedTests {
    let world: World
    let document: EpochDocument

    init() throws {
        world = try World()
        document = try world.document()
    }

    private func need(_ material: CAMaterial, in epoch: EpochDocument? = nil) throws -> BackupNeed {
        try BackupNeed(of: material, in: epoch ?? document, escrow: "acme.escrow")
    }

    private func add(_ issue: Acme.Issue, signedBy signers: [Name]) throws {
        let record = AddedCertificate(certificate: try Acme.certificate(issue), created: World.created, to: document)
        _ = try Record.file(
            record.encoded(),
            .addedCertificate,
            created: World.created,
            in: world.epoch.appending("records"),
            signatures: signers.map { world.cast[$0].sign(record.encoded(), .addedCertificate) }
        )
    }

    @Test("the same certificate asks for nothing")
    func nothing() throws {
        guard case .nothing = try need(Acme.material()) else {
            Issue.record("there is nothing to do")
            return
        }
    }

    @Test("the same key with a later certificate asks for the certificate, then for approval, then for nothing")
    func sameKey() throws {
        let material = try Acme.material(.renewed)
        guard case .certificate(try Acme.certificate(.renewed)) = try need(material) else {
            Issue.record("a certificate to add")
            return
        }
        try add(.renewed, signedBy: [])
        guard case .approval(let filed) = try need(material), filed.missing == ["olga", "omar"] else {
            Issue.record("a certificate that waits")
            return
        }
        try world.folder.remove(world.epoch.appending("records"))
        try add(.renewed, signedBy: ["omar", "olga"])
        guard case .nothing = try need(material) else {
            Issue.record("there is nothing to do")
            return
        }
    }

    @Test("another key under the same name asks for a new epoch")
    func newKey() throws {
        guard case .newKey(try Acme.certificate(.rekeyed)) = try need(Acme.renewedMaterial()) else {
            Issue.record("a new epoch")
            return
        }
    }

    @Test("another CA, and a retired escrow, are refused")
    func refused() throws {
        #expect(
            throws: EscrowError.anotherCA(
                path: "acme.escrow",
                escrowed: document.manifest.certificate.subject,
                found: try Acme.certificate(.renamed).subject
            )
        ) {
            _ = try need(Acme.material(.renamed))
        }
        let retired = try JSONValue(canonical: document.bytes).setting("retired", to: .boolean(true))
        let epoch = try EpochDocument(retired.encoded(), in: world.epoch)
        #expect(throws: EscrowError.retired(path: "acme.escrow")) { _ = try need(Acme.material(), in: epoch) }
    }

    @Test("a key beside the CA's that is no CA's, and newer, does not make it another CA's escrow")
    func keyBeside() throws {
        let material = try CAMaterial(
            generations: [Acme.generation(.encryption), Acme.generation(.root)],
            chain: []
        )
        let world = try World(of: material)
        let manifest = try world.document().manifest
        #expect(manifest.certificate == (try Acme.certificate(.root)))
        guard case .nothing = try need(material, in: world.document()) else {
            Issue.record("there is nothing to do")
            return
        }
        #expect(try world.restore(by: ["bob", "alice"]) == [Acme.pkcs8(.root), Acme.pkcs8(.encryption)])
    }

    @Test("a restore gives added certificates to their key, newest first")
    func restored() throws {
        try add(.renewed, signedBy: ["olga", "omar"])
        try add(.renewedAgain, signedBy: ["olga", "omar"])
        let added = try document.addedCertificates().filter(\.isApproved).map(\.record.certificate)
        let secret = try document.secret(by: [world.cast["alice"], world.cast["bob"]], in: world.directory())
        let archive = try document.pkcs12(given: nil, escrow: world.escrow)
        let material = try document.material(from: archive, at: "x.p12", secret: secret, added: added)
        let expected = try [Acme.Issue.renewedAgain, .renewed, .root].map { try Acme.certificate($0) }
        #expect(material.certificates == expected)
        #expect(material.newest == expected[0])
        #expect(try material.pkcs8 == [Acme.pkcs8(.root)])
        let without = try document.material(from: archive, at: "x.p12", secret: secret, added: [])
        #expect(without.certificates == [expected[2]])
    }
}
