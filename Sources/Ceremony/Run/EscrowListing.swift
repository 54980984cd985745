// SPDX-License-Identifier: Apache-2.0

import Encoding
import Escrow
import Files
import SystemPackage

/// What lies in an escrow.
enum EscrowListing {
    /// Files by their paths inside, three levels deep at most; what cannot be read is left out.
    static func digests(in folder: FilePath, depth: Int = 3) -> [String: SHA256Digest] {
        var found: [String: SHA256Digest] = [:]
        for name in (try? Files.names(in: folder)) ?? [] where !Files.isLeftover(name) {
            let path = folder.appending(name)
            switch try? Files.kind(of: path) {
            case .regular:
                if let bytes = try? Files.read(path, limit: ByteLimit.pkcs12) {
                    found[name] = SHA256Digest(of: bytes)
                }
            case .directory where depth > 1:
                for (inner, digest) in digests(in: path, depth: depth - 1) {
                    found["\(name)/\(inner)"] = digest
                }
            default: break
            }
        }
        return found
    }
}
