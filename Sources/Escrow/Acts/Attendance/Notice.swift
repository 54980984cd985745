// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
package import Encoding
package import Files
package import KeyStores
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

        // Identities and epochs
        /// Whoever has the identity's file is its owner.
        case isWithoutPassphrase(path: String, Name)
        case isRehearsal(escrow: String)
        /// Somebody acts on a manifest that they have not acted on before, or acknowledges it again.
        case custody(CustodyQuestion)

        // What custodians do
        case acknowledgedAlready(escrow: String, Timestamp)
        case acknowledged(escrow: String, subject: String)
        case asks(escrow: String, Filed<Challenge>, subject: String)
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

        /// An escrow that is about to be made of a parcel, of which nothing is believed yet.
        case makesCopy(EpochApproval, escrow: FilePath, of: FilePath)
        /// A request, whoever reads it.
        case asksOfAll(RequestReview)
        case newCard(escrow: FilePath, Card)
        case rekeyed(Rekey.Made, Name)

        // What officers do
        /// Nobody enrols themselves.
        case ownCardLeftOut(path: String)
        case waits(SignableDocument)
        /// A ceremony's plan that is about to be signed, in words, and what is odd about it.
        case plan(FilePath, [String], odd: [String])
        case signed(FilePath)
        /// A document, or the parcel that it is in, that an officer has signed already.
        case signedAlready(FilePath, Name)
        /// Something that an officer could sign, and why they are not asked.
        case notSigned(EscrowError)
        case endsSuspensions([Suspension])
        case changesOfficers(escrow: FilePath, from: Approval, to: Approval)
        case fork(stays: EpochApproval, doesNotCount: EpochApproval)
        case withdraws(Withdrawal)

        // What envelopes are printed of
        case isNotInForce(EpochApproval)
        case isSuperseded(EpochDocument, by: EpochDocument)
        /// The card that lies there is not the manifest's.
        case cardIsNotOfManifest(FilePath)

        // What an escrow is opened for
        case opens(EpochApproval, escrow: FilePath, now: Timestamp)
        case draftIsNotOpened(EpochApproval)
        case certificateLeftOut(LeftOutCertificate)
        /// An officer has signed whom the file of those who are believed does not have.
        case stranger(Name, signers: String)
        case keyHasEnded(Name, signers: String)
        case nobodyIsReliedOn(reason: String)
        case answersRequest(RequestReview)
        /// A refusal that stands, and is about to be set aside.
        case stands(RefusalFile)
        case releasedBySuspended(FilePath, Suspension)
        case accepted(Name, isFromAfar: Bool)
        case notNeeded(Name)
        case rejected(Rejection)
        case noChallengeIsOpen
        case challengeIsAhead(Filed<Challenge>)
        case answersChallenge(Filed<Challenge>)
        case drilled(Drill.Done)
        case requestKeyErased(String)
        case requestKeyNotErased(FileError)

        // Backups, and certificates that join
        case backup(BackupNotice)

        // Stores
        /// The kind of a store was found by looking.
        case recognised(String)
        /// Nobody gives it to this program.
        case pinIsTypedAtToken(String)
        /// The key goes to Windows, which has no provider for its kind.
        case notTakenByWindows(Certificate)
        case restored(Restore.Done)

        // The state of a CA
        /// A file or directory that an interrupted run left half made.
        case leftover(FilePath)
        case stateCompared(StateComparison, place: FilePath)
        /// The store that is restored into keeps none.
        case stateDoesNotComeBack(StateFigures)
        case stateIsNotCompared(StateError)
        /// The state stays as it is; `hasArchive` says whether the escrow could put one back.
        case stateStays(StateComparison?, hasArchive: Bool)
        case stateIsBack(Restore.State)

        // Files
        /// What came in a parcel lies in this place for now, whose path tells nobody anything.
        case laidOut(String, shown: String)
        /// What does not go into a parcel, and why.
        case leftOut(String)
        case filed(FiledKind, FilePath)
        /// The escrow cannot be written: a document is only in the parcel.
        case onlyInParcel(FilePath, escrow: FilePath)
        /// A parcel is there, now or from an earlier run; nothing else has what is in it when it is a reply, with the command
        /// of whoever gets it.
        case parcel(FilePath, reply: String?, isNew: Bool)

        /// One of several things could not be done; the act goes on with the next.
        case failed(EscrowFailure)
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
package struct Attempts {
    package private(set) var failures: [EscrowFailure] = []
    private let attendance: any Attendance

    package init(attended attendance: any Attendance) {
        self.attendance = attendance
    }

    mutating func attempt(_ body: () throws(EscrowError) -> Void) {
        do {
            try body()
        } catch {
            note(error)
        }
    }

    package mutating func note(_ error: EscrowError) {
        let failure = EscrowFailure(error)
        if !failures.contains(failure) {
            attendance.tell(.failed(failure))
        }
        failures.append(failure)
    }
}
