// SPDX-License-Identifier: Apache-2.0

package import Files
import SystemPackage

/// One putting back of an archived state: into an empty place, whole or not at all.
///
/// It is prepared before anybody is asked for a share, staged when the key is at hand, and appears when the key is proven.
package final class StateRestore {
    package let layout: StateLayout
    private let archive: StateArchive
    /// Entries of the layout that the archive has and the store has not, the index last: a restore that was cut off has
    /// none, and no CA software goes on without it.
    private let wanted: [Int]
    /// What is here already, and stays as it is: the configuration, or all of it after a restore that was done before.
    package let kept: [String]
    /// What the archive has and does not bring back, by its names there: it comes back with the key.
    package let skipped: [String]
    /// The folders above the entries as the archive has them.
    private let folders: [FilePath: FilePermissions]
    private let ownership: Ownership
    private var unpacked: StateUnpacking?

    /// Looks whether the archive can be put back; nothing is written.
    ///
    /// - Parameters:
    ///   - archive: Held against its digest.
    ///   - layout: Of the store to which it goes.
    ///   - comparison: Of the store with the manifest's figures, to tell a newer state from any.
    ///   - ownership: Of what is put back.
    /// - Throws: ``StateError``
    package init(
        of archive: consuming StateArchive,
        to layout: StateLayout,
        _ comparison: StateComparison?,
        ownership: Ownership = .place
    ) throws(StateError) {
        let layout = try layout.including(archive.names(in: layout)).checked()
        let contents = try Contents.found(in: archive, layout)
        let found = contents.entries
        let isDone = try Self.isDone(archive, layout, found, comparison)
        var kept: [String] = []
        var wanted: [Int] = []
        for position in found.sorted(by: { Self.rank(layout.entries[$0], $0) < Self.rank(layout.entries[$1], $1) }) {
            let entry = layout.entries[position]
            if isDone || entry.part == .configuration, try layout.isThere(entry) {
                try Self.checkKept(entry)
                kept.append(StoreFile.shown(entry.path))
            } else if !isDone || entry.part == .configuration {
                wanted.append(position)
                try stated(store: StoreFile.checkPlace(for: entry.path, ownership))
            }
        }
        self.layout = layout
        self.archive = archive
        self.wanted = wanted
        self.kept = kept
        skipped = contents.skipped
        folders = contents.above
        self.ownership = ownership
    }

    /// What an archive has, held against a layout.
    private struct Contents {
        /// Positions in the layout.
        var entries: Set<Int> = []
        /// Folders above the entries.
        var above: [FilePath: FilePermissions] = [:]
        var skipped: [String] = []

        static func found(in archive: borrowing StateArchive, _ layout: StateLayout) throws(StateError) -> Contents {
            let path = archive.path.string
            var folders: Set<[UInt8]> = []
            var found = Contents()
            try archive.list { header throws(StateError) in
                let noPlace = StateError.noPlace(path: path, name: header.name, store: layout.store.rawValue)
                // The key's restore makes a folder there.
                guard header.isFolder || !layout.isAboveKeyPlaces(header.name) else {
                    throw noPlace
                }
                guard let (entry, rest) = layout.place(of: header.name) else {
                    if header.isFolder, layout.isAbove(header.name) {
                        found.above[layout.root.appending(FilePath(header.name).components)] = header.permissions
                        return
                    }
                    guard layout.isPassedOver(header.name) else {
                        throw noPlace
                    }
                    if !header.isFolder {
                        found.skipped.append(header.name)
                    }
                    return
                }
                if rest.isEmpty {
                    guard header.isFolder == layout.entries[entry].isFolder else {
                        throw noPlace
                    }
                    found.entries.insert(entry)
                } else if !folders.contains(Array(header.parentName.utf8)) {
                    throw .archive(path: path, .folderMissing(header.name))
                }
                if header.isFolder {
                    folders.insert(Array(header.name.utf8))
                }
            }
            return found
        }
    }

    /// What stays must be what the CA's software opens there: a link may lead to it.
    private static func checkKept(_ entry: StateLayout.Entry) throws(StateError) {
        let (path, real) = (entry.path.string, try? Files.resolved(entry.path))
        let kind = try real.flatMap { path throws(StateError) in
            try stated(Files.kind(of: path))
        }
        switch kind {
        case nil: throw .store(.linkInTheWay(path: path))
        case .directory? where entry.isFolder, .regular? where !entry.isFolder: break
        default: throw .file(entry.isFolder ? .system(path: path, .notDirectory) : .notRegular(path: path))
        }
    }

    private static func rank(_ entry: StateLayout.Entry, _ position: Int) -> (Int, Int) {
        (entry.part == .index ? 1 : 0, position)
    }

    /// Refuses a place where any part of a state lies that is not the archive's; the configuration may be there.
    ///
    /// - Returns: Whether all of the archive's state is there, and nothing else.
    private static func isDone(
        _ archive: borrowing StateArchive,
        _ layout: StateLayout,
        _ found: Set<Int>,
        _ comparison: StateComparison?
    ) throws(StateError) -> Bool {
        for (position, entry) in layout.entries.enumerated()
        where entry.part != .configuration && (!entry.isOptional || found.contains(position)) {
            guard try layout.isThere(entry) else {
                continue
            }
            if let how = comparison?.newerParts.first {
                throw .newer(path: layout.root.isEmpty ? "." : layout.root.string, how: how)
            }
            if let difference = try StateLikeness.check(archive, layout) {
                throw .notEmpty(path: entry.path.string, difference)
            }
            return true
        }
        return false
    }

    /// Unpacks everything beside its place.
    ///
    /// - Throws: ``StateError``; nothing of it is left then.
    package func stage() throws(StateError) {
        let work = StateUnpacking(layout, ownership, folders)
        for position in wanted {
            try work.prepare(position)
        }
        try archive.unpack { header throws(StateError) in
            try work.take(header)
        } content: { bytes throws(StateError) in
            try work.take(bytes)
        }
        try work.end()
        unpacked = work
    }

    /// Moves everything to its place, and says what was written.
    ///
    /// - Returns: The absolute paths of the files and folders that were put back, and the paths of files of the
    ///   configuration that were here already and differ from the archive's.
    /// - Throws: ``StateError``; nothing of it is there then.
    package func publish() throws(StateError) -> (written: [String], differing: [String]) {
        guard let unpacked else {
            preconditionFailure("what is published was staged")
        }
        self.unpacked = nil
        try unpacked.publish()
        return (wanted.map { StoreFile.shown(layout.entries[$0].path) }, unpacked.differing)
    }
}

/// A state that is being unpacked: which part of the archive goes where.
private final class StateUnpacking {
    private let layout: StateLayout
    private var staged: StagedPlaces?
    private var places: [Int: Int] = [:]
    /// A file that is here already, and what the archive has for it.
    private var compared: (path: FilePath, content: [UInt8])?
    private(set) var differing: [String] = []

    /// Configuration files are small; longer ones are not compared.
    private static let comparedLimit = 1 << 20

    init(_ layout: StateLayout, _ ownership: Ownership, _ folders: [FilePath: FilePermissions]) {
        self.layout = layout
        staged = StagedPlaces(ownership, above: folders.mapValues(Self.closed), layout.folderPermissions)
    }

    /// Nobody else gets to write, whatever the archive says.
    private static func closed(_ permissions: FilePermissions) -> FilePermissions {
        permissions.subtracting([.groupWrite, .otherWrite]).union(.ownerReadWrite)
    }

    func prepare(_ position: Int) throws(StateError) {
        let entry = layout.entries[position]
        // Some of it came back with the key by then.
        let joins = entry.isFolder && layout.isAboveKeyPlaces(entry.name)
        places[position] = try stated(staged!.add(entry.path, joins: joins))
    }

    func take(_ header: TarHeader) throws(StateError) {
        try end()
        guard let (position, rest) = layout.place(of: header.name) else {
            return
        }
        guard let place = places[position] else {
            if rest.isEmpty, !header.isFolder, header.byteCount <= Self.comparedLimit {
                compared = (layout.entries[position].path, [])
            }
            return
        }
        let permissions = Self.closed(header.permissions)
        if header.isFolder {
            try stated(staged!.makeFolder(rest, at: place, permissions: permissions.union(.ownerExecute)))
        } else {
            try stated(staged!.makeFile(rest, at: place, permissions: permissions))
        }
        isWriting = !header.isFolder
    }

    private var isWriting = false

    func take(_ bytes: Span<UInt8>) throws(StateError) {
        if compared != nil {
            compared!.content += bytes.indices.map { bytes[$0] }
        } else if isWriting {
            try stated(staged!.write(bytes))
        }
    }

    /// Ends the file that was written last.
    func end() throws(StateError) {
        isWriting = false
        try stated(staged!.endFile())
        if let (path, content) = compared {
            compared = nil
            let here = try? Files.read(path, limit: Self.comparedLimit, followingLinks: true)
            if here != content {
                differing.append(path.string)
            }
        }
    }

    func publish() throws(StateError) {
        guard let staged = staged.take() else {
            preconditionFailure("it is published once")
        }
        do throws(FileError) {
            try staged.publish()
        } catch {
            throw .file(error)
        }
    }
}
