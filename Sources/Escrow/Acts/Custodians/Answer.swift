// SPDX-License-Identifier: Apache-2.0

package import Custody
package import SystemPackage

/// A custodian does what parcels ask of them, and writes the parcel to send back.
///
/// Each thing on its own: a bad challenge keeps no release from leaving, and what was signed before is sent.
package struct Answer {
    private let parcels: [Received]
    private let identity: IdentityOnDisk
    private let given: Release.Given
    private let place: FilePath
    private let isRehearsing: Bool
    private let now: Timestamp

    /// A parcel, and what people call its file.
    package struct Received: Sendable {
        package let parcel: Parcel
        package let path: String

        package init(_ parcel: Parcel, at path: String) {
            (self.parcel, self.path) = (parcel, path)
        }
    }

    /// - Parameter place: The parcel to send back; releases go to `NAME.release` in the working directory.
    package init(
        _ parcels: [Received],
        by identity: IdentityOnDisk,
        given: Release.Given,
        to place: FilePath,
        isRehearsing: Bool,
        now: Timestamp
    ) {
        (self.parcels, self.identity, self.given) = (parcels, identity, given)
        (self.place, self.isRehearsing, self.now) = (place, isRehearsing, now)
    }

    /// What came of it.
    package struct Outcome {
        /// Whether anything was asked of this custodian, or could not be read.
        package let isAsked: Bool
        /// Officers whose enrolment challenges were answered.
        package let enrolledBy: [Name]
        /// What could not be done, as it was told.
        package let failures: [EscrowFailure]
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) -> Outcome {
        let custodian = try ActingCustodian(identity, attended: attendance)
        var work = Work(
            custodian: custodian,
            attendance: attendance,
            outbox: try Outbox(place, isFiling: false, attended: attendance),
            attempts: Attempts(attended: attendance)
        )
        var isAsked = false
        var enrolledBy: [Name] = []
        for received in parcels {
            enrolledBy += answerEnrolments(in: received, &work)
            let unpacked = try UnpackedParcel(received.parcel, in: UnpackedParcel.temporary)
            for name in received.parcel.escrows where EscrowDirectory.isEscrow(unpacked.path(of: name)) {
                let laidOut = EscrowFailure.LaidOut(place: unpacked.path(of: name), shown: name)
                work.attempt(in: laidOut) { work throws(EscrowError) in
                    let directory = try EscrowDirectory(at: laidOut.place, shownAs: name)
                    isAsked = try answer(directory, laidOut, &work) || isAsked
                }
            }
            _ = consume unpacked
        }
        isAsked = isAsked || !work.attempts.failures.isEmpty
        if isAsked || !enrolledBy.isEmpty {
            let command = enrolledBy.isEmpty ? "ca-escrow collect ESCROW FILE" : "ca-escrow enrol verify FILE"
            try work.outbox.finish(about: "answers of \(identity.name): \(command)")
        }
        return Outcome(isAsked: isAsked, enrolledBy: enrolledBy, failures: work.attempts.failures)
    }

    fileprivate struct Work {
        let custodian: ActingCustodian
        let attendance: any Attendance
        var outbox: Outbox
        var attempts: Attempts
    }

    // MARK: Enrolment

    /// Answers the enrolment challenges of a parcel, each after it was shown and agreed to.
    ///
    /// - Returns: The officers who were answered.
    private func answerEnrolments(in received: Received, _ work: inout Work) -> [Name] {
        var files = EnrolmentFiles()
        files.add(received.parcel, shownAs: received.path)
        for fault in files.faults {
            work.attempts.note(fault)
        }
        var askers: [Name] = []
        for challenge in files.challenges where challenge.document.custodian == identity.name {
            do throws(EscrowError) {
                let asked = try AskedEnrolment(challenge, in: files, to: identity.file, now: now)
                work.attendance.tell(.asksToEnrol(asked, identity.name))
                try work.attendance.confirm(.answerEnrolment(asked.digest))
                let answer = try work.custodian.withIdentity { identity throws(EscrowError) in
                    try asked.answered(by: identity, now: now)
                }
                work.outbox.add(answer)
                work.attendance.tell(.enrolmentAnswered(asked.digest))
                askers.append(challenge.document.officer.name)
            } catch {
                work.attempts.note(error)
            }
        }
        return askers
    }

    // MARK: An escrow

    /// Does what an escrow asks.
    ///
    /// - Returns: Whether anything was asked of this custodian.
    /// - Throws: Why nothing may be done in this escrow.
    private func answer(
        _ directory: EscrowDirectory,
        _ laidOut: EscrowFailure.LaidOut,
        _ work: inout Work
    ) throws(EscrowError) -> Bool {
        let name = identity.name
        let (custodian, attendance) = (work.custodian, work.attendance)
        guard try custodian.chain(of: directory).approval(selected: nil).document.manifest.person(named: name) != nil
        else {
            return false
        }
        // A new manifest is acknowledged first, with its digest compared; a request of it is shown afterwards.
        let epoch = try custodian.epoch(in: directory, given: given.manifests, now: now)
        let compared = Acknowledge.Compared(epoch: epoch, directory: directory, custodian: custodian, now: now)
        let evidence = try Evidence(of: epoch, in: directory, at: now)
        var isAsked = false
        if compared.counted(in: evidence) == nil || !custodian.hasSeen(epoch) {
            isAsked = true
            // Whoever does not accept it proves and releases nothing of it.
            try attendance.confirm(.acknowledge(escrow: directory.name))
            try compared.acknowledge(into: &work.outbox, attended: attendance)
        }
        let challenges = try epoch.challenges(nil, at: now)
        if !challenges.isEmpty {
            isAsked = true
            work.attempt(in: laidOut) { work throws(EscrowError) in
                try attendance.confirm(.prove(escrow: directory.name))
                for challenge in challenges {
                    work.attempt(in: laidOut) { work throws(EscrowError) in
                        try compared.prove(challenge, into: &work.outbox, attended: attendance)
                    }
                }
            }
        }
        isAsked = release(compared, evidence, laidOut, &work) || isAsked
        for fault in evidence.requestFaults + evidence.challenges.faults {
            work.attempts.note(fault, in: laidOut)
        }
        return isAsked
    }

    /// Releases to every open request.
    ///
    /// - Returns: Whether there is one.
    private func release(
        _ compared: Acknowledge.Compared,
        _ evidence: Evidence,
        _ laidOut: EscrowFailure.LaidOut,
        _ work: inout Work
    ) -> Bool {
        let requests = evidence.requests(unansweredBy: identity.name)
        let open = requests.filter { $0.isOpen(at: now) }
        if open.isEmpty, let late = requests.last {
            work.attempt(in: laidOut) { _ throws(EscrowError) in try late.check(at: now) }
        }
        for review in open {
            let name = open.count == 1 ? "\(identity.name)" : "\(identity.name)-\(review.identifier.prefix(8))"
            work.attempt(in: laidOut) { work throws(EscrowError) in
                let (manifest, shown) = (compared.epoch.manifest, compared.directory.name)
                try Rehearsal.check(manifest, isRehearsing: isRehearsing, at: shown)
                _ = try compared.release(
                    to: review,
                    given: given.requests,
                    at: FilePath("\(name).release"),
                    attended: work.attendance
                )
            }
        }
        return !open.isEmpty
    }
}

extension Answer.Work {
    /// Does one thing, or tells why it is not done.
    fileprivate mutating func attempt(
        in laidOut: EscrowFailure.LaidOut,
        _ body: (inout Self) throws(EscrowError) -> Void
    ) {
        do throws(EscrowError) {
            try body(&self)
        } catch {
            attempts.note(error, in: laidOut)
        }
    }
}

extension Evidence {
    /// Requests to which a custodian has not released their share, and that nothing else has answered.
    fileprivate func requests(unansweredBy name: Name) -> [RequestReview] {
        let mine = releases.documents.filter { $0.document.custodian == name }.map(\.document.request)
        let answered =
            mine + restores.documents.compactMap(\.document.request) + drills.documents.compactMap(\.document.request)
        return requests.filter { !answered.contains($0.request.digest) }
    }
}
