// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

extension EscrowDirectory {
    /// The escrow that a path names, or those in the directory that it names: one level down, ordered by name.
    ///
    /// A directory called `….escrow` is taken for one, whatever is left in it: an escrow that was emptied must not pass
    /// unseen.
    ///
    /// - Throws: ``EscrowError/file(_:)``, ``EscrowError/notAnEscrow(path:)`` for a directory that neither is an escrow
    ///   nor holds one.
    package static func search(_ path: FilePath) throws(EscrowError) -> [FilePath] {
        let names = try orThrow { () throws(FileError) in try Files.names(in: path) }
        guard !names.contains(where: { EpochDirectory.number(inName: $0) != nil }) else {
            return [path]
        }
        let found = names.filter { name in
            guard !Files.isLeftover(name) else {
                return false
            }
            let child = path.appending(name)
            return isEscrow(child) || (name.hasSuffix(".escrow") && (try? Files.names(in: child)) != nil)
        }
        guard !found.isEmpty else {
            throw .notAnEscrow(path: path.string)
        }
        return found.map { path.appending($0) }
    }
}
