// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
import Files
import SystemPackage

extension AddedCertificate {
    /// Reads a record that is still to be filed, and holds it against the epoch that it joins.
    ///
    /// - Parameter path: What errors call it.
    /// - Throws: ``EscrowError/document(path:_:)``, ``EscrowError/file(_:)`` when it is larger than readers allow.
    package init(checking bytes: [UInt8], at path: String, in epoch: EpochDocument) throws(EscrowError) {
        guard bytes.count <= ByteLimit.document else {
            throw .file(.tooLarge(path: path, byteCount: bytes.count, limit: ByteLimit.document))
        }
        do {
            try self.init(canonical: bytes)
            try check(in: epoch)
        } catch {
            throw .document(path: path, error)
        }
    }
}

extension Filed<AddedCertificate> {
    /// Whether as many officers as the epoch demands have signed it.
    package var isApproved: Bool { signatures.satisfies(approval) }

    /// The officers whose signature is missing.
    package var shortfall: Shortfall? { Shortfall(of: signatures.signed, for: approval) }

    package var missing: [Name] { approval.officers.filter { !signatures.signed.contains($0) }.map(\.name) }

    /// Whether it counts for whoever brings an anchor: approved, and signed by as many of those whom they know.
    package func counts(for anchor: Anchor?, at now: Timestamp) -> Bool {
        guard isApproved else {
            return false
        }
        return anchor.map { outcome(for: $0, at: now).isAnchored } ?? true
    }

    /// What an anchor makes of its signatures: docs/format.md, section 5.3.
    package func outcome(for anchor: Anchor, at now: Timestamp) -> AnchorOutcome {
        anchor.outcome(
            of: signatures.signed,
            demanding: approval.threshold,
            for: .addedCertificate,
            at: document.created,
            path: path.string,
            now: now
        ) { _, _ in
            "only a manifest's signatures are stamped"
        }
    }
}

extension Manifest {
    /// Whether a certificate that is not here may join: it is for a key of one that is, under that one's name or the CA's.
    ///
    /// When it begins says nothing: the clock of a machine without a network may have been ahead on the day of the first.
    func hasPlace(for new: Certificate) -> Bool {
        let sameKey = certificates.filter { $0.spki == new.spki }
        let names = (sameKey.isEmpty ? [] : [certificate]) + sameKey
        return !certificates.contains(new) && names.contains { $0.subjectName == new.subjectName }
    }
}

extension EpochDocument {
    /// The certificates that joined this epoch, approved or not, ordered by their files' names.
    ///
    /// - Throws: ``EscrowError``
    package func addedCertificates() throws(EscrowError) -> [Filed<AddedCertificate>] {
        try Record.files(of: .addedCertificate, in: path).map { path throws(EscrowError) in
            try Filed(at: path, in: self)
        }
    }

    /// The certificates that joined this epoch or an earlier one of its set with approval, and what is wrong with the
    /// records that cannot be read.
    ///
    /// On the day of a restore, a broken record is no reason to stop: its certificate is left out.
    ///
    /// - Parameter escrow: Where the earlier epochs lie; without it those that joined this epoch alone.
    /// - Throws: ``EscrowError/file(_:)`` when the records cannot be listed.
    package func approvedCertificates(in escrow: EscrowDirectory? = nil) throws(EscrowError) -> (
        records: [Filed<AddedCertificate>], faults: [EscrowError]
    ) {
        var (records, faults): ([Filed<AddedCertificate>], [EscrowError]) = ([], [])
        let line = escrow.map { chain(in: $0) } ?? [self]
        for epoch in line.prefix(while: { $0.manifest.set == manifest.set }) {
            for path in try Record.files(of: .addedCertificate, in: epoch.path) {
                do throws(EscrowError) {
                    records.append(try Filed(at: path, in: epoch))
                } catch {
                    faults.append(error)
                }
            }
        }
        return (records.filter(\.isApproved), faults)
    }
}
