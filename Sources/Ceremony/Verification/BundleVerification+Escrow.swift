// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Encoding
import Escrow
import Files
import SecretSharing
import SystemPackage

// The copy of the escrow: sound, the one that was compared, as the plan says, and tried out by everybody.
extension BundleVerification {
    /// Audits the escrow as of the last line, and holds it against plan and transcript.
    mutating func checkEscrow(_ certificate: Certificate?, _ policy: Policy<Name>, _ approval: Approval?) {
        guard isClosed, let last = transcript.lines.last else {
            return noteEscrow(.notApplicable("the ceremony is not closed"))
        }
        guard let certificate else {
            return noteEscrow(.notChecked("the certificate is not sound"))
        }
        do {
            guard try Files.kind(of: bundle.escrow) == .directory else {
                return noteEscrow(.fail(["\(bundle.escrow): no copy of the escrow"]), rest: "no copy of the escrow")
            }
            let escrow = try EscrowDirectory(at: bundle.escrow)
            let newest = try escrow.chain().approval(selected: nil).document
            let input = Bundle.auditInput(of: plan, certificate, anchor: anchor, at: last.time)
            let report = try Audit(of: bundle.escrow, with: input).report
            let open = openChecks(of: report)
            note(
                .escrow,
                faults: report.failures + manifestFaults(newest),
                open: open.isEmpty ? nil : open.joined(separator: "; ")
            )
            guard let approval else {
                note(.terms, .notChecked(Self.noOfficers))
                return checkCoverage(of: newest, policy)
            }
            let added = try newest.approvedCertificates(in: escrow).records.map(\.document.certificate)
                .map { SHA256Digest(of: $0.der) }
            note(.terms, faults: plan.differences(from: newest.manifest, policy, approval, added: added))
            checkCoverage(of: newest, policy)
        } catch {
            noteEscrow(.fail(["\(error)"]), rest: "the escrow cannot be read")
        }
    }

    /// What an audit of the copy did not check, and is the ceremony's own: who made the escrow, what could not be read.
    ///
    /// Proofs come later, the PKCS#12 file lies elsewhere, and receipts are a backup's.
    private func openChecks(of report: AuditReport) -> [String] {
        var others: Set<AuditCheck> = [.challenges, .proofs, .pkcs12, .protection, .state]
        if plan.kind != .backup {
            others.insert(.receipts)
        }
        if plan.makesCA {
            others.insert(.certificate)
        }
        return report.outcomes.compactMap { check, outcome in
            guard case .notChecked(let reason) = outcome, !others.contains(check) else {
                return nil
            }
            return "\(check.rawValue): \(reason)"
        }
    }

    /// Notes the three checks of an escrow that cannot be made.
    private mutating func noteEscrow(_ outcome: AuditOutcome, rest: String? = nil) {
        let checks = [BundleCheck.escrow, .terms, .coverage].filter { check in !results.contains { $0.check == check } }
        for (index, check) in checks.enumerated() {
            note(check, index == 0 ? outcome : rest.map { .notChecked($0) } ?? outcome)
        }
    }

    /// The manifest that was compared is in force at the end: nothing took its place after it was read aloud.
    private func manifestFaults(_ newest: EpochDocument) -> [String] {
        guard let digest = script.compared(.manifest, in: transcript) else {
            return ["\(bundle.escrow): no line says which manifest was compared"]
        }
        return digest == newest.digest
            ? []
            : ["\(bundle.escrow): its newest manifest is \(newest.digest.short)…, compared was \(digest.short)…"]
    }

    // MARK: Coverage

    /// The documents of drills and restores say what the script has: who, over which manifest, and that nobody is left out.
    private mutating func checkCoverage(of newest: EpochDocument, _ policy: Policy<Name>) {
        var faults: [String] = []
        var covered: Set<Name> = []
        var isExcused = false
        for step in script.steps {
            let held = HeldStep(step, in: transcript)
            switch step.act {
            case .drill(let trial):
                isExcused = isExcused || held.isExcused
                let rebuilt = quorums(by: \DrillReceipt.custodians, .drill, of: held, newest, &faults)
                rebuilt.forEach { covered.formUnion($0) }
                if !held.isExcused, !rebuilt.contains(Set(trial.custodians)) {
                    let found = rebuilt.map { $0.sorted().listed }.joined(separator: "; ")
                    let names = trial.custodians.listed
                    faults.append("step \(step.identifier): rebuilt by (\(found)), not by (\(names))")
                }
            case .restore:
                isExcused = isExcused || held.isExcused
                let rebuilt = quorums(by: \RestoreRecord.custodians, .restore, of: held, newest, &faults)
                if !rebuilt.contains(where: { policy.isSatisfied(by: $0) }) {
                    faults.append("step \(step.identifier): no record of a restore by a quorum of the plan")
                }
            default: break
            }
        }
        let missing = script.tried.filter { !covered.contains($0) }
        if faults.isEmpty, !missing.isEmpty, isExcused {
            return note(.coverage, .notChecked("in no trial restore, as an exception says: \(missing.listed)"))
        }
        if !missing.isEmpty {
            faults.append("in no trial restore: \(missing.listed)")
        }
        note(.coverage, faults: faults)
    }

    /// Whose shares rebuilt the key, by the documents that a step's lines say have come to the escrow.
    private func quorums<Record: AddedRecord>(
        by custodians: KeyPath<Record, [Name]>,
        _ artefact: EscrowArtefact,
        of held: HeldStep,
        _ newest: EpochDocument,
        _ faults: inout [String]
    ) -> [Set<Name>] {
        var found: [Set<Name>] = []
        for file in held.files
        where file.direction == .output && artefact.isNamed(by: file.name) && Self.isInside(file.name) {
            let path = bundle.escrow.pushing(FilePath(file.name))
            do {
                let bytes = try Files.read(path, limit: ByteLimit.document)
                let record = try Record(canonical: bytes)
                let absent = record[keyPath: custodians].filter { !wasThere($0, in: held, naming: file) }
                if SHA256Digest(of: bytes) != file.sha256 {
                    faults.append("\(path): not what step \(held.step.identifier) made")
                } else if record.manifest != newest.digest {
                    faults.append("\(path): of another manifest")
                } else if !absent.isEmpty {
                    faults.append("\(path): by \(absent.listed), absent in step \(held.step.identifier)")
                } else {
                    found.append(Set(record[keyPath: custodians]))
                }
            } catch {
                faults.append(error is FileError ? "\(error)" : "\(path): \(error)")
            }
        }
        return found
    }

    /// Whether somebody was there at some line of a step, up to the one that names what the step made.
    private func wasThere(_ name: Name, in held: HeldStep, naming file: TranscriptLine.File) -> Bool {
        let end = held.lines.first { $0.files.contains(file) }?.sequence ?? 0
        return held.lines.contains { line in
            line.sequence <= end
                && RollCall(of: plan, transcript.standing.prefix(line.sequence - 1)).isThere(name)
        }
    }
}
