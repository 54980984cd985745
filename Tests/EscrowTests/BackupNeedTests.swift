// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
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
        guard case .certificates(let missing) = try need(material) else {
            Issue.record("a certificate to add")
            return
        }
        #expect(try missing == [Acme.certificate(.renewed)])
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

    @Test("every certificate of the store that the escrow lacks is added, the newest first, also an older one")
    func severalCertificates() throws {
        let generation = try Acme.generation(.root, .earlier, .renewed, .renewedAgain)
        let material = try CAMaterial(generations: [generation], chain: [])
        guard case .certificates(let missing) = try need(material) else {
            Issue.record("certificates to add")
            return
        }
        let earlier = try Acme.certificate(.earlier)
        #expect(try missing == [Acme.certificate(.renewedAgain), Acme.certificate(.renewed), earlier])
        try add(.renewedAgain, signedBy: ["olga", "omar"])
        guard case .certificates(let rest) = try need(material) else {
            Issue.record("a certificate to add")
            return
        }
        #expect(try rest == [Acme.certificate(.renewed), earlier])
        try add(.earlier, signedBy: ["olga", "omar"])
        try add(.renewed, signedBy: ["olga"])
        guard case .approval(let filed) = try need(material), filed.missing == ["omar"] else {
            Issue.record("a certificate that waits")
            return
        }
    }

    @Test("a key that was never escrowed asks for a new epoch, although the newest certificate is held")
    func olderKey() throws {
        let world = try World(of: CAMaterial(generations: [Acme.generation(.rekeyed)], chain: []))
        let material = try Acme.renewedMaterial()
        #expect(try material.newest == Acme.certificate(.rekeyed))
        guard case .newKey(let certificate) = try need(material, in: world.document()) else {
            Issue.record("a new epoch")
            return
        }
        #expect(try certificate == Acme.certificate(.root))
        // The other way round nothing is asked for: what the escrow holds does not get lost with the store.
        let whole = try World(of: material)
        let less = try CAMaterial(generations: [Acme.generation(.rekeyed)], chain: [])
        guard case .nothing = try need(less, in: whole.document()) else {
            Issue.record("there is nothing to do")
            return
        }
    }

    @Test("a subject in another spelling is the same CA, and one that only looks like it is another, shown as such")
    func names() throws {
        let respelled = try Acme.material(.respelled)
        guard case .certificates(let missing) = try need(respelled), missing == [respelled.newest] else {
            Issue.record("a certificate to add")
            return
        }
        let (escrowed, found) = ("CN=Acme Root \\43A", "CN=Acme Root \\D0\\A1A")
        #expect(throws: EscrowError.trust(.anotherCA(path: "acme.escrow", escrowed: escrowed, found: found))) {
            try need(Acme.material(.lookalike))
        }
        #expect(try fault(.respelled) == nil)
        #expect(try fault(.lookalike) == .anotherSubject(found: found, needed: escrowed))
    }

    // MARK: Certificates that join by themselves

    private func fault(_ issue: Acme.Issue, besides others: [Certificate] = []) throws -> JoinFault? {
        do throws(EscrowError) {
            let joining = try JoiningCertificate(Acme.orFail(issue), at: "x.crt", in: document, besides: others)
            #expect(joining.unchecked == nil)
            return nil
        } catch .cannotJoin("x.crt", let fault) {
            return fault
        }
    }

    @Test("what joins is another certificate for a key that is held; everything else is refused for its reason")
    func joining() throws {
        #expect(try fault(.renewed) == nil && fault(.renewedAgain) == nil)
        #expect(try fault(.root) == .held(epoch: 1))
        #expect(try fault(.renewed, besides: [Acme.certificate(.renewed)]) == .givenTwice)
        #expect(try fault(.encryption) == .notACA(subject: "CN=Acme key exchange"))
        #expect(try fault(.renamed) == .anotherSubject(found: "CN=Acme Other CA", needed: "CN=Acme Root CA"))
        #expect(try fault(.rekeyed) == .anotherKey(spkiSHA256: Acme.certificate(.rekeyed).spkiSHA256))
        #expect(try fault(.earlier) == nil)
        try add(.renewed, signedBy: [])
        let path = try #require(try document.addedCertificates().first?.path)
        #expect(try fault(.renewed) == .filed(path))
    }

    @Test("what an added certificate is, its signers see first")
    func signable() throws {
        try add(.renewed, signedBy: ["olga"])
        let all = try SignableDocument.all(in: try world.directory())
        let certificate = try Acme.certificate(.renewed)
        #expect(
            all.first { $0.format == .addedCertificate }?.details == [
                "serial \(certificate.serial), valid from 2025-01-01T00:00:00Z until 2044-01-01T00:00:00Z",
                "issued by itself", "SHA-256 of its public key \(certificate.spkiSHA256)", "signed so far by olga",
            ]
        )
    }

    @Test("what is not as it seems is said aloud")
    func particulars() throws {
        let encryption = try Acme.certificate(.encryption)
        #expect(encryption.particulars.last == "NOT THE CERTIFICATE OF A CERTIFICATION AUTHORITY")
        // A changed signature: the form stays, and no key verifies it.
        var der = try Acme.certificate(.renewed).der
        der[der.count - 1] ^= 1
        let forged = try Certificate(der: der)
        #expect(forged.particulars[1] == "IT NAMES ITSELF AS ISSUER, AND ANOTHER KEY SIGNED IT")
        #expect(throws: EscrowError.cannotJoin(path: "x.crt", .signatureOfNoHeldKey)) {
            _ = try JoiningCertificate(forged, at: "x.crt", in: document)
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
            throws: EscrowError.trust(
                .anotherCA(
                    path: "acme.escrow",
                    escrowed: document.manifest.certificate.subject,
                    found: try Acme.certificate(.renamed).subject
                )
            )
        ) {
            _ = try need(Acme.material(.renamed))
        }
        let retired = try JSONValue(canonical: document.bytes).setting("retired", to: .boolean(true))
        let epoch = try EpochDocument(retired.encoded(), in: world.epoch)
        #expect(throws: EscrowError.trust(.retired(path: "acme.escrow"))) { _ = try need(Acme.material(), in: epoch) }
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
        let added = try document.addedCertificates().filter(\.isApproved).map(\.document.certificate)
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
