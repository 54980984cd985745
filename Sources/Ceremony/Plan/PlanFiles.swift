// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
package import Escrow
import Files
package import SystemPackage

/// A plan as it lies on disk, with the files that it names.
package struct PlanFiles: Sendable {
    package let path: FilePath
    package let bytes: [UInt8]
    package let review: PlanReview
    /// Cards and keys of the people.
    package let people: PeopleGiven
    /// Who must sign: the plan itself, and the manifest.
    package let approval: Approval
    /// The CA's certificate.
    package let certificate: Certificate
    /// Officers whose signature on the plan holds.
    package let signed: [Officer]
    /// Those of the plan, of its files, and of its signatures.
    package let findings: [PlanFinding]

    package var plan: Plan { review.plan }

    /// What is read aloud.
    package var digest: SHA256Digest { SHA256Digest(of: bytes) }

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// Whether as many officers have signed the plan as it says.
    package var isApproved: Bool { Set(signed).intersection(approval.officers).count >= approval.threshold }

    /// Reads a plan and everything that it names; relative paths start at the plan's folder.
    ///
    /// - Throws: ``PlanError`` for the plan itself, ``EscrowError`` and ``FileError`` for a file that it names.
    package init(at path: FilePath, now: Timestamp) throws {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try Files.read(path, limit: Plan.byteLimit, followingLinks: true)
        } catch {
            throw PlanError.file(error)
        }
        self.path = path
        self.bytes = bytes
        let plan = try Plan(toml: bytes)
        review = try PlanReview(of: plan)
        let folder = path.removingLastComponent()
        let cards = plan.people.compactMap(\.card).map { folder.pushing(FilePath($0)) }
        people = try PeopleGiven(at: cards)
        approval = try people.approval(plan.escrow.officers)
        certificate = try Self.certificate(at: folder.pushing(FilePath(plan.authority.certificate)))
        let given = try Self.signatures(of: path, bytes, approval)
        signed = given.signed
        findings =
            review.findings + Self.cards(of: plan, people, now) + Self.authority(plan, certificate, now) + given.findings
    }

    private static func certificate(at path: FilePath) throws -> Certificate {
        let bytes = try Files.read(path, limit: ByteLimit.document, followingLinks: true)
        return bytes.first == 0x30 ? try Certificate(der: bytes) : try Certificate(pem: bytes)
    }

    /// The signatures beside the plan, `PLAN.OFFICER.sig`.
    private static func signatures(
        of path: FilePath,
        _ bytes: [UInt8],
        _ approval: Approval
    ) throws -> (signed: [Officer], findings: [PlanFinding]) {
        var signed: [Officer] = []
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
            findings.append(
                .warning(
                    "not-approved",
                    "signed by \(signed.count) of \(approval.threshold) officers: \(missing) more needed of "
                        + "(\(names.joined(separator: ", ")))"
                )
            )
        }
        return (signed, findings)
    }

    /// Every card is of its person, valid on the day, and of a key that nobody else has.
    private static func cards(of plan: Plan, _ people: PeopleGiven, _ now: Timestamp) -> [PlanFinding] {
        var findings: [PlanFinding] = []
        var owners: [SigningKey: Name] = [:]
        for person in plan.people where person.card != nil {
            guard let officer = people.officers.first(where: { $0.name == person.name }) else {
                findings.append(.error("card", "\(person.name): their card or key is of another name"))
                continue
            }
            if let other = owners.updateValue(person.name, forKey: officer.key) {
                findings.append(.error("one-key", "\(person.name) and \(other) have one key"))
            }
            guard let card = people.card(of: person.name) else {
                if person.roles.contains(.custodian) {
                    findings.append(
                        .error("card", "\(person.name): an OpenSSH key can sign but not unseal: an officer, not a custodian")
                    )
                }
                continue
            }
            if let end = card.validUntil, end < plan.standby {
                findings.append(.error("card-expires", "\(person.name): the card is valid until \(end.forPeople) only"))
            }
            if let fullName = card.fullName, !fullName.utf8.elementsEqual(person.fullName.utf8) {
                findings.append(.warning("full-name", "\(person.name): called '\(fullName)' on the card"))
            }
        }
        return findings
    }

    private static func authority(_ plan: Plan, _ certificate: Certificate, _ now: Timestamp) -> [PlanFinding] {
        var findings: [PlanFinding] = []
        if SHA256Digest(of: certificate.der) != plan.authority.sha256 {
            findings.append(
                .error("certificate", "ca.certificate: its SHA-256 is \(SHA256Digest(of: certificate.der)), not ca.sha256")
            )
        }
        if !certificate.isCA {
            findings.append(.error("certificate", "ca.certificate: not that of a certification authority"))
        }
        if certificate.notAfter < plan.date.secondsSinceEpoch {
            findings.append(.warning("certificate-expired", "ca.certificate: it is not valid on the day"))
        }
        if plan.standby < now {
            findings.append(.warning("in-the-past", "standby: \(plan.standby.forPeople) is over"))
        }
        return findings
    }

    /// The digests that are known before the day.
    package var known: [Step.Subject: SHA256Digest] { [.plan: digest, .certificate: plan.authority.sha256] }
}
