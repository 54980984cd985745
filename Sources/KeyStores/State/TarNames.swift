// SPDX-License-Identifier: Apache-2.0

/// The names in an archive, so far: none twice, on any file system, and each behind its folder.
struct TarNames {
    /// By the name in lower case, in one form of accents: Swift's own comparison, since some file systems compare so.
    private var seen: [String: String] = [:]
    private var folders: Set<[UInt8]> = []
    private var byteCount = 0

    /// - Throws: ``TarError``
    mutating func add(_ header: TarHeader) throws(TarError) {
        let name = header.name
        if let other = seen.updateValue(name, forKey: name.lowercased()) {
            throw other.utf8.elementsEqual(name.utf8) ? .twice(name) : .sameName(name, other: other)
        }
        guard seen.count <= StateLayout.entryLimit else {
            throw .tooManyEntries(limit: StateLayout.entryLimit)
        }
        guard header.byteCount <= StateLayout.byteLimit - byteCount else {
            throw .tooManyBytes(limit: StateLayout.byteLimit)
        }
        byteCount += header.byteCount
        if header.isFolder {
            folders.insert(Array(name.utf8))
        }
    }

    /// Whether a folder of this name has come.
    func hasFolder(_ name: String) -> Bool { folders.contains(Array(name.utf8)) }
}
