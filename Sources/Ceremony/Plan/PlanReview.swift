// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Escrow
package import SecretSharing

/// A plan held against what its roles, sites and media are for.
///
/// Cards, certificate and signatures on the plan are files: ``PlanFiles`` looks at these.
package struct PlanReview: Sendable {
    package let plan: Plan
    /// The policy, with what it comes to among these people.
    package let custody: PolicyReview
    package let officers: [Name]
    /// As many of them as must sign.
    package let officerThreshold: Int
    package let findings: [PlanFinding]

    /// - Throws: ``PlanError/faults(_:)`` of a policy that these people cannot have; all else is a finding.
    package init(of plan: Plan) throws(PlanError) {
        self.plan = plan
        let policies = PlanPolicies(plan.escrow, among: plan.people)
        guard case .success(let policy) = policies.custody, case .success(let approval) = policies.approval else {
            throw .faults(policies.faults.map { PlanFault($0.reason) })
        }
        (officerThreshold, officers) = approval
        custody = PolicyReview(of: policy, among: plan.people, media: plan.media)
        findings =
            Self.people(plan, policy, officers) + Self.roles(plan) + custody.findings + Self.archives(plan, policy)
            + Self.media(plan, policy)
    }

    package var policy: Policy<Name> { custody.policy }

    /// Everybody whom the policies name takes part, and nobody is a custodian or an officer for nothing.
    private static func people(_ plan: Plan, _ policy: Policy<Name>, _ officers: [Name]) -> [PlanFinding] {
        var findings: [PlanFinding] = []
        let custodians = policy.leaves.map(\.custodian)
        for (names, role) in [(custodians, Role.custodian), (officers, Role.officer)] {
            for name in names where plan.participant(name)?.roles.contains(role) != true {
                let words = "\(name): a policy names them, no \(role.title) is called so"
                let member = role == .officer ? "escrow.officers" : "escrow.policy"
                findings.append(.error("not-among-people", words, at: .member(member)))
            }
            for person in plan.people(with: role) where !names.contains(person.name) {
                findings.append(.error("not-in-policy", person.name, "\(role.title) for no policy"))
            }
        }
        for person in plan.people where person.card == nil {
            if let role = Role.withCard.first(where: (person.roles + person.alternateFor).contains) {
                findings.append(.error("no-card", person.name, "\(role.title) without a card or key"))
            }
        }
        if plan.people(with: .auditor).isEmpty {
            findings.warn("no-auditor", "nobody from outside observes")
        }
        let inside = plan.people.filter { !Set($0.roles).isDisjoint(with: [.administrator, .operator, .officer]) }
        for auditor in plan.people(with: .auditor) {
            for person in inside
            where auditor.line != nil && auditor.line.map(Place.folded) == person.line.map(Place.folded)
                && auditor.name != person.name
            {
                let line = (person.line ?? "").inQuotes
                findings.warn(
                    "auditor-from-inside",
                    "\(auditor.name): auditor, in \(person.name)'s line of management \(line)"
                )
                break
            }
        }
        return findings
    }

    /// Nobody has two roles that exclude one another.
    private static func roles(_ plan: Plan) -> [PlanFinding] {
        var findings: [PlanFinding] = []
        for person in plan.people {
            let roles = person.roles + person.alternateFor.filter { !person.roles.contains($0) }
            for (index, role) in roles.enumerated() {
                for other in roles[(index + 1)...]
                where role.excludes.contains(other) || other.excludes.contains(role) {
                    findings.warn("conflicting-roles", "\(person.name): both \(role.title) and \(other.title)")
                }
            }
        }
        let keepers = Set(plan.media.filter { $0.content == .pkcs12 }.map(\.holder))
        for name in keepers.sorted() where plan.participant(name)?.roles.contains(.keeper) != true {
            findings.warn("no-keeper", "\(name): holds the PKCS#12 file, but is not a keeper")
        }
        for name in keepers.sorted() where plan.participant(name)?.roles.contains(.custodian) == true {
            findings.warn("keeper-is-custodian", "\(name): holds the PKCS#12 file and a share")
        }
        if keepers.count == 1, plan.kind == .backup {
            findings.warn("one-keeper", "only one person holds the PKCS#12 file")
        }
        return findings
    }

    /// The PKCS#12 file lies at two sites, and with no quorum.
    private static func archives(_ plan: Plan, _ policy: Policy<Name>) -> [PlanFinding] {
        var findings: [PlanFinding] = []
        let custodians = plan.people(with: .custodian)
        let archives = plan.media.filter { $0.content == .pkcs12 }.map(\.site)
        let archiveSites = Dictionary(archives.map { (Place.folded($0), Place.trimmed($0)) }) { first, _ in first }
        if plan.kind == .backup, archiveSites.count < 2 {
            findings.warn("one-site", "the PKCS#12 file lies at \(archiveSites.count) of the 2 sites that are needed")
        }
        for (site, shown) in archiveSites.sorted(by: { $0.key < $1.key }) {
            let shares = custodians.filter { person in
                Concentration.Kind.site.places(of: person, plan.media).contains { Place.folded($0) == site }
            }
            if policy.isSatisfied(by: Set(shares.map(\.name))) {
                findings.warn("archive-with-quorum", "site \(shown.inQuotes): the PKCS#12 file and a quorum")
            }
        }
        return findings
    }

    /// Media for everybody: two PKCS#12 files, a share and its copy for each custodian.
    private static func media(_ plan: Plan, _ policy: Policy<Name>) -> [PlanFinding] {
        guard plan.kind == .backup else {
            return []
        }
        var findings: [PlanFinding] = []
        for (_, custodian) in policy.leaves
        where !plan.media.contains(where: { $0.content == .share && $0.holder == custodian }) {
            findings.warn("no-medium", "\(custodian): no medium for the share")
        }
        let needed = 2 * policy.leaves.count + 2
        if plan.media.count < needed {
            findings.warn(
                "few-media",
                "\(plan.media.count) media: \(needed) are usual: two for each share, two for the PKCS#12 file"
            )
        }
        return findings
    }
}

/// Who restores and who approves, of a plan's own people.
struct PlanPolicies {
    let custody: Result<Policy<Name>, PolicyTextError>
    /// How many of whom must sign.
    let approval: Result<(threshold: Int, names: [Name]), ApprovalError>

    init(_ terms: Plan.EscrowTerms, among people: [Plan.Participant]) {
        custody = Result { () throws(PolicyTextError) in
            try terms.policy.policy(all: people.filter { $0.roles.contains(.custodian) }.map(\.name))
        }
        approval = Result { () throws(ApprovalError) in
            let (threshold, names) = try terms.officers.approvers()
            try Approval.check(threshold: threshold, of: names)
            return (threshold, names)
        }
    }

    /// What keeps these people from having them, with the member that says so.
    var faults: [(field: String, reason: PlanFault.Reason)] {
        var faults: [(String, PlanFault.Reason)] = []
        if case .failure(let error) = custody {
            faults.append(("escrow.policy", .policy(field: "escrow.policy", error)))
        }
        if case .failure(let error) = approval {
            faults.append(("escrow.officers", .approval(error)))
        }
        return faults
    }
}
