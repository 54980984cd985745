// SPDX-License-Identifier: Apache-2.0

import Escrow
import Files
import SystemPackage

// What lies in the escrow.
extension AuditReading {
    /// Nothing lies here that does not belong.
    var layout: AuditOutcome {
        var found = directory.strays.map { "\($0): belongs to no escrow" }
        found += directory.leftovers.map { "\($0): left half-made by an interrupted run: remove it" }
        found += epochs.flatMap(\.strays)
        let reserved = epochs.flatMap(\.reserved).map { "\($0): of a later edition, which this version does not know" }
        return AuditOutcome(
            findings: found,
            otherwise: reserved.isEmpty ? .pass : .notChecked(reserved.joined(separator: "; "))
        )
    }
}

extension AuditReading {
    /// What desktops and version control have left in the escrow, and is passed over: paths below it.
    var clutter: [String] {
        directory.clutter
            + epochs.flatMap { epoch in
                ([epoch.folder] + epoch.folders.values).flatMap { folder in
                    let place = folder.path.components.suffix(folder.path == epoch.folder.path ? 1 : 2)
                    return folder.items.map(\.name).filter(Clutter.isOne).map { name in
                        (place.map(\.string) + [name]).joined(separator: "/")
                    }
                }
            }.sortedByBytes()
    }
}

extension EpochReading {
    fileprivate var strays: [String] {
        let isFirst = directory.number == 1
        let names = folder.items.map(\.name).filter { !Clutter.isOne($0) }
        var found = names.filter { !EpochDirectory.knows($0, isFirst: isFirst) }
            .map { "\(directory.name)/\($0): belongs to no epoch" }
        if !names.contains(EpochDocument.manifestName) {
            found += names.filter { $0.hasSuffix(bytesOf: ".sig") }
                .map { "\(directory.name)/\($0): a signature of no document here" }
        }
        found += stampFaults.compactMap { name, error in
            switch error {
            case nil: "\(directory.name)/\(name): a time stamp of no signature here"
            case let error?: error.isUnread ? nil : error.description
            }
        }
        let added = EpochDirectory.addedDirectories
        let places = added + EpochDirectory.reservedDirectories + [EpochDocument.cardsName]
        found += places.filter { folders[$0]?.isNoDirectory ?? false }
            .map { "\(directory.name)/\($0): not a directory" }
        return found + added.compactMap { folders[$0] }.flatMap(\.strays)
    }
}

extension EpochReading {
    /// What lies in directories that a later edition has.
    fileprivate var reserved: [FilePath] {
        EpochDirectory.reservedDirectories.compactMap { folders[$0] }
            .filter { !$0.items.allSatisfy { Clutter.isOne($0.name) } }.map(\.path)
    }

    /// A time stamp lies beside the signature that it is of: neither a PKCS#12 file nor a private key hides in one.
    ///
    /// - Returns: What is wrong with each by its name, or why it could not be read; nothing when its signature is not here.
    var stampFaults: [(name: String, error: EscrowError?)] {
        let names = folder.items.map(\.name)
        return names.compactMap { name in
            guard let signature = SignatureStamp.signature(of: name), !Clutter.isOne(name) else {
                return nil
            }
            guard names.contains(signature) else {
                return (name, nil)
            }
            do throws(EscrowError) {
                try SignatureStamp.check(at: directory.path.appending(name))
                return nil
            } catch {
                return (name, error)
            }
        }
    }
}

extension FolderReading {
    /// Added documents are JSON, and signatures of them: neither a PKCS#12 file nor a private key hides among them.
    fileprivate var strays: [String] {
        let there = Set(items.map(\.name))
        let isRecords = path.lastComponent?.string.isEqual(bytesOf: Record.directoryName) ?? false
        return items.compactMap { item in
            let name = item.name
            let isCASignature = isRecords && CASignatureFile.isName(name)
            let reason: String? =
                if Clutter.isOne(name) {
                    item.hidden
                } else if Files.isLeftover(name) {
                    "left half-made by an interrupted run: remove it"
                } else if item.isNotRegular {
                    "not a regular file"
                } else if name.hasSuffix(bytesOf: ".sig") || isCASignature,
                    FiledSignature.document(of: name, among: there) == nil
                {
                    "a signature of no document here"
                } else if isCASignature {
                    nil  // whatever it is, it holds, or its record is red
                } else if !name.hasSuffix(bytesOf: ".json"), !name.hasSuffix(bytesOf: ".sig") {
                    "neither a document nor a signature"
                } else if isRecords, name.hasSuffix(bytesOf: ".json"), Record.kind(of: name) == nil {
                    "no record has such a name"
                } else {
                    item.hidden
                }
            return reason.map { "\(path.appending(name)): \($0)" }
        }
    }
}
