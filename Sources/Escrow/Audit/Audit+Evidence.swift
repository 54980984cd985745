// SPDX-License-Identifier: Apache-2.0

import Custody
import SecretSharing
import SystemPackage

// What people have added: receipts, challenges and proofs, requests and what answers them.
extension Audit {
    /// Every document of an epoch by itself, and the documents that it names.
    mutating func checkEvidence(of document: EpochDocument, in directory: EscrowDirectory) throws(EscrowError) {
        let evidence = try Evidence(of: document, in: directory)
        self.evidence[document.digest] = evidence
        for fault in evidence.receipts.faults {
            if case .equivocation = fault {
                note(.equivocation, fault.description)
            } else {
                note(.receipts, fault.description)
            }
        }
        let faults: [(AuditCheck, [EscrowError])] = [
            (.challenges, evidence.challenges.faults), (.proofs, evidence.proofs.faults),
            (.requests, evidence.requestFaults), (.releases, evidence.releases.faults),
            (.refusals, evidence.refusals.faults),
            (.records, evidence.overrides.faults + evidence.suspensions.faults),
            (.records, evidence.restores.faults + evidence.drills.faults),
        ]
        for (check, errors) in faults {
            errors.forEach { note(check, $0.description) }
        }
        checkReferences(of: evidence)
        checkTimes(of: evidence)
    }

    /// What answers a request must find it here.
    private mutating func checkReferences(of evidence: Evidence) {
        let requests = Dictionary(evidence.requests.map { ($0.request.digest, $0.request.document) }) { first, _ in
            first
        }
        for filed in evidence.releases.documents {
            guard let request = requests[filed.document.request] else {
                note(.releases, "\(filed.path): answers a request that is not here")
                continue
            }
            if filed.document.created < request.notBefore || filed.document.created > request.expires {
                note(.releases, "\(filed.path): made outside the time of its request")
            }
        }
        for filed in evidence.refusals.documents where requests[filed.document.request] == nil {
            note(.refusals, "\(filed.path): answers a request that is not here")
        }
        let refusals = Set(evidence.refusals.documents.map(\.digest))
        for filed in evidence.overrides.documents {
            if requests[filed.document.request] == nil || !refusals.isSuperset(of: filed.document.refusals) {
                note(.records, "\(filed.path): names a request or refusal that is not here")
            }
        }
        for filed in evidence.restores.documents {
            if let request = filed.document.request, requests[request] == nil {
                note(.records, "\(filed.path): names a request that is not here")
            }
        }
        for filed in evidence.drills.documents {
            if let request = filed.document.request, requests[request] == nil {
                note(.records, "\(filed.path): names a request that is not here")
            }
            do throws(DocumentError) {
                if let challenge = filed.document.challenge {
                    _ = try evidence.challenges.documents.answered(challenge, at: filed.document.created)
                }
            } catch {
                note(.records, EscrowError.document(path: filed.path.string, error).description)
            }
        }
    }

    private mutating func checkTimes(of evidence: Evidence) {
        let epoch = evidence.epoch
        func times<Document>(_ filed: [Filed<Document>]) -> [(FilePath, Timestamp)] {
            filed.map { ($0.path, $0.document.created) }
        }
        let all =
            times(evidence.receipts.documents) + times(evidence.challenges.documents)
            + times(evidence.proofs.proofs.map(\.proof)) + times(evidence.requests.map(\.request))
            + times(evidence.releases.documents) + times(evidence.refusals.documents)
            + times(evidence.overrides.documents) + times(evidence.suspensions.documents)
            + times(evidence.restores.documents) + times(evidence.drills.documents)
        for (path, created) in all {
            checkTime(created, of: Self.shown(path, in: epoch))
        }
    }

    /// Whether the custodians of the epoch that the report is about have their shares, and prove it.
    mutating func checkCustody(of document: EpochDocument) {
        guard let evidence = evidence[document.digest] else {
            for check in [AuditCheck.receipts, .proofs, .quorum] {
                unchecked[check] = .notChecked("what was added cannot be read")
            }
            return
        }
        let missing = evidence.withoutReceipt
        if !missing.isEmpty {
            unchecked[.receipts] = .notChecked("INCOMPLETE: no receipt of \(EscrowError.list(missing))")
        }
        if !document.manifest.policy.isSatisfied(by: evidence.available) {
            note(.quorum, "suspended are \(EscrowError.list(evidence.suspended)): the others cannot restore")
        }
        unchecked[.proofs] = proofOutcome(of: evidence)
    }

    /// Nothing when every custodian has answered the newest challenge that counts.
    private func proofOutcome(of evidence: Evidence) -> AuditOutcome? {
        guard !evidence.challenges.documents.isEmpty else {
            return .notApplicable("no challenge was made in this epoch")
        }
        guard let anchor = input.anchor else {
            return .notChecked("no --signers: nobody vouches for a challenge")
        }
        let admitted = evidence.admittedChallenges(by: anchor)
        guard let newest = admitted.max(by: { $0.document.created < $1.document.created }) else {
            return .notChecked(
                "\(anchor.path) admits no signer of a challenge for \(DocumentFormat.challenge.namespace)"
            )
        }
        let missing = evidence.epoch.manifest.people.map(\.name).filter { name in
            evidence.newestProof(of: name, answering: [newest]) == nil
        }
        guard missing.isEmpty else {
            let asked = "challenge \(newest.identifier.prefix(8)) of \(newest.document.created)"
            return .notChecked("\(asked): no proof of \(EscrowError.list(missing))")
        }
        return nil
    }
}
