// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import Ristretto255
import SecretMemory
import SystemPackage
import Testing

@testable import Audit
@testable import Escrow

/// An attacker makes an escrow of a key of their own, under the CA's name and for the CA's custodians.
@Suite struct ForgedEscrowTests {
    let real: Cast
    let forged: World
    let attackers: [Somebody]

    init() throws {
        try OpenSSL.start()
        real = try Cast.regular
        attackers = [try Somebody("olga"), try Somebody("omar")]
        let custodians = Cast.custodians.map { [real] in real[$0] }
        forged = try World(of: Acme.material(.forged), cast: Cast(custodians + attackers))
    }

    private func anchor() throws -> Anchor { try .of([real["olga"].officer, real["omar"].officer]) }

    private func audit(_ anchor: Anchor?, _ certificate: CertificateTrust?) throws -> Audit {
        let input = AuditInput(
            anchor: anchor,
            certificates: certificate.map { [$0] } ?? [],
            pkcs12: nil,
            isWithoutPKCS12: false,
            time: World.now,
            epoch: nil
        )
        return try Audit(of: forged.escrow, with: input)
    }

    @Test("nothing inside it is wrong: without anchor it is NOT ANCHORED")
    func inside() throws {
        let audit = try audit(nil, nil)
        #expect(audit.failed.isEmpty)
        #expect(audit.verdict == .notAnchored)
        #expect(try forged.restore(by: ["alice", "bob"]) == [Acme.pkcs8(.forged)])
    }

    @Test("an audit with the real officers' keys fails")
    func audited() throws {
        let audit = try audit(anchor(), nil)
        #expect(audit.failed == [.anchor])
        #expect(audit.verdict == .failed)
        #expect(audit.trusted.isEmpty)
    }

    @Test("an audit with the real certificate fails, although the subject is the same")
    func certificate() throws {
        let audit = try audit(nil, .file(Acme.certificate(.root), path: "ca.crt"))
        #expect(audit.failed == [.certificate])
        #expect(audit.verdict == .failed)
    }

    @Test("a restore refuses it by the officers' keys and by the certificate")
    func restore() throws {
        let approval = try forged.directory().approval(of: nil)
        #expect(throws: attackers[0].posing(as: real["olga"])) {
            _ = try anchor().check(approval, at: "acme.escrow")
        }
        #expect(ManifestTrust.own(real["olga"].officer.key, in: approval) == nil)
        let wanted = try Acme.certificate(.root)
        let found = try Acme.certificate(.forged)
        let given = GivenCertificate(path: "ca.crt", subject: wanted.subject, digest: SHA256Digest(of: wanted.der))
        #expect(
            throws: EscrowError.trust(
                .anotherCertificate(
                    path: "acme.escrow",
                    subject: found.subject,
                    digest: SHA256Digest(of: found.der),
                    given: given
                )
            )
        ) {
            try forged.document().check(.file(wanted, path: "ca.crt"), added: [], escrow: "acme.escrow")
        }
        let typed = GivenCertificate(path: nil, subject: nil, digest: SHA256Digest(of: wanted.der))
        #expect(
            throws: EscrowError.trust(
                .anotherCertificate(
                    path: "acme.escrow",
                    subject: found.subject,
                    digest: SHA256Digest(of: found.der),
                    given: typed
                )
            )
        ) {
            try forged.document().check(.digest(typed.digest), added: [], escrow: "acme.escrow")
        }
    }

    @Test("the real officers' signatures of another escrow do not help it")
    func borrowedSignatures() throws {
        let genuine = try World()
        for name in ["olga", "omar"] {
            let file = "manifest.json.\(name).sig"
            try forged.folder.write(
                genuine.folder.read(genuine.epoch.appending(file)),
                to: forged.epoch.appending(file)
            )
        }
        let audit = try audit(anchor(), nil)
        #expect(audit.failed == [.signatures, .approval, .anchor])
        #expect(audit.findings(.signatures).count == 2)
    }

    @Test("real officers in the manifest, under a threshold that the attacker meets alone, do not help it")
    func ownThreshold() throws {
        let mallory = try Somebody("mallory")
        let custodians = Cast.custodians.map { real[$0] }
        let cast = try Cast(custodians + [real["olga"], real["omar"], mallory])
        let world = try World(
            officers: "1 of (olga, omar, mallory)",
            of: Acme.material(.forged),
            signedBy: ["mallory"],
            cast: cast
        )
        let audit = try world.audit(certificate: Acme.certificate(.forged))
        #expect(audit.failed == [.anchor])
        let approval = try world.directory().approval(of: nil)
        #expect(approval.isApproved)
        #expect(
            throws: EscrowError.trust(.noOfficerIsTrusted(path: "x", signers: "signers", signedBy: [mallory.officer]))
        ) {
            _ = try anchor().check(approval, at: "x")
        }
    }

    @Test("a key file and manifest of another escrow do not open with the rebuilt secret")
    func otherKeyFile() throws {
        let genuine = try World()
        let document = try genuine.document()
        let people = [real["alice"], real["bob"]]
        let path = forged.pkcs12.string
        #expect(throws: EscrowError.pkcs12(path: path, .wrongPassword)) {
            let secret = try document.secret(by: people, in: genuine.directory())
            let bytes = try forged.folder.read(forged.pkcs12)
            _ = try document.material(from: bytes, at: path, secret: secret, added: [])
        }
        #expect(
            throws: EscrowError.opening(
                .pkcs12IsAnother(
                    path: path,
                    expected: document.manifest.pkcs12.sha256,
                    found: try forged.document().manifest.pkcs12.sha256
                )
            )
        ) {
            _ = try document.pkcs12(given: forged.pkcs12, escrow: genuine.escrow)
        }
    }

    @Test("a key that is not the certificate's, under the right password, is refused")
    func otherKeyInside() throws {
        let genuine = try World()
        let document = try genuine.document()
        #expect(throws: EscrowError.opening(.keysDoNotMatchManifest(path: "x.p12"))) {
            let secret = try document.secret(by: [real["alice"], real["bob"]], in: genuine.directory())
            let password = secret.bytes.withSpan { ArchivePassword.derive(from: $0) }
            let file = try PKCS12Writer.write(Acme.material(.forged), password: password)
            _ = try document.material(from: file, at: "x.p12", secret: secret, added: [])
        }
    }
}
