// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
import SecretSharing

/// The members of a manifest as they stand there: each of the right form, nothing compared with anything yet.
struct ManifestFields: ShapedDocument {
    static let format = DocumentFormat.manifest

    struct ApprovalFields {
        let officers: [Signer]
        let threshold: Int

        static let shape = Shape<ApprovalFields>(
            Self.init,
            Member("officers", .list(.object(Signer.shape)), \.officers),
            Member("threshold", .integer(in: 1...1000), \.threshold)
        )
    }

    let approval: ApprovalFields
    /// DER.
    let certificates: [[UInt8]]
    let created: Timestamp
    let epoch: Int
    let occasion: Occasion
    let people: [Person]
    let pkcs12: PKCS12Entry
    let policy: GateFields
    let previous: Predecessor?
    let isRehearsal: Bool
    let isRetired: Bool
    let set: SetIdentifier
    let shares: [SealedShare]
    let state: StateEntry?
    let title: String?

    // The suite comes before the others, since what another suite writes in them is not ours to judge.
    static let shape = Shape<ManifestFields>(
        fixed: ["suite": Manifest.suite],
        Self.init,
        Member("approval", .object(ApprovalFields.shape), \.approval),
        Member("certificates", .list(.base64()), \.certificates),
        Member("created", .timestamp, \.created),
        Member("epoch", .integer(in: 1...9999), \.epoch),
        Member("occasion", .word, \.occasion),
        Member("people", .list(.object(Person.shape)), \.people),
        Member("pkcs12", .object(PKCS12Entry.shape), \.pkcs12),
        Member("policy", GateFields.form(), \.policy),
        Member("previous", .optional(.object(Predecessor.shape, as: .manifest)), \.previous),
        Member("rehearsal", .boolean, \.isRehearsal),
        Member("retired", .flag, \.isRetired),
        Member("set", .set, \.set),
        Member("shares", .list(.object(SealedShare.shape)), \.shares),
        Member("state", .optional(.object(StateEntry.shape)), \.state),
        Member("title", .optional(.text), \.title)
    ) { fields, _ throws(DocumentError) in
        let epoch = fields.epoch
        guard fields.previous.map({ $0.epoch == epoch - 1 }) ?? (epoch == 1) else {
            throw .wrongValue(
                field: "previous",
                expected: epoch == 1 ? "no such member in epoch 1" : "epoch \(epoch - 1)"
            )
        }
    }
}

extension ManifestFields {
    /// What a manifest is written as.
    init(_ manifest: Manifest) {
        self.init(
            approval: ApprovalFields(officers: manifest.approval.officers, threshold: manifest.approval.threshold),
            certificates: manifest.certificates.map(\.der),
            created: manifest.created,
            epoch: manifest.epoch,
            occasion: manifest.occasion,
            people: manifest.people,
            pkcs12: manifest.pkcs12,
            policy: GateFields(manifest.policy.root, at: .root, of: manifest.sharing),
            previous: manifest.previous,
            isRehearsal: manifest.isRehearsal,
            isRetired: manifest.isRetired,
            set: manifest.set,
            shares: manifest.shares,
            state: manifest.state,
            title: manifest.title
        )
    }
}

extension Manifest {
    /// The canonical bytes of `manifest.json`.
    package func encoded() -> [UInt8] { json.encoded() }

    /// The canonical bytes of everything but the sealed shares: what each box is bound to.
    package func encodedHead() -> [UInt8] { json.removing("shares").encoded() }

    /// SHA-256 of ``encodedHead()``.
    package var headDigest: SHA256Digest { SHA256Digest(of: encodedHead()) }

    private var json: JSONValue { ManifestFields.shape.write(ManifestFields(self), as: ManifestFields.format) }
}
