// SPDX-License-Identifier: Apache-2.0

import Custody
import Files
import SecretSharing
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
            if !names.contains(EpochDirectory.manifestName) {
                for name in names where name.hasSuffix(".sig") {
                    note(.layout, "\(epoch.name)/\(name): a signature of no document here")
                }
            }
            let inside = EpochDirectory.addedDirectories + [EpochDocument.cardsName]
            for name in inside where names.contains(name) && !Self.isDirectory(epoch.path.appending(name)) {
                note(.layout, "\(epoch.name)/\(name): not a directory")
            }
            for name in EpochDirectory.addedDirectories where Self.isDirectory(epoch.path.appending(name)) {
                checkAdded(in: epoch.path.appending(name))
            }
        }
    }

    private static func isDirectory(_ path: FilePath) -> Bool { (try? Files.kind(of: path)) == .directory }

    /// Added documents are JSON, and signatures of them: neither a PKCS#12 file nor a private key hides among them.
    private mutating func checkAdded(in directory: FilePath) {
        guard let names = try? Files.names(in: directory) else {
            note(.layout, "\(directory): not a directory")
            return
        }
        let there = Set(names)
        for name in names {
            let isCASignature =
                directory.lastComponent?.string == Record.directoryName && CASignatureFile.isName(name)
            if Files.isLeftover(name) {
                note(.layout, "\(directory.appending(name)): left half made by an interrupted run: remove it")
            } else if (try? Files.kind(of: directory.appending(name))) != .regular {
                note(.layout, "\(directory.appending(name)): not a regular file")
            } else if name.hasSuffix(".sig") || isCASignature, FiledSignature.document(of: name, among: there) == nil {
                note(.layout, "\(directory.appending(name)): a signature of no document here")
            } else if isCASignature {
                continue  // whatever it is, it holds, or its record is red
            } else if !name.hasSuffix(".json"), !name.hasSuffix(".sig") {
                note(.layout, "\(directory.appending(name)): neither a document nor a signature")
            } else if let reason = SecretFile.reason(directory.appending(name)) {
                note(.layout, "\(directory.appending(name)): \(reason)")
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
            checkRecords(of: document, in: directory)
            let sharing = document.manifest.sharing
            let elements = sharing.policy.gates.flatMap { sharing.commitments[$0.path]?.elements ?? [] }
            published.add(elements, of: document.manifest.set)
            checkTime(document.manifest.created, of: epoch.name)
        }
        // A manifest that cannot be read leaves the rest of its epoch unseen.
        if directory.epochs.contains(where: { (try? $0.document.get()) == nil }) {
            let unseen: [AuditCheck] = [
                .people, .cards, .policy, .commitments, .shares, .readme, .clock, .signatures, .records, .equivocation,
                .challenges, .requests, .releases, .refusals,
            ]
            for check in unseen {
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
            if let fault = Self.fault(ofCardOf: person, in: document) {
                note(.cards, fault)
                missingCards[document.digest, default: []].insert(person.name)
            }
        }
    }

    /// People whose card, which they name by its digest, is signed by them and has their keys.
    private static let soundCards = PassedChecks<Person>()

    /// What is wrong with a custodian's card, or nothing.
    private static func fault(ofCardOf person: Person, in document: EpochDocument) -> String? {
        let path = document.cardPath(of: person.name)
        do {
            let bytes = try Files.read(path, limit: ByteLimit.document)
            guard SHA256Digest(of: bytes) == person.card else {
                return "\(path): not the card that the manifest names"
            }
            let isSound = try soundCards.contains(person) { Person(try Card(canonical: bytes)) == person }
            return isSound ? nil : "\(path): other keys than the manifest's"
        } catch let error as FileError {
            return "\(error)"
        } catch {
            return "\(path): \(error)"
        }
    }

    private mutating func checkRecords(of document: EpochDocument, in directory: EscrowDirectory) {
        do throws(EscrowError) {
            let added = try document.addedCertificates()
            allAdded += added
            for fault in added.flatMap(\.signatures.faults) {
                note(.records, fault.description)
            }
            for filed in added {
                checkTime(filed.record.created, of: Self.shown(filed.path, in: document))
            }
            let known = ["added-certificate", "restore", "drill", "override", "suspension"].map { "-\($0)-" }
            let isUnknown = { (name: String) in !known.contains { name.contains(bytesOf: $0) } }
            if let other = try Record.files(in: document.path, where: isUnknown).first {
                let name = Self.shown(other, in: document)
                unchecked[.records] = .notChecked("\(name): of a kind that this version does not know")
            }
        } catch {
            note(.records, error.description)
        }
        do throws(EscrowError) {
            try checkEvidence(of: document, in: directory)
        } catch {
            note(.records, error.description)
        }
    }

    /// A document below the escrow, as findings show it: `0001-3fa9c2d1/records/…`.
    static func shown(_ path: FilePath, in document: EpochDocument) -> String {
        let directory = path.removingLastComponent().lastComponent?.string
        let names = [document.path.lastComponent?.string, directory, path.lastComponent?.string]
        return names.compactMap(\.self).joined(separator: "/")
    }

    /// A document of the future: signatures are judged at its own time, which must have come.
    mutating func checkTime(_ created: Timestamp, of name: @autoclosure () -> String) {
        if created.secondsSinceEpoch > input.time.secondsSinceEpoch + 300 {
            note(.clock, "\(name()): made \(created), which is still to come")
        }
    }
}

extension EpochDirectory {
    /// Where documents are filed that come after the epoch.
    static let addedDirectories = [
        "receipts", "challenges", "proofs", "requests", "releases", "refusals", "records",
    ]

    /// Whether a name has its place in an epoch's directory.
    static func knows(_ name: String, isFirst: Bool) -> Bool {
        name == manifestName || name == EpochDocument.cardsName || addedDirectories.contains(name)
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
