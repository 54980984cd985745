// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import SystemPackage

// When everything says that it was made.
extension AuditReading {
    /// The epoch in force is of the past, and so is all that was added: docs/format.md, section 5.4.
    var clock: AuditOutcome {
        let inForce = chain.epochs.inForce?.document ?? subject?.document
        var (found, late): ([String], [String]) = ([], [])
        for content in countedContents {
            let document = content.document
            for (path, created) in content.ahead where ClockRule.isAhead(created, of: input.time) {
                late.append("\(Self.shown(path, in: document)): does not count before \(created)")
            }
            let created = document.manifest.created
            let name = document.path.lastComponent?.string ?? ""
            guard ClockRule.isAhead(created, of: input.time) else {
                continue
            }
            let text = "\(name): made \(created), which is in the future"
            if document.digest == inForce?.digest {
                found.append(text)
            } else {
                late.append(text)
            }
        }
        let otherwise = late.isEmpty ? passUnlessRefused : .notChecked(late.joined(separator: "; "))
        return AuditOutcome(findings: found, otherwise: otherwise)
    }

    /// A document below the escrow, as findings show it: `0001-3fa9c2d1/records/…`.
    static func shown(_ path: FilePath, in document: EpochDocument) -> String {
        let directory = path.removingLastComponent().lastComponent?.string
        let names = [document.path.lastComponent?.string, directory, path.lastComponent?.string]
        return names.compactMap(\.self).joined(separator: "/")
    }
}

extension EpochReading.Content {
    /// What was added and is dated ahead, certificates first.
    fileprivate var ahead: [(path: FilePath, created: Timestamp)] {
        let certificates = (try? added.get()) ?? []
        return certificates.map { ($0.path, $0.document.created) } + evidence.ahead + receiptFindings.ahead
    }
}
