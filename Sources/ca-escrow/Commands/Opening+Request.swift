// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Custody
import Escrow
import Files
import SystemPackage

// Custodians who are elsewhere: a request, its key, and what they released to it.
extension Opening {
    /// The request that `--request` names, checked, with its key and releases; nothing when all are in the room.
    ///
    /// - Throws: Why it may not be answered, or what of it is not what it should be.
    func answeredRequest(
        in epoch: EpochDocument,
        of directory: EscrowDirectory,
        _ identities: [IdentityOnDisk],
        _ files: PassphraseFiles,
        now: Timestamp
    ) throws -> AnsweredRequest? {
        guard let request else {
            return nil
        }
        guard let key else {
            throw Diagnostic("--request \(request): --key FILE is missing", .usage)
        }
        var review = try epoch.request(request, at: now)
        try review.checkTimeAndApproval(at: now)
        if override.contains("veto"), let reason {
            guard !review.refusals.isEmpty else {
                throw Diagnostic(
                    "--override veto: nobody has refused request \(review.identifier.prefix(8))",
                    .usage
                )
            }
            try overrideRefusals(of: review, in: epoch, because: reason, by: identities, files, now: now)
            review = try epoch.request(request, at: now)
        }
        try review.check(at: now)
        let document = review.request.document
        Output.error("ca-escrow: request \(review.identifier.prefix(8)), until \(document.expires.forPeople)")
        Output.error("ca-escrow:   why \(document.purpose)")
        Output.error("ca-escrow:   where \(document.destination)")
        let keyFile = try IdentityOnDisk(at: key)
        guard keyFile.file.sealingKey == document.restoreKey else {
            throw EscrowError.request(review.identifier, .keyIsAnother(path: key))
        }
        var releases: [(path: String, release: ReleaseBox)] = []
        let suspended = try Evidence(of: epoch, in: directory)
        for path in release {
            do {
                let bytes = try Files.read(FilePath(path), limit: ByteLimit.document)
                let release = try ReleaseBox(canonical: bytes)
                guard !release.statement.created.isLater(than: now) else {
                    throw EscrowError.clockIsWrong(newest: release.statement.created, path: path, now: now)
                }
                if let record = suspended.suspension(of: release.statement.custodian)?.document {
                    Output.warning("\(path): \(record.custodian) is suspended: \(record.because.rawValue)")
                }
                releases.append((path, release))
            } catch {
                // One that cannot be read is named; others may be enough.
                (Diagnostic(error) ?? Diagnostic("\(path): \(error)", .data)).report()
            }
        }
        return AnsweredRequest(review: review, epoch: epoch, key: keyFile, releases: releases)
    }

    /// Files an override of all refusals that stand, signed by the officers who are here.
    ///
    /// - Throws: Status 1 while officers to the threshold have not signed it.
    private func overrideRefusals(
        of review: RequestReview,
        in epoch: EpochDocument,
        because reason: String,
        by identities: [IdentityOnDisk],
        _ files: PassphraseFiles,
        now: Timestamp
    ) throws {
        let standing = review.standingRefusals
        guard !standing.isEmpty else {
            return  // set aside before
        }
        let officers = identities.filter { identity in
            epoch.manifest.approval.officers.contains(Officer(name: identity.name, key: identity.file.signingKey))
        }
        guard let first = officers.first else {
            throw Diagnostic("--override veto: officers override a refusal: -i IDENTITY of an officer", .usage)
        }
        let document = VetoOverride(of: standing, for: review.request, by: first.name, because: reason, at: now)
        var signatures: [(signer: Name, signature: SSHSignature)] = []
        for officer in officers {
            signatures.append(try officer.sign(document.encoded(), .override, files))
        }
        let path = try epoch.file(document, signatures: signatures)
        Output.line("override: \(path)")
        let approval = epoch.manifest.approval
        guard signatures.count < approval.threshold else {
            return
        }
        let missing = approval.officers.map(\.name).filter { name in !signatures.contains { $0.signer == name } }
        Output.next(
            "\(missing.map(\.description).joined(separator: " or ")) must sign it: "
                + "ca-escrow sign \(escrow) -i \(missing[0]).identity; then run this again without --override"
        )
        throw ExitCode(ExitStatus.notYet.rawValue)
    }

    /// The signatures of officers who are here: a record says who took part.
    func signatures<Record: AddedRecord>(
        of record: Record,
        in found: EscrowToOpen
    ) throws -> [(signer: Name, signature: SSHSignature)] {
        let approval = found.document.manifest.approval
        let officers = found.identities.filter { identity in
            approval.officers.contains(Officer(name: identity.name, key: identity.file.signingKey))
        }
        return try officers.map { try $0.sign(record.encoded(), Record.format, found.files) }
    }
}

/// A request whose releases are here.
struct AnsweredRequest {
    let review: RequestReview
    let epoch: EpochDocument
    let key: IdentityOnDisk
    let releases: [(path: String, release: ReleaseBox)]

    /// What the record keeps when somebody had refused.
    var veto: RestoreRecord.Override? {
        guard !review.refusals.isEmpty, let first = review.overrides.first?.document.reason else {
            return nil
        }
        let all = review.overrides.map(\.document.reason).joined(separator: "; ")
        let reason = TextRule.allows(all) ? all : first
        return RestoreRecord.Override(code: .veto, reason: reason)
    }

    /// Opens releases until the quorum is complete, and files their statements: also when the restore stops later.
    func collect(into quorum: Quorum, _ files: PassphraseFiles, isFiling: Bool) throws {
        guard !releases.isEmpty else {
            return
        }
        let identity = try key.open(files)
        quorum.collect(releases) { release, path in
            try release.open(with: identity, for: review.request, in: epoch, at: path)
        }
        for release in quorum.released where isFiling {
            do throws(EscrowError) {
                Output.line("statement: \(try SignedDocument(statementOf: release, in: epoch).file())")
            } catch {
                Output.warning("\(error): the statement of \(release.statement.custodian) is only in the release")
            }
        }
    }

    /// Erases the key: the releases open nothing any more.
    func finish() {
        do throws(FileError) {
            try Files.erase(FilePath(key.path))
            Output.line("erased: \(key.path)")
        } catch {
            Output.warning("\(error): the request's key is still there: destroy it")
        }
        Output.next("destroy the release files, and every copy of the request's key")
    }
}
