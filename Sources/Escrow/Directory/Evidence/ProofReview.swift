// SPDX-License-Identifier: Apache-2.0

package import Encoding
import SecretSharing
import SystemPackage

/// The proofs of an epoch, held against the challenges that they answer, and all verified in one batch.
package struct ProofReview: Sendable {
    /// Those that hold, each with its challenge.
    package private(set) var proofs: [(proof: Filed<Proof>, challenge: Filed<Challenge>)]
    /// Why others do not.
    package let faults: [EscrowError]
    /// Why they could not be listed; nothing when they were.
    let unlisted: EscrowError?
}

extension ProofReview {
    /// The review without proofs that are dated ahead: docs/format.md, section 5.4.
    func counted(at now: Timestamp) -> ProofReview {
        var counted = self
        counted.proofs.removeAll { ClockRule.isAhead($0.proof.document.created, of: now) }
        return counted
    }

    init(of epoch: EpochDocument, answering challenges: [Filed<Challenge>]) {
        let filed = FiledDocuments<Proof>(readingWhatCanBe: epoch)
        var faults = filed.faults
        var found: [(proof: Filed<Proof>, challenge: Filed<Challenge>)] = []
        var batch = PossessionBatch(for: epoch.manifest.sharing)
        for proof in filed.documents {
            do throws(DocumentError) {
                let answer = proof.document
                let challenge = try challenges.answered(answer.challenge, at: answer.created)
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
            let expected = "a proof that holds for \(proof.document.custodian)'s share"
            faults.append(.document(path: proof.path.string, .wrongValue(field: "possession", expected: expected)))
        }
        let proofs = found.enumerated().filter { !invalid.contains($0.offset) }.map(\.element)
        self.init(proofs: proofs, faults: faults, unlisted: filed.unlisted)
    }

    /// Why it is not known what people have proven.
    var unread: [EscrowError] { (unlisted.map { [$0] } ?? []) + faults.filter(\.isUnread) }
}

extension [Filed<Challenge>] {
    /// The challenge that a document says it answers.
    ///
    /// - Parameter created: When it was made: in time.
    /// - Throws: ``DocumentError`` with the member that does not fit.
    package func answered(_ digest: SHA256Digest, at created: Timestamp) throws(DocumentError) -> Filed<Challenge> {
        guard let challenge = first(where: { $0.digest == digest }) else {
            throw .wrongValue(field: "challenge", expected: "the digest of a challenge in this epoch")
        }
        guard challenge.document.created <= created, created <= challenge.document.expires else {
            throw .wrongValue(
                field: "created",
                expected: "a time from \(challenge.document.created) to \(challenge.document.expires)"
            )
        }
        return challenge
    }
}
