// SPDX-License-Identifier: Apache-2.0

package import Custody
import Escrow

extension PlanReview {
    /// What the plan says, a line each, indented.
    package func lines(_ digest: SHA256Digest) -> [String] {
        let officers = officers.map(\.description).joined(separator: ", ")
        var rows = [
            ("title", plan.title),
            ("kind", plan.kind.rawValue),
            ("date", "\(plan.date.forPeople), or else \(plan.standby.forPeople)"),
            ("place", plan.place),
            ("CA", plan.authority.certificate),
            ("SHA-256", "\(plan.authority.sha256.grouped)"),
            ("escrow", plan.escrow.path),
        ]
        let store = plan.kind == .backup ? "key from" : "key to"
        rows += [
            (store, plan.escrow.store), ("occasion", plan.escrow.occasion?.rawValue), ("purpose", plan.escrow.purpose),
            ("key file", plan.escrow.pkcs12),
            ("restored by", policy.text), ("approved by", "\(officerThreshold) of (\(officers))"),
            ("tool", "\(plan.tool)"),
        ].compactMap { name, text in text.map { (name, $0) } }
        for person in plan.people {
            let roles = person.roles.map(\.title).joined(separator: ", ")
            rows.append(("\(person.name)", "\(person.fullName): \(roles); \(person.site)"))
            // Who that is: what a signature on the plan covers.
            if person.card != nil {
                rows.append(("", "SHA-256 \(person.sha256?.description ?? "not in the plan")"))
            }
        }
        rows += plan.media.map { ($0.label, "\($0.content.rawValue), \($0.holder); \($0.site)") }
        let lines = rows.map { name, text in
            "  \(name)\(String(repeating: " ", count: max(1, 14 - name.count)))\(text)"
        }
        return lines + (plan.isRehearsal ? ["  REHEARSAL: a test key"] : []) + ["  plan          \(digest)"]
    }
}
