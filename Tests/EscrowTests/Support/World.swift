// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Ristretto255
import SecretSharing
import SystemPackage

@testable import Audit
@testable import Custody
@testable import Encoding
@testable import Escrow

/// A folder with an escrow of ``Acme`` in it, made as `backup` and `sign` make it, but in this process.
struct World {
    static let created: Timestamp = "2026-11-23T12:00:00Z"
    static let now: Timestamp = "2026-12-01T12:00:00Z"

    let folder: TemporaryFolder
    let cast: Cast
    /// The escrow's directory.
    let escrow: FilePath
    /// The PKCS#12 file of epoch 1.
    let pkcs12: FilePath
    /// The directory of epoch 1.
    let epoch: FilePath

    init(
        policy: String = "2 of (alice, bob, carol)",
        officers: String = "2 of (olga, omar)",
        of material: CAMaterial? = nil,
        signedBy signers: [Name] = ["olga", "omar"],
        cast: Cast? = nil,
        name: String = "acme.escrow",
        title: String? = nil,
        isRehearsal: Bool = false,
        created: Timestamp = World.created
    ) throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
        self.cast = try cast ?? Cast.regular
        escrow = folder(name)
        let new = try NewEpoch.make(
            policy: policy,
            officers: officers,
            of: try material ?? Acme.material(),
            cast: self.cast,
            created: created,
            title: title,
            isRehearsal: isRehearsal
        )
        let signatures = signers.map { [people = self.cast] in people[$0].sign(new.bytes) }
        let destination = try Destination(escrow: escrow, pkcs12: nil)
        (epoch, pkcs12) = try new.publish(to: destination, isFirst: true, signatures: signatures)
    }

    func directory() throws -> EscrowDirectory { try EscrowDirectory(at: escrow) }

    /// Epoch 1, read back.
    func document() throws -> EpochDocument { try directory().epoch(1) }

    /// Publishes a later epoch.
    @discardableResult
    func publish(_ new: NewEpoch, signedBy signers: [Somebody]) throws -> FilePath {
        let destination = try Destination(escrow: escrow, pkcs12: nil)
        let signatures = signers.map { $0.sign(new.bytes) }
        return try new.publish(to: destination, isFirst: false, signatures: signatures).epoch
    }

    /// Makes an epoch after the newest one and publishes it.
    @discardableResult
    func next(
        policy: String = "2 of (alice, bob, carol)",
        officers: String = "2 of (olga, omar)",
        signedBy signers: [Name] = ["olga", "omar"],
        created: Timestamp = World.created
    ) throws -> FilePath {
        let new = try NewEpoch.make(
            policy: policy,
            officers: officers,
            of: Acme.material(),
            after: directory().epoch(nil),
            cast: cast,
            created: created
        )
        return try publish(new, signedBy: signers.map { cast[$0] })
    }

    /// Writes an epoch whose manifest did not come from us, under the name that its digest gives it.
    @discardableResult
    func place(_ manifest: JSONValue, epoch: Int, signedBy signers: [Somebody], cards: [Card]) throws -> FilePath {
        let bytes = manifest.encoded()
        let digest = SHA256Digest(of: bytes)
        let directory = escrow.appending(EpochDirectory.name(of: epoch, digest))
        try folder.write(bytes, to: directory.appending("manifest.json"))
        for signer in signers {
            try folder.write(
                signer.sign(bytes).signature.armored,
                to: directory.appending("manifest.json.\(signer.name).sig")
            )
        }
        for card in cards {
            try folder.write(card.bytes, to: directory.appending("cards").appending("\(card.name).json"))
        }
        if let read = try? Manifest(canonical: bytes) {
            let readme = epoch == 1 ? escrow : directory
            try folder.write(Readme.text(of: read, digest: digest), to: readme.appending("README.txt"))
        }
        return directory
    }

    /// Takes epoch 1 away, so that a forged one can stand in its place.
    func removeEpoch() throws {
        try folder.remove(epoch)
    }

    /// What an auditor brings who knows these officers and the certificate.
    func auditInput(
        signers: [Name]? = ["olga", "omar"],
        certificate: Certificate? = nil,
        epoch: Int? = nil,
        time: Timestamp = World.now
    ) throws -> AuditInput {
        let anchor = try signers.map { names in
            try Anchor.of(names.map { cast[$0].officer })
        }
        return AuditInput(
            anchor: anchor,
            certificates: [.file(try certificate ?? Acme.certificate(.root), path: "ca.crt")],
            pkcs12: nil,
            isWithoutPKCS12: false,
            time: time,
            epoch: epoch.map { .number($0) }
        )
    }

    /// What such an auditor says.
    func audit(
        signers: [Name]? = ["olga", "omar"],
        certificate: Certificate? = nil,
        epoch: Int? = nil,
        time: Timestamp = World.now
    ) throws -> Audit {
        try Audit(
            of: escrow,
            with: auditInput(signers: signers, certificate: certificate, epoch: epoch, time: time)
        )
    }

    /// The PKCS#8 of every key, newest first, that these custodians restore from epoch 1.
    func restore(by names: [Name], added: [Certificate] = []) throws -> [[UInt8]] {
        let document = try document()
        return try document.restore(by: names.map { cast[$0] }, in: directory(), added: added)
    }
}

extension NewEpoch {
    /// Makes an epoch of people who have their cards in ``Cast``.
    static func make(
        policy: String = "2 of (alice, bob, carol)",
        officers: String = "2 of (olga, omar)",
        of material: CAMaterial,
        after previous: EpochDocument? = nil,
        cast: Cast,
        created: Timestamp = World.created,
        title: String? = nil,
        isRehearsal: Bool = false
    ) throws -> NewEpoch {
        let people = try PeopleGiven(at: [cast.cards])
        let approval = try people.approval(PolicyText(officers))
        let plan = try EscrowPlan(
            policy: people.policy(PolicyText(policy), officers: approval),
            approval: approval,
            people: people,
            title: title,
            isRehearsal: isRehearsal,
            now: created
        )
        return try NewEpoch(
            of: material,
            as: plan,
            occasion: previous == nil ? .installation : .scheduled,
            after: previous,
            pkcs12Name: { "acme-\($0.short).p12" },
            now: created
        )
    }
}

extension Anchor {
    /// The file of an auditor who knows these officers.
    static func of(_ officers: [Signer], required: Int? = nil) throws -> Anchor {
        let lines = officers.map { officer in
            AllowedSigners.line(
                name: officer.name,
                key: officer.key,
                namespaces: DocumentFormat.signedByOfficers.map(\.namespace)
            ) + "\n"
        }
        return try Anchor(path: "signers", signers: try AllowedSigners(Array(lines.joined().utf8)), required: required)
    }

    /// As of the day on which most tests take place.
    func check(_ approval: EpochApproval, at path: String) throws(EscrowError) -> [Signer] {
        try check(approval, at: path, now: World.now)
    }
}

extension EpochDocument {
    /// Rebuilds the secret from the shares that these people open; one that is not needed is left out.
    func secret(by people: [Somebody], in directory: EscrowDirectory) throws -> Scalar {
        var collection = ShareCollection(for: manifest.sharing)
        for person in people {
            guard let path = manifest.policy.path(of: person.name), collection.needs(path) else {
                continue
            }
            try collection.add(openShare(of: person.identity, at: person.path, in: directory), at: path)
        }
        return try collection.finish()
    }

    /// The PKCS#8 of every key, newest first.
    func restore(
        by people: [Somebody],
        in directory: EscrowDirectory,
        added: [Certificate] = []
    ) throws -> [[UInt8]] {
        let secret = try secret(by: people, in: directory)
        let archive = try pkcs12(given: nil, escrow: directory.path)
        let material = try material(from: archive, at: manifest.pkcs12.name, secret: secret, added: added)
        return try material.pkcs8
    }
}

extension CAMaterial {
    /// The PKCS#8 of every key, newest first.
    var pkcs8: [[UInt8]] {
        get throws {
            try generations.map { generation in
                let der = try generation.key.pkcs8()
                return bytes(der)
            }
        }
    }
}

extension RestoreRecord {
    /// Whether it is about this epoch, and made by someone who knew its secret.
    func isProven(for epoch: EpochDocument) -> Bool {
        manifest == epoch.digest && set == epoch.manifest.set && (try? check(in: epoch)) != nil
    }
}

extension Audit {
    /// The checks that have failed, in their order.
    var failed: [AuditCheck] {
        outcomes.filter { if case .fail = $0.outcome { true } else { false } }.map(\.check)
    }

    /// How one check ended.
    func outcome(_ check: AuditCheck) -> AuditOutcome? { outcomes.first { $0.check == check }?.outcome }

    /// What was found by one check.
    func findings(_ check: AuditCheck) -> [String] {
        guard case .fail(let found)? = outcome(check) else {
            return []
        }
        return found
    }
}
