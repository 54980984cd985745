// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import Files
package import KeyStores
package import SystemPackage

extension Notice {
    /// What has come of an act, or of a part of it.
    package indirect enum Outcome: Sendable {
        // What officers do
        /// Nobody enrols themselves.
        case ownCardLeftOut(path: String)
        case signed(FilePath)
        /// A document, or the parcel that it is in, that an officer has signed already.
        case signedAlready(FilePath, Name)

        // What envelopes are printed of
        case isNotInForce(EpochApproval)
        case isSuperseded(EpochDocument, by: EpochDocument)
        /// The card that lies there is not the manifest's.
        case cardIsNotOfManifest(FilePath)

        // What an escrow is opened for
        case answersRequest(RequestReview)
        /// A refusal that stands, and is about to be set aside.
        case stands(RefusalFile)
        case accepted(Name, isFromAfar: Bool)
        case notNeeded(Name)
        case rejected(Rejection)
        case noChallengeIsOpen
        case challengeIsAhead(Filed<Challenge>)
        case answersChallenge(Filed<Challenge>)
        case drilled(Drill.Done)
        case requestKeyErased(String)
        case requestKeyNotErased(FileError)

        // Stores
        /// Nobody gives it to this program.
        case pinIsTypedAtToken(String)
        case restored(Restore.Done)

        // The state of a CA
        /// A file or directory that an interrupted run left half made.
        case leftover(FilePath)
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
