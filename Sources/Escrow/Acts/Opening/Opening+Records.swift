// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Files
import SystemPackage

// Where the record of an opening goes: found out before anybody is asked for a share.
extension Opening {
    /// More than a record takes.
    private static let recordByteCount = 64 << 10

    /// - Throws: ``DirectoryFault/nowhereToWriteTheRecord(path:)``, ``DirectoryFault/notADirectory(path:)``,
    ///   ``EscrowError/file(_:)``
    func recordDirectory(of document: EpochDocument) throws(EscrowError) -> FilePath {
        if let records {
            guard try Self.kind(of: records) == .directory else {
                throw .directory(.notADirectory(path: records.string))
            }
            try orThrow { () throws(FileError) in try Files.probe(records, byteCount: Self.recordByteCount) }
            return records
        }
        let records = document.path.appending(Record.directoryName)
        let kind = try Self.kind(of: records)
        guard kind == nil || kind == .directory else {
            throw .directory(.nowhereToWriteTheRecord(path: escrow.string))
        }
        do throws(FileError) {
            try Files.probe(kind == nil ? document.path : records, byteCount: Self.recordByteCount)
        } catch {
            // A full disk is another matter, and says so itself.
            if case .cannotCreate(_, let errno) = error, errno != .noSpace {
                throw .directory(.nowhereToWriteTheRecord(path: escrow.string))
            }
            throw .file(error)
        }
        return records
    }

    private static func kind(of path: FilePath) throws(EscrowError) -> FileKind? {
        try orThrow { () throws(FileError) in try Files.kind(of: path) }
    }
}

extension EpochDocument {
    /// The PKCS#12 file of this epoch, by its digest.
    ///
    /// - Throws: What ``pkcs12(given:escrow:)`` throws; ``OpeningFault/noPKCS12(path:)`` when there is none.
    func presentPKCS12(given: FilePath?, escrow: FilePath) throws(EscrowError) -> [UInt8] {
        let path = try pkcs12Path(given: given, escrow: escrow)
        guard try orThrow({ () throws(FileError) in try Files.kind(of: path) }) != nil else {
            throw .opening(.noPKCS12(path: path.string))
        }
        return try pkcs12(given: given, escrow: escrow)
    }
}
