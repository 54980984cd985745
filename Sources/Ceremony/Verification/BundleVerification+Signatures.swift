// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Custody
import Encoding
import Escrow
import Files
import SystemPackage

// Who vouches for a bundle: officers for the plan, the plan for everybody else, operator and witnesses for the transcript.
//
// *docs/format-ceremony.md, section 4.26, "Who is believed".*
extension BundleVerification {
    /// Why a check that needs the officers' keys was not made.
    static let noOfficers = "the keys of the plan's officers are not here"

    /// Cards and keys are those that the plan names, and so are the lines for `ssh-keygen` that are made of them.
    mutating func checkPeople(_ people: PlanPeople, _ approval: Approval?) {
        var faults = people.findings.map(\.text)
        if faults.isEmpty, let approval {
            let lines = Bundle.signers(of: plan, people.named, approval)
            if (try? Files.read(bundle.signers, limit: ByteLimit.document)) != lines {
                faults.append("\(bundle.signers): not the lines that the plan's people make")
            }
        }
        note(.people, faults: faults)
    }

    /// As many officers have signed the plan as it says, and the verifier knows enough of them.
    mutating func checkPlan(_ bytes: [UInt8], _ people: PeopleGiven, _ approval: Approval?) throws(EscrowError) {
        guard let approval else {
            note(.plan, .notChecked(Self.noOfficers))
            return note(.anchor, .notChecked(Self.noOfficers))
        }
        let found = try Signers(of: bundle.plan, bytes, Plan.format, by: approval.officers, of: plan, people)
        let count = Set(found.signed.map(\.key)).count
        let known = anchor?.trusted(among: found.strangers, for: Plan.format, at: verified) ?? []
        let unknown = found.strangers.filter { !known.contains($0) }.map(\.name.description)
        if !found.faults.isEmpty {
            note(.plan, .fail(found.faults))
        } else if count < approval.threshold {
            note(.plan, .notChecked("signed by \(count) of the \(approval.threshold) officers that it needs"))
        } else if !unknown.isEmpty {
            note(.plan, .notChecked(disbelief(of: unknown)))
        } else {
            note(.plan, .pass)
        }
        note(.anchor, anchoring(of: found.signed, approval))
    }

    /// Whether as many officers are known from outside as must be: at least as many as the plan itself needs.
    private func anchoring(of signed: [Signer], _ approval: Approval) -> AuditOutcome {
        guard let anchor else {
            return .notChecked("no --signers: nobody vouches for the plan")
        }
        // Who is believed on a manifest is believed on the plan for it.
        let formats = [Plan.format, .manifest]
        let lines = anchor.signers.lines.filter { line in formats.contains { line.admits(namespace: $0.namespace) } }
        let exchanged = approval.officers.filter { officer in
            let keys = lines.filter { $0.principals.contains(officer.name) }.map(\.key)
            return !keys.isEmpty && !keys.contains(officer.key)
        }
        guard exchanged.isEmpty else {
            return .fail(exchanged.map { "\(anchor.path): another key of \($0.name) than the plan's" })
        }
        func known(at time: Timestamp) -> Int {
            Set(formats.flatMap { anchor.trusted(among: signed, for: $0, at: time) }.map(\.key)).count
        }
        let required = max(anchor.required(demanding: approval.threshold, at: verified), approval.threshold)
        let count = known(at: verified)
        if count >= required {
            return .pass
        }
        // Whoever holds a key that has ended can backdate what it signs.
        if known(at: opened) >= required {
            let words = "knows \(count) of those who signed the plan by keys that have not ended"
            return .notChecked("\(anchor.path): \(words)")
        }
        return .fail(["\(anchor.path): knows \(count) of those who signed the plan: \(required) needed"])
    }

    /// The operator and every witness have signed the transcript, or in their place somebody whom the verifier knows.
    mutating func checkSignatures(_ text: [UInt8], _ people: PeopleGiven) throws(EscrowError) {
        let roll = RollCall(of: plan, transcript.standing)
        let roles = [Role.operator, .witness]
        // Whoever of the plan's people stepped in is known by the plan, too.
        let closing = plan.closers.map(\.name) + roll.replacements.filter { roles.contains($0.role) }.map(\.to)
        let needed = Set(roles.flatMap(roll.holders))
        let closers = people.officers.filter { closing.contains($0.name) }
        let found = try Signers(of: bundle.transcript, text, Transcript.format, by: closers, of: plan, people)
        let known = anchor?.trusted(among: found.strangers, for: Transcript.format, at: verified) ?? []
        let unknown = found.strangers.filter { !known.contains($0) }.map(\.name.description)
        let missing = needed.filter { name in !found.signed.contains { $0.name == name } }.sorted()
        let names = missing.listed
        let standIns = Set(known.map(\.key)).count
        // Without the operator, or without any witness, it is one side's word.
        let rolesWithout = roles.filter { role in
            let holders = roll.holders(of: role)
            return !holders.isEmpty && holders.allSatisfy(missing.contains)
        }
        if !found.faults.isEmpty {
            note(.signatures, .fail(found.faults))
        } else if found.signed.isEmpty, known.isEmpty {
            note(.signatures, .fail(["not signed by anybody who is known here: needed are \(names)"]))
        } else if !unknown.isEmpty {
            note(.signatures, .notChecked(disbelief(of: unknown)))
        } else if rolesWithout.count > standIns {
            note(.signatures, .fail(["not signed by \(names): the operator and a witness must have"]))
        } else if missing.count > standIns {
            note(.signatures, .notChecked("not signed by \(names)"))
        } else {
            note(.signatures, .pass)
        }
    }

    /// Why a signature of somebody whom the plan does not have was not believed.
    private func disbelief(of names: [String]) -> String {
        "signed by \(names.joined(separator: ", ")), in no plan and in "
            + (anchor.map { "no line of \($0.path) for this" } ?? "no --signers")
    }

    /// A time stamp beside the transcript, by somebody whom the verifier believes.
    mutating func checkStamp(_ text: [UInt8], _ authorities: [UInt8]?) throws(FileError) {
        let path = bundle.stamp
        guard try Files.kind(of: path) != nil else {
            return note(
                .stamp,
                authorities == nil ? .notApplicable("no time stamp is here") : .fail(["\(path): no time stamp is here"])
            )
        }
        guard let authorities else {
            return note(.stamp, .notChecked("no --tsa: nobody vouches for the time stamp"))
        }
        let response = try Files.read(path, limit: ByteLimit.document)
        let query =
            try Files.kind(of: bundle.query) == nil ? nil : try Files.read(bundle.query, limit: ByteLimit.document)
        do throws(TimeStampError) {
            let stamp = try TimeStamp(
                response,
                over: text,
                query: query,
                trusting: authorities,
                now: verified.secondsSinceEpoch
            )
            let last = transcript.lines.last?.time ?? opened
            guard stamp.time + ClockRule.slackSeconds >= last.secondsSinceEpoch else {
                let time = Timestamp(secondsSinceEpoch: stamp.time)
                return note(.stamp, .fail(["\(path): of \(time), before the transcript's last line of \(last)"]))
            }
            stamped = Timestamp(secondsSinceEpoch: stamp.time)
            note(.stamp, .pass)
        } catch {
            note(.stamp, .fail(["\(path): \(error)"]))
        }
    }
}

/// The signatures beside a file of a bundle, held against the keys that the plan names.
private struct Signers {
    /// Those of the plan whose signature holds.
    var signed: [Signer] = []
    /// Those whose signature holds and whose name is nobody's in the plan: only the verifier can say who they are.
    var strangers: [Signer] = []
    /// Signatures that do not hold, or are not by the key of somebody who signs here.
    var faults: [String] = []

    init(
        of path: FilePath,
        _ bytes: [UInt8],
        _ format: DocumentFormat,
        by officers: [Signer],
        of plan: Plan,
        _ people: PeopleGiven
    ) throws(EscrowError) {
        let keys = Set(people.officers.map(\.key))
        for filed in try FiledSignature.all(of: path) {
            do {
                let signature = try filed.signature.get()
                let officer = officers.first { $0.name == filed.signer && $0.key == signature.signer }
                // Nobody of the plan signs a second time under another name.
                let isOther = !keys.contains(signature.signer)
                let stranger = filed.signer.flatMap { isOther && plan.participant($0) == nil ? $0 : nil }
                guard officer != nil || stranger != nil else {
                    faults.append("\(filed.path): not by the key of somebody who signs here")
                    continue
                }
                try signature.verify(bytes, namespace: format.namespace)
                if let officer {
                    signed.append(officer)
                } else if let stranger {
                    strangers.append(Signer(name: stranger, key: signature.signer))
                }
            } catch let error as EscrowError {
                faults.append("\(error)")
            } catch {
                faults.append("\(filed.path): \(error)")
            }
        }
    }
}
