// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Ristretto255
import SecretSharing
import SystemPackage

/// The custodians who come to an opening, one after the other, until the policy is satisfied.
struct Quorum: ~Copyable {
    private let document: EpochDocument
    private let directory: EscrowDirectory
    private let attendance: any Attendance
    private var collection: ShareCollection<Name>
    /// Those whose shares are bad: they are not asked again.
    private var rejected: [Name] = []

    /// Those whose shares were taken, in order.
    private(set) var accepted: [Name] = []

    init(of document: EpochDocument, in directory: EscrowDirectory, attended attendance: any Attendance) {
        (self.document, self.directory, self.attendance) = (document, directory, attendance)
        collection = ShareCollection(for: document.manifest.sharing)
    }

    var isComplete: Bool { document.manifest.policy.isSatisfied(by: Set(accepted)) }

    /// How many more are needed, and who may come.
    private var needed: (count: Int, candidates: [Name]) {
        let needed = document.manifest.policy.needed(besides: Set(accepted))
        return (needed.count, needed.candidates.filter { !rejected.contains($0) })
    }

    /// Takes shares from the identities given, in their order, and stops at the quorum.
    mutating func take(from identities: [IdentityOnDisk]) {
        for identity in identities where !isComplete {
            let manifest = document.manifest
            if manifest.person(named: identity.name) == nil, manifest.approval.officers.contains(identity.signer) {
                continue  // an officer, who vouches for the manifest
            }
            take(from: identity)
        }
    }

    /// Asks for custodians one by one.
    mutating func ask() throws(EscrowError) {
        while !isComplete {
            let (count, candidates) = needed
            let path = try orThrow(attendance.identity(count, moreOf: candidates), as: EscrowError.absent)
            guard let path else {
                return
            }
            do throws(EscrowError) {
                take(from: try IdentityOnDisk(at: path.string))
            } catch {
                attendance.tell(.failed(EscrowFailure(error)))
            }
        }
    }

    /// Takes shares from what custodians released, in their order, and stops at the quorum.
    ///
    /// - Returns: The releases that were taken.
    mutating func take(from answered: AnsweredRequest) throws(EscrowError) -> [ReleaseBox] {
        guard !answered.releases.isEmpty else {
            return []
        }
        var taken: [ReleaseBox] = []
        // A key that does not open is no fault of a release.
        try answered.key.use(attended: attendance) { _ in }
        for (path, release) in answered.releases where !isComplete {
            let name = release.statement.custodian
            do throws(EscrowError) {
                guard let place = try place(of: name, at: path) else {
                    continue
                }
                let share = try answered.key.use(attended: attendance) { key throws(EscrowError) in
                    try release.open(with: key, for: answered.review.request, in: document, at: path)
                }
                try add(share, of: name, at: place)
                attendance.tell(.accepted(name, isFromAfar: true))
                taken.append(release)
            } catch {
                // It may be another's, or damaged on its way: the next one may be good.
                reject(name, error, isFromAfar: true)
            }
        }
        return taken
    }

    /// The secret.
    ///
    /// - Throws: ``OpeningFault/notEnough(found:needed:candidates:)``, ``OpeningFault/secretDoesNotMatch(path:)``
    consuming func finish() throws(EscrowError) -> Scalar {
        guard isComplete else {
            let (count, candidates) = needed
            throw .opening(.notEnough(found: accepted.count, needed: accepted.count + count, candidates: candidates))
        }
        do {
            return try collection.finish()
        } catch {
            throw .opening(.secretDoesNotMatch(path: document.manifestPath.string))
        }
    }

    /// Opens one custodian's share in the room and takes it; what is wrong is told, and the next one may come.
    private mutating func take(from identity: IdentityOnDisk) {
        do throws(EscrowError) {
            guard let place = try place(of: identity.name, at: identity.path) else {
                return
            }
            let share = try identity.use(attended: attendance) { [document, directory] opened throws(EscrowError) in
                try document.openShare(of: opened, at: identity.path, in: directory)
            }
            try add(share, of: identity.name, at: place)
            attendance.tell(.accepted(identity.name, isFromAfar: false))
        } catch {
            reject(identity.name, error, isFromAfar: false)
        }
    }

    /// Where a share belongs; nothing when it is not needed.
    private func place(of name: Name, at file: String) throws(EscrowError) -> Path? {
        guard let path = document.manifest.policy.path(of: name) else {
            throw .person(.notACustodian(path: file, name))
        }
        guard !accepted.contains(name), collection.needs(path) else {
            attendance.tell(.notNeeded(name))
            return nil
        }
        return path
    }

    private mutating func add(_ share: consuming Scalar, of name: Name, at path: Path) throws(EscrowError) {
        do throws(SecretSharingError) {
            try collection.add(share, at: path)
        } catch {
            throw .share(name, error)
        }
        accepted.append(name)
    }

    private mutating func reject(_ name: Name, _ error: EscrowError, isFromAfar: Bool) {
        let others = needed.candidates.filter { $0 != name }
        let rejection = Rejection(name: name, error: error, others: others, isFromAfar: isFromAfar)
        if rejection.isBadShare, !isFromAfar {
            rejected.append(name)
        }
        attendance.tell(.rejected(rejection))
    }
}

/// A share that was not taken.
package struct Rejection: Sendable {
    package let name: Name
    package let error: EscrowError
    /// Who else may come.
    package let others: [Name]
    package let isFromAfar: Bool

    /// Whether the share itself is bad: whoever brought it is not asked again.
    package var isBadShare: Bool {
        switch error {
        case .box, .share, .opening(.headDigest), .release: true
        default: false
        }
    }
}
