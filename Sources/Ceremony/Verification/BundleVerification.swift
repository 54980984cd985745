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

    /// What is verified.
    let bundle: Bundle

    /// Whom the verifier believes, from outside the bundle.
    let anchor: Anchor?

    /// When it was verified.
    let verified: Timestamp

    package struct Result: Sendable {
        let check: BundleCheck
        package let outcome: AuditOutcome

        package var name: String { check.rawValue }
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
        let hasFailed = results.contains { if case .fail = $0.outcome { true } else { false } }
        // A check that there is nothing for is not missing.
        let isOpen = results.contains { if case .notChecked = $0.outcome { true } else { false } }
        return hasFailed
            ? .failed : !isAnchored ? .notAnchored : isOpen ? .notFullyChecked : isClosed ? .sound : .abandoned
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
        (self.bundle, self.anchor, verified) = (bundle, anchor, now)
        (self.plan, planDigest) = (plan, digest)
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
        checkPeople(people, approval)
        try checkPlan(bytes, people.named, approval)
        try checkSignatures(text, people.named)
        try checkStamp(text, authorities)
        checkFiles()
        let certificate = checkCertificate()
        checkEnrolments(people.named, approval)
        let earlier = checkInventory()
        checkEscrow(certificate, review.policy, approval)
        checkEvidence(certificate, after: earlier)
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
    private mutating func checkEvidence(_ certificate: Certificate?, after earlier: EarlierInventory?) {
        guard transcript.isEnded else {
            return note(.evidence, .notApplicable("the ceremony is not closed"))
        }
        guard let certificate else {
            return note(.evidence, .notChecked("the report names the certificate, which is not sound"))
        }
        var faults: [String] = []
        let report = CeremonyReport(of: plan, planDigest, script, transcript, certificate, after: earlier)
        for (name, bytes) in report.evidence.files where isClosed || bundle.has(name) {
            compare(name, bytes, &faults)
        }
        compare("report.json", report.json, &faults)
        compare(ReportedCeremony.reportName, report.html, &faults)
        self.report = faults.isEmpty ? SHA256Digest(of: report.html) : nil
        note(.evidence, faults: faults)
    }

    private func compare(_ name: String, _ bytes: [UInt8], _ faults: inout [String]) {
        let path = bundle.path.pushing(FilePath(name))
        if (try? Files.read(path, limit: Transcript.byteLimit)) != bytes {
            faults.append("\(path): not what the transcript makes it")
        }
    }
}

/// What a verification of a bundle asks, by the names of its checks.
enum BundleCheck: String, CaseIterable {
    case chain, end, acts, program, people, plan, anchor, signatures, stamp, files, certificate, enrolment, inventory
    case escrow, terms, coverage, evidence

    /// What holds when it passes.
    var meaning: String {
        switch self {
        case .chain: "every line is as it was written, from the plan to the last one"
        case .end: "the ceremony was closed"
        case .acts: "people did what each step demands, or an exception says why not"
        case .program: "the plan's program held it, or an exception names another"
        case .people: "cards and keys are those that the plan names by their digests"
        case .plan: "as many officers as it demands have signed the plan"
        case .anchor: "officers whom you believe have signed the plan"
        case .signatures: "operator and witnesses have signed the transcript"
        case .stamp: "a time stamp that you believe is over this transcript"
        case .files: "files are those that the transcript names, and no others"
        case .certificate: "the certificate is the one that the plan names"
        case .enrolment: "every custodian had shown that they can unseal"
        case .inventory: "no bag stands there twice, and one that changed has an exception"
        case .escrow: "the escrow is sound, and the one that was compared"
        case .terms: "policy, officers and cards of the escrow are the plan's"
        case .coverage: "everybody who could be in a quorum of those there was in a trial restore"
        case .evidence: "attestations, inventory and report are what the transcript makes"
        }
    }
}

extension Bundle {
    /// Whether something lies here under a name.
    fileprivate func has(_ name: String) -> Bool { (try? Files.kind(of: path.pushing(FilePath(name)))) ?? nil != nil }
}
