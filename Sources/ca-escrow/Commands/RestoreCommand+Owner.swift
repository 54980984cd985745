// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import SystemPackage

// Whose the files are that a restore makes.
extension RestoreCommand {
    /// What `--owner` asks for; before anybody is asked for anything.
    func ownership(in store: KeyStore) throws -> Ownership {
        guard owner == nil || !store.keepsItsPIN else {
            throw Diagnostic(
                "--owner: the files of \(store.location.kind) are made by its own software",
                hint: "run the restore as the user whose files they are",
                .usage
            )
        }
        return try Ownership(named: owner)
    }

    /// Says whose they are, unless it is whoever restores; and which ones, when they are not all the same user's.
    func reportOwners(of paths: [String]) throws(FileError) {
        var owners: [(owner: Owner, paths: [String])] = []
        for path in paths {
            let owner = try Files.owner(of: FilePath(path))
            if let index = owners.firstIndex(where: { $0.owner == owner }) {
                owners[index].paths.append(path)
            } else {
                owners.append((owner, [path]))
            }
        }
        for (owner, paths) in owners where owner != .running {
            Output.line("owner: \(owner)" + (owners.count == 1 ? "" : ": \(paths.joined(separator: ", "))"))
        }
    }
}
