// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
package import Escrow
import Files
package import SecretSharing
import SystemPackage

// A plan held against the escrow that it is about, as far as that is there.
extension Plan {
    /// What a manifest has otherwise than the plan: policy, officers, custodians, certificate, whether it is a rehearsal.
    ///
    /// - Parameters:
    ///   - policy: The plan's, with its people.
    ///   - approval: The plan's officers.
    ///   - added: Certificates that have joined the epoch with approval.
    package func differences(
        from manifest: Manifest,
        _ policy: Policy<Name>,
        _ approval: Approval,
        added: [SHA256Digest] = []
    ) -> [String] {
        var differences = [rehearsalDifference(from: manifest)].compactMap(\.self)
        if PolicyShape(policy.root) != PolicyShape(manifest.policy.root) {
            differences.append("escrow.policy: \(policy.text), where the escrow has \(manifest.policy.text)")
        }
        if approval != manifest.approval {
            let isOtherKey = approval.text == manifest.approval.text
            differences.append(
                "escrow.officers: \(approval.text), where the escrow has "
                    + (isOtherKey ? "another key of one of them" : manifest.approval.text)
            )
        }
        differences += peopleDifferences(from: manifest)
        let certificates = manifest.certificates.map { SHA256Digest(of: $0.der) } + added
        // The CA of a rehearsal without a store is made on the day.
        if !makesCA, !certificates.contains(authority.sha256) {
            differences.append("ca.sha256: \(authority.sha256), which is not a certificate of the escrow")
        }
        return differences
    }

    /// Custodians whose card in the escrow is another than the one that the plan names.
    private func peopleDifferences(from manifest: Manifest) -> [String] {
        manifest.people.compactMap { person in
            guard let planned = participant(person.name), planned.sha256 != person.card else {
                return nil
            }
            let found = planned.sha256.map(\.description) ?? "nothing"
            return "people: \(person.name): the plan has \(found), where the escrow has the card \(person.card)"
        }
    }

    /// A test key's escrow is never the CA's, nor the other way round.
    fileprivate func rehearsalDifference(from manifest: Manifest) -> String? {
        guard isRehearsal != manifest.isRehearsal else {
            return nil
        }
        return isRehearsal
            ? "the plan is a rehearsal's, but the escrow is not" : "the plan is not a rehearsal's, but the escrow is"
    }
}

extension PlanFiles {
    /// What is wrong between plan and escrow as it lies there now.
    package func escrowFindings() -> [PlanFinding] {
        Self.escrow(of: review, approval, in: path.removingLastComponent())
    }

    /// A backup's escrow is not there yet, or has an occasion for a new epoch; a restore's and a drill's is as planned.
    ///
    /// - Parameter folder: Where relative paths start: a ceremony is held there.
    static func escrow(of review: PlanReview, _ approval: Approval, in folder: FilePath) -> [PlanFinding] {
        let plan = review.plan
        let path = folder.pushing(FilePath(plan.escrow.path))
        do {
            guard try Files.kind(of: path) != nil else {
                let isAwaited = plan.kind != .backup || plan.escrow.occasion != nil
                return isAwaited ? [.warning(PlanFinding.escrowCode, "\(plan.escrow.path): no escrow is there")] : []
            }
            guard plan.kind != .backup || plan.escrow.occasion != nil else {
                let words = Backup.givenOccasions.map(\.rawValue).joined(separator: ", ")
                return [
                    .error(
                        PlanFinding.escrowCode,
                        "\(plan.escrow.path): there already: a new epoch of it needs escrow.occasion: \(words)"
                    )
                ]
            }
            let escrow = try EscrowDirectory(at: path)
            let newest = try escrow.approval(of: nil).document
            let added = try newest.approvedCertificates(in: escrow).records.map(\.document.certificate)
                .map { SHA256Digest(of: $0.der) }
            // All else is what a new epoch may change.
            let differences =
                plan.kind == .backup
                ? [plan.rehearsalDifference(from: newest.manifest)].compactMap(\.self)
                : plan.differences(from: newest.manifest, review.policy, approval, added: added)
            return differences.map { .error(PlanFinding.escrowCode, $0) }
                + (plan.kind == .backup ? [] : try keyFile(of: newest, in: plan, at: path, from: folder))
        } catch {
            return [.error(PlanFinding.escrowCode, "\(error)")]
        }
    }

    /// Without the key file nothing can be restored: it comes from its medium before the audit.
    private static func keyFile(
        of document: EpochDocument,
        in plan: Plan,
        at escrow: FilePath,
        from folder: FilePath
    ) throws -> [PlanFinding] {
        let given = plan.escrow.pkcs12.map { folder.pushing(FilePath($0)) }
        let path = try document.pkcs12Path(given: given, escrow: escrow)
        guard try Files.kind(of: path) != nil else {
            return [.warning(PlanFinding.keyFileCode, "\(path): the key file is not there: a medium has it")]
        }
        do throws(EscrowError) {
            _ = try document.pkcs12(given: given, escrow: escrow)
            return []
        } catch {
            return [.error(PlanFinding.keyFileCode, "\(error)")]
        }
    }
}

extension PlanFinding {
    /// The code of all that is wrong with the escrow.
    package static let escrowCode = "escrow"
    /// The code of what is wrong with the key file of a restore or drill.
    package static let keyFileCode = "key-file"

    /// Whether it is about what lies in the escrow, or beside it: that may change while a ceremony is held.
    var isOfEscrow: Bool { code == Self.escrowCode || code == Self.keyFileCode }
}

/// Who restores, whatever the order in which the members are written.
private indirect enum PolicyShape: Hashable {
    case custodian(Name)
    case gate(threshold: Int, members: Set<PolicyShape>)

    init(_ gate: Gate<Name>) {
        // Nobody stands in a policy twice: no two members are one.
        self = .gate(
            threshold: gate.threshold,
            members: Set(
                gate.members.map { member in
                    switch member {
                    case .custodian(let name): .custodian(name)
                    case .gate(let gate): PolicyShape(gate)
                    }
                }
            )
        )
    }
}
