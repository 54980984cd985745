// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

/// What has happened in the course of an act, or is known before somebody agrees to it: facts, without words.
public struct Notice: Sendable {
    package let fact: Fact

    package init(_ fact: Fact) {
        self.fact = fact
    }

    /// Everything that is told.
    package indirect enum Fact: Sendable {
        case begun(LongWork)
        case ended
        case disclosed(Disclosure)
        case custodian(CustodianNotice)
        case done(Outcome)
        /// Of backups, and of certificates that join.
        case backup(BackupNotice)
    }
}

/// Why a certificate that joined does not come back.
package enum LeftOutCertificate: Sendable {
    case unread(EscrowError)
    case datedAhead(FilePath, Timestamp)
    case signedByStrangers(count: Int)
}

/// What was filed in an escrow.
package enum FiledKind: Equatable, Sendable {
    case receipt, proof, refusal, statement, override
    case challenge(String)
}

/// Several things that are asked at once, each dealt with on its own: what cannot be done is told, once, and keeps nothing
/// else from being done.
package final class Attempts {
    package private(set) var failures: [EscrowFailure] = []
    private let attendance: any Attendance

    package init(attended attendance: any Attendance) {
        self.attendance = attendance
    }

    func attempt(_ body: () throws(EscrowError) -> Void) {
        do {
            try body()
        } catch {
            note(error)
        }
    }

    package func note(_ error: EscrowError) {
        let failure = EscrowFailure(error)
        if !failures.contains(failure) {
            attendance.tell(.failed(failure))
        }
        failures.append(failure)
    }
}

/// What custodians are asked, and what has come of it.
package indirect enum CustodianNotice: Sendable {
    case acknowledgedAlready(escrow: String, Timestamp)
    case acknowledged(escrow: String, subject: String)
    case provenAlready(escrow: String, challenge: String)
    case proven(escrow: String, subject: String)
    case asksToRelease(ReleaseQuestion)
    case released(FilePath, to: Name)
    /// The statement could not be filed: the release carries it.
    case statementOnlyInRelease(EscrowError, of: Name)
    case asksToEnrol(AskedEnrolment, Name)
    case enrolmentAnswered(SHA256Digest)
    case refused(escrow: String, request: String, Name, isNew: Bool = true)
    /// A share that was opened and checked; the epoch may be a draft, or one that its custodian has not acknowledged.
    case checked(CheckedShare)
    case rekeyed(Rekey.Made, Name)
}
