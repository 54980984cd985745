// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SystemPackage

/// A custodian does what parcels ask of them, and writes the parcel to send back.
///
/// Each thing on its own: a bad challenge keeps no release from leaving, and what was signed before is sent.
package struct Answer {
    private let parcels: [Received]
    private let identity: IdentityOnDisk
    private let given: Release.Given
    private let place: FilePath?
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

    /// - Parameter place: The parcel to send back; a free name when not given, as releases have in the working directory.
    package init(
        _ parcels: [Received],
        by identity: IdentityOnDisk,
        given: Release.Given,
        to place: FilePath?,
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
        /// What could not be done, as it was told.
        package let failures: [EscrowFailure]
    }

    package func run(attended attendance: any Attendance) throws(EscrowError) -> Outcome {
        let custodian = try ActingCustodian(identity, attended: attendance)
        var work = Work(
            custodian: custodian,
            attendance: attendance,
            outbox: try Outbox(of: identity.name, to: place, attended: attendance),
            attempts: Attempts(attended: attendance)
        )
        var (isAsked, officers) = (false, [Name]())
        for received in parcels {
            officers += answerEnrolments(in: received, &work).filter { !officers.contains($0) }
            let path = FilePath(received.path)
            for escrow in try NamedEscrow.all(in: received.parcel, at: path, attended: attendance) {
                work.attempts.attempt { () throws(EscrowError) in
                    isAsked = try answer(escrow.directory(), &work) || isAsked
                }
            }
        }
        isAsked = isAsked || !work.attempts.failures.isEmpty
        try work.outbox.finish(
            about: "answers of \(identity.name)",
            for: officers.isEmpty ? .collect : .verify(officers)
        )
        return Outcome(isAsked: isAsked || !officers.isEmpty, failures: work.attempts.failures)
    }

    fileprivate struct Work {
        let custodian: ActingCustodian
        let attendance: any Attendance
        var outbox: Outbox
        let attempts: Attempts
    }

    // MARK: Enrolment

    /// Answers the enrolment challenges of a parcel, each after it was shown and agreed to.
    ///
    /// - Returns: The officers who were answered.
    private func answerEnrolments(in received: Received, _ work: inout Work) -> [Name] {
        var files = EnrolmentFiles()
        files.add(received.parcel, shownAs: received.path)
        files.faults.forEach(work.attempts.note)
        var answered: [Name] = []
        for challenge in files.challenges where challenge.document.custodian == identity.name {
            do throws(EscrowError) {
                let asked = try AskedEnrolment(challenge, in: files, to: identity.file, now: now)
                work.attendance.tell(.asksToEnrol(asked, identity.name))
                try work.attendance.confirm(.answerEnrolment(asked.digest))
                let answer = try identity.use(attended: work.attendance) { identity throws(EscrowError) in
                    try asked.answered(by: identity, now: now)
                }
                let done = Notice.Fact.custodian(.enrolmentAnswered(asked.digest))
                work.outbox.add(answer, as: "enrolment", answering: asked.digest, telling: [done])
                answered += [challenge.document.officer.name].filter { !answered.contains($0) }
            } catch {
                work.attempts.note(error)
            }
        }
        return answered
    }

    // MARK: An escrow

    /// Does what an escrow asks.
    ///
    /// - Returns: Whether anything was asked of this custodian.
    /// - Throws: Why nothing may be done in this escrow.
    private func answer(_ directory: EscrowDirectory, _ work: inout Work) throws(EscrowError) -> Bool {
        let name = identity.name
        let (custodian, attendance) = (work.custodian, work.attendance)
        guard try custodian.chain(of: directory).approval(selected: nil).document.manifest.person(named: name) != nil
        else {
            return false
        }
        // A new manifest is acknowledged first, with its digest compared; a request of it is shown afterwards.
        let compared = try custodian.compared(in: directory, given: given.manifests, now: now)
        let epoch = compared.epoch
        let evidence = try Evidence(of: epoch, in: directory, at: now)
        var isAsked = false
        if compared.counted(in: evidence) == nil || !custodian.seen.has(epoch) {
            isAsked = true
            // Whoever does not accept it proves and releases nothing of it.
            custodian.tellAgain(epoch, in: directory)
            try attendance.confirm(.acknowledge(escrow: directory.name))
            try compared.acknowledge(into: &work.outbox, attended: attendance)
        }
        for challenge in try epoch.challenges(nil, at: now) {
            isAsked = true
            work.attempts.attempt { () throws(EscrowError) in
                try compared.prove(challenge, asking: true, into: &work.outbox, attended: attendance)
            }
        }
        isAsked = release(compared, evidence, work) || isAsked
        (evidence.requestFaults + evidence.challenges.faults).forEach(work.attempts.note)
        return isAsked
    }

    /// Releases to every open request.
    ///
    /// - Returns: Whether there is one.
    private func release(
        _ compared: Acknowledge.Compared,
        _ evidence: Evidence,
        _ work: Work
    ) -> Bool {
        let requests = evidence.requests(unansweredBy: identity.name)
        let open = requests.filter { $0.isOpen(at: now) }
        if open.isEmpty, let late = requests.last {
            work.attempts.attempt { () throws(EscrowError) in try late.check(at: now) }
        }
        for review in open {
            work.attempts.attempt { () throws(EscrowError) in
                let (manifest, shown) = (compared.epoch.manifest, compared.directory.name)
                try Rehearsal.check(manifest, isRehearsing: isRehearsing, at: shown)
                _ = try compared.release(to: review, given: given.requests, at: nil, attended: work.attendance)
            }
        }
        return !open.isEmpty
    }
}

extension Evidence {
    /// Requests to which a custodian has not released their share, and that nothing else has answered.
    fileprivate func requests(unansweredBy name: Name) -> [RequestReview] {
        let mine = releases.documents.filter { $0.document.custodian == name }.map(\.document.request)
        return requests.filter { $0.isUnanswered(in: self) && !mine.contains($0.request.digest) }
    }
}
