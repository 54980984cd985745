// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
package import Encoding
import Escrow
import Files
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
