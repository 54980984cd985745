// SPDX-License-Identifier: Apache-2.0

import Custody
import Files
import SystemPackage

extension ActingOfficer {
    /// What waits for this officer under a path: an escrow, or one document in it.
    ///
    /// - Throws: ``EscrowError/notAnOfficer(path:_:)`` for an escrow in which they may sign nothing, and why one document is
    ///   not signed.
    func documents(
        at path: FilePath,
        now: Timestamp,
        attended attendance: any Attendance
    ) throws(EscrowError) -> [SignableDocument] {
        if EscrowDirectory.isEscrow(path) {
            return try waiting(in: path, now: now, attended: attendance)
        }
        return [try document(at: path, now: now)]
    }

    private func waiting(
        in escrow: FilePath,
        now: Timestamp,
        attended attendance: any Attendance
    ) throws(EscrowError) -> [SignableDocument] {
        let key = officer.file.signingKey
        let mine = try all(in: escrow, now: now).filter { document in document.signers.contains { $0.key == key } }
        guard !mine.isEmpty else {
            throw .notAnOfficer(path: officer.path, officer.name)
        }
        let waiting = mine.filter { $0.awaits(key, at: now) }
        for refused in mine where !waiting.contains(where: { $0.path == refused.path }) {
            if let fault = refused.notAsked(of: key), !refused.signed.contains(where: { $0.key == key }) {
                attendance.tell(.notSigned(fault))
            }
        }
        return waiting
    }

    /// EPOCH/manifest.json, EPOCH/records/FILE.json or EPOCH/requests/FILE.json.
    private func document(at path: FilePath, now: Timestamp) throws(EscrowError) -> SignableDocument {
        let key = officer.file.signingKey
        let epoch = path.removingLastComponent()
        let isInside = [Record.directoryName, Request.directoryName].contains(epoch.lastComponent?.string)
        let escrow = (isInside ? epoch.removingLastComponent() : epoch).removingLastComponent()
        guard try orThrow({ () throws(FileError) in try Files.kind(of: path) }) != nil else {
            throw .file(.system(path: path.string, .noSuchFileOrDirectory))
        }
        let place: FilePath = escrow.isEmpty ? "." : escrow
        let all = EscrowDirectory.isEscrow(place) ? try all(in: place, now: now) : []
        guard let document = all.first(where: { Self.isSame($0.path, path) }) else {
            throw .nothingToSign(path: path.string)
        }
        guard document.signers.contains(where: { $0.key == key }) else {
            throw .notAnOfficer(path: officer.path, officer.name)
        }
        if let fault = document.notAsked(of: key) {
            throw fault
        }
        guard document.awaits(key, at: now) else {
            throw .signedAlready(path: path.string, officer.name)
        }
        return document
    }

    /// What could be signed in an escrow that is no older than what the officer remembers.
    private func all(in escrow: FilePath, now: Timestamp) throws(EscrowError) -> [SignableDocument] {
        let directory = try EscrowDirectory(at: escrow)
        let chain = chain(of: directory)
        try check(chain, in: directory)
        return try SignableDocument.all(in: chain, at: now)
    }

    /// Whether two paths lead to one file.
    private static func isSame(_ left: FilePath, _ right: FilePath) -> Bool {
        guard let left = try? Files.resolved(left), let right = try? Files.resolved(right) else {
            return false
        }
        return left == right
    }
}
