// SPDX-License-Identifier: Apache-2.0

package import Encoding
import SecretSharing

/// Holds the codes of envelopes against an escrow, without opening anything.
///
/// The escrow is taken as it lies there: what is in force is so by the signatures of its own officers.
package struct EnvelopeCheck: Sendable {
    private let approvals: [EpochApproval]
    /// The epoch in force, or the newest when none is.
    private let current: EpochApproval
    /// Whose envelope it should be, when that is known.
    private let holder: Name?

    /// - Throws: ``EscrowError`` for an escrow that cannot be read, or that is a fork.
    package init(of directory: EscrowDirectory, heldBy holder: Name? = nil) throws(EscrowError) {
        let chain = directory.chain()
        approvals = chain.all
        current = try chain.approval(selected: nil)
        self.holder = holder
    }

    /// The epoch in force, if there is one.
    package var inForce: EpochDocument? { current.isApproved ? current.document : nil }

    private var documents: [EpochDocument] { approvals.map(\.document) }

    /// Judges all codes of one scan, in their order.
    ///
    /// Of codes that lie in one scan, labels and shares belong to the same people.
    package func judge(_ scanned: [String]) -> [EnvelopeFinding] {
        let findings = scanned.map(judge)
        func holders(_ kind: EnvelopeCode.Kind) -> Set<Name> {
            Set(findings.compactMap { $0.code?.kind == kind && $0.verdict != .damaged ? $0.code?.custodian : nil })
        }
        let labels = holders(.label)
        let shares = holders(.share)
        guard !labels.isEmpty, !shares.isEmpty else {
            return findings
        }
        return findings.map { finding in
            guard let code = finding.code, finding.verdict.isOfThisEscrow else {
                return finding
            }
            let others = code.kind == .share ? labels : shares
            guard !others.contains(code.custodian) else {
                return finding
            }
            let names = others.sorted().listed
            let other = code.kind == .share ? "the label" : "the share"
            return EnvelopeFinding(code, .wrongHolder, "\(other) in the same scan is for \(names)")
        }
    }

    /// What scans have shown.
    ///
    /// - Parameters:
    ///   - unread: Scans that could not be read, and why.
    ///   - escrow: As the caller named it.
    package func json(
        of findings: [(scan: String, finding: EnvelopeFinding)],
        unread: [(scan: String, reason: String)],
        at escrow: String,
        exitStatus: Int32
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "escrow": .string(escrow.printable),
            "exitStatus": .integer(UInt64(exitStatus)),
            "format": .string("ca-escrow/v1/envelope-check"),
        ]
        members["inForce"] = inForce.map { .string($0.digest.description) }
        if !findings.isEmpty {
            members["findings"] = .array(findings.map { $0.finding.json(scan: $0.scan) })
        }
        if !unread.isEmpty {
            members["unread"] = .array(
                unread.map { .object(["error": .string($0.reason.printable), "scan": .string($0.scan.printable)]) }
            )
        }
        return .object(members)
    }

    private func judge(_ scanned: String) -> EnvelopeFinding {
        do throws(EnvelopeCodeError) {
            return judge(try EnvelopeCode(scanned))
        } catch {
            switch error {
            case .notOurs: return EnvelopeFinding(nil, .unknown, "\(error): \(scanned.quoted)")
            case .keyboard, .version, .kind: return EnvelopeFinding(nil, .unknown, error.description)
            case .characters, .fieldCount, .field: return EnvelopeFinding(nil, .damaged, error.description)
            }
        }
    }

    private func judge(_ code: EnvelopeCode) -> EnvelopeFinding {
        guard let approval = approvals.first(where: { $0.document.digest == code.manifest }) else {
            return judge(code, ofNoManifest: documents.filter { $0.manifest.set == code.set })
        }
        let document = approval.document
        let differences = differences(of: code, from: document)
        let epoch = "epoch \(document.manifest.epoch)"
        guard code.isWhole else {
            return damaged(code, differences, epoch)
        }
        guard differences.isEmpty else {
            let fields = Self.list(differences)
            return EnvelopeFinding(code, .damaged, "\(fields): not as the manifest of \(epoch) has it")
        }
        if let holder, holder != code.custodian {
            return EnvelopeFinding(code, .wrongHolder, "\(holder) should hold it")
        }
        // Nobody has approved what is newer than the epoch in force.
        guard document.manifest.epoch <= current.document.manifest.epoch, current.isApproved else {
            return EnvelopeFinding(code, .notInForce, approval.notInForce.description)
        }
        guard document.digest == current.document.digest else {
            return superseded(code, document.manifest, by: current.document)
        }
        guard !document.manifest.isRetired else {
            return EnvelopeFinding(code, .superseded, "the escrow is retired")
        }
        let mark = document.manifest.isRehearsal ? ", of a rehearsal" : ""
        return EnvelopeFinding(code, .right, "\(epoch) is in force\(mark)")
    }

    /// A code whose manifest is not here.
    private func judge(_ code: EnvelopeCode, ofNoManifest sameSet: [EpochDocument]) -> EnvelopeFinding {
        guard code.isWhole else {
            let printed = documents.first { $0.manifest.epoch == code.epoch }
            return damaged(code, printed.map { differences(of: code, from: $0) } ?? [], "epoch \(code.epoch)")
        }
        guard !sameSet.isEmpty else {
            return EnvelopeFinding(code, .anotherEscrow, "set \(code.set) is none of this escrow's")
        }
        let detail = "manifest \(code.manifest.short) of epoch \(code.epoch) is not in this copy of the escrow"
        return EnvelopeFinding(code, .anotherEscrow, detail)
    }

    /// Where a code differs from what would be printed for its custodian, or for whoever is at its path.
    private func differences(of code: EnvelopeCode, from document: EpochDocument) -> [EnvelopeCode.Field] {
        let names = [code.custodian] + document.manifest.policy.leaves.filter { $0.path == code.path }.map(\.custodian)
        let printed = names.compactMap { EnvelopeCode(code.kind, for: $0, of: document) }
        return printed.map(code.differences).min { $0.count < $1.count } ?? [.path, .custodian]
    }

    private func damaged(_ code: EnvelopeCode, _ fields: [EnvelopeCode.Field], _ epoch: String) -> EnvelopeFinding {
        let detail = "the checksum does not hold"
        guard !fields.isEmpty else {
            return EnvelopeFinding(code, .damaged, detail)
        }
        return EnvelopeFinding(code, .damaged, "\(detail): \(Self.list(fields)) differs from \(epoch)")
    }

    private func superseded(
        _ code: EnvelopeCode,
        _ manifest: Manifest,
        by document: EpochDocument
    ) -> EnvelopeFinding {
        let epoch = "in force is epoch \(document.manifest.epoch) (\(document.digest.short))"
        guard let share = document.manifest.share(of: code.custodian) else {
            return EnvelopeFinding(code, .superseded, "\(epoch), without \(code.custodian)")
        }
        guard document.manifest.set == manifest.set else {
            return EnvelopeFinding(code, .superseded, "\(epoch), of another set")
        }
        let isSame = share.box == manifest.share(of: code.custodian)?.box
        let change = isSame ? "with the same sealed share" : "with the share in another box"
        return EnvelopeFinding(code, .superseded, "\(epoch), \(change)")
    }

    private static func list(_ fields: [EnvelopeCode.Field]) -> String {
        fields.map(\.rawValue).joined(separator: ", ")
    }
}
