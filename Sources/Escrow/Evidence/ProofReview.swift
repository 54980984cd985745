// SPDX-License-Identifier: Apache-2.0

import Custody
import SecretSharing
import SystemPackage

/// The proofs of an epoch, held against the challenges that they answer, and all verified in one batch.
package struct ProofReview: Sendable {
    /// Those that hold, each with its challenge.
    package let proofs: [(proof: Filed<Proof>, challenge: Filed<Challenge>)]
    /// Why others do not.
    package let faults: [EscrowError]

    init(of epoch: EpochDocument, answering challenges: [Filed<Challenge>]) throws(EscrowError) {
        let filed = try epoch.filed(Proof.self)
        var faults = filed.faults
        var found: [(proof: Filed<Proof>, challenge: Filed<Challenge>)] = []
        var batch = PossessionBatch(for: epoch.manifest.sharing)
        for proof in filed.documents {
            do throws(DocumentError) {
                let challenge = try Self.challenge(of: proof.document, among: challenges)
                do {
                    let digest = PossessionProof.digest(of: proof.document.members)
                    try batch.add(proof.document.possession, at: proof.document.claim.path, over: digest.bytes)
                } catch {
                    throw .wrongValue(field: "path", expected: "a leaf of this epoch's policy")
                }
                found.append((proof, challenge))
            } catch {
                faults.append(.document(path: proof.path.string, error))
            }
        }
        let invalid = Set(batch.invalid())
        for index in invalid.sorted() {
            let (proof, _) = found[index]
            faults.append(
                .document(
                    path: proof.path.string,
                    .wrongValue(
                        field: "possession",
                        expected: "a proof that holds for \(proof.document.custodian)'s share"
                    )
                )
            )
        }
        proofs = found.enumerated().filter { !invalid.contains($0.offset) }.map(\.element)
        self.faults = faults
    }

    static func challenge(
        of proof: Proof,
        among challenges: [Filed<Challenge>]
    ) throws(DocumentError) -> Filed<Challenge> {
        guard let challenge = challenges.first(where: { $0.digest == proof.challenge }) else {
            throw .wrongValue(field: "challenge", expected: "the digest of a challenge in this epoch")
        }
        guard challenge.document.created <= proof.created, proof.created <= challenge.document.expires else {
            throw .wrongValue(
                field: "created",
                expected: "a time from \(challenge.document.created) to \(challenge.document.expires)"
            )
        }
        return challenge
    }
}
