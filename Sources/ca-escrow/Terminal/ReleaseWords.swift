// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Encoding
import Escrow
import SystemPackage

extension ReleaseQuestion {
    /// Shows who asks what and why, and who objects.
    func show() {
        let (request, manifest) = (review.request.document, review.epoch.manifest)
        let names = review.signed.map(\.description)
        let askers =
            names.dropLast().joined(separator: ", ") + (names.count > 1 ? " and " : "") + names.suffix(1).joined()
        var lines = manifest.isRehearsal ? ["THIS IS A REHEARSAL: the key is a test key."] : []
        lines += [
            "\(askers) \(names.count == 1 ? "asks" : "ask") you, \(custodian), for your share of the key of",
            "    \(manifest.certificate.subject)",
        ]
        if let acknowledged {
            lines.append("    (you acknowledged it on \(acknowledged.dayInWords))")
        }
        lines += [
            "    why     \(request.purpose)",
            "    where   \(request.destination)",
            "    machine \(request.machine)",
            "    until   \(request.expires.inWords)",
            Self.signed(manifest.approval.threshold) + (review.isUnopposed ? " Nobody has refused." : ""),
        ]
        lines += review.refusals.map(inWords)
        for path in review.strays {
            lines.append(
                "\(Self.shown(path)): is not named like a refusal, but may be one: ask an officer"
            )
        }
        lines += overrides.map { "The officers go on all the same: '\($0)'" }
        lines += [
            "Your share is sealed to this one restore and is of no other use.",
            "Call \(names.joined(separator: " or ")) on a number you already had, not one from a message. "
                + "Let them read to you:",
            "    12 words, or 30 digits",
        ]
        lines.forEach { Output.error($0) }
    }

    /// Who has refused and why, or which file does not verify that says so.
    private func inWords(_ file: RefusalFile) -> String {
        switch file.refusal {
        case .success(let filed):
            "\(review.epoch.fullName(of: filed.document.name)) has refused: '\(filed.document.reason)'"
        case .failure: "\(Self.shown(file.path)) does not verify: it may be a refusal by \(file.name.who)"
        }
    }

    /// Where a file lies in the escrow: the escrow itself may lie in a temporary place.
    private static func shown(_ path: FilePath) -> String {
        path.components.suffix(3).map(\.string).joined(separator: "/")
    }

    /// That as many officers have signed as must.
    private static func signed(_ threshold: Int) -> String {
        switch threshold {
        case 1: "The one officer who is needed has signed."
        case 2: "Both officers who are needed have signed."
        default: "All \(threshold) officers who are needed have signed."
        }
    }
}
