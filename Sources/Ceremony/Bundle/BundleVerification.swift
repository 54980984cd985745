// SPDX-License-Identifier: Apache-2.0

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
    package private(set) var results: [Result] = []

    package struct Result: Sendable {
        package let name: String
        package let outcome: AuditOutcome
    }

    package var hasFailed: Bool { results.contains { if case .fail = $0.outcome { true } else { false } } }

    package var isComplete: Bool { results.allSatisfy { $0.outcome == .pass } }

    /// Verifies a bundle.
    ///
    /// - Parameter anchor: Whom the verifier believes, from outside the bundle.
    /// - Throws: ``PlanError``, ``TranscriptError``, ``FileError`` when there is no plan or transcript that can be read: a
    ///   broken chain ends the verification at the first bad line.
    package init(of bundle: Bundle, anchor: Anchor?) throws {
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
        note("end", transcript.isEnded ? .pass : .notChecked("the ceremony is not closed"))
        try checkPeople(in: bundle, review, bytes, text, anchor)
        checkFiles(in: bundle)
        checkEvidence(in: bundle)
    }

    private mutating func note(_ name: String, _ outcome: AuditOutcome) {
        results.append(Result(name: name, outcome: outcome))
    }

    /// Officers on the plan, operator and witness on the transcript.
    private mutating func checkPeople(
        in bundle: Bundle,
        _ review: PlanReview,
        _ planBytes: [UInt8],
        _ text: [UInt8],
        _ anchor: Anchor?
    ) throws {
        let people = try PeopleGiven(at: [bundle.cards])
        let approval = try people.approval(plan.escrow.officers)
        let (signed, faults) = try Self.signers(of: bundle.plan, planBytes, Plan.format, among: approval.officers)
        let count = Set(signed.map(\.key)).count
        if !faults.isEmpty {
            note("plan", .fail(faults))
        } else if count < approval.threshold {
            note("plan", .notChecked("signed by \(count) of \(approval.threshold) officers"))
        } else {
            note("plan", .pass)
        }
        if let anchor {
            let trusted = signed.filter { officer in
                anchor.signers.lines.contains { $0.principals.contains(officer.name) && $0.key == officer.key }
            }
            let known = Set(trusted.map(\.key)).count
            note(
                "anchor",
                known >= anchor.required
                    ? .pass : .fail(["\(anchor.path) knows \(known) of those who signed the plan: \(anchor.required) needed"])
            )
        } else {
            note("anchor", .notChecked("no --signers: nobody vouches for the plan"))
        }
        let closing = (plan.people(with: .operator) + plan.people(with: .witness)).map(\.name)
        let closers = people.officers.filter { closing.contains($0.name) }
        let (closed, closingFaults) = try Self.signers(of: bundle.transcript, text, Transcript.format, among: closers)
        let missing = closing.filter { name in !closed.contains { $0.name == name } }
        if !closingFaults.isEmpty {
            note("signatures", .fail(closingFaults))
        } else if !missing.isEmpty {
            note("signatures", .notChecked("not signed by \(missing.map(\.description).joined(separator: ", "))"))
        } else {
            note("signatures", .pass)
        }
    }

    /// Those whose signatures beside a file hold, and what is wrong with other signatures.
    private static func signers(
        of path: FilePath,
        _ bytes: [UInt8],
        _ format: DocumentFormat,
        among people: [Officer]
    ) throws -> (signed: [Officer], faults: [String]) {
        var signed: [Officer] = []
        var faults: [String] = []
        for filed in try FiledSignature.all(of: path) {
            do {
                let signature = try filed.signature.get()
                guard let officer = people.first(where: { $0.name == filed.signer && $0.key == signature.signer }) else {
                    faults.append("\(filed.path): not the key of somebody who signs here")
                    continue
                }
                try signature.verify(bytes, namespace: format.namespace)
                signed.append(officer)
            } catch {
                faults.append("\(filed.path): \(error)")
            }
        }
        return (signed, faults)
    }

    /// Files that the transcript names and that lie here are those that it names.
    private mutating func checkFiles(in bundle: Bundle) {
        var faults: [String] = []
        let named = transcript.lines.filter { $0.step == "close" || $0.act == .opened }.flatMap(\.files)
        for file in named {
            let path = bundle.path.appending(file.name)
            do {
                let digest = SHA256Digest(of: try Files.read(path, limit: ByteLimit.pkcs12))
                if digest != file.sha256 {
                    faults.append("\(path): SHA-256 \(digest.short)…, where the transcript has \(file.sha256.short)…")
                }
            } catch {
                faults.append("\(error)")
            }
        }
        note("files", faults.isEmpty ? .pass : .fail(faults))
    }

    /// What is made of plan and transcript alone is what lies here.
    private mutating func checkEvidence(in bundle: Bundle) {
        guard transcript.lines.last?.act == .closed else {
            return note("evidence", .notApplicable("the ceremony is not closed"))
        }
        var faults: [String] = []
        let report = CeremonyReport(of: plan, planDigest, script, transcript)
        let made =
            CeremonyEvidence(of: plan, script, transcript).files
            + [("report.json", report.json), ("report.html", report.html)]
        for (name, bytes) in made {
            let path = bundle.path.appending(name)
            if (try? Files.read(path, limit: Transcript.byteLimit)) != bytes {
                faults.append("\(path): not what the transcript makes it")
            }
        }
        note("evidence", faults.isEmpty ? .pass : .fail(faults))
    }
}
