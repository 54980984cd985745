// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

/// An auditor asks the custodians to prove that they still know their shares: a signed challenge in each escrow.
///
/// docs/format.md, section 4.14.
package struct AskForProofs {
    private let escrows: [FilePath]
    private let auditor: IdentityOnDisk
    private let seconds: Int
    private let parcel: FilePath?
    private let now: Timestamp

    /// - Parameters:
    ///   - seconds: How long custodians have to answer.
    ///   - parcel: Where the challenges go as one file to send.
    package init(
        _ escrows: [FilePath],
        by auditor: IdentityOnDisk,
        seconds: Int,
        parcel: FilePath?,
        now: Timestamp
    ) {
        (self.escrows, self.auditor, self.seconds) = (escrows, auditor, seconds)
        (self.parcel, self.now) = (parcel, now)
    }

    /// - Returns: Whom it asks.
    package func run(attended attendance: any Attendance) throws(EscrowError) -> [Name] {
        var outbox = try Outbox(of: auditor.name, to: parcel, attended: attendance)
        let directories = try escrows.map { path throws(EscrowError) in try EscrowDirectory(at: path) }
        let epochs = try directories.map { directory throws(EscrowError) in
            let epoch = try ActingOfficer(auditor).chain(of: directory).requireInForce().document
            try ClockRule.check(epoch, at: now)
            return epoch
        }
        let end = now.adding(seconds: seconds)
        for (directory, epoch) in zip(directories, epochs) {
            let time = ClockRule.date(about: epoch.manifest, at: now)
            let challenge = try Challenge(by: auditor.signer, to: epoch, at: time, until: end).checkedAsRead(in: epoch)
            let signed = try auditor.use(attended: attendance) { SignedDocument(challenge, in: epoch, by: $0) }
            if parcel != nil {
                outbox.add(try directory.packed(only: [signed.identifier]) { attendance.tell(.leftOut($0)) })
            }
            let kind = FiledKind.challenge(signed.identifier)
            let digits = signed.identifier
            try outbox.send(signed, in: epoch, of: directory, as: kind, answering: digits, telling: nil)
        }
        let about = "\(auditor.name) asks for proofs until \(end.forPeople)"
        try outbox.finish(about: about, for: .answer)
        return Set(epochs.flatMap { $0.manifest.people.map(\.name) }).sorted()
    }
}
