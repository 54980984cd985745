// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// Whether the state that lies in a store is the archive's, byte for byte and file for file: a restore that was done before.
///
/// The configuration is left out: what is there of it stays in any case.
final class StateLikeness {
    private let layout: StateLayout
    /// The first thing that is not as in the archive.
    private var difference: StateError.Difference?
    private var isAlike: Bool { difference == nil }
    /// Entries that the archive has.
    private var found: Set<Int> = []
    /// What the archive has in each folder of an entry: names as bytes, of which two may be one text.
    private var folders: [[UInt8]: Set<[UInt8]>] = [:]
    /// The file here that is being compared, and how far.
    private var file: OpenedFile?
    private var path = ""
    private var offset = 0

    private init(_ layout: StateLayout) {
        self.layout = layout
    }

    /// - Returns: The first difference, or nothing when all is the archive's.
    /// - Throws: ``StateError`` when the archive cannot be read.
    static func check(
        _ archive: borrowing StateArchive,
        _ layout: StateLayout
    ) throws(StateError) -> StateError.Difference? {
        let work = StateLikeness(layout)
        try archive.unpack { header throws(StateError) in
            work.take(header)
        } content: { bytes throws(StateError) in
            work.take(bytes)
        }
        return try work.end()
    }

    private func take(_ header: TarHeader) {
        file = nil
        guard isAlike, let (position, rest) = layout.place(of: header.name),
            layout.entries[position].part != .configuration
        else {
            return
        }
        found.insert(position)
        if !rest.isEmpty, let name = rest.lastComponent {
            folders[Array(header.parentName.utf8), default: []].insert(Array(name.string.utf8))
        }
        guard !header.isFolder else {
            folders[Array(header.name.utf8), default: []].formUnion([])
            return
        }
        let names = Self.names(layout.entries[position], rest)
        do throws(FileError) {
            let opened = try layout.entries[position].folder(names.dropLast()).file(names[names.count - 1])
            path = opened.path.string
            if opened.byteCount != header.byteCount {
                difference = .another(path: path)
            }
            file = consume opened
            offset = 0
        } catch {
            if case .system(let path, .noSuchFileOrDirectory) = error {
                difference = .missing(path: path)
            } else {
                difference = .another(path: error.path)
            }
        }
    }

    private func take(_ bytes: Span<UInt8>) {
        guard isAlike, file != nil else {
            return
        }
        var here = [UInt8](repeating: 0, count: bytes.count)
        let count = (try? file!.read(at: offset, into: &here)) ?? 0
        offset += count
        if count != bytes.count || !bytes.indices.allSatisfy({ bytes[$0] == here[$0] }) {
            difference = .another(path: path)
        }
    }

    /// Looks for what is here, and not in the archive.
    private func end() throws(StateError) -> StateError.Difference? {
        for (position, entry) in layout.entries.enumerated()
        where isAlike && entry.part != .configuration && !entry.isOptional && !found.contains(position) {
            if try layout.isThere(entry) {
                difference = .added(path: entry.path.string)
            }
        }
        for (name, content) in folders where isAlike {
            guard let (position, rest) = layout.place(of: String(decoding: name, as: UTF8.self)) else {
                continue
            }
            do throws(FileError) {
                let prefix = String(decoding: name, as: UTF8.self)
                let folder = try layout.entries[position].folder(Self.names(layout.entries[position], rest))
                let names = try folder.names().filter { !layout.isKeyPlace("\(prefix)/\($0)") }
                if let added = names.first(where: { !content.contains(Array($0.utf8)) }) {
                    difference = .added(path: folder.path.appending(added).string)
                } else if names.count != content.count {
                    difference = .missing(path: folder.path.string)
                }
            } catch {
                difference = .missing(path: error.path)
            }
        }
        return difference
    }

    /// The names that lead to a place, from the folder that the administrator named.
    private static func names(_ entry: StateLayout.Entry, _ rest: FilePath) -> [String] {
        (Array(entry.path.components.suffix(entry.depth)) + Array(rest.components)).map(\.string)
    }
}
