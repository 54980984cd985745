// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Files
import SystemPackage

/// One archiving of a certification authority's state: every file of its layout, looked through for private keys, into a
/// ustar archive.
///
/// Names are in order and times are zero: the same state gives the same bytes. Memory does not grow with the contents.
package struct StateCapture: ~Copyable {
    private let layout: StateLayout
    private var digest = SHA256Stream()
    private var byteCount = 0
    private var names = TarNames()
    /// What the entry is that is being added, and whether it must be whole.
    private var entry: StateLayout.Entry
    private var isKnown = true
    private var leftOut: [LeftOut] = []
    /// What is to be in no file.
    private let secrets: WithheldSecrets
    private let passwordFiles: [String]

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
    /// - Parameters:
    ///   - secrets: What is to be in no file: one that holds it is left out.
    ///   - output: Gets the archive; it is worth nothing when this throws.
    /// - Returns: What the archive and the state in it come to.
    /// - Throws: ``StateError``
    package static func archive(
        _ layout: StateLayout,
        without secrets: WithheldSecrets = WithheldSecrets(),
        to output: borrowing StagedFile
    ) throws(StateError) -> (archive: Archive, figures: StateFigures) {
        let known = layout.entries.filter { !$0.isOptional }
        let (found, passedOver) = try layout.found()
        let layout = try layout.including(found).checked()
        guard try layout.isAnythingThere else {
            throw .nothingThere(path: layout.root.isEmpty ? "." : layout.root.string)
        }
        let (before, faults) = StateFigures.read(layout)
        guard let before, faults.isEmpty else {
            throw faults.first ?? .nothingThere(path: layout.root.string)
        }
        var capture = StateCapture(layout, secrets)
        capture.leftOut = passedOver
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

    private init(_ layout: StateLayout, _ secrets: WithheldSecrets) {
        self.layout = layout
        self.secrets = secrets
        entry = layout.entries[0]
        passwordFiles = layout.passwordFiles()
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
        guard try stated(Files.kind(of: entry.path)) != nil else {
            guard !entry.isRequired else {
                throw .missing(path: entry.path.string)
            }
            return
        }
        let components = entry.path.components.suffix(entry.depth).map(\.string)
        let parent = try stated(entry.folder(components.dropLast()))
        try addParents(of: entry, output)
        (self.entry, self.isKnown) = (entry, isKnown)
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
                    ? stated(entry.folder(names[...count]).permissions())
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
            let path = parent.path.appending(name)
            guard !layout.isKeyPlace(archived) else {
                if try stated(layout.isMoreThanKeys(path, archived)) {
                    try leaveOut(path, .folderOfKeys)
                }
                return
            }
            guard let kind = try stated(parent.kind(of: name)) else {
                throw StateLayout.notThere(path)
            }
            if kind == .symbolicLink || kind == .other {
                try leaveOut(path, kind == .symbolicLink ? .symbolicLink : .notAFile)
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
        let folder = try stated(parent.folder(name))
        let content = try stated(folder.names())
        let permissions = try stated(folder.permissions())
        try put(TarHeader(name: archived, isFolder: true, permissions: permissions, byteCount: 0), at: shown, output)
        for inside in content {
            try add(inside, in: folder, as: "\(archived)/\(inside)", isFolder: nil, depth + 1, output)
        }
    }

    private mutating func addFile(
        _ name: String,
        in parent: borrowing OpenedFolder,
        as archived: String,
        _ output: borrowing StagedFile
    ) throws(StateError) {
        let file = try stated(parent.file(name))
        let shown = file.path.string
        let header = TarHeader(
            name: archived,
            isFolder: false,
            permissions: file.permissions,
            byteCount: file.byteCount
        )
        let scan = StateScan(use: use(of: archived), secrets: secrets)
        var reason = try scan.look(in: file, named: archived)
        if scan.use == .record, passwordFiles.contains(bytesOf: name) || PasswordFiles.isUsualName(name) {
            reason = reason ?? .passwordFile
        }
        if let reason {
            guard scan.use == .record else {
                throw reason.refusal(of: shown)
            }
            try leaveOut(file.path, reason)
            return
        }
        try put(header, at: shown, output)
        try file.readPieces(of: 256 << 10) { buffer, _ throws(StateError) in
            try write(buffer, output)
            return true
        }
        try write([UInt8](repeating: 0, count: header.paddingByteCount), output)
        guard try stated(file.isUnchanged()) else {
            throw .changed(path: shown)
        }
    }

    /// What a file of the entry is for.
    private func use(of name: String) -> StateScan.Use {
        switch entry.part {
        case .serial, .crlNumber: .number
        case .index: .needed
        // Of a folder of settings, the CA's software needs the one that has its name.
        case .configuration where !entry.isFolder || name.isEqual(bytesOf: StepCA.configurationName): .configuration
        case .records where isKnown && !entry.isFolder: .needed
        // A database is looked through for keys; what else is in it, its software has written as others asked for it.
        case .records where entry.isRequired: .needed
        case .configuration, .records: .record
        }
    }

    /// - Throws: ``StateError/incomplete(path:why:)`` where nothing may be missing: half a database is none.
    private mutating func leaveOut(_ path: FilePath, _ reason: LeftOut.Reason) throws(StateError) {
        guard !entry.isRequired else {
            throw .incomplete(path: path.string, why: reason)
        }
        leftOut.append(LeftOut(path: path, reason: reason))
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
        try stated(output.write(bytes.span))
    }
}
