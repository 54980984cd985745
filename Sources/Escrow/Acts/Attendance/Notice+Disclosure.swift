// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
package import Encoding
package import KeyStores
package import SystemPackage

extension Notice {
    /// What must be known before somebody agrees, and what they should know of how far it is believed.
    package indirect enum Disclosure: Sendable {
        // Identities and epochs
        /// Whoever has the identity's file is its owner.
        case isWithoutPassphrase(path: String, Name)
        case isRehearsal(escrow: String)
        /// Somebody acts on a manifest that they have not acted on before, or acknowledges it again.
        case custody(CustodyQuestion)

        // What custodians do
        case asks(escrow: String, Filed<Challenge>, subject: String)
        /// An escrow that is about to be made of a parcel, of which nothing is believed yet.
        case makesCopy(EpochApproval, escrow: FilePath, of: FilePath)
        /// A request, whoever reads it.
        case asksOfAll(RequestReview)
        case newCard(escrow: FilePath, Card)

        // What officers do
        case waits(SignableDocument)
        /// A ceremony's plan that is about to be signed, in words, and what is odd about it.
        case plan(FilePath, [String], odd: [String])
        /// Something that an officer could sign, and why they are not asked.
        case notSigned(EscrowError)
        case endsSuspensions([Suspension])
        case changesOfficers(escrow: FilePath, from: Approval, to: Approval)
        case fork(stays: EpochApproval, doesNotCount: EpochApproval)
        case withdraws(Withdrawal)

        // What an escrow is opened for
        case opens(EpochApproval, escrow: FilePath, now: Timestamp)
        case draftIsNotOpened(EpochApproval)
        case certificateLeftOut(LeftOutCertificate)
        /// An officer has signed whom the file of those who are believed does not have.
        case stranger(Name, signers: String)
        case keyHasEnded(Name, signers: String)
        case nobodyIsReliedOn(reason: String)
        case releasedBySuspended(FilePath, Suspension)

        // Stores
        /// The kind of a store was found by looking.
        case recognised(String)
        /// The key goes to Windows, which has no provider for its kind.
        case notTakenByWindows(Certificate)

        // The state of a CA
        case stateCompared(StateComparison, place: FilePath)
        /// The store that is restored into keeps none.
        case stateDoesNotComeBack(StateFigures)
        case stateIsNotCompared(StateError)
    }
}
