// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
package import KeyStores
package import SystemPackage

/// What is found, and what happens, while a CA's keys or certificates are added to an escrow: facts, without words.
package indirect enum BackupNotice: Sendable {
    /// Nothing is at stake yet: what would be dealt is refused.
    case nobodyVouches(escrow: FilePath)

    // What lies beside the escrow, and in the store
    /// A PKCS#12 file or an archive of a state that has this escrow's name, and that no epoch names.
    case isNamedByNoEpoch(FilePath)
    /// The key of an SSH authority, which has no certificate.
    case keyIsNotEscrowed(String)
    case contentIsNotEscrowed(UnescrowedContent, of: String)
    /// An RSA key with which an audit finds fault.
    case keyIsShort(Certificate, bitCount: Int)
    /// A CA was made for this rehearsal.
    case testCAMade(Certificate)
    /// - Parameter isKnown: Whether the epoch before lacks the same, so that nobody is asked.
    case leavesOut(LeftOutGenerations, of: String, isKnown: Bool)

    // What is about to be made
    /// Somebody whose card is new has not shown that they can unseal; an answer that does not count says why.
    case hasNotEnrolled(Name, path: String, EscrowError?)
    case makesEpoch(EscrowPlan, Occasion, Certificate, keyCount: Int, after: Manifest?)
    /// Those whose cards were given, and who neither restore nor approve.
    case passesOver([(name: Name, path: String)])
    /// The CA's state is archived since the epoch before has it.
    case stateGoesAlong(Manifest)
    /// The epoch before has an archive of the CA's state, and this one has none.
    case stateIsLeftOut(Manifest)
    /// The store does not hold the keys of so many certificates of the epoch before.
    case keysAreOnlyInEpoch(Manifest, count: Int, store: String)
    /// Beside the epoch in force, which holds everything.
    case draftWaits(EpochApproval)
    /// An epoch is there, and how it stands.
    case made(Backup.Made, EpochApproval?)

    // The state of the CA
    /// It is only whole while the CA's software stands still.
    case stateNeedsStandstill(StateLayout)
    case settingsAreNotArchived(FilePath)
    case isNotArchived([StateCapture.LeftOut])
    /// A part of it cannot be read.
    case stateIsPartlyRecorded(StateError)
    case stateIsNotRecorded(StateError)

    // Certificates
    /// - Parameter path: Its file, when it was given as one.
    case hasExpired(Certificate, path: String?)
    /// Why the signature on a certificate is not checked.
    case signatureIsNotChecked(String, path: String)
    /// Certificates of escrowed keys, before they join an epoch.
    case joins([Certificate], epoch: Int)
    case joined(Certificate, escrow: FilePath, record: FilePath)
}
