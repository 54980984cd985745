// SPDX-License-Identifier: Apache-2.0

import Custody
import Files
import SystemPackage

/// Whether a folder is a medium that holds what was written to it: not the place that it was written from, and not a medium
/// that was read back before.
///
/// *docs/format-ceremony.md, section 4.25, `write-media`.*
struct ReadBack {
    /// Where what was dealt lies on this machine: the escrow, the PKCS#12 file, the bundle.
    let origins: [FilePath]
    /// Files that were read back in this run, with the label of their medium.
    private(set) var seen: [FileStamp: String] = [:]

    init(origins: [FilePath]) {
        self.origins = origins
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
                return .another("\(folder): no folder is there")
            }
            for origin in origins {
                let path = try Files.resolved(origin)
                if path.starts(with: place) || place.starts(with: path) {
                    return .another("\(folder): what was dealt lies there: the medium's folder is wanted")
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
            let home = try FileStamp(of: origins[0])
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
