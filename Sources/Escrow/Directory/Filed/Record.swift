// SPDX-License-Identifier: Apache-2.0

package import Custody
package import Encoding
import Files
package import SystemPackage

/// Names in `records/`: `20260301T120000Z-restore-DIGEST32.json`, made of their content, so that copies merge by copying.
package enum Record {
    package static let directoryName = RestoreRecord.directoryName

    /// The file's name for a document of this kind and these bytes.
    package static func fileName(_ format: DocumentFormat, created: Timestamp, _ bytes: [UInt8]) -> String {
        "\(created.compact)-\(format.kind)-\(SHA256Digest(of: bytes).identifier).json"
    }

    /// The records of one kind in an epoch's directory, ordered by name, which is by time.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package static func files(of format: DocumentFormat, in epoch: FilePath) throws(EscrowError) -> [FilePath] {
        try files(in: epoch) { kind(of: $0)?.isEqual(bytesOf: format.kind) ?? false }
    }

    /// All records in an epoch's directory whose names are wanted, without their signatures.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package static func files(
        in epoch: FilePath,
        where isWanted: (String) -> Bool = { _ in true }
    ) throws(EscrowError) -> [FilePath] {
        let directory = epoch.appending(directoryName)
        return try EpochDirectory.names(inside: directory)
            .filter { $0.hasSuffix(bytesOf: ".json") && !Files.isLeftover($0) && isWanted($0) }
            .map { directory.appending($0) }
    }

    /// The kinds of records that this version knows.
    package static let kinds = [
        DocumentFormat.addedCertificate, .restore, .drill, .override, .suspension, .reinstatement, .void,
    ].map(\.kind)

    /// The kind of a record by its file's name, known or not; nothing of a name that no record has.
    ///
    /// *docs/format.md, section 5.1: `TIME-KIND-DIGEST32.json`.*
    package static func kind(of name: String) -> String? {
        let end = Array(".json".utf8)
        let bytes = Array(name.utf8)
        guard bytes.count > 55, bytes.suffix(end.count).elementsEqual(end) else {
            return nil
        }
        let (time, digest) = (bytes[..<16], bytes.dropLast(end.count).suffix(32))
        let kind = bytes[17..<bytes.count - end.count - 33]
        let marks = (bytes[8], bytes[15], bytes[16], bytes[bytes.count - end.count - 33])
        guard marks == (UInt8(ascii: "T"), UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "-")),
            time.enumerated().allSatisfy({ [8, 15].contains($0.offset) || digits.contains($0.element) }),
            digest.allSatisfy({ digits.contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }),
            kind.first.map(letters.contains) ?? false,
            kind.allSatisfy({ digits.contains($0) || letters.contains($0) || $0 == UInt8(ascii: "-") })
        else {
            return nil
        }
        return String(decoding: kind, as: UTF8.self)
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    private static let letters = UInt8(ascii: "a")...UInt8(ascii: "z")

    /// Files a document: its signatures first, the document last.
    ///
    /// - Parameters:
    ///   - directory: An epoch's directory, or one that the caller names instead.
    ///   - signatures: By signer.
    ///   - caSignature: By the CA's key.
    /// - Returns: The document's file.
    /// - Throws: ``EscrowError/file(_:)``
    package static func file(
        _ bytes: [UInt8],
        _ format: DocumentFormat,
        created: Timestamp,
        in directory: FilePath,
        signatures: [(signer: Name, signature: SSHSignature)] = [],
        caSignature: [UInt8]? = nil
    ) throws(EscrowError) -> FilePath {
        let name = fileName(format, created: created, bytes)
        return try file(bytes, named: name, in: directory, signatures: signatures, caSignature: caSignature)
    }

    /// Files a document under a name: its signatures first, the document last, and no signal between them.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    static func file(
        _ bytes: [UInt8],
        named name: String,
        in directory: FilePath,
        signatures: [(signer: Name, signature: SSHSignature)],
        caSignature: [UInt8]? = nil
    ) throws(EscrowError) -> FilePath {
        let path = directory.appending(name)
        try orThrow { () throws(FileError) in
            try Files.makeDirectory(directory, permissions: .publicDirectory)
            try SignalShield.during { () throws(FileError) in
                var made: [FilePath] = []
                do throws(FileError) {
                    for (signer, signature) in signatures {
                        let file = FiledSignature.path(of: path, by: signer)
                        try Files.create(file, signature.armored, permissions: .publicFile)
                        made.append(file)
                    }
                    if let caSignature {
                        let file = CASignatureFile.path(of: path)
                        try Files.create(file, caSignature, permissions: .publicFile)
                        made.append(file)
                    }
                    try Files.create(path, bytes, permissions: .publicFile)
                } catch {
                    // A signature without its document would be a leftover.
                    made.forEach(Files.withdraw)
                    throw error
                }
            }
        }
        return path
    }
}

extension Record {
    /// Signatures beside which their document is missing, in the directory of a kind of document: an interrupted run left
    /// them.
    ///
    /// A directory of any other name has none, nor has one that cannot be listed.
    package static func orphanedSignatures(in directory: FilePath) -> [FilePath] {
        let epoch = directory.removingLastComponent().lastComponent?.string ?? ""
        guard EpochDirectory.number(inName: epoch) != nil,
            EpochDirectory.addedDirectories.contains(bytesOf: directory.lastComponent?.string ?? "")
        else {
            return []
        }
        let names = (try? Files.names(in: directory)) ?? []
        let there = Set(names)
        return names.filter { name in
            // DOCUMENT.json.SIGNER.sig or DOCUMENT.json.casig, not under a hidden name.
            !name.hasPrefix(bytesOf: ".") && name.contains(bytesOf: ".json.")
                && (name.hasSuffix(bytesOf: ".sig") || name.hasSuffix(bytesOf: ".casig"))
                && FiledSignature.document(of: name, among: there) == nil
        }.map { directory.appending($0) }
    }

    /// Signatures without their documents, of all documents of an epoch.
    package static func orphanedSignatures(inEpoch path: FilePath) -> [FilePath] {
        EpochDirectory.addedDirectories.flatMap { orphanedSignatures(in: path.appending($0)) }
    }
}

extension FilePermissions {
    /// 0644.
    package static let publicFile: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]

    /// 0755.
    package static let publicDirectory: FilePermissions = [
        .ownerReadWriteExecute, .groupRead, .groupExecute, .otherRead, .otherExecute,
    ]

    /// 0600.
    package static let secretFile: FilePermissions = [.ownerReadWrite]
}
