// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// Why a custodian's memory forbids to go on.
package enum SeenError: Error, Equatable {
    case malformed(line: Int)
    case older(epoch: Int, seen: Int)
    case another(found: SHA256Digest, epoch: Int, seen: SHA256Digest)
}

extension SeenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed(let line): "line \(line): not 'SET EPOCH DIGEST'"
        case .older(let epoch, let seen): "epoch \(epoch), but you acted on epoch \(seen) before"
        case .another(let found, let epoch, let seen):
            "manifest \(found.short)…, but you acted on \(seen.short)… of epoch \(epoch) before, which does not lead to it"
        }
    }
}
