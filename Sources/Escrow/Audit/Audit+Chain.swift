// SPDX-License-Identifier: Apache-2.0

import Custody
import Files
import SecretSharing
import SystemPackage

// The epochs together: one chain, each approved by the one before.
extension Audit {
    mutating func checkChain(of directory: EscrowDirectory) -> [EpochApproval] {
        do throws(EscrowError) {
            let approvals = try directory.approvals()
            for fault in approvals.flatMap(\.faults) {
                note(.signatures, fault.description)
            }
            if approvals.count == 1 {
                unchecked[.succession] = .notApplicable("there is one epoch")
            }
            for (previous, next) in zip(approvals, approvals.dropFirst()) {
                checkSuccession(from: previous, to: next)
            }
            return approvals
        } catch {
            if directory.epochs.allSatisfy({ (try? $0.document.get()) != nil }) {
                note(.chain, error.description)
            } else {
                unchecked[.chain] = .notChecked("a manifest is refused")
            }
            unchecked[.signatures] = .notChecked("the epochs are no chain")
            unchecked[.succession] = .notChecked("the epochs are no chain")
            return []
        }
    }

    private mutating func checkSuccession(from previous: EpochApproval, to next: EpochApproval) {
        let (old, new) = (previous.document.manifest, next.document.manifest)
        if let fault = next.successionFault {
            note(.succession, fault)
        } else if !next.follows {
            note(.succession, "epoch \(new.epoch): not approved by the officers of epoch \(old.epoch)")
        }
    }
}

extension RestoreRecord {
    /// Reads every record of a restore in an epoch, and holds it against the secret's commitment.
    ///
    /// - Returns: When each was made, and files beside it that are no signature by an officer.
    static func checkAll(
        of epoch: EpochDocument
    ) throws(EscrowError) -> [(path: FilePath, created: Timestamp, faults: [EscrowError])] {
        var found: [(path: FilePath, created: Timestamp, faults: [EscrowError])] = []
        for path in try Record.files(of: .restore, in: epoch.path) {
            let bytes = try orThrow { () throws(FileError) in try Files.read(path, limit: ByteLimit.document) }
            let record: RestoreRecord
            do {
                record = try RestoreRecord(canonical: bytes)
            } catch {
                throw .document(path: path.string, error)
            }
            let name = Record.fileName(.restore, created: record.created, bytes)
            guard path.lastComponent?.string == name else {
                throw .fileName(path: path.string, expected: name)
            }
            guard record.isProven(for: epoch) else {
                throw .escrowIsDamaged(path: path.string, finding: "its possession proof does not hold")
            }
            let officers = epoch.manifest.approval.officers
            let faults = try SignatureCount(of: path, bytes, format: .restore, by: officers).faults
            found.append((path, record.created, faults))
        }
        return found
    }
}
