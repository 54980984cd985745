// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import SecretSharing

extension Manifest {
    /// Reads `manifest.json`: canonical form, every member, and what must hold between them.
    ///
    /// - Throws: ``ManifestError``
    package init(canonical bytes: [UInt8]) throws(ManifestError) {
        try self.init(bytes) { sharing throws(SecretSharingError) in try sharing.check() }
    }

    /// The same but for what takes the public shares of its members: see ``Sharing/check()``.
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

/// The members of a manifest as they stand there: each of the right form, nothing compared with anything yet.
private struct ManifestFields {
    var officers: [Signer]
    var threshold: Int
    var certificates: [(field: String, der: [UInt8])]
    var created: Timestamp
    var epoch: Int
    var occasion: Occasion
    var people: [Person]
    var pkcs12: PKCS12Entry
    var gate: GateFields
    var previous: Predecessor?
    var isRehearsal: Bool
    var isRetired: Bool
    var set: SetIdentifier
    var shares: [SealedShare]
    var state: StateEntry?
    var title: String?

    init(canonical bytes: [UInt8]) throws(DocumentError) {
        var fields = try Fields(try JSONValue(canonical: bytes))
        try fields.format(expecting: .manifest)
        // Next, since what another suite writes in the other members is not ours to judge.
        _ = try fields.word("suite", among: [Manifest.suite])
        var approval = try fields.object("approval")
        officers = try approval.list("officers") { (value, path) throws(DocumentError) in
            try Signer(value, at: path)
        }
        threshold = try approval.integer("threshold", in: 1...1000)
        try approval.finish()
        certificates = try fields.list("certificates") { (value, path) throws(DocumentError) in
            (path, try value.base64(at: path))
        }
        created = try fields.timestamp("created")
        epoch = try fields.integer("epoch", in: 1...9999)
        guard let occasion = Occasion(rawValue: try fields.word("occasion", among: Occasion.allCases.map(\.rawValue)))
        else {
            preconditionFailure("the word is one of them")
        }
        self.occasion = occasion
        people = try fields.list("people") { (value, path) throws(DocumentError) in try Person(value, at: path) }
        pkcs12 = try PKCS12Entry(try fields.value("pkcs12"), at: "pkcs12")
        gate = try GateFields(try fields.value("policy"), at: "policy", depth: 1)
        previous = try fields.has("previous") ? Predecessor(try fields.value("previous"), at: "previous") : nil
        isRehearsal = try fields.boolean("rehearsal")
        isRetired = fields.has("retired")
        if isRetired, try !fields.boolean("retired") {
            throw .wrongValue(field: "retired", expected: "true, or no such member")
        }
        set = SetIdentifier(bytes: try fields.hex("set", byteCount: 16))
        shares = try fields.list("shares") { (value, path) throws(DocumentError) in
            try SealedShare(value, at: path)
        }
        state = try fields.has("state") ? StateEntry(try fields.value("state"), at: "state") : nil
        title = try fields.optionalText("title")
        try fields.finish()
        guard previous.map({ $0.epoch == epoch - 1 }) ?? (epoch == 1) else {
            throw .wrongValue(
                field: "previous",
                expected: epoch == 1 ? "no such member in epoch 1" : "epoch \(epoch - 1)"
            )
        }
    }

    func checkedApproval() throws(ManifestError) -> Approval {
        let approval: Approval
        do throws(ApprovalError) {
            approval = try Approval(threshold: threshold, of: officers)
        } catch {
            throw .approval(error)
        }
        guard approval.officers == officers else {
            throw .document(.wrongValue(field: "approval.officers", expected: "order by name"))
        }
        return approval
    }

    func checkedCertificates() throws(ManifestError) -> [Certificate] {
        var checked: [Certificate] = []
        for (field, der) in certificates {
            do {
                checked.append(try Certificate(der: der))
            } catch {
                throw .certificate(field: field, "\(error)")
            }
        }
        for (position, certificate) in checked.enumerated().dropFirst() {
            guard certificate.notBefore <= checked[position - 1].notBefore else {
                throw .certificate(field: certificates[position].field, "out of order: the newest comes first")
            }
            guard !checked[..<position].contains(certificate) else {
                throw .certificate(field: certificates[position].field, "a certificate that stands there twice")
            }
        }
        return checked
    }

    func checkedSharing() throws(ManifestError) -> Sharing<Name> {
        var commitments: [Path: Commitments] = [:]
        do {
            let policy = try Policy(try gate.gate(at: .root, &commitments))
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
