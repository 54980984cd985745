// SPDX-License-Identifier: Apache-2.0

import Encoding
import SystemPackage

extension NextStep {
    /// What is next of documents in an escrow that officers' signatures came for: who else must sign, or who gets what.
    ///
    /// - Parameters:
    ///   - paths: The documents.
    ///   - chain: As it stands with the signatures.
    ///   - shown: The escrow, as people call it.
    ///   - before: The epoch that was in force without them.
    /// - Throws: ``EscrowError`` when documents of the epoch in force cannot be read.
    static func after(
        signing paths: Set<FilePath>,
        in chain: EpochChain,
        of directory: EscrowDirectory,
        at shown: FilePath,
        since before: EpochApproval?
    ) throws(EscrowError) -> [String] {
        var steps: [String] = []
        for approval in chain.all where paths.contains(approval.document.manifestPath) {
            guard let inForce = chain.inForce, inForce.isSame(as: approval) else {
                steps += [sign(approval.shortfalls, in: shown)].compactMap(\.self)
                continue
            }
            let isNews = before.map { !$0.isSame(as: approval) } ?? true
            if isNews, !approval.document.manifest.isRetired {
                steps += ComeIntoForce(approval, of: directory, at: shown).nextSteps
            }
        }
        guard let epoch = chain.inForce?.document else {
            return steps
        }
        let approval = epoch.manifest.approval
        func open(_ signatures: SignatureCount) -> String? {
            Shortfall(of: signatures.signed, for: approval).flatMap { sign([$0], in: shown) }
        }
        for review in try epoch.requests() {
            if paths.contains(review.request.path) {
                steps.append(open(review.request.signatures) ?? pack(request: review.request.digest, of: shown))
            }
            steps += review.openOverrides.filter { paths.contains($0.path) }.compactMap { open($0.signatures) }
            if review.overrides.contains(where: { paths.contains($0.path) }) {
                steps.append("run the restore of request \(review.identifier.prefix(8)) again, without --override")
            }
        }
        func more<Document: AddedDocument>(_: Document.Type) throws(EscrowError) -> [String] {
            try epoch.filed(Document.self).documents.filter { paths.contains($0.path) }.compactMap {
                open($0.signatures)
            }
        }
        return steps + (try more(AddedCertificate.self)) + (try more(Reinstatement.self)) + (try more(VoidRecord.self))
    }

    /// What is next of an epoch once all its custodians have acknowledged: its first drill.
    static func afterReceipts(of epoch: EpochDocument, at shown: FilePath) throws(EscrowError) -> String? {
        let names = Set(try epoch.filed(Receipt.self).documents.map(\.document.custodian))
        guard epoch.manifest.people.allSatisfy({ names.contains($0.name) }),
            try epoch.filed(DrillReceipt.self).documents.isEmpty
        else {
            return nil
        }
        return "all custodians have acknowledged; the first drill is due: \(drill(shown, of: epoch.manifest, by: nil))"
    }
}
