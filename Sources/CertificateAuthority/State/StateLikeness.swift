// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// Whether the state that lies in a store is the archive's, byte for byte and file for file: a restore that was done before.
///
/// The configuration is left out: what is there of it stays in any case.
final class StateLikeness {
    private let layout: StateLayout
    private var isAlike = true
    /// Entries that the archive has.
    private var found: Set<Int> = []
    /// What the archive has in each folder of an entry: names as bytes, of which two may be one text.
    private var folders: [[UInt8]: Set<[UInt8]>] = [:]
    /// The file here that is being compared, and how far.
    private var file: OpenedFile?
    private var offset = 0

    private init(_ layout: StateLayout) {
        self.layout = layout
    }

    /// - Throws: ``StateError`` when the archive cannot be read.
    static func check(_ archive: borrowing StateArchive, _ layout: StateLayout) throws(StateError) -> Bool {
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
            isAlike = opened.byteCount == header.byteCount
            file = consume opened
            offset = 0
        } catch {
            isAlike = false
        }
    }

    private func take(_ bytes: Span<UInt8>) {
        guard isAlike, file != nil else {
            return
        }
        var here = [UInt8](repeating: 0, count: bytes.count)
        let count = (try? file!.read(at: offset, into: &here)) ?? 0
        offset += count
        isAlike = count == bytes.count && bytes.indices.allSatisfy { bytes[$0] == here[$0] }
    }

    /// Looks for what is here, and not in the archive.
    private func end() throws(StateError) -> Bool {
        for (position, entry) in layout.entries.enumerated()
        where isAlike && entry.part != .configuration && !found.contains(position) {
            isAlike = try !layout.isThere(entry)
        }
        for (name, content) in folders where isAlike {
            guard let (position, rest) = layout.place(of: String(decoding: name, as: UTF8.self)) else {
                continue
            }
            do throws(FileError) {
                let prefix = String(decoding: name, as: UTF8.self)
                let names = try layout.entries[position].folder(Self.names(layout.entries[position], rest)).names()
                    .filter { !layout.isKeyPlace("\(prefix)/\($0)") }
                isAlike = Set(names.map { Array($0.utf8) }) == content
            } catch {
                isAlike = false
            }
        }
        return isAlike
    }

    /// The names that lead to a place, from the folder that the administrator named.
    private static func names(_ entry: StateLayout.Entry, _ rest: FilePath) -> [String] {
        (Array(entry.path.components.suffix(entry.depth)) + Array(rest.components)).map(\.string)
    }
}
