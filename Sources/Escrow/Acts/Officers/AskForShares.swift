// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Files
import SecretMemory
package import SystemPackage

/// An officer asks custodians who are elsewhere to release their shares to this machine: a request, and a key of its own.
///
/// docs/format.md, section 4.16.
package struct AskForShares {
    private let escrow: FilePath
    private let words: Request.Words
    private let start: Timestamp
    private let seconds: Int
    private let officer: IdentityOnDisk
    private let isRehearsing: Bool
    private let now: Timestamp

    /// The name in the key's file.
    package static let keyName = "request"

    /// - Parameters:
    ///   - start: When custodians may answer.
    ///   - seconds: How long they may.
    package init(
        of escrow: FilePath,
        _ words: Request.Words,
        from start: Timestamp,
        seconds: Int,
        by officer: IdentityOnDisk,
        isRehearsing: Bool,
        now: Timestamp
    ) {
        (self.escrow, self.words, self.start, self.seconds) = (escrow, words, max(start, now), seconds)
        (self.officer, self.isRehearsing, self.now) = (officer, isRehearsing, now)
    }

    /// A request that waits for officers.
    package struct Made: Sendable {
        package let request: FilePath
        package let digest: SHA256Digest
        package let approval: Approval
    }

    /// An epoch whose shares this officer may ask for; nothing was asked or written yet.
    package struct Ready {
        fileprivate let act: AskForShares
        fileprivate let epoch: EpochDocument
    }

    package func ready() throws(EscrowError) -> Ready {
        try TextRule.check(words.purpose, field: "purpose", of: escrow.string)
        try TextRule.check(words.destination, field: "destination", of: escrow.string)
        try TextRule.check(words.machine, field: "machine", of: escrow.string)
        let epoch = try ActingOfficer(officer).inForce(in: EscrowDirectory(at: escrow)).document
        try Rehearsal.check(epoch.manifest, isRehearsing: isRehearsing, at: escrow.string)
        guard !epoch.manifest.isRetired else {
            throw .trust(.retired(path: escrow.string))
        }
        try officer.checkMaySign(epoch.manifest.approval)
        try ClockRule.check(epoch, at: now)
        return Ready(act: self, epoch: epoch)
    }

    fileprivate func document(of epoch: EpochDocument, to key: [UInt8]) -> Request {
        let date = ClockRule.date(about: epoch.manifest, at: now)
        return Request(
            by: officer.name,
            of: epoch,
            for: words,
            to: key,
            at: date,
            from: max(start, date),
            until: start.adding(seconds: seconds)
        )
    }
}

extension AskForShares.Ready {
    /// - Parameter keyPath: A new file for the request's private key, outside of every escrow.
    package func made(keyAt keyPath: FilePath, attended attendance: any Attendance) throws(EscrowError)
        -> AskForShares.Made
    {
        try orThrow(Files.requireNothing(at: keyPath))
        try EscrowDirectory.refuseInside(keyPath, as: keyPath.string)
        // Before the key's own passphrase is thought of.
        try act.officer.use(attended: attendance) { _ in }
        let keyFile = try newKey(attended: attendance)
        let request = try act.document(of: epoch, to: keyFile.sealingKey).checkedAsRead(in: epoch)
        try orThrow(Files.create(keyPath, keyFile.encoded(), permissions: [.ownerReadWrite]))
        let path: FilePath
        do throws(EscrowError) {
            let signature = try act.officer.sign(request.encoded(), .request, attended: attendance)
            path = try epoch.file(request, signatures: [signature])
        } catch {
            Files.withdraw(keyPath)
            throw error
        }
        let digest = SHA256Digest(of: request.encoded())
        return AskForShares.Made(request: path, digest: digest, approval: epoch.manifest.approval)
    }

    private func newKey(attended attendance: any Attendance) throws(EscrowError) -> IdentityFile {
        let passphrase: SecretBytes? = try attendance.newPassphrase(.newRequestKey)
        do {
            attendance.tell(.begun(.makingRequestKey))
            defer { attendance.tell(.ended) }
            return try Identity(generatingFor: Name(AskForShares.keyName)).sealed(passphrase: passphrase)
        } catch {
            throw .person(.identityNotMade("\(error)"))
        }
    }
}

extension AddedDocument {
    /// Holds a document against what its readers ask, before it is signed.
    ///
    /// - Throws: ``EscrowError/document(path:_:)``
    func checkedAsRead(in epoch: EpochDocument) throws(EscrowError) -> Self {
        let bytes = encoded()
        do {
            try Self(canonical: bytes).check(in: epoch)
        } catch {
            let path = epoch.path.appending(Self.directoryName).appending(fileName(of: bytes))
            throw .document(path: path.string, error)
        }
        return self
    }
}
