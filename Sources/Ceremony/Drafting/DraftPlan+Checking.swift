// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SystemPackage

// What `ceremony check` would refuse is refused where it is typed, as far as it is known then.
extension DraftPlan {
    /// - Throws: ``DraftError``, ``FileError``, ``EscrowError``: why the answer cannot stand.
    func check(_ question: PlanQuestion, in changed: PlanDraft) throws {
        let member = question.member
        if let text = changed[member]?.text, !text.isEmpty {
            try checkFiles(member, text)
        }
        if let name = member.rest(before: ".roles") {
            try check(rolesOf: name, in: changed)
        }
        let faults = try PlanReading(json: changed.plan).faults
        if let fault = faults.first(at: changed.path(of: member)) {
            throw DraftError.fault(fault)
        }
    }

    private func checkFiles(_ member: String, _ text: String) throws {
        switch member {
        case "ca.certificate":
            if let finding = PlanFiles.notOfACA(try certificate(at: text)) {
                throw DraftError.finding(finding)
            }
        case "escrow.store":
            guard let finding = PlanFiles.store(text) else {
                return
            }
            guard finding.severity == .warning else {
                throw DraftError.finding(finding)
            }
            console?.say(finding.words)
        case "escrow.path": try check(escrowAt: folder.pushing(FilePath(text)), text)
        case "escrow.policy": try check(policy: try PolicyText(text))
        case "escrow.officers":
            let (threshold, names) = try PolicyText(approval: text).approvers()
            do throws(ApprovalError) {
                try Approval.check(threshold: threshold, of: names)
            } catch {
                throw DraftError.fault(PlanFault(.approval(error)))
            }
            try checkKnown(names, member)
        case "inventory": _ = try EarlierInventory(at: folder.pushing(FilePath(text)))
        default: break
        }
    }

    /// A first escrow is not there yet; what is there is one.
    private func check(escrowAt path: FilePath, _ text: String) throws {
        if try Files.kind(of: path) != nil {
            _ = try EscrowDirectory(at: path)
        } else if kind != .backup {
            console?.say(PlanFinding.warning(PlanFinding.escrowCode, "\(text): no escrow is there").words)
        }
    }

    private func check(policy text: PolicyText) throws {
        if text.mentionsAll {
            guard text != .all(threshold: 1) else {
                throw DraftError.wrong(member: "escrow.policy", needed: "one person alone could restore")
            }
        } else {
            do throws(PolicyTextError) {
                _ = try text.policy(all: [])
            } catch {
                throw DraftError.fault(PlanFault(.policy(field: "escrow.policy", error)))
            }
        }
        try checkKnown(text.names, "escrow.policy")
    }

    /// Whoever a policy names has a card or key, once these are known.
    private func checkKnown(_ names: [Name], _ member: String) throws {
        let known = Set(people.officers.map(\.name.description) + draft.names)
        if !known.isEmpty, let name = names.first(where: { !known.contains($0.description) }) {
            throw DraftError.wrong(member: member, needed: "nobody called \(name) has a card or key here")
        }
    }

    /// Custodians and officers are those whom the policies name; whoever acts has a card; one is operator.
    private func check(rolesOf name: String, in changed: PlanDraft) throws {
        func refuse(_ words: String) -> DraftError { .wrong(member: "\(name).roles", needed: words) }
        func roles(_ key: String) -> [Role] {
            (changed["\(name).\(key)"]?.items ?? []).compactMap { $0.text.flatMap(Role.init) }
        }
        let held = roles("roles")
        for (member, role) in Self.policies {
            guard let text = policy(member, in: changed), !text.mentionsAll else {
                continue
            }
            let isNamed = text.names.contains { $0.description == name }
            if isNamed != held.contains(role) {
                throw refuse(
                    "\(role.rawValue) \(isNamed ? "must" : "cannot") be among them: \(member) "
                        + (isNamed ? "names \(name)" : "does not name \(name)")
                )
            }
        }
        if changed["\(name).card"] == nil,
            let role = Role.withCard.first(where: (held + roles("alternateFor")).contains),
            roleByPolicy(name)?.contains(role.rawValue) != true
        {
            throw refuse("\(role.title) without a card or key")
        }
        for role in held where role.isOnePersons {
            if let other = changed.people(with: role).first(where: { $0 != name }) {
                throw refuse("\(other) is \(role.title) already, and there is only one")
            }
        }
    }

    private static let policies = [("escrow.policy", Role.custodian), ("escrow.officers", .officer)]

    /// Who restores or approves, once that is said.
    private func policy(_ member: String, in draft: PlanDraft) -> PolicyText? {
        draft[member]?.text.flatMap { try? PolicyText(approval: $0) }
    }

    /// The role that policy or officers name somebody for.
    func roleByPolicy(_ name: String) -> String? {
        let roles = Self.policies.filter { member, _ in
            policy(member, in: draft)?.names.contains { $0.description == name } ?? false
        }
        return roles.isEmpty ? nil : roles.map(\.1.rawValue).joined(separator: ", ")
    }

    /// Everybody whom a policy names.
    var namedByPolicies: [String] {
        Self.policies.flatMap { policy($0.0, in: draft)?.names.map(\.description) ?? [] }
    }
}
