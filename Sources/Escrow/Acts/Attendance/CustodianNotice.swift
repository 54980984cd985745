// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

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
