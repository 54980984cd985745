// SPDX-License-Identifier: Apache-2.0

package import Files
package import SystemPackage

/// One archiving of a certification authority's state: every file of its layout, looked through for private keys, into a
/// ustar archive.
///
/// Names are in order and times are zero: the same state gives the same bytes. Memory does not grow with the contents.
package struct StateCapture: ~Copyable {
    private let layout: StateLayout
    private var digest = SHA256Stream()
    private var byteCount = 0
    private var names = TarNames()
    /// Whether what is being added is what an administrator writes.
    private var isConfiguration = false
    /// Whether the CA's software does not go on without the file that is being added.
    private var isIndispensable = false
    private var leftOut: [LeftOut] = []

    /// What lies in the state and is not archived.
    package struct LeftOut: Equatable, Sendable {
        package let path: FilePath
        package let reason: Reason

        package enum Reason: Equatable, Sendable {
            /// A private key of this kind is in it.
            case privateKey(kind: String)
            case symbolicLink
            /// A device, a socket, a pipe.
            case notAFile
        }
    }

    /// What an archive is called by.
    package struct Archive: Equatable, Sendable {
        /// 32 bytes.
        package let sha256: [UInt8]
        package let byteCount: Int
        /// What is not in it.
        package let leftOut: [LeftOut]
    }

    /// Archives the state.
    ///
    /// - Parameter output: Gets the archive; it is worth nothing when this throws.
    /// - Returns: What the archive and the state in it come to.
    /// - Throws: ``StateError``
    package static func archive(
        _ layout: StateLayout,
        to output: borrowing StagedFile
    ) throws(StateError) -> (archive: Archive, figures: StateFigures) {
        let known = layout.entries
        let layout = try layout.includingAll().checked()
        guard try layout.isAnythingThere else {
            throw .nothingThere(path: layout.root.isEmpty ? "." : layout.root.string)
        }
        let (before, faults) = StateFigures.read(layout)
        guard let before, faults.isEmpty else {
            throw faults.first ?? .nothingThere(path: layout.root.string)
        }
        var capture = StateCapture(layout)
        for entry in layout.entries {
            try capture.add(entry, isKnown: known.contains(entry), output)
        }
        // Two blocks of zeros end an archive.
        try capture.write([UInt8](repeating: 0, count: 2 * TarHeader.blockByteCount), output)
        let archive = capture.finish()
        // What came out of several files must belong together.
        let (after, _) = StateFigures.read(layout)
        guard after == before else {
            throw .changed(path: (layout.entry(.index)?.path ?? layout.root).string)
        }
        return (archive, before)
    }

    private init(_ layout: StateLayout) {
        self.layout = layout
    }

    private consuming func finish() -> Archive {
        let (byteCount, leftOut) = (byteCount, leftOut)
        return Archive(sha256: digest.finish(), byteCount: byteCount, leftOut: leftOut)
    }

    /// - Parameter isKnown: Whether it must be a file or a folder; else it is what it is.
    private mutating func add(
        _ entry: StateLayout.Entry,
        isKnown: Bool,
        _ output: borrowing StagedFile
    ) throws(StateError) {
        guard try stated({ () throws(FileError) in try Files.kind(of: entry.path) }) != nil else {
            guard !entry.isRequired else {
                throw .missing(path: entry.path.string)
            }
            return
        }
        let components = entry.path.components.suffix(entry.depth).map(\.string)
        let parent = try stated { () throws(FileError) in try entry.folder(components.dropLast()) }
        try addParents(of: entry, output)
        isConfiguration = entry.part == .configuration
        isIndispensable = isConfiguration || (isKnown && !entry.isFolder)
        try add(
            components[components.count - 1],
            in: parent,
            as: entry.name,
            isFolder: isKnown ? entry.isFolder : nil,
            0,
            output
        )
    }

    /// The folders above an entry, from the top: an archive names each before what lies in it.
    private mutating func addParents(of entry: StateLayout.Entry, _ output: borrowing StagedFile) throws(StateError) {
        let names = entry.name.words(between: "/").dropLast()
        for count in names.indices {
            let folder = names[...count].joined(separator: "/")
            if !self.names.hasFolder(folder) {
                // Elsewhere than below the root, the names are no folders of the state.
                let permissions =
                    try names.count < entry.depth
                    ? stated { () throws(FileError) in try entry.folder(names[...count]).permissions() }
                    : Self.folderPermissions
                try put(
                    TarHeader(name: folder, isFolder: true, permissions: permissions, byteCount: 0),
                    at: folder,
                    output
                )
            }
        }
    }

    /// Of a folder that is no part of the state itself.
    private static let folderPermissions = FilePermissions(rawValue: 0o755)

    private mutating func add(
        _ name: String,
        in parent: borrowing OpenedFolder,
        as archived: String,
        isFolder: Bool?,
        _ depth: Int,
        _ output: borrowing StagedFile
    ) throws(StateError) {
        let shown = parent.path.appending(name).string
        guard TarHeader.isSafe(archived) else {
            throw .fileName(path: shown)
        }
        let isDirectory: Bool
        if let isFolder {
            isDirectory = isFolder
        } else {
            guard !layout.isKeyPlace(archived) else {
                return
            }
            let kind = try kind(of: name, in: parent)
            if kind == .symbolicLink || kind == .other {
                let reason: LeftOut.Reason = kind == .symbolicLink ? .symbolicLink : .notAFile
                leftOut.append(LeftOut(path: parent.path.appending(name), reason: reason))
                return
            }
            isDirectory = kind == .directory
        }
        guard isDirectory else {
            try addFile(name, in: parent, as: archived, output)
            return
        }
        guard depth < StateLayout.depthLimit else {
            throw .tooDeep(path: shown)
        }
        let folder: OpenedFolder
        do throws(FileError) {
            folder = try parent.folder(name)
        } catch {
            throw .file(error)
        }
        let content: [String]
        let permissions: FilePermissions
        do throws(FileError) {
            content = try folder.names()
            permissions = try folder.permissions()
        } catch {
            throw .file(error)
        }
        try put(TarHeader(name: archived, isFolder: true, permissions: permissions, byteCount: 0), at: shown, output)
        for inside in content {
            try add(inside, in: folder, as: "\(archived)/\(inside)", isFolder: nil, depth + 1, output)
        }
    }

    private func kind(of name: String, in parent: borrowing OpenedFolder) throws(StateError) -> FileKind? {
        do throws(FileError) {
            return try parent.kind(of: name)
        } catch {
            throw .file(error)
        }
    }

    private mutating func addFile(
        _ name: String,
        in parent: borrowing OpenedFolder,
        as archived: String,
        _ output: borrowing StagedFile
    ) throws(StateError) {
        let file: OpenedFile
        do throws(FileError) {
            file = try parent.file(name)
        } catch {
            throw .file(error)
        }
        let shown = file.path.string
        let header = TarHeader(
            name: archived,
            isFolder: false,
            permissions: file.permissions,
            byteCount: file.byteCount
        )
        // Settings are looked through as a whole.
        let hasSettings = isConfiguration || SettingScan.isJSON(archived)
        guard !hasSettings || header.byteCount <= SettingScan.byteLimit else {
            throw .file(.tooLarge(path: shown, byteCount: header.byteCount, limit: SettingScan.byteLimit))
        }
        if let kind = try Self.key(in: file, named: archived, hasSettings: hasSettings) {
            guard !isIndispensable else {
                throw .privateKey(path: shown, kind: kind)
            }
            leftOut.append(LeftOut(path: file.path, reason: .privateKey(kind: kind)))
            return
        }
        try put(header, at: shown, output)
        try Self.read(file, piece: 256 << 10) { buffer throws(StateError) in
            try write(buffer, output)
            return true
        }
        try write([UInt8](repeating: 0, count: header.paddingByteCount), output)
        do throws(FileError) {
            guard try file.isUnchanged() else {
                throw FileError.busy(path: shown, holder: nil)
            }
        } catch {
            if case .busy = error {
                throw .changed(path: shown)
            }
            throw .file(error)
        }
    }

    /// The kind of a private key in a file, if there is one: it is looked through before any of it is archived.
    ///
    /// - Throws: ``StateError/secretSetting(path:setting:)``
    private static func key(
        in file: borrowing OpenedFile,
        named archived: String,
        hasSettings: Bool
    ) throws(StateError) -> String? {
        var scan = PrivateKeyScan()
        var found: String?
        let shown = file.path.string
        try read(file, piece: hasSettings ? max(file.byteCount, 1) : 256 << 10) { buffer throws(StateError) in
            found = scan.look(at: buffer[...])
            if found == nil, hasSettings {
                switch SettingScan.look(at: buffer, named: archived) {
                case .key: found = "JWK"
                case .secret(let setting): throw .secretSetting(path: shown, setting: setting)
                case nil: break
                }
            }
            return found == nil
        }
        return found
    }

    /// Reads a file piece by piece.
    ///
    /// - Parameter next: Gets each piece, and says whether to go on.
    private static func read(
        _ file: borrowing OpenedFile,
        piece: Int,
        _ next: ([UInt8]) throws(StateError) -> Bool
    ) throws(StateError) {
        var offset = 0
        while offset < file.byteCount {
            var buffer = [UInt8](repeating: 0, count: min(piece, file.byteCount - offset))
            let count: Int
            do throws(FileError) {
                count = try file.read(at: offset, into: &buffer)
            } catch {
                throw .file(error)
            }
            guard count == buffer.count else {
                throw .changed(path: file.path.string)
            }
            guard try next(buffer) else {
                return
            }
            offset += count
        }
    }

    private mutating func put(
        _ header: TarHeader,
        at shown: String,
        _ output: borrowing StagedFile
    ) throws(StateError) {
        guard let block = header.encoded() else {
            throw .nameTooLong(path: shown)
        }
        do throws(TarError) {
            try names.add(header)
        } catch {
            switch error {
            case .twice(let name): throw .overlap(name, shown)
            case .sameName(_, let other): throw .sameName(path: shown, other: other)
            case .tooManyEntries(let limit): throw .tooManyEntries(path: layout.root.string, limit: limit)
            default: throw .tooManyBytes(path: layout.root.string, limit: StateLayout.byteLimit)
            }
        }
        try write(block, output)
    }

    private mutating func write(_ bytes: [UInt8], _ output: borrowing StagedFile) throws(StateError) {
        guard byteCount + bytes.count <= StateLayout.byteLimit else {
            throw .tooManyBytes(path: layout.root.string, limit: StateLayout.byteLimit)
        }
        digest.update(bytes.span)
        byteCount += bytes.count
        do throws(FileError) {
            try output.write(bytes.span)
        } catch {
            throw .file(error)
        }
    }
}

extension StateLayout {
    /// The same with everything that lies where all of it belongs to the state.
    fileprivate func includingAll() throws(StateError) -> StateLayout {
        guard takesAll else {
            return self
        }
        return including(try stated { () throws(FileError) in try found(in: "") })
    }

    private func found(in folder: String) throws(FileError) -> [(name: String, isFolder: Bool)] {
        let path = root.appending(FilePath(folder).components)
        var found: [(name: String, isFolder: Bool)] = []
        for child in try Files.names(in: path.isEmpty ? FilePath(".") : path) {
            let name = folder.isEmpty ? child : "\(folder)/\(child)"
            let isFolder = try Files.kind(of: path.appending(child)) == .directory
            found.append((name, isFolder))
            if isFolder, takesAll(in: name) {
                found += try self.found(in: name)
            }
        }
        return found
    }
}
