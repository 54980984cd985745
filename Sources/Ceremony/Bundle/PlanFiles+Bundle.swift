// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding
import Escrow
package import Files
import SystemPackage

extension PlanFiles {
    /// Reads the plan of a bundle, with the cards, the certificate and the earlier inventory that the bundle keeps.
    ///
    /// What the machine of the ceremony has, such as the store, is not looked at.
    ///
    /// - Throws: ``PlanError`` for the plan itself, ``EscrowError`` and ``FileError`` for another file.
    package init(in bundle: Bundle, now: Timestamp) throws {
        path = bundle.plan
        readAt = now
        do throws(FileError) {
            bytes = try Files.read(bundle.plan, limit: Plan.byteLimit)
        } catch {
            throw PlanError.file(error)
        }
        let plan = try Plan(json: bytes)
        review = try PlanReview(of: plan)
        let people = PlanPeople(of: plan, in: bundle)
        self.people = people.named
        approval = try people.named.approval(plan.escrow.officers)
        do {
            certificate = try Certificate(pem: try Files.read(bundle.certificate, limit: ByteLimit.document))
            earlier =
                try plan.inventory == nil ? nil : EarlierInventory(at: bundle.path.appending(Bundle.earlierName))
        } catch let error as CertificateError {
            throw PlanError.faults([PlanFault(.certificate(error))])
        } catch let error as EarlierInventoryError {
            throw PlanError.faults([PlanFault(.earlier(error))])
        }
        let given = try Self.signatures(of: bundle.plan, bytes, approval)
        signed = given.signed
        findings =
            review.findings + Self.cards(of: plan, people.named) + people.findings
            + (try Self.enrolments(of: plan, people.named, approval, now))
            + Self.authority(plan, certificate, now) + (earlier?.findings(for: plan) ?? []) + given.findings
    }
}

extension PlanPeople {
    /// Reads the cards and keys that a bundle keeps; what is wrong with one of them is a finding.
    package init(of plan: Plan, in bundle: Bundle) {
        var named = PeopleGiven()
        var findings: [PlanFinding] = []
        for person in plan.people {
            guard let name = Bundle.cardName(of: person) else {
                continue
            }
            let path = bundle.cards.appending(name)
            do throws(EscrowError) {
                let given = try PeopleGiven(at: [path])
                guard given.isOnly(person) else {
                    findings.append(.error("card", person.name, "\(path): not one card or key of this name"))
                    continue
                }
                if let finding = Self.finding(about: person, given, at: path.string) {
                    findings.append(finding)
                } else {
                    named.fill(from: given)
                }
            } catch {
                findings.append(.error("card", person.name, "\(error)"))
            }
        }
        self.named = named
        self.findings = findings
    }
}

extension PlanFiles {
    /// Whether a ceremony is begun by this plan, or one that has begun goes on: what has come to the escrow since is looked
    /// at in its steps.
    ///
    /// - Throws: ``FileError``
    package func mayBeHeld(in bundle: Bundle) throws(FileError) -> Bool {
        let hasBegun = try Files.kind(of: bundle.transcript) != nil
        return !findings.contains { finding in
            finding.severity == .error && !(hasBegun && finding.isOfEscrow)
        }
    }

    /// Whether a run sheet is printed: of a plan without errors, and of one that a ceremony has been held by, again.
    ///
    /// - Throws: ``FileError``
    package func hasRunSheet() throws(FileError) -> Bool {
        let folder = Bundle(at: path.removingLastComponent())
        let bundle = folder.plan == path ? folder : Bundle(beside: path)
        let isHeld = try Files.kind(of: bundle.transcript) != nil
        return isHeld || !hasErrors
    }
}
