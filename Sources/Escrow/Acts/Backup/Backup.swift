// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Encoding
import Files
package import KeyStores
package import SystemPackage

/// Escrows a CA's keys: a first time, and again after every renewal of its certificate.
///
/// For a first escrow the stages are `First`, `First/Planned` and `First/Exported`: whoever gets shares is known
/// before the store is opened. For one that is there they are `Again` and `Again/Exported`: what the store holds is
/// compared with it, and says whether there is something to do. docs/format.md, sections 5.2 and 5.7.
public struct Backup {
    let escrow: FilePath
    let source: Source
    let now: Timestamp
    /// Whoever signs what is made; without one it waits for all officers.
    package var officer: IdentityOnDisk?
    /// Whom one knows, from outside the escrow.
    package var anchor: Anchor?
    package var wishes = Wishes()
    /// Why a new epoch is made although the certificate is escrowed; the other occasions follow from the store.
    package var occasion: Occasion?
    /// Whether somebody says that it is a rehearsal.
    package var isRehearsing: Bool
    /// Whether the CA's state is archived, too; once it was, later epochs archive it as well.
    package var isWithState = false
    /// Whether it is not, although the epoch before has it.
    package var isWithoutState = false
    /// Whether those who are there have agreed to what is made, as it was shown to them.
    package var isAgreed = false

    /// Occasions that somebody may give.
    package static let givenOccasions: [Occasion] = [.scheduled, .custodianChange, .afterRestore]

    /// Where the keys are from.
    package enum Source {
        /// - Parameter name: The store as somebody named it.
        case store(KeyStore, named: String)
        /// A CA that is made for one rehearsal, and thrown away.
        case testCA
    }

    /// What somebody wants of a new epoch; in an escrow that is there, all else stays as it is.
    package struct Wishes: Sendable {
        package var policy: PolicyText?
        package var officers: PolicyText?
        package var people: PeopleGiven?
        package var title: String?
        /// Of the PKCS#12 file's key derivation.
        package var iterationCount: Int?
        /// Where the PKCS#12 file goes: a file, or a directory.
        package var pkcs12: FilePath?

        package init() {}

        /// Those that somebody has.
        var given: [BackupWish] {
            let all: [(wish: BackupWish, value: Any?)] = [
                (.policy, policy), (.officers, officers), (.people, people), (.title, title),
                (.iterationCount, iterationCount), (.pkcs12, pkcs12),
            ]
            return all.filter { $0.value != nil }.map(\.wish)
        }
    }

    package init(of source: Source, in escrow: FilePath, now: Timestamp) {
        (self.source, self.escrow, self.now) = (source, escrow, now)
        isRehearsing = if case .testCA = source { true } else { false }
    }

    /// How it ended.
    package enum Done: Sendable {
        /// The epoch holds all that the store holds, whose newest certificate is this one.
        case nothing(Manifest, Certificate)
        /// A draft that suffices, which officers have still to sign.
        case draftWaits(EpochApproval, Certificate)
        /// The renewed certificate was added before, and officers have still to sign it.
        case certificateWaits(Filed<AddedCertificate>)
        case certificatesAdded(CertificateAddition.Done)
        /// A new epoch, and how it stands.
        case made(Made, EpochApproval?)
    }

    /// What a new epoch consists of.
    package struct Made: Sendable {
        package let escrow: FilePath
        package let plan: EscrowPlan
        package let manifest: Manifest
        package let digest: SHA256Digest
        package let path: FilePath
        package let pkcs12: FilePath
        /// The archive of the CA's state.
        package let state: FilePath?
        /// The PKCS#12 file of the epoch before, which its old quorum still opens.
        package let earlierPKCS12: String?
    }

    /// Does all of it.
    ///
    /// - Throws: ``EscrowError``; ``BackupFault/firstEscrowNeeds(path:_:)`` where nothing is there yet, and a wish is
    ///   missing that only somebody can have.
    package func run(attended attendance: any Attendance) throws(EscrowError) -> Done {
        guard try isFirst() else {
            return try again(attended: attendance).exported(attended: attendance).done(attended: attendance)
        }
        let planned = try first(attended: attendance).planned(wishes)
        return try planned.exported(attended: attendance).made(attended: attendance)
    }

    /// Whether nothing is there yet.
    package func isFirst() throws(EscrowError) -> Bool {
        try orThrow(Files.kind(of: escrow)) == nil
    }

    /// What errors call the place that the keys are from.
    var sourceName: String {
        switch source {
        case .store(_, let name): name
        case .testCA: Rehearsal.mark
        }
    }

    /// Refuses a state that the source does not have, before anything is asked for.
    func begin(attended attendance: any Attendance) throws(EscrowError) {
        guard case .store(let store, _) = source else {
            guard !isWithState else {
                throw .backup(.testCAHasNoState)
            }
            return
        }
        if let recognised = store.recognisedAs {
            attendance.tell(.recognised(recognised))
        }
        if isWithState {
            _ = try orThrow(store.stateLayout(), as: EscrowError.state)
        }
    }

    /// Where a new epoch goes.
    func destination() throws(EscrowError) -> Destination {
        try Destination(escrow: escrow, pkcs12: wishes.pkcs12, isRehearsal: isRehearsing)
    }

    /// Names what an interrupted backup left beside the escrow.
    func tellLeftovers(
        of destination: Destination,
        besides epochs: [EpochDocument],
        to attendance: any Attendance
    ) throws(EscrowError) {
        for path in try destination.leftovers(besides: epochs) {
            let isWhole = ["p12", "tar"].contains(path.extension)
            attendance.tell(isWhole ? .backup(.isNamedByNoEpoch(path)) : .done(.leftover(path)))
        }
    }
}
