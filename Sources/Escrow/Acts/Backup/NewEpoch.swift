// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
package import Encoding
import Ristretto255
import SecretMemory
import SecretSharing
import SystemPackage

/// An epoch that has been made and checked, and lies nowhere yet.
package struct NewEpoch: Sendable {
    package let manifest: Manifest
    /// The canonical bytes of `manifest.json`.
    package let bytes: [UInt8]
    package let digest: SHA256Digest
    /// The PKCS#12 file.
    package let pkcs12: [UInt8]
    package let cards: [Card]

    /// Escrows a CA's keys: PKCS#12 under a new password, the password split, every share sealed; then all of it checked.
    ///
    /// - Parameters:
    ///   - material: The keys and certificates.
    ///   - previous: The epoch before, or nothing for a first escrow.
    ///   - pkcs12Name: A plain file name; gets the set in place of `SET`.
    ///   - state: What is known of the CA's state; gets the set, which names its archive.
    /// - Throws: ``EscrowError/pkcs12(path:_:)``, ``BackupFault/selfCheck(_:)``
    package init(
        of material: CAMaterial,
        as plan: EscrowPlan,
        occasion: Occasion,
        after previous: EpochDocument?,
        pkcs12Name: (SetIdentifier) -> String,
        state: (SetIdentifier) -> StateEntry? = { _ in nil },
        now: Timestamp
    ) throws(EscrowError) {
        let secret = Scalar.random()
        let set = SetIdentifier.random()
        let name = pkcs12Name(set)
        let (pkcs12, facts) = try Self.archive(material, under: secret, plan.iterationCount, name)
        let dealing = Dealing(of: secret, under: plan.policy)
        let head = Manifest(
            approval: plan.approval,
            certificates: material.certificates,
            created: previous.map { ClockRule.date(about: $0.manifest, at: now) } ?? now,
            epoch: (previous?.manifest.epoch ?? 0) + 1,
            occasion: occasion,
            people: plan.cards.map { Person($0) },
            pkcs12: PKCS12Entry(
                name: name,
                sha256: SHA256Digest(of: pkcs12),
                byteCount: pkcs12.count,
                encryption: facts.encryption,
                kdf: facts.kdf,
                mac: facts.mac,
                iterationCount: facts.iterations
            ),
            sharing: dealing.sharing,
            previous: previous.map { Predecessor(epoch: $0.manifest.epoch, sha256: $0.digest) },
            isRehearsal: plan.isRehearsal,
            isRetired: false,
            set: set,
            shares: [],
            state: state(set),
            title: plan.title
        )
        var sealer = Sealer(head: head)
        try dealing.handOut { path, custodian, share throws(EscrowError) in
            try sealer.seal(share, of: custodian, at: path)
        }
        let manifest = head.adding(shares: sealer.shares)
        let rebuilt: Scalar
        do {
            rebuilt = try sealer.collected.finish()
        } catch {
            throw .backup(.selfCheck("\(error)"))
        }
        self.manifest = manifest
        bytes = manifest.encoded()
        digest = SHA256Digest(of: bytes)
        self.pkcs12 = pkcs12
        cards = plan.cards
        try check(material, opensWith: rebuilt)
    }

    private static func archive(
        _ material: CAMaterial,
        under secret: borrowing Scalar,
        _ iterationCount: Int,
        _ name: String
    ) throws(EscrowError) -> ([UInt8], PKCS12Facts) {
        let password = secret.bytes.withSpan { ArchivePassword.derive(from: $0) }
        let file = try orThrow(PKCS12Writer.write(material, password: password, iterations: iterationCount)) {
            .pkcs12(path: name, $0)
        }
        return (file, try orThrow(PKCS12Reader.facts(file)) { .pkcs12(path: name, $0) })
    }

    /// What a reader would check, before any file appears: the manifest reads back, and the PKCS#12 file opens with the
    /// password rebuilt from a quorum and holds the keys that went in.
    private func check(_ material: CAMaterial, opensWith secret: borrowing Scalar) throws(EscrowError) {
        try manifest.checkReadsBack(as: bytes)
        let password = secret.bytes.withSpan { ArchivePassword.derive(from: $0) }
        let opened = try orThrow(PKCS12Reader.read(pkcs12, password: password)) { (error: PKCS12Error) in
            .backup(.selfCheck("\(error)"))
        }
        guard opened.certificates == material.certificates, opened.chain == material.chain,
            opened.generations.count == material.generations.count
        else {
            throw .backup(.selfCheck("the PKCS#12 file holds other certificates than the store"))
        }
        for (before, after) in zip(material.generations, opened.generations) {
            let isSame = try orThrow(before.key.pkcs8().isEqual(to: after.key.pkcs8())) { (error: KeyError) in
                .backup(.selfCheck("\(error)"))
            }
            guard isSame else {
                throw .backup(.selfCheck("the PKCS#12 file holds another key than the store"))
            }
        }
    }
}

extension Manifest {
    /// What a reader would check, before any file appears.
    ///
    /// - Throws: ``BackupFault/selfCheck(_:)``
    func checkReadsBack(as bytes: [UInt8]) throws(EscrowError) {
        let read = try orThrow(Manifest(canonical: bytes)) { (error: ManifestError) in .backup(.selfCheck("\(error)")) }
        guard read.encoded() == bytes, read.headDigest == headDigest else {
            throw .backup(.selfCheck("the manifest does not read back as it was written"))
        }
    }

    /// Holds a new epoch against those before it and who is suspended, before it is published: rules S1 to S5.
    ///
    /// What a reader would find fault with, and what only whoever writes can know: docs/format.md, section 5.2.
    ///
    /// - Parameters:
    ///   - line: The epochs from the first to the one that it follows.
    ///   - signers: Custodians of that epoch who stand in for its officers.
    /// - Throws: ``EscrowError/succession(path:epoch:_:)``, ``PersonFault/suspended(_:since:because:path:)``
    func checkBeforePublication(
        after line: [EpochApproval],
        signedBy signers: [Signer] = [],
        at now: Timestamp
    ) throws(EscrowError) {
        try orThrow(checkSuccession(after: line.reversed().map(\.document.manifest), signed: signers)) {
            .succession(path: line.last?.document.path.string ?? "", epoch: epoch, $0)
        }
        try Suspensions(in: line, at: now).refuse(receivers(after: line.last?.document.manifest))
    }

    /// Who gets a share that is sealed in this epoch; and whose was, where a custodian seals to a new card.
    package func receivers(after previous: Manifest?) -> [Person] {
        people.filter { share(of: $0.name)?.sealedIn == epoch }.flatMap { person in
            guard let previous, previous.set == set, let old = previous.person(named: person.name) else {
                return [person]
            }
            return [old, person]
        }
    }
}

/// Seals shares as they come, and keeps as many as a quorum needs to show that they rebuild the secret.
private struct Sealer: ~Copyable {
    let head: Manifest
    let headDigest: SHA256Digest
    var shares: [SealedShare] = []
    var collected: ShareCollection<Name>

    init(head: Manifest) {
        self.head = head
        headDigest = head.headDigest
        collected = ShareCollection(for: head.sharing)
    }

    mutating func seal(_ share: borrowing Scalar, of custodian: Name, at path: Path) throws(EscrowError) {
        guard let person = head.person(named: custodian) else {
            preconditionFailure("the plan has a card for every custodian")
        }
        guard head.sharing.matches(share, at: path) else {
            throw .backup(.selfCheck("share \(path) does not match its commitments"))
        }
        let header = BoxHeader(
            purpose: .share,
            set: head.set.bytes,
            epoch: UInt32(head.epoch),
            path: path.numbers,
            context: headDigest,
            recipient: person.sealingKey
        )
        do {
            let box = try SealedPayload.seal(value: share.bytes, header: header)
            shares.append(SealedShare(box: box, path: path, sealedIn: head.epoch))
            if collected.needs(path) {
                try collected.add(Scalar(canonical: share.bytes.span), at: path)
            }
        } catch {
            throw .backup(.selfCheck("share \(path): \(error)"))
        }
    }
}

extension SetIdentifier {
    /// 16 random bytes.
    static func random() -> SetIdentifier {
        SetIdentifier(bytes: SecretBytes.random(count: 16).withSpan { span in span.indices.map { span[$0] } })
    }
}
