// SPDX-License-Identifier: Apache-2.0

import Custody
import Files
import SystemPackage

// What lies in the escrow, and every epoch by itself.
extension Audit {
    mutating func checkLayout(of directory: EscrowDirectory) {
        let ignored = [".git"]
        for name in directory.strays where !ignored.contains(name) {
            note(.layout, "\(name): belongs to no escrow")
        }
        for name in directory.leftovers {
            note(.layout, "\(name): left half made by an interrupted run: remove it")
        }
        for epoch in directory.epochs {
            let isFirst = epoch.number == 1
            let names = (try? Files.names(in: epoch.path)) ?? []
            for name in names where !EpochDirectory.knows(name, isFirst: isFirst) {
                note(.layout, "\(epoch.name)/\(name): belongs to no epoch")
            }
        }
    }

    mutating func checkEpochs(of directory: EscrowDirectory) {
        for epoch in directory.epochs {
            let document: EpochDocument
            do throws(EscrowError) {
                document = try epoch.document.get()
            } catch {
                note(error.auditCheck, error.description)
                continue
            }
            checkReadme(of: document, in: directory.path)
            checkCards(of: document)
            checkRecords(of: document)
            let latest = input.time.secondsSinceEpoch + 300
            if document.manifest.created.secondsSinceEpoch > latest {
                note(.clock, "\(epoch.name): made \(document.manifest.created), which is still to come")
            }
        }
        // A manifest that cannot be read leaves the rest of its epoch unseen.
        if hasFailed([.manifest, .people, .policy, .commitments, .shares]) {
            for check in [AuditCheck.people, .cards, .policy, .commitments, .shares, .readme, .signatures] {
                unchecked[check] = .notChecked("a manifest is refused")
            }
        }
    }

    private mutating func checkReadme(of document: EpochDocument, in escrow: FilePath) {
        let directory = document.manifest.epoch == 1 ? escrow : document.path
        let path = directory.appending(EscrowDirectory.readmeName)
        do throws(FileError) {
            let found = try Files.read(path, limit: ByteLimit.document)
            if found != Readme.text(of: document.manifest, digest: document.digest) {
                note(.readme, "\(path): is not what the manifest makes it")
            }
        } catch {
            note(.readme, "\(error)")
        }
    }

    private mutating func checkCards(of document: EpochDocument) {
        let directory = document.path.appending(EpochDocument.cardsName)
        let expected = Set(document.manifest.people.map { "\($0.name).json" })
        for name in (try? Files.names(in: directory)) ?? [] where !expected.contains(name) {
            note(.cards, "\(directory.appending(name)): no custodian's card")
        }
        for person in document.manifest.people {
            let path = document.cardPath(of: person.name)
            do {
                let bytes = try Files.read(path, limit: ByteLimit.document)
                guard SHA256Digest(of: bytes) == person.card else {
                    note(.cards, "\(path): not the card that the manifest names")
                    continue
                }
                if Person(try Card(canonical: bytes)) != person {
                    note(.cards, "\(path): other keys than the manifest's")
                }
            } catch let error as FileError {
                note(.cards, "\(error)")
            } catch {
                note(.cards, "\(path): \(error)")
            }
        }
    }

    private mutating func checkRecords(of document: EpochDocument) {
        do throws(EscrowError) {
            let added = try document.addedCertificates()
            for fault in added.flatMap(\.signatures.faults) {
                note(.records, fault.description)
            }
            self.added += added
            try RestoreRecord.checkAll(of: document)
        } catch {
            note(.records, error.description)
        }
    }
}

extension EpochDirectory {
    /// Whether a name has its place in an epoch's directory.
    static func knows(_ name: String, isFirst: Bool) -> Bool {
        let directories = [
            "cards", "receipts", "challenges", "proofs", "requests", "releases", "refusals", "records",
        ]
        return name == manifestName || directories.contains(name)
            || (name.hasPrefix(manifestName + ".") && name.hasSuffix(".sig"))
            || (name == EscrowDirectory.readmeName && !isFirst)
    }
}

extension EscrowError {
    /// The check that a manifest which cannot be read fails.
    fileprivate var auditCheck: AuditCheck {
        switch self {
        case .manifest(_, .people): .people
        case .manifest(_, .policy): .policy
        case .manifest(_, .sharing): .commitments
        case .manifest(_, .shares): .shares
        case .fileName: .chain
        default: .manifest
        }
    }
}
