// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

/// A kind of file that a step leaves in the escrow, as its lines name it: by a path inside of the escrow.
enum EscrowArtefact {
    case manifest
    case signature(Name)
    case receipt(Name)
    case drill
    case restore

    /// A file beside the epochs of an escrow, which says what it is.
    static let readMe = "README.txt"

    /// In words, without an article.
    var words: String {
        switch self {
        case .manifest: "manifest"
        case .signature(let name): "signature of \(name)"
        case .receipt(let name): "receipt from \(name)"
        case .drill: "drill receipt"
        case .restore: "record of a restore"
        }
    }

    /// Whether a path is of such a file.
    func isNamed(by path: String) -> Bool {
        let parts = path.parts(between: "/")
        guard let file = parts.last else {
            return false
        }
        switch self {
        case .manifest: return parts.count == 2 && file.isEqual(bytesOf: "manifest.json")
        case .signature(let name): return parts.count == 2 && file.isEqual(bytesOf: "manifest.json.\(name).sig")
        case .receipt(let name):
            let digits = file.rest(after: "\(name)-")?.rest(before: ".json") ?? ""
            return parts.count == 3 && parts[1].isEqual(bytesOf: "receipts") && Hex.decode(digits)?.count == 16
        case .drill, .restore:
            let kind = if case .drill = self { "drill" } else { "restore" }
            return parts.count == 3 && parts[1].isEqual(bytesOf: "records") && file.hasSuffix(bytesOf: ".json")
                && file.contains(bytesOf: "-\(kind)-")
        }
    }
}
