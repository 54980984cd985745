// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
package import SystemPackage

/// A custodian answers auditors' challenges: proves that they know their share, without showing it.
///
/// docs/format.md, sections 4.14 and 4.15. A challenge that is dated ahead, as an auditor's clock may be, stops no other.
public struct Prove {
    private let escrows: [FilePath]
    private let identity: IdentityOnDisk
    private let challenge: String?
    private let given: [String]
    private let parcel: FilePath?
    private let now: Timestamp

    /// - Parameters:
    ///   - escrows: Directories, or parcels of escrows.
    ///   - challenge: The first digits of one challenge's ID; all that are open when not given.
    ///   - given: Digests of manifests as they were said beforehand.
    ///   - parcel: Where all that was signed goes as one file; a free name when it goes nowhere else.
    package init(
        _ escrows: [FilePath],
        by identity: IdentityOnDisk,
        challenge: String?,
        given: [String],
        parcel: FilePath?,
        now: Timestamp
    ) {
        (self.escrows, self.identity, self.challenge) = (escrows, identity, challenge)
        (self.given, self.parcel, self.now) = (given, parcel, now)
    }

    /// What came of it.
    package struct Outcome {
        /// Whether any challenge was there to be answered.
        package let isAnything: Bool
        /// Why some were not, as it was told.
        package let failures: [EscrowFailure]
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) -> Outcome {
        let custodian = try ActingCustodian(identity, attended: attendance)
        var outbox = try Outbox(of: identity.name, to: parcel, isRepeatable: true, attended: attendance)
        var isAnything = false
        let attempts = Attempts(attended: attendance)
        for escrow in try NamedEscrow.all(at: escrows, attended: attendance) {
            let compared = try custodian.compared(in: escrow.directory(), given: given, now: now)
            for challenge in try compared.epoch.challenges(challenge, at: now) {
                isAnything = true
                attempts.attempt { () throws(EscrowError) in
                    try compared.prove(challenge, into: &outbox, attended: attendance)
                }
            }
        }
        if isAnything {
            try outbox.finish(about: "proofs of \(identity.name)")
        }
        return Outcome(isAnything: isAnything, failures: attempts.failures)
    }
}

extension Acknowledge.Compared {
    /// Answers a challenge, unless it is answered already.
    ///
    /// - Parameter isAsking: Whether the custodian agrees first.
    func prove(
        _ challenge: Filed<Challenge>,
        asking isAsking: Bool = false,
        into outbox: inout Outbox,
        attended attendance: any Attendance
    ) throws(EscrowError) {
        let given = try Evidence(of: epoch, in: directory, at: now).proofs.proofs
            .first { $0.proof.document.custodian == custodian.name && $0.challenge.digest == challenge.digest }
        if let given {
            attendance.tell(.provenAlready(escrow: directory.shown, challenge: challenge.identifier))
            try outbox.sendAgain(given.proof.identifier, in: epoch, of: directory)
            return
        }
        try challenge.checkNotExpired(at: now)
        attendance.tell(.asks(escrow: directory.shown, challenge, subject: "\(epoch.manifest.certificate.subject)"))
        try ClockRule.check(challenge.document.created, of: challenge.path.string, at: now)
        if isAsking {
            try attendance.confirm(.prove(escrow: directory.name))
        }
        // The auditor's clock may be ahead by a little, and a proof is never older than its challenge.
        let time = max(ClockRule.date(about: epoch.manifest, at: now), challenge.document.created)
        let proof = try custodian.identity.use(attended: attendance) { identity throws(EscrowError) in
            try epoch.prove(challenge, by: identity, at: custodian.identity.path, in: directory, now: time)
        }
        try custodian.remember(epoch, in: directory)
        let subject = "\(epoch.manifest.certificate.subject)"
        try outbox.send(
            proof,
            in: epoch,
            of: directory,
            as: .proof,
            answering: challenge.identifier,
            telling: .custodian(.proven(escrow: directory.shown, subject: subject))
        )
    }
}

extension Filed<Challenge> {
    /// - Throws: ``TrustFault/challengeExpired(_:_:now:)``
    package func checkNotExpired(at now: Timestamp) throws(EscrowError) {
        guard now <= document.expires else {
            throw .trust(.challengeExpired(identifier, document.expires, now: now))
        }
    }
}
