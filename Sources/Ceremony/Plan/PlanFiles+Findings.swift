// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Custody
package import Encoding
package import Escrow
import KeyStores
import SystemPackage

// What the files say that a plan names, and the machine that it is read on.
extension PlanFiles {
    /// The signatures beside the plan, `PLAN.OFFICER.sig`.
    static func signatures(
        of path: FilePath,
        _ bytes: [UInt8],
        _ approval: Approval
    ) throws -> (signed: [Signer], findings: [PlanFinding]) {
        var signed: [Signer] = []
        var findings: [PlanFinding] = []
        for filed in try FiledSignature.all(of: path) {
            do {
                let signature = try filed.signature.get()
                guard let officer = approval.officers.first(where: { $0.name == filed.signer }) else {
                    findings.append(.error("signature", "\(filed.path): of no officer of this plan"))
                    continue
                }
                guard officer.key == signature.signer else {
                    findings.append(.error("signature", "\(filed.path): with another key than \(officer.name)'s"))
                    continue
                }
                try signature.verify(bytes, namespace: Plan.format.namespace)
                signed.append(officer)
            } catch {
                findings.append(.error("signature", "\(filed.path): \(error)"))
            }
        }
        let missing = approval.threshold - signed.count
        if missing > 0 {
            let names = approval.officers.filter { !signed.contains($0) }.map(\.name.description)
            let some = "\(missing) more needed of (\(names.joined(separator: ", ")))"
            findings.warn("not-approved", "signed by \(signed.count) of \(approval.threshold) officers: \(some)")
        }
        return (signed, findings)
    }

    /// Every card is of its person, valid on the day, and of a key that nobody else has.
    static func cards(of plan: Plan, _ people: PeopleGiven) -> [PlanFinding] {
        var findings: [PlanFinding] = []
        var owners: [SigningKey: Name] = [:]
        for person in plan.people where person.card != nil {
            guard let officer = people.officers.first(where: { $0.name == person.name }) else {
                findings.append(.error("card", person.name, "their card or key is of another name"))
                continue
            }
            if let other = owners.updateValue(person.name, forKey: officer.key) {
                findings.append(.error("one-key", "\(person.name) and \(other) have one key"))
            }
            guard let card = people.card(of: person.name) else {
                if person.roles.contains(.custodian) {
                    let words = "an OpenSSH key can sign but not unseal: an officer, not a custodian"
                    findings.append(.error("card", person.name, words))
                }
                continue
            }
            if let end = card.validUntil, end < plan.standby {
                findings.append(.error("card-expires", person.name, "the card is valid until \(end.forPeople) only"))
            }
            if let fullName = card.fullName, !fullName.utf8.elementsEqual(person.fullName.utf8) {
                findings.warn("full-name", "\(person.name): called \(fullName.inQuotes) on the card")
            }
        }
        return findings
    }

    static func authority(_ plan: Plan, _ certificate: Certificate, _ now: Timestamp) -> [PlanFinding] {
        var findings: [PlanFinding] = []
        let digest = SHA256Digest(of: certificate.der)
        if digest != plan.authority.sha256 {
            let words = "ca.certificate: its SHA-256 is \(digest), not ca.sha256"
            findings.append(.error("certificate", words, at: .member("ca.sha256")))
        }
        findings += [notOfACA(certificate)].compactMap(\.self)
        if certificate.notAfter < plan.date.secondsSinceEpoch {
            findings.warn("certificate-expired", "ca.certificate: it is not valid on the day")
        }
        if plan.standby < now {
            findings.warn("in-the-past", "standby: \(plan.standby.forPeople) is over")
        }
        return findings
    }

    /// What is wrong with a certificate that is no CA's.
    static func notOfACA(_ certificate: Certificate) -> PlanFinding? {
        certificate.isCA
            ? nil
            : .error(
                "certificate",
                "ca.certificate: not that of a certification authority",
                at: .member("ca.certificate")
            )
    }

    /// Every custodian of a backup has shown that they can unseal, to an officer of the plan.
    static func enrolments(
        of plan: Plan,
        _ people: PeopleGiven,
        _ approval: Approval,
        _ now: Timestamp
    ) throws(EscrowError) -> [PlanFinding] {
        guard plan.kind == .backup else {
            return []
        }
        var findings: [PlanFinding] = []
        for card in plan.people(with: .custodian).compactMap({ people.card(of: $0.name) }) {
            switch try people.enrolment(of: card, approval, now: now) {
            case .proven: break
            case .notAnswered:
                findings.warn("enrolment", "\(card.name): has not shown that they can unseal")
            case .wrong(let faults):
                let reasons = faults.map(\.description).joined(separator: "; ")
                findings.append(.error("enrolment", card.name, "their enrolment does not count: \(reasons)"))
            }
        }
        return findings
    }

    /// What shows that the custodians can unseal, by the names that the files have beside their cards.
    ///
    /// - Throws: ``EscrowError``
    func enrolmentFiles() throws(EscrowError) -> [(name: String, bytes: [UInt8])] {
        var found: [String: [UInt8]] = [:]
        for card in plan.people(with: .custodian).compactMap({ people.card(of: $0.name) }) {
            for (name, bytes) in try enrolmentFiles(of: card, now: readAt) {
                found[name] = bytes
            }
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// What shows that this custodian can unseal, ordered by name; nothing that does not count.
    ///
    /// - Throws: ``EscrowError``
    package func enrolmentFiles(of card: Card, now: Timestamp) throws(EscrowError) -> [(name: String, bytes: [UInt8])] {
        let files = try EnrolmentFiles(in: people.folder(of: card.name))
        let trust = EnrolmentTrust(officers: approval.officers)
        var found: [String: [UInt8]] = [:]
        for answer in files.answers where answer.document.custodian == card.name {
            // One that does not count is a finding of the plan, and is not kept.
            if let proof = try? Enrolment.Proof(answer, of: card, in: files, trusting: trust, now: now) {
                proof.files.forEach { found[$0.name] = $0.bytes }
            }
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The store is of a kind that exists, and this program is the plan's.
    static func place(_ plan: Plan, _ program: SHA256Digest?) -> [PlanFinding] {
        var findings = [plan.escrow.store.flatMap(store)].compactMap(\.self)
        if let program, program != plan.tool {
            findings.warn("another-program", "tool.sha256: \(plan.tool), where this program has \(program)")
        }
        return findings
    }

    /// What is wrong with a store, by how it is written or by what is on this machine.
    static func store(_ store: String) -> PlanFinding? {
        do {
            _ = try StoreURI(parsing: store)
            return nil
        } catch .unknownKind(let kind) {
            let forms = StoreForms.all.joined(separator: ", ")
            return .error("store", "escrow.store: no kind of store is called \(kind.inQuotes): \(forms)")
        } catch .malformed(_, let needed) {
            return .error("store", "escrow.store: \(store.inQuotes): it is written \(needed)")
        } catch {
            return .warning("store", "escrow.store: not on this machine: \(error)")
        }
    }
}
