// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody
package import Escrow
import Files
import SystemPackage

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

    package struct Result: Sendable {
        package let name: String
        package let outcome: AuditOutcome
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

    /// The exit status that monitoring takes: 0, 1 or 2.
    package var exitStatus: Int32 { hasFailed ? 2 : isComplete ? 0 : 1 }

    /// Verifies a bundle.
    ///
    /// - Parameters:
    ///   - anchor: Whom the verifier believes, from outside the bundle.
    ///   - authorities: PEM certificates of those whose time stamps the verifier believes, or nothing.
    ///   - now: The moment that certificates of time stamps are held against.
    /// - Throws: ``PlanError``, ``TranscriptError``, ``FileError`` when there is no plan or transcript that can be read: a
    ///   broken chain ends the verification at the first bad line.
    package init(of bundle: Bundle, anchor: Anchor?, authorities: [UInt8]? = nil, now: Timestamp) throws {
        let bytes = try Files.read(bundle.plan, limit: Plan.byteLimit)
        let plan = try Plan(toml: bytes)
        let review = try PlanReview(of: plan)
        let digest = SHA256Digest(of: bytes)
        self.plan = plan
        planDigest = digest
        script = CeremonyScript(for: plan, policy: review.policy, officers: review.signing)
        guard try Files.kind(of: bundle.transcript) != nil else {
            throw FileError.system(path: bundle.transcript.string, .noSuchFileOrDirectory)
        }
        let text = try Files.read(bundle.transcript, limit: Transcript.byteLimit)
        transcript = try Transcript(reading: text, of: digest)
        try transcript.check(against: script, mustBeClosed: false)
        note("chain", .pass)
        note("end", end)
        let people = try PeopleGiven(at: [bundle.cards])
        let approval = try people.approval(plan.escrow.officers)
        try checkPlan(in: bundle, bytes, approval, anchor)
        try checkSignatures(in: bundle, text, people)
        try checkStamp(in: bundle, text, authorities, now)
        checkFiles(in: bundle)
        let certificate = checkCertificate(in: bundle)
        checkEnrolments(in: bundle, people, approval)
        checkInventory(in: bundle)
        checkEscrow(in: bundle, certificate, approval)
        checkEvidence(in: bundle, certificate)
    }

    mutating func note(_ name: String, _ outcome: AuditOutcome) {
        results.append(Result(name: name, outcome: outcome))
    }

    /// Notes a check that finds any number of faults.
    mutating func note(_ name: String, faults: [String]) {
        note(name, faults.isEmpty ? .pass : .fail(faults))
    }

    /// When the ceremony was opened.
    var opened: Timestamp { transcript.lines.first?.time ?? plan.date }

    var isClosed: Bool { transcript.lines.last?.act == .closed }

    private var end: AuditOutcome {
        switch transcript.lines.last?.act {
        case .closed: .pass
        case .abandoned: .fail(["abandoned at step \(transcript.lines.last?.step ?? "")"])
        default: .notChecked("the ceremony is not closed")
        }
    }

    /// Files that the transcript names and that lie here are those that it names.
    private mutating func checkFiles(in bundle: Bundle) {
        var faults: [String] = []
        let named = transcript.lines.filter { $0.step == "close" || $0.act == .opened }.flatMap(\.files)
        for file in named {
            let path = bundle.path.appending(file.name)
            guard Self.isInside(file.name) else {
                faults.append("\(file.name.quoted): not the name of a file in a bundle")
                continue
            }
            do {
                let digest = SHA256Digest(of: try Files.read(path, limit: ByteLimit.pkcs12))
                if digest != file.sha256 {
                    faults.append("\(path): SHA-256 \(digest.short)…, where the transcript has \(file.sha256.short)…")
                }
            } catch {
                faults.append("\(error)")
            }
        }
        note("files", faults: faults)
    }

    /// A path of plain names that leads nowhere else.
    private static func isInside(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return (1...5).contains(parts.count)
            && parts.allSatisfy { part in
                !part.isEmpty && part != "." && part != ".." && part.utf8.allSatisfy { (0x21...0x7e).contains($0) }
            }
    }

    /// What is made of plan, transcript and certificate is what lies here.
    private mutating func checkEvidence(in bundle: Bundle, _ certificate: Certificate?) {
        guard isClosed else {
            return note("evidence", .notApplicable("the ceremony is not closed"))
        }
        guard let certificate else {
            return note("evidence", .notChecked("the report names the certificate, which is not sound"))
        }
        var faults: [String] = []
        let report = CeremonyReport(of: plan, planDigest, script, transcript, certificate)
        let made =
            CeremonyEvidence(of: plan, transcript).files + [("report.json", report.json), ("report.html", report.html)]
        for (name, bytes) in made {
            let path = bundle.path.appending(name)
            if (try? Files.read(path, limit: Transcript.byteLimit)) != bytes {
                faults.append("\(path): not what the transcript makes it")
            }
        }
        note("evidence", faults: faults)
    }
}
