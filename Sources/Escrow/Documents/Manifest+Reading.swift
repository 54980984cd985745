// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Encoding
import SecretSharing

extension Manifest {
    /// Reads `manifest.json`: canonical form, every member, and what must hold between them.
    ///
    /// - Throws: ``ManifestError``
    package init(canonical bytes: [UInt8]) throws(ManifestError) {
        try self.init(bytes) { sharing throws(SecretSharingError) in try sharing.check() }
    }

    /// Reads a manifest, and leaves out what takes the public shares of its members: see ``Sharing/check()``.
    ///
    /// - Throws: ``ManifestError``
    package init(withoutArithmetic bytes: [UInt8]) throws(ManifestError) {
        try self.init(bytes) { _ throws(SecretSharingError) in }
    }

    private init(
        _ bytes: [UInt8],
        checking check: (Sharing<Name>) throws(SecretSharingError) -> Void
    ) throws(ManifestError) {
        let fields: ManifestFields
        do throws(DocumentError) {
            fields = try ManifestFields(canonical: bytes)
        } catch {
            throw .document(error)
        }
        self.init(
            approval: try fields.checkedApproval(),
            certificates: try fields.checkedCertificates(),
            created: fields.created,
            epoch: fields.epoch,
            occasion: fields.occasion,
            people: fields.people,
            pkcs12: fields.pkcs12,
            sharing: try fields.checkedSharing(),
            previous: fields.previous,
            isRehearsal: fields.isRehearsal,
            isRetired: fields.isRetired,
            set: fields.set,
            shares: fields.shares,
            state: fields.state,
            title: fields.title
        )
        do {
            try check(sharing)
        } catch {
            throw .sharing(error)
        }
        try checkPeople()
        try checkShares()
    }

    /// Exactly the policy's custodians, ordered, with acceptable sealing keys and no key twice.
    private func checkPeople() throws(ManifestError) {
        for (left, right) in zip(people, people.dropFirst()) where !(left.name < right.name) {
            throw .people(.notOrdered(right.name))
        }
        let listed = Set(people.map(\.name))
        let custodians = Set(policy.leaves.map(\.custodian))
        guard listed == custodians else {
            throw .people(
                .notThePolicy(
                    extra: listed.subtracting(custodians).min(),
                    missing: custodians.subtracting(listed).min()
                )
            )
        }
        var sealing: [[UInt8]: Name] = [:]
        var signing: [SigningKey: Name] = [:]
        for person in people {
            guard SealedPayload.isAcceptable(sealingKey: person.sealingKey) else {
                throw .people(.sealingKeyNotAcceptable(person.name))
            }
            if let other = sealing.updateValue(person.name, forKey: person.sealingKey)
                ?? signing.updateValue(person.name, forKey: person.signingKey)
            {
                throw .people(.keyAppearsTwice(other, person.name))
            }
        }
    }

    /// One sealed share a custodian, in tree order, none from the future.
    private func checkShares() throws(ManifestError) {
        guard shares.count == policy.leaves.count else {
            throw .shares(.wrongCount(expected: policy.leaves.count, found: shares.count))
        }
        for (position, (share, leaf)) in zip(shares, policy.leaves).enumerated() {
            guard share.path == leaf.path else {
                throw .shares(.wrongPath(position: position, expected: leaf.path, found: share.path))
            }
            guard share.sealedIn <= epoch else {
                throw .shares(.sealedLater(share.path, sealedIn: share.sealedIn, epoch: epoch))
            }
        }
    }
}

extension ManifestFields {
    fileprivate func checkedApproval() throws(ManifestError) -> Approval {
        let approval: Approval
        do throws(ApprovalError) {
            approval = try Approval(threshold: self.approval.threshold, of: self.approval.officers)
        } catch {
            throw .approval(error)
        }
        guard approval.officers == self.approval.officers else {
            throw .document(.wrongValue(field: "approval.officers", expected: "order by name"))
        }
        return approval
    }

    fileprivate func checkedCertificates() throws(ManifestError) -> [Certificate] {
        var checked: [Certificate] = []
        for (position, der) in certificates.enumerated() {
            do {
                checked.append(try Certificate(der: der))
            } catch {
                throw .certificate(field: "certificates[\(position)]", "\(error)")
            }
        }
        for (position, certificate) in checked.enumerated().dropFirst() {
            guard certificate.notBefore <= checked[position - 1].notBefore else {
                throw .certificate(field: "certificates[\(position)]", "out of order: the newest comes first")
            }
            guard !checked[..<position].contains(certificate) else {
                throw .certificate(field: "certificates[\(position)]", "a certificate that stands there twice")
            }
        }
        return checked
    }

    fileprivate func checkedSharing() throws(ManifestError) -> Sharing<Name> {
        var commitments: [Path: Commitments] = [:]
        do {
            let policy = try Policy(try policy.gate(at: .root, &commitments))
            return try Sharing(withoutArithmetic: policy, commitments: commitments)
        } catch let error as SecretSharingError {
            throw .sharing(error)
        } catch let error as PolicyError<Name> {
            throw .policy(error)
        } catch {
            preconditionFailure("only these two are thrown: \(error)")
        }
    }
}
