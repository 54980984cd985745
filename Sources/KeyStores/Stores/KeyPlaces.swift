// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// The files that a store's keys and certificates come from and go to: all that a backup reads of a key, and all that a
/// restore of it writes, older generations, older certificates and issuers included.
///
/// They are no part of a CA's state, since they come back with the key.
struct KeyPlaces: Equatable, Sendable {
    /// What lies in a file.
    enum Content: Sendable {
        case key, certificates
    }

    private(set) var keys: [FilePath] = []
    /// Those beside which the others of a restore lie.
    private(set) var certificates: [FilePath] = []
    /// Further files of certificates, which have none beside them.
    private(set) var others: [FilePath] = []

    /// These places under other paths.
    func moved(_ place: (FilePath) -> FilePath) -> KeyPlaces {
        KeyPlaces(keys: keys.map(place), certificates: certificates.map(place), others: others.map(place))
    }

    /// What a file at a path is to the store; nothing when it has no use for it.
    func content(of path: FilePath) -> Content? {
        if keys.contains(where: { PEMFiles.isGeneration(path, of: $0) }) {
            return .key
        }
        let isOurs =
            others.contains(path)
            || certificates.contains { newest in
                let besides = PEMFiles.besides(newest)
                return PEMFiles.isGeneration(path, of: newest) || path == besides.older || path == besides.issuers
            }
        return isOurs ? .certificates : nil
    }

    /// Whether a folder is one in which such files lie, or in whose folders they do.
    func lie(in folder: FilePath) -> Bool {
        (keys + certificates + others).contains { $0 != folder && $0.starts(with: folder) }
    }
}
