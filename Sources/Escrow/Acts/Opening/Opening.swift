// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
import Custody
package import Encoding
import Files
package import SystemPackage

/// What a restore and a drill have in common: which escrow is opened, whom one believes, and whose shares open it.
///
/// The stages are types: ``Found`` has been read, ``Trusted`` is vouched for, ``Opened`` holds the key. Only ``Trusted``
/// asks for shares: docs/format.md, sections 5.3 and 5.9.
package struct Opening {
    package let escrow: FilePath
    package let now: Timestamp
    /// Whom one knows, from outside the escrow.
    package var anchor: Anchor?
    /// The certificate that is wanted, as somebody outside the escrow says it; asked for when not given.
    package var certificate = WantedCertificate.asked
    /// Who is here: officers who vouch for the manifest, and custodians.
    package var identities: [IdentityOnDisk] = []
    /// Why to go on although nobody vouches for the manifest.
    package var unverified: String?
    package var request: AnsweringRequest?
    /// Rules that are set aside, and why.
    package var overrides: (codes: [RestoreRecord.Override.Code], reason: String) = ([], "")
    /// Where the PKCS#12 file lies, when it is not beside the escrow.
    package var pkcs12: FilePath?
    /// An epoch other than the one in force.
    package var epoch: EpochSelector?
    package var isRehearsing = false
    /// Where the record goes, when not into the escrow.
    package var records: FilePath?

    package init(_ escrow: FilePath, now: Timestamp) {
        (self.escrow, self.now) = (escrow, now)
    }

    /// How somebody says which certificate they want back.
    package enum WantedCertificate {
        case file(Certificate, path: String)
        /// Its SHA-256 as it was typed, in any form.
        case digest(String)
        case asked
    }

    /// A request that custodians answered from afar.
    package struct AnsweringRequest {
        /// The first digits of its ID.
        package let identifier: String
        /// Its private key, erased afterwards.
        package let key: IdentityOnDisk
        /// What custodians released.
        package let releases: [FilePath]

        package init(_ identifier: String, key: IdentityOnDisk, releases: [FilePath]) {
            (self.identifier, self.key, self.releases) = (identifier, key, releases)
        }
    }

    /// Read, and for the certificate that is wanted; nobody vouches for it yet.
    package struct Found {
        let act: Opening
        package let directory: EscrowDirectory
        let chain: EpochChain
        package let approval: EpochApproval
        package let now: Timestamp
        /// Where the record goes.
        let records: FilePath
        /// The PKCS#12 file.
        let pkcs12: (bytes: [UInt8], path: FilePath)
        /// Certificates that joined and count.
        package let added: [Certificate]
        /// Rules that are set aside.
        let overrides: [RestoreRecord.Override]

        package var document: EpochDocument { approval.document }
        /// Every certificate that comes back, newest first.
        package var certificates: [Certificate] { (document.manifest.certificates + added).newestFirst() }
    }

    /// Vouched for, or believed for a reason that the record keeps.
    package struct Trusted {
        let found: Found
        let answered: AnsweredRequest?
        /// All that the record keeps.
        let overrides: [RestoreRecord.Override]
    }
}

extension Opening {
    /// Reads all that is needed besides shares, tells what it is, and holds it against the certificate that is wanted.
    package func found(attended attendance: any Attendance) throws(EscrowError) -> Found {
        // The record says them, and is made when the key is back.
        try TextRule.check(unverified, field: "unverified", of: escrow.string)
        try TextRule.check(overrides.codes.isEmpty ? nil : overrides.reason, field: "override", of: escrow.string)
        let directory = try EscrowDirectory(at: escrow)
        // Where approved epochs exclude one another, whom one knows says which is meant.
        let chain = directory.chain(outweighingVoids: true) { approval in
            guard let anchor else {
                return identities.contains { ManifestTrust.own($0.file.signingKey, in: approval) != nil }
            }
            return (try? anchor.check(approval, at: escrow.string, now: self.now)) != nil
        }
        let approval = try chain.approval(selected: epoch)
        let document = approval.document
        try Rehearsal.check(document.manifest, isRehearsing: isRehearsing, at: escrow.string)
        let now = ClockRule.date(about: document.manifest, at: now)
        let records = try recordDirectory(of: document)
        let path = try document.pkcs12Path(given: pkcs12, escrow: directory.path)
        guard try orThrow(Files.kind(of: path)) != nil else {
            throw .opening(.noPKCS12(path: path.string))
        }
        let bytes = try document.pkcs12(given: pkcs12, escrow: directory.path)
        attendance.tell(.opens(approval, escrow: escrow, now: now))
        if epoch == nil {
            for draft in chain.drafts where draft.document.manifest.epoch > document.manifest.epoch {
                attendance.tell(.draftIsNotOpened(draft))
            }
        }
        let overrides = try overrides(of: approval, in: chain, now: now)
        let added = try added(to: document, in: directory, now: now, attended: attendance)
        try document.check(try wantedCertificate(attended: attendance), added: added, escrow: escrow.string)
        return Found(
            act: self,
            directory: directory,
            chain: chain,
            approval: approval,
            now: now,
            records: records,
            pkcs12: (bytes, path),
            added: added,
            overrides: overrides
        )
    }

    /// Where the record goes: found out before anybody is asked for a share.
    ///
    /// - Throws: ``DirectoryFault/nowhereToWriteTheRecord(path:)``, ``DirectoryFault/notADirectory(path:)``,
    ///   ``EscrowError/file(_:)``
    private func recordDirectory(of document: EpochDocument) throws(EscrowError) -> FilePath {
        if let records {
            guard try orThrow(Files.kind(of: records)) == .directory else {
                throw .directory(.notADirectory(path: records.string))
            }
            try orThrow(Files.probe(records, byteCount: Self.recordByteCount))
            return records
        }
        let records = document.path.appending(Record.directoryName)
        let kind = try orThrow(Files.kind(of: records))
        guard kind == nil || kind == .directory else {
            throw .directory(.nowhereToWriteTheRecord(path: escrow.string))
        }
        do throws(FileError) {
            try Files.probe(kind == nil ? document.path : records, byteCount: Self.recordByteCount)
        } catch {
            // A full disk is another matter, and says so itself.
            if case .cannotCreate(_, let errno) = error, errno != .noSpace {
                throw .directory(.nowhereToWriteTheRecord(path: escrow.string))
            }
            throw .file(error)
        }
        return records
    }

    private func wantedCertificate(attended attendance: any Attendance) throws(EscrowError) -> CertificateTrust {
        var typed: String?
        switch certificate {
        case .file(let certificate, let path): return .file(certificate, path: path)
        case .digest(let text): typed = text
        case .asked: typed = try orThrow(attendance.text(.certificateDigest), as: EscrowError.absent)
        }
        let digits = (typed ?? "").lowercasedASCII.replacing(bytesOf: ":", with: "").replacing(bytesOf: " ", with: "")
        guard let digest = SHA256Digest(hex: digits) else {
            throw .trust(.notACertificateDigest)
        }
        return .digest(digest)
    }

    /// Certificates that joined the epoch's set, and count for whoever brings an anchor.
    ///
    /// On the day of a restore, records that cannot be read are no reason to stop.
    private func added(
        to document: EpochDocument,
        in directory: EscrowDirectory,
        now: Timestamp,
        attended attendance: any Attendance
    ) throws(EscrowError) -> [Certificate] {
        let approved: [Filed<AddedCertificate>]
        do throws(EscrowError) {
            let (found, faults) = try document.approvedCertificates(in: directory)
            faults.forEach { attendance.tell(.certificateLeftOut(.unread($0))) }
            approved = found
        } catch {
            attendance.tell(.certificateLeftOut(.unread(error)))
            return []
        }
        for late in approved where ClockRule.isAhead(late.document.created, of: now) {
            attendance.tell(.certificateLeftOut(.datedAhead(late.path, late.document.created)))
        }
        let dated = approved.filter { !ClockRule.isAhead($0.document.created, of: now) }
        let added = dated.filter { $0.counts(for: anchor, at: self.now) }.map(\.document.certificate)
        if added.count < dated.count {
            attendance.tell(.certificateLeftOut(.signedByStrangers(count: dated.count - added.count)))
        }
        return added
    }

    /// Rules that are set aside; one that stands in the way and is not named is an error.
    private func overrides(
        of approval: EpochApproval,
        in chain: EpochChain,
        now: Timestamp
    ) throws(EscrowError) -> [RestoreRecord.Override] {
        let manifest = approval.document.manifest
        var needed: [(code: RestoreRecord.Override.Code, error: EscrowError)] = []
        if ClockRule.isAhead(manifest.created, of: now) {
            let path = approval.document.manifestPath.string
            needed.append((.clock, .trust(.clockIsWrong(newest: manifest.created, path: path, now: now))))
        }
        let newest = chain.epochs.last?.document
        if manifest.isRetired || newest?.manifest.isRetired == true {
            needed.append((.retired, .trust(.retired(path: escrow.string))))
        }
        if epoch != nil, let newest, newest.digest != approval.document.digest, newest.manifest.epoch > manifest.epoch {
            needed.append(
                (.superseded, .trust(.superseded(path: approval.document.path.string, by: newest.manifest.epoch)))
            )
        }
        // A veto is the request's, and is looked at there.
        let codes = needed.map(\.code) + [.veto]
        if let idle = overrides.codes.first(where: { !codes.contains($0) }) {
            throw .trust(.nothingToOverride(idle))
        }
        if let (code, error) = needed.first(where: { !overrides.codes.contains($0.code) }) {
            throw .trust(.needsOverride(code, error))
        }
        return needed.map { RestoreRecord.Override(code: $0.code, reason: overrides.reason) }
    }

    /// More than a record takes.
    private static let recordByteCount = 64 << 10
}
