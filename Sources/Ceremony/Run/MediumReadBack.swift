// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files
import SystemPackage

/// Whether a folder is a medium that holds what was written to it: not the place that it was written from, and not a medium
/// that was read back before.
///
/// *docs/format-ceremony.md, section 4.25, `write-media`.*
struct MediumReadBack {
    /// Whose disk is this machine's.
    private let escrow: FilePath
    /// Where else on this machine what was dealt lies, or is kept: the PKCS#12 file, the bundle.
    private let others: [FilePath]
    /// Files that were read back in this run, with the label of their medium.
    private var seen: [FileStamp: String] = [:]

    init(of escrow: FilePath, besides others: [FilePath] = []) {
        (self.escrow, self.others) = (escrow, others)
    }

    enum Result: Equatable {
        /// The folder that was typed is none in which a medium could be: another one is asked for.
        case another(String)
        /// A file of the wanted digest is there.
        case found
        /// It is not as it must be: decided about.
        case fault(String)
    }

    /// Looks for a file on a medium.
    ///
    /// - Parameters:
    ///   - label: The medium's.
    ///   - isRehearsal: Whether a folder of this machine's disk may stand for a medium.
    mutating func find(_ wanted: SHA256Digest, in folder: FilePath, of label: String, isRehearsal: Bool) -> Result {
        do throws(FileError) {
            let place = try Files.resolved(folder)
            guard try Files.kind(of: place) == .directory else {
                return .another("\(folder): no directory is there")
            }
            for origin in [escrow] + others {
                let path = try Files.resolved(origin)
                if path.starts(with: place) || place.starts(with: path) {
                    return .another("\(folder): what was dealt lies there: the medium's directory is wanted")
                }
            }
            let files = EscrowListing.digests(in: place).filter { $0.value == wanted }.keys.sortedByBytes()
            guard let name = files.first else {
                return .fault("no file with SHA-256 \(wanted) is on it")
            }
            let stamp = try FileStamp(of: place.appending(name))
            if let other = seen[stamp], !other.isEqual(bytesOf: label) {
                return .another("\(folder): that is \(other), which was read back before")
            }
            let home = try FileStamp(of: escrow)
            guard isRehearsal || stamp.device != home.device else {
                return .fault("\(folder) is on this machine's disk, as the escrow is, and not on a medium")
            }
            seen[stamp] = label
            return .found
        } catch {
            return .another("\(error)")
        }
    }
}
