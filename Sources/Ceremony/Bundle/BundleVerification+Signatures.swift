// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
import Escrow
import Files
import SystemPackage

// Who vouches for a bundle: officers for the plan, operator and witnesses for the transcript, a stranger for the time.
extension BundleVerification {
    /// As many officers have signed the plan as it says, and the verifier knows enough of them.
    mutating func checkPlan(
        in bundle: Bundle,
        _ bytes: [UInt8],
        _ approval: Approval,
        _ anchor: Anchor?
    ) throws(EscrowError) {
        let (signed, faults) = try Self.signers(of: bundle.plan, bytes, Plan.format, among: approval.officers)
        let count = Set(signed.map(\.key)).count
        if !faults.isEmpty {
            note("plan", .fail(faults))
        } else if count < approval.threshold {
            note("plan", .notChecked("signed by \(count) of the \(approval.threshold) officers that it needs"))
        } else {
            note("plan", .pass)
        }
        guard let anchor else {
            return note("anchor", .notChecked("no --signers: nobody vouches for the plan"))
        }
        // Who is believed on a manifest is believed on the plan for it.
        let trusted = [Plan.format, .manifest].flatMap { anchor.trusted(among: signed, for: $0, at: opened) }
        let known = Set(trusted.map(\.key)).count
        let lack = "\(anchor.path): knows \(known) of those who signed the plan: \(anchor.required) needed"
        note("anchor", faults: known >= anchor.required ? [] : [lack])
    }

    /// The operator and every witness have signed the transcript.
    mutating func checkSignatures(in bundle: Bundle, _ text: [UInt8], _ people: PeopleGiven) throws(EscrowError) {
        let closing = plan.closers.map(\.name)
        let closers = people.officers.filter { closing.contains($0.name) }
        let (signed, faults) = try Self.signers(of: bundle.transcript, text, Transcript.format, among: closers)
        let missing = closing.filter { name in !signed.contains { $0.name == name } }
        if !faults.isEmpty {
            note("signatures", .fail(faults))
        } else if !missing.isEmpty {
            note("signatures", .notChecked("not signed by \(missing.map(\.description).joined(separator: ", "))"))
        } else {
            note("signatures", .pass)
        }
    }

    /// Those whose signatures beside a file hold, and what is wrong with other signatures.
    private static func signers(
        of path: FilePath,
        _ bytes: [UInt8],
        _ format: DocumentFormat,
        among people: [Officer]
    ) throws(EscrowError) -> (signed: [Officer], faults: [String]) {
        var signed: [Officer] = []
        var faults: [String] = []
        for filed in try FiledSignature.all(of: path) {
            do {
                let signature = try filed.signature.get()
                guard let officer = people.first(where: { $0.name == filed.signer && $0.key == signature.signer })
                else {
                    faults.append("\(filed.path): not by the key of somebody who signs here")
                    continue
                }
                try signature.verify(bytes, namespace: format.namespace)
                signed.append(officer)
            } catch let error as EscrowError {
                faults.append("\(error)")
            } catch {
                faults.append("\(filed.path): \(error)")
            }
        }
        return (signed, faults)
    }

    /// A time stamp beside the transcript, by somebody whom the verifier believes.
    mutating func checkStamp(
        in bundle: Bundle,
        _ text: [UInt8],
        _ authorities: [UInt8]?,
        _ now: Timestamp
    ) throws(FileError) {
        let path = bundle.stamp
        guard try Files.kind(of: path) != nil else {
            return note(
                "stamp",
                authorities == nil ? .notApplicable("no time stamp is here") : .fail(["\(path): no time stamp is here"])
            )
        }
        guard let authorities else {
            return note("stamp", .notChecked("no --tsa: nobody vouches for the time stamp"))
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
                now: now.secondsSinceEpoch
            )
            let last = transcript.lines.last?.time ?? opened
            guard stamp.time + Self.clockTolerance >= last.secondsSinceEpoch else {
                let time = Timestamp(secondsSinceEpoch: stamp.time)
                return note("stamp", .fail(["\(path): of \(time), before the transcript's last line of \(last)"]))
            }
            stamped = Timestamp(secondsSinceEpoch: stamp.time)
            note("stamp", .pass)
        } catch {
            note("stamp", .fail(["\(path): \(error)"]))
        }
    }

    /// How far the machine's clock may be from a time stamp's, in seconds.
    private static let clockTolerance = 300
}
