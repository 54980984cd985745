// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
package import Ristretto255
package import SecretSharing

/// That the key was rebuilt on a machine, opened, matched and wiped: a drill, proven by the secret itself.
///
/// The possession proof is of `s` for the root's A_0 (path ""). Beside it stands a signature of the CA's key, when it
/// names a certificate: docs/format.md, sections 3.8, 3.9 and 4.22.
package struct DrillReceipt: AddedRecord {
    package static let format = DocumentFormat.drill
    package static let caStatement: String? = "drill"

    package let heading: Heading
    /// The certificate whose key has signed the receipt; nothing when only public keys were compared.
    package let certificate: SHA256Digest?
    /// The challenge that it answers; nothing when it has no witness of its age but itself.
    package let challenge: SHA256Digest?
    /// Those whose shares were used, in the order in which they came.
    package let custodians: [Name]
    /// The digests of the public keys whose private keys were opened.
    package let keys: [SHA256Digest]
    /// What would have stopped the drill, and why it went on; ordered by code, each code once.
    package let overrides: [RestoreRecord.Override]
    package let possession: PossessionProof
    package let purpose: String?
    /// The request that custodians answered from afar; nothing when all of them were in the room.
    package let request: SHA256Digest?

    package static let shape = Shape<DrillReceipt>(
        Self.init,
        Member(allOf: Heading.shape, \.heading),
        Member("certificate", .optional(.digest), \.certificate),
        Member("challenge", .optional(.digest), \.challenge),
        Member("custodians", .list(.name), \.custodians),
        Member("keys", .list(.digest), \.keys),
        Member("overrides", .overrides, \.overrides),
        Member("possession", .possession, \.possession),
        Member("purpose", .optional(.text), \.purpose),
        Member("request", .optional(.digest), \.request)
    )

    package func caSigner(in epoch: Manifest) -> Certificate? {
        certificate.flatMap { digest in epoch.certificates.first { SHA256Digest(of: $0.der) == digest } }
    }

    package var mayPredateItsManifest: Bool { overrides.contains { $0.code == .clock } }

    /// Whether it was made by someone who knew the secret of this epoch, and is about its keys and people.
    package func check(in epoch: EpochDocument) throws(DocumentError) {
        let manifest = epoch.manifest
        guard possession.isValid(for: manifest.sharing.secret, over: members) else {
            throw .wrongValue(field: "possession", expected: "a proof that holds for the secret")
        }
        guard manifest.isQuorum(custodians) else {
            throw .wrongValue(field: "custodians", expected: Manifest.quorumWords)
        }
        guard keys == manifest.publicKeys else {
            throw .wrongValue(field: "keys", expected: "the digests of the public keys in the manifest's certificates")
        }
        guard certificate == nil || caSigner(in: manifest) != nil else {
            throw .wrongValue(field: "certificate", expected: "the digest of a certificate of the manifest")
        }
    }
}

extension DrillReceipt {
    /// Makes the receipt of a drill whose key is still at hand.
    ///
    /// - Parameters:
    ///   - isSigned: Whether the CA's key will sign it.
    ///   - secret: s.
    package init(
        of epoch: EpochDocument,
        by custodians: [Name],
        for purpose: String?,
        isSigned: Bool,
        answering challenge: SHA256Digest? = nil,
        request: SHA256Digest? = nil,
        overrides: [RestoreRecord.Override] = [],
        at created: Timestamp,
        provenBy secret: borrowing Scalar
    ) {
        self.init(provenBy: secret) { possession in
            DrillReceipt(
                heading: Heading(in: epoch, at: created),
                certificate: isSigned ? SHA256Digest(of: epoch.manifest.certificate.der) : nil,
                challenge: challenge,
                custodians: custodians,
                keys: epoch.manifest.publicKeys,
                overrides: overrides.sorted { $0.code.rawValue < $1.code.rawValue },
                possession: possession,
                purpose: purpose,
                request: request
            )
        }
    }
}

extension Manifest {
    /// Whether these are custodians of this epoch, each once, who satisfy its policy.
    func isQuorum(_ custodians: [Name]) -> Bool {
        let people = Set(custodians)
        return people.count == custodians.count && people.isSubset(of: self.people.map(\.name))
            && policy.isSatisfied(by: people)
    }

    /// What is needed of those whose shares were used.
    static let quorumWords = "custodians of this epoch, each once, who can restore"

    /// The digests of the public keys in its certificates, each once, in their order: the keys of the PKCS#12 file.
    package var publicKeys: [SHA256Digest] {
        var found: [SHA256Digest] = []
        for digest in certificates.map({ SHA256Digest(of: $0.spki) }) where !found.contains(digest) {
            found.append(digest)
        }
        return found
    }
}
