// SPDX-License-Identifier: Apache-2.0

package import Audit
import CertificateAuthority
package import Encoding
package import Escrow
import Files
package import SystemPackage

/// What a bundle is worth: its transcript recomputed line by line, its signatures and files held against it.
package struct BundleVerification: Sendable {
    package let plan: Plan
    package let planDigest: SHA256Digest
    package let script: CeremonyScript
    package let transcript: Transcript
    /// In order; what is wrong first is the first that failed.
    package internal(set) var results: [Result] = []

    /// When a time stamp that holds says that the transcript was there.
    package internal(set) var stamped: Timestamp?

    /// The SHA-256 of the report that plan, transcript and certificate make, when it lies in the bundle so.
    package private(set) var report: SHA256Digest?

    /// When it was verified.
    let verified: Timestamp

    /// Whom the verifier believes, in words.
    let believed: String

    package struct Result: Sendable {
        let check: BundleCheck
        package let outcome: AuditOutcome

        package var name: String { check.rawValue }
    }

    package var hasFailed: Bool { results.contains { if case .fail = $0.outcome { true } else { false } } }

    /// Whether every check was made that there is something for.
    package var isComplete: Bool {
        results.allSatisfy { result in
            switch result.outcome {
            case .pass, .notApplicable: true
            case .fail, .notChecked: false
            }
        }
    }

    /// What the checks come to.
    ///
    /// *docs/format-ceremony.md, section 4.26, "Who is believed".*
    package enum Verdict: String, Sendable {
        case failed = "FAILED"
        /// Nobody from outside the bundle vouches for its plan: anybody may have made it.
        case notAnchored = "NOT ANCHORED"
        case notFullyChecked = "NOT FULLY CHECKED"
        /// It ended before its end, and its record is whole.
        case abandoned = "ABANDONED, WHOLE RECORD"
        case sound = "sound"
    }

    package var verdict: Verdict {
        let isAnchored = results.contains { $0.check == .anchor && $0.outcome == .pass }
        return hasFailed
            ? .failed : !isAnchored ? .notAnchored : !isComplete ? .notFullyChecked : isClosed ? .sound : .abandoned
    }

    /// The exit status that monitoring takes: 0, 1 or 2.
    package var exitStatus: Int32 {
        switch verdict {
        case .failed: 2
        case .notAnchored, .notFullyChecked, .abandoned: 1
        case .sound: 0
        }
    }

    /// Verifies a bundle.
    ///
    /// - Parameters:
    ///   - anchor: Whom the verifier believes, from outside the bundle.
    ///   - authorities: PEM certificates of those whose time stamps the verifier believes, or nothing.
    ///   - now: The moment that certificates of time stamps are held against.
    /// - Throws: ``PlanError``, ``TranscriptError``, ``FileError`` when there is no plan or transcript that can be read: a
    ///   broken chain ends the verification at the first bad line.
    package init(of bundle: Bundle, anchor: Anchor?, authorities: [UInt8]? = nil, now: Timestamp) throws {
        let found = RecognisedFile(at: bundle.path)
        // A bundle holds an epoch, as an escrow does.
        let hasPlan = try Files.kind(of: bundle.plan) != nil
        guard found == nil || hasPlan && [.directory, .escrow].contains(found) else {
            throw RecognisedFile.bundle.refusing(bundle.path)
        }
        let bytes = try Files.read(bundle.plan, limit: Plan.byteLimit)
        let plan = try Plan(json: bytes)
        let review = try PlanReview(of: plan)
        let digest = SHA256Digest(of: bytes)
        self.plan = plan
        planDigest = digest
        verified = now
        believed =
            anchor.map { "\($0.path), at least \($0.required(at: now)) of them" } ?? "none: no --signers was given"
        guard try Files.kind(of: bundle.transcript) != nil else {
            throw FileError.system(path: bundle.transcript.string, .noSuchFileOrDirectory)
        }
        let text = try Files.read(bundle.transcript, limit: Transcript.byteLimit)
        transcript = try Transcript(reading: text, of: digest)
        script = CeremonyScript(of: review, in: transcript)
        try transcript.check(against: script, mustBeClosed: false)
        note(.chain, .pass)
        note(.end, end)
        note(.acts, faults: ActCheck(of: transcript, plan, digest, against: script).faults)
        note(.program, faults: ProgramUse.faults(in: transcript, of: plan))
        // Nobody's key counts but those that the plan itself names.
        let people = PlanPeople(of: plan, in: bundle)
        let approval = try? people.named.approval(plan.escrow.officers)
        checkPeople(in: bundle, people, approval)
        try checkPlan(in: bundle, bytes, people.named, approval, anchor, now)
        try checkSignatures(in: bundle, text, people.named, anchor, now)
        try checkStamp(in: bundle, text, authorities, now)
        checkFiles(in: bundle)
        let certificate = checkCertificate(in: bundle)
        checkEnrolments(in: bundle, people.named, approval)
        let earlier = checkInventory(in: bundle)
        checkEscrow(in: bundle, certificate, review.policy, approval, anchor)
        checkEvidence(in: bundle, certificate, after: earlier)
    }

    /// Verifies the bundle that lies somewhere; what cannot be read at all says which file and why.
    ///
    /// - Throws: ``BundleError/transcript(path:_:)``, ``BundleError/plan(path:_:)``, and errors of files.
    package init(at path: FilePath, anchor: Anchor?, authorities: [UInt8]?, now: Timestamp) throws {
        let bundle = Bundle(at: path)
        do {
            try self.init(of: bundle, anchor: anchor, authorities: authorities, now: now)
        } catch let error as TranscriptError {
            throw BundleError.transcript(path: bundle.transcript.string, error)
        } catch PlanError.file(let error) {
            throw error
        } catch let error as PlanError {
            throw BundleError.plan(path: bundle.plan.string, error)
        }
    }

    mutating func note(_ check: BundleCheck, _ outcome: AuditOutcome) {
        results.append(Result(check: check, outcome: outcome))
    }

    /// Notes a check that finds any number of faults; of very many the first are named.
    ///
    /// - Parameter open: Why the check says nothing where it finds no fault.
    mutating func note(_ check: BundleCheck, faults: [String], open: String? = nil) {
        let rest = faults.count - Self.faultLimit
        let shown = faults.prefix(Self.faultLimit) + (rest > 0 ? ["and \(rest) more"] : [])
        note(check, faults.isEmpty ? open.map { .notChecked($0) } ?? .pass : .fail(Array(shown)))
    }

    /// How many faults of one check are named.
    private static let faultLimit = 12

    /// When the ceremony was opened.
    var opened: Timestamp { transcript.lines.first?.time ?? plan.date }

    var isClosed: Bool { transcript.lines.last?.act == .closed }

    private var end: AuditOutcome {
        switch transcript.lines.last?.act {
        case .closed: .pass
        case .abandoned: .notApplicable("abandoned at step \(transcript.lines.last?.step ?? "")")
        default: .fail(["the ceremony is not closed"])
        }
    }

    /// What is made of plan, transcript, certificate and the inventory before is what lies here.
    ///
    /// An abandoned ceremony leaves its report alone; where it left more, that is held against the transcript as well.
    private mutating func checkEvidence(
        in bundle: Bundle,
        _ certificate: Certificate?,
        after earlier: EarlierInventory?
    ) {
        guard transcript.isEnded else {
            return note(.evidence, .notApplicable("the ceremony is not closed"))
        }
        guard let certificate else {
            return note(.evidence, .notChecked("the report names the certificate, which is not sound"))
        }
        var faults: [String] = []
        let report = CeremonyReport(of: plan, planDigest, script, transcript, certificate, after: earlier)
        for (name, bytes) in report.evidence.files where isClosed || bundle.has(name) {
            compare(name, bytes, in: bundle, &faults)
        }
        compare("report.json", report.json, in: bundle, &faults)
        compare(ReportedCeremony.reportName, report.html, in: bundle, &faults)
        self.report = faults.isEmpty ? SHA256Digest(of: report.html) : nil
        note(.evidence, faults: faults)
    }

    private func compare(_ name: String, _ bytes: [UInt8], in bundle: Bundle, _ faults: inout [String]) {
        let path = bundle.path.pushing(FilePath(name))
        if (try? Files.read(path, limit: Transcript.byteLimit)) != bytes {
            faults.append("\(path): not what the transcript makes it")
        }
    }
}

extension Bundle {
    /// Whether something lies here under a name.
    fileprivate func has(_ name: String) -> Bool { (try? Files.kind(of: path.pushing(FilePath(name)))) ?? nil != nil }
}
