// SPDX-License-Identifier: Apache-2.0

import Audit
package import CertificateAuthority
package import Encoding
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
    package let signed: [Signer]
    /// Those of the plan, of its files, and of its signatures.
    package let findings: [PlanFinding]

    /// The inventory of the ceremony before, when the plan names one.
    package let earlier: EarlierInventory?

    /// When it was read, as the caller said.
    let readAt: Timestamp

    package var plan: Plan { review.plan }

    /// What is read aloud.
    package var digest: SHA256Digest { SHA256Digest(of: bytes) }

    /// The people whose digest the plan lacks, with the digest that it needs.
    package var missingDigests: [(person: Plan.Participant, sha256: SHA256Digest)] {
        PlanPeople.missing(in: plan, people)
    }

    package var hasErrors: Bool { findings.contains { $0.severity == .error } }

    /// 0 when there is nothing to say, 1 when there are warnings alone, 2 when the ceremony cannot be held so.
    package var exitStatus: Int32 { hasErrors ? 2 : findings.isEmpty ? 0 : 1 }

    /// The findings.
    package var json: JSONValue {
        .members([
            "exitStatus": .number(exitStatus),
            "findings": .list(findings.map(\.json)),
            "format": .string("ca-escrow/v1/plan-check"),
            "kind": .string(plan.kind.rawValue),
            "plan": .string(digest.description),
            "title": .string(plan.title),
        ])
    }

    /// Reads a plan and everything that it names; relative paths start at the plan's folder.
    ///
    /// - Parameter program: The SHA-256 of this program, or nothing when it is not known.
    /// - Throws: ``PlanError`` for the plan itself and the files that it names, ``EscrowError`` for its officers and the files
    ///   beside it.
    package init(at path: FilePath, now: Timestamp, program: SHA256Digest? = nil) throws {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try Files.read(path, limit: Plan.byteLimit, followingLinks: true)
        } catch {
            throw PlanError.file(error)
        }
        try self.init(bytes, at: path, now: now, program: program)
    }

    /// Reads what is to lie at a path.
    init(_ bytes: [UInt8], at path: FilePath, now: Timestamp, program: SHA256Digest?) throws {
        self.path = path
        self.bytes = bytes
        readAt = now
        let folder = path.removingLastComponent()
        let reading = try PlanReading(json: bytes)
        let named = NamedFiles(of: reading, in: folder)
        try reading.check()
        guard let plan = reading.plan, let certificate = named.certificate else {
            preconditionFailure("what is not there is a fault")
        }
        review = try PlanReview(of: plan)
        (people, earlier, self.certificate) = (named.people, named.earlier, certificate)
        approval = try people.approval(plan.escrow.officers)
        let given = try Self.signatures(of: path, bytes, approval)
        signed = given.signed
        var findings = review.findings + Self.cards(of: plan, people) + PlanPeople.findings(of: plan, people)
        findings += try Self.enrolments(of: plan, people, approval, now)
        findings += Self.authority(plan, certificate, now) + Self.place(plan, program)
        findings += Self.escrow(of: review, approval, in: folder)
        findings += (earlier?.findings(for: plan) ?? []) + given.findings
        self.findings = findings.map(reading.located)
    }
}

extension JSONValue {
    var text: String? { if case .string(let text) = self { text } else { nil } }

    /// Of an array; none of anything else.
    var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }

    /// Of an object; none of anything else.
    var members: [String: JSONValue] { if case .object(let members) = self { members } else { [:] } }
}
