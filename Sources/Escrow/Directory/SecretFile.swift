// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
package import Files
package import SystemPackage

/// Files that must never lie in an escrow, whatever their name.
package enum SecretFile {
    /// What it is, or nothing when it is none of them.
    ///
    /// - Throws: ``FileError`` when nobody knows, since it cannot be read.
    package static func reason(_ path: FilePath) throws(FileError) -> String? {
        do throws(FileError) {
            return reasonToStay(try Files.read(path, limit: ByteLimit.pkcs12))
        } catch {
            switch error {
            case .tooLarge: return "larger than anything that lies in an escrow"
            case _ where error.isUnread: throw error
            // Such as an empty file: what it should be is another check's.
            default: return nil
            }
        }
    }

    /// Why bytes that were read stay out of an escrow, releases among them.
    static func reasonToStay(_ bytes: [UInt8]) -> String? {
        reason(bytes)
            ?? (isRelease(bytes) ? "a release: it is for the restoring machine, and never lies in an escrow" : nil)
    }

    /// Whether it is a release: a share, sealed to a machine for one request.
    ///
    /// The kind in its quotes: inside of a text these would have a backslash before them.
    static func isRelease(_ bytes: [UInt8]) -> Bool {
        Array(bytes.prefix(4096)).contains(bytesOf: "\"\(DocumentFormat.releaseBox.format)\"")
    }

    /// Whether it is a tar archive, as a backup makes of a CA's state.
    static func isStateArchive(_ bytes: [UInt8]) -> Bool {
        bytes.dropFirst(257).starts(with: "ustar".utf8)
    }

    /// A PKCS#12 file, or what stays with its owner; nothing when it is neither.
    static func reason(_ bytes: [UInt8]) -> String? {
        // Every PKCS#12 file is an ASN.1 SEQUENCE, and no document of ours begins so.
        if bytes.first == 0x30 {
            return "a PKCS#12 file: it lies in other hands than the shares"
        }
        if isStateArchive(bytes) {
            return "an archive of a CA's state: it lies beside the PKCS#12 file"
        }
        let start = Array(bytes.prefix(4096))
        if start.contains(bytesOf: "PRIVATE KEY-----")
            || start.contains(bytesOf: "\"\(DocumentFormat.identity.format)\"")
        {
            return "an identity or a private key: it stays with its owner"
        }
        return nil
    }
}
