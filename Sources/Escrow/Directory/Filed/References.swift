// SPDX-License-Identifier: Apache-2.0

package import Encoding

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
            try checkPossession(in: epoch)
        } catch {
            return error
        }
        return nil
    }
}

extension ReleaseStatement: ReferringDocument {
    package func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError? {
        if let found = try epoch.request(of: request), created < found.notBefore || created > found.expires {
            return .wrongValue(field: "created", expected: "a time from \(found.notBefore) to \(found.expires)")
        }
        return try epoch.faultOfRequest(request)
    }
}

extension Refusal: ReferringDocument {
    package func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError? {
        try epoch.faultOfRequest(request)
    }
}

extension VetoOverride: ReferringDocument {
    package func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError? {
        guard RefusalFiles(in: epoch).digests(of: request).isSuperset(of: refusals) else {
            return .wrongValue(field: "refusals", expected: "digests of refusals of its request")
        }
        return try epoch.faultOfRequest(request)
    }
}

extension RestoreRecord: ReferringDocument {
    package func referenceFault(in epoch: EpochDocument) throws(EscrowError) -> DocumentError? {
        try epoch.faultOfRequest(request)
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
        return try epoch.faultOfRequest(request)
    }
}

extension EpochDocument {
    fileprivate func request(of digest: SHA256Digest) throws(EscrowError) -> Request? {
        try filed(Request.self).documents.first { $0.digest == digest }?.document
    }

    /// That the request is not here which a document names; nothing when it names none.
    fileprivate func faultOfRequest(_ digest: SHA256Digest?) throws(EscrowError) -> DocumentError? {
        guard let digest, try request(of: digest) == nil else {
            return nil
        }
        return .wrongValue(field: "request", expected: "the digest of a request in this epoch")
    }
}
