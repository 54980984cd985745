// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage

extension ActingOfficer {
    /// What waits for this officer in an escrow, or under the path of one document in it.
    ///
    /// - Throws: ``PersonFault/notAnOfficer(path:_:)`` for an escrow in which they may sign nothing, and why one document is
    ///   not signed.
    func documents(
        in named: NamedEscrow,
        now: Timestamp,
        attended attendance: any Attendance
    ) throws(EscrowError) -> [Sign.Waiting] {
        let isEscrow = EscrowDirectory.isEscrow(named.place)
        let found =
            isEscrow
            ? try waiting(in: named, now: now, attended: attendance) : [try document(at: named.place, now: now)]
        return found.map { Sign.Waiting(document: $0, escrow: named) }
    }

    private func waiting(
        in escrow: NamedEscrow,
        now: Timestamp,
        attended attendance: any Attendance
    ) throws(EscrowError) -> [SignableDocument] {
        let key = officer.file.signingKey
        let mine = try all(in: escrow, now: now).filter { document in document.signers.contains { $0.key == key } }
        guard !mine.isEmpty else {
            throw .person(.notAnOfficer(path: officer.path, officer.name))
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
        guard try orThrow(Files.kind(of: path)) != nil else {
            throw .file(.system(path: path.string, .noSuchFileOrDirectory))
        }
        let place: FilePath = escrow.isEmpty ? "." : escrow
        let all = EscrowDirectory.isEscrow(place) ? try all(in: NamedEscrow(at: place), now: now) : []
        guard let document = all.first(where: { Self.isSame($0.path, path) }) else {
            let error = EscrowError.trust(.nothingToSign(path: path.string))
            let isInEscrow = (try? EscrowDirectory.refuseInside(path, as: path.string)) == nil
            throw isInEscrow && RecognisedFile(at: path) != .epoch
                ? error : RecognisedFile.signable.explaining(error, at: path)
        }
        guard document.signers.contains(where: { $0.key == key }) else {
            throw .person(.notAnOfficer(path: officer.path, officer.name))
        }
        guard !document.signed.contains(where: { $0.key == key }) else {
            throw .trust(.signedAlready(path: path.string, officer.name))
        }
        if let fault = document.notAsked(of: key) {
            throw fault
        }
        guard document.awaits(key, at: now) else {
            throw .trust(.nothingToSign(path: path.string))
        }
        return document
    }

    /// What could be signed in an escrow that is no older than what the officer remembers.
    private func all(in escrow: NamedEscrow, now: Timestamp) throws(EscrowError) -> [SignableDocument] {
        let directory = try escrow.directory()
        let chain = chain(of: directory)
        let all = try SignableDocument.all(in: chain, at: now)
        do throws(EscrowError) {
            try check(chain, in: directory)
            return all
        } catch {
            // A parcel that was made before the officer's signature was filed: the same manifest is signed again, no other.
            let again = all.filter { document in document.format == .manifest && hasSeen(document.digest, in: chain) }
            guard escrow.isLaidOut, !again.isEmpty else {
                throw error
            }
            return again
        }
    }

    /// Whether two paths lead to one file.
    private static func isSame(_ left: FilePath, _ right: FilePath) -> Bool {
        guard let left = try? Files.resolved(left), let right = try? Files.resolved(right) else {
            return false
        }
        return left == right
    }
}
