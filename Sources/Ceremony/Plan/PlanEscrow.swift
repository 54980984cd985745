// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody
package import Escrow
package import SecretSharing

// A plan held against the escrow that it is about, as far as that is there.
extension Plan {
    /// What a manifest has otherwise than the plan: policy, officers, certificate, whether it is a rehearsal.
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
        let certificates = manifest.certificates.map { SHA256Digest(of: $0.der) } + added
        // The CA of a rehearsal without a store is made on the day.
        if !makesCA, !certificates.contains(authority.sha256) {
            differences.append("ca.sha256: \(authority.sha256), which is no certificate of the escrow")
        }
        return differences
    }

    /// A test key's escrow is never the CA's, nor the other way round.
    fileprivate func rehearsalDifference(from manifest: Manifest) -> String? {
        guard isRehearsal != manifest.isRehearsal else {
            return nil
        }
        return isRehearsal
            ? "rehearsal: true, where the escrow is none" : "rehearsal: not true, where the escrow is one"
    }
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
