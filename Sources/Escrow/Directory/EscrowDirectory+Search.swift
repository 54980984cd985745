// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

extension EscrowDirectory {
    /// The escrow that a path names, or those in the directory that it names: one level down, ordered by name.
    ///
    /// A directory called `….escrow` is taken for one, whatever is left in it: an escrow that was emptied must not pass
    /// unseen.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package static func search(_ path: FilePath) throws(EscrowError) -> [FilePath] {
        guard !isEscrow(path), path.extension != "escrow" else {
            return [path]
        }
        let names = try orThrow { () throws(FileError) in try Files.names(in: path) }
        return names.filter { !Files.isLeftover($0) }
            .map { path == "." ? FilePath($0) : path.appending($0) }
            .filter { inside in
                isEscrow(inside) || (inside.extension == "escrow" && (try? Files.kind(of: inside)) == .directory)
            }
    }
}
