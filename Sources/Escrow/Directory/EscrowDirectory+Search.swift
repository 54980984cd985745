// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

extension EscrowDirectory {
    /// The escrows that a path names: itself, or those that lie in it, one level down and ordered by name.
    ///
    /// A directory called `….escrow` is one also when it holds no epoch: reading it says so, and an escrow that was
    /// emptied does not pass unseen.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package static func search(_ path: FilePath) throws(EscrowError) -> [FilePath] {
        guard !isEscrow(path), path.extension != "escrow" else {
            return [path]
        }
        let names = try names(in: path)
        return names.filter { !Files.isLeftover($0) }.map { path == "." ? FilePath($0) : path.appending($0) }
            .filter { inside in
                isEscrow(inside) || (inside.extension == "escrow" && (try? Files.kind(of: inside)) == .directory)
            }
    }
}
