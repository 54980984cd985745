// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import SecretSharing

// What one added document says of another: docs/format.md, sections 4.8 and 4.15 to 4.19.

/// A document that names others of its epoch.
package protocol ReferringDocument: AddedDocument {
    /// Looks for the documents that it names, and holds it against them: before it is taken in from elsewhere.
    ///
    /// - Returns: The member that does not fit; nothing when all is well.
    /// - Throws: ``EscrowError/file(_:)``
    func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError?
}

extension Proof: ReferringDocument {
    package func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError? {
        let challenges = try epoch.filed(Challenge.self).documents
        do throws(DocumentError) {
            _ = try challenges.answered(challenge, at: created)
        } catch {
            return error
        }
        guard let element = epoch.manifest.sharing.publicShares[claim.path],
            possession.isValid(for: element, over: members)
        else {
            return .wrongValue(field: "possession", expected: "a proof that holds for \(custodian)'s share")
        }
        return nil
    }
}

extension ReleaseStatement: ReferringDocument {
    package func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError? {
        let (found, fault) = try epoch.requestNamed(request)
        if let found, created < found.notBefore || created > found.expires {
            return .wrongValue(field: "created", expected: "a time from \(found.notBefore) to \(found.expires)")
        }
        return fault
    }
}

extension Refusal: ReferringDocument {
    package func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError? {
        try epoch.requestNamed(request).fault
    }
}

extension VetoOverride: ReferringDocument {
    package func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError? {
        guard epoch.refusalFiles().digests(of: request).isSuperset(of: refusals) else {
            return .wrongValue(field: "refusals", expected: "digests of refusals of its request")
        }
        return try epoch.requestNamed(request).fault
    }
}

extension RestoreRecord: ReferringDocument {
    package func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError? {
        guard let request else {
            return nil
        }
        return try epoch.requestNamed(request).fault
    }
}

extension DrillReceipt: ReferringDocument {
    package func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError? {
        if let challenge {
            let challenges = try epoch.filed(Challenge.self).documents
            do throws(DocumentError) {
                _ = try challenges.answered(challenge, at: created)
            } catch {
                return error
            }
        }
        guard let request else {
            return nil
        }
        return try epoch.requestNamed(request).fault
    }
}

extension EpochDocument {
    /// The request of this digest, or that there is none here.
    fileprivate func requestNamed(
        _ digest: SHA256Digest
    ) throws(EscrowError) -> (request: Request?, fault: DocumentError?) {
        guard let filed = try filed(Request.self).documents.first(where: { $0.digest == digest }) else {
            return (nil, .wrongValue(field: "request", expected: "the digest of a request in this epoch"))
        }
        return (filed.document, nil)
    }
}
