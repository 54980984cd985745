// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Escrow
import Files
import SystemPackage

// What of a state is not archived; what an older or missing one leads to, and what to do about it.
extension StateComparison {
    /// Says how the state that is there stands against the escrowed one.
    func show(at root: FilePath) {
        if isNewer, !isHarmless {
            let parts = newerParts.joined(separator: "; ")
            Output.error("ca-escrow: \(root): newer than escrowed in part, and stays as it is: \(parts)")
        } else if isNewer {
            Output.error("ca-escrow: \(root): its state is newer than the escrowed one, and stays as it is")
        } else if isHarmless {
            Output.error("ca-escrow: \(root): its state is the one that was escrowed")
        }
        consequences.forEach(Output.warning)
    }
}

extension [StateCapture.LeftOut] {
    /// Names what is not in the archive: a directory at once where there are many.
    func show() {
        for (directory, things) in Dictionary(grouping: self, by: { $0.path.removingLastComponent() })
            .sorted(by: { $0.key.string.precedes(bytesOf: $1.key.string) })
        {
            guard things.count > 3 else {
                things.forEach { Output.warning("not archived: \($0.path): \($0.reason.words)") }
                continue
            }
            let reasons = Set(things.map(\.reason.words)).sortedByBytes().joined(separator: ", ")
            Output.warning("not archived: \(things.count) files in \(directory): \(reasons)")
        }
    }
}

extension StateCapture.LeftOut.Reason {
    fileprivate var words: String {
        switch self {
        case .privateKey(let kind): "a private key (\(kind))"
        case .symbolicLink: "a symbolic link"
        case .notAFile: "neither a file nor a directory"
        }
    }
}
