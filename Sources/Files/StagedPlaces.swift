// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
package import SystemPackage

/// Files and folders that are made under hidden names beside their places, and moved there together at the end.
///
/// Each is moved by a rename that refuses to replace, in the order in which the places were named; when one cannot be,
/// those before it are moved back. When the value goes unpublished, all that it made is removed again.
///
/// A folder may be one to join: when it is there by then, what it lacks is moved into it, and what it has stays.
package struct StagedPlaces: ~Copyable {
    /// A place, and what is made beside it.
    private struct Place {
        let destination: FilePath
        let staging: FilePath
        /// The permissions of an empty folder that is there already, and goes.
        let emptyFolder: FilePermissions?
        /// Whether it is a folder to join.
        let joins: Bool
    }

    private var places: [Place] = []
    /// Folders above the places that were missing.
    private var parents: [FilePath] = []
    private var modes: [(folder: FilePath, permissions: FilePermissions)] = []
    /// The file that is being written.
    private var output: OutputFile?
    private var mode: FilePermissions = []
    private var isPublished = false

    package init() {}

    deinit {
        if let output {
            _ = Glibc.close(output.descriptor)
        }
        guard !isPublished else {
            return
        }
        for place in places.reversed() {
            Self.remove(place.staging)
        }
        for parent in parents.reversed() {
            _ = unsafe parent.withPlatformString { unsafe rmdir($0) }
        }
    }

    /// Names a place, and makes the folders above it that are missing; an empty folder may be there.
    ///
    /// - Parameter joins: Whether it is a folder that others may make before ``publish()``, and that is joined then.
    /// - Returns: Its number.
    /// - Throws: ``FileError/exists(path:)`` when something is there already, or what the system answered.
    package mutating func add(_ destination: FilePath, joins: Bool = false) throws(FileError) -> Int {
        var emptyFolder: FilePermissions?
        if let kind = try Files.kind(of: destination) {
            guard kind == .directory, try Files.names(in: destination).isEmpty else {
                throw .exists(path: destination.string)
            }
            emptyFolder = try Files.permissions(of: destination)
        }
        try makeParents(of: destination)
        places.append(
            Place(
                destination: destination,
                staging: Files.partialPath(for: destination),
                emptyFolder: emptyFolder,
                joins: joins
            )
        )
        return places.count - 1
    }

    private mutating func makeParents(of path: FilePath) throws(FileError) {
        let parent = path.removingLastComponent()
        guard !parent.isEmpty, try Files.kind(of: parent) == nil else {
            return
        }
        try makeParents(of: parent)
        // What lies in it has modes of its own.
        try Files.makeDirectory(
            parent,
            permissions: [.ownerReadWriteExecute, .groupRead, .groupExecute, .otherRead, .otherExecute]
        )
        parents.append(parent)
    }

    /// Makes a folder at a place, or below one whose folder was made before.
    ///
    /// - Parameters:
    ///   - name: Below the place; empty for the place itself.
    ///   - permissions: Of the folder, once it is full.
    /// - Throws: ``FileError/cannotCreate(path:_:)``
    package mutating func makeFolder(
        _ name: FilePath,
        at place: Int,
        permissions: FilePermissions
    ) throws(FileError) {
        let folder = places[place].staging.appending(name.components)
        guard unsafe folder.withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 else {
            throw .cannotCreate(path: shown(name, at: place).string, Errno.last)
        }
        modes.append((folder, permissions))
    }

    /// Makes a file at a place, or in a folder that was made before: exclusively, and never through a link.
    ///
    /// It is not synced by itself: ``publish()`` syncs them all.
    ///
    /// - Throws: ``FileError``
    package mutating func makeFile(
        _ name: FilePath,
        at place: Int,
        permissions: FilePermissions
    ) throws(FileError) {
        try endFile()
        let shown = shown(name, at: place)
        let file = try Files.open(new: places[place].staging.appending(name.components), shownAs: shown)
        output = OutputFile(descriptor: file, shown: shown)
        mode = permissions
    }

    /// Writes to the file that was made last.
    ///
    /// - Throws: ``FileError``
    package func write(_ bytes: Span<UInt8>) throws(FileError) {
        try output?.write(bytes)
    }

    /// Ends the file that was made last, if any.
    ///
    /// - Throws: ``FileError``
    package mutating func endFile() throws(FileError) {
        guard let file = output.take() else {
            return
        }
        defer { _ = Glibc.close(file.descriptor) }
        try FileError.check(fchmod(file.descriptor, mode.rawValue), file.shown)
    }

    /// Syncs everything and moves it to its place.
    ///
    /// - Throws: ``FileError``; all is as it was before then.
    package consuming func publish() throws(FileError) {
        let shield = SignalShield()
        for (folder, permissions) in modes.reversed() {
            try FileError.check(unsafe folder.withPlatformString { unsafe chmod($0, permissions.rawValue) }, folder)
        }
        var moves: [Place] = []
        for place in places {
            moves += try Self.moves(of: place)
        }
        let directories = Set(moves.map { $0.destination.removingLastComponent() })
        for directory in directories {
            try Self.syncFileSystem(of: directory)
        }
        var moved: [Place] = []
        do throws(FileError) {
            for place in moves {
                if place.emptyFolder != nil {
                    // Fails when it is not empty any more; the rename then says so.
                    _ = unsafe place.destination.withPlatformString { unsafe rmdir($0) }
                }
                moved.append(place)
                try Files.rename(place.staging, to: place.destination)
            }
            for directory in directories.union(parents.map { $0.removingLastComponent() }) {
                try Files.sync(directory: directory)
            }
        } catch {
            // Back under the hidden names, from where they are removed.
            for place in moved.reversed() {
                if (try? Files.kind(of: place.staging)) == nil {
                    try? Files.rename(place.destination, to: place.staging)
                }
                if let permissions = place.emptyFolder {
                    try? Files.makeDirectory(place.destination, permissions: permissions)
                }
            }
            throw error
        }
        isPublished = true
        // What the folders that were joined had already.
        for place in places where place.joins {
            Self.remove(place.staging)
        }
        _ = consume shield
    }

    /// What is moved of a place: itself, or what the folder there lacks.
    private static func moves(of place: Place) throws(FileError) -> [Place] {
        guard place.joins, try Files.kind(of: place.destination) == .directory else {
            return [place]
        }
        var moves: [Place] = []
        for name in try Files.names(in: place.staging) {
            let destination = place.destination.appending(name)
            if try Files.kind(of: destination) == nil {
                moves.append(
                    Place(
                        destination: destination,
                        staging: place.staging.appending(name),
                        emptyFolder: nil,
                        joins: false
                    )
                )
            }
        }
        return moves
    }

    /// One call instead of one for each of a hundred thousand files.
    private static func syncFileSystem(of directory: FilePath) throws(FileError) {
        let path = directory.isEmpty ? FilePath(".") : directory
        let file = unsafe path.withPlatformString { unsafe Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard file >= 0 else {
            throw .system(path: path.string, Errno.last)
        }
        defer { _ = Glibc.close(file) }
        try FileError.check(CLinux_sync_file_system(file), path)
    }

    /// Removes what this value made; links are removed, not followed, and what cannot be removed stays.
    private static func remove(_ path: FilePath) {
        guard (try? Files.kind(of: path)) == .directory else {
            Files.withdraw(path)
            return
        }
        _ = unsafe path.withPlatformString { unsafe chmod($0, 0o700) }
        for name in (try? Files.names(in: path)) ?? [] {
            remove(path.appending(name))
        }
        _ = unsafe path.withPlatformString { unsafe rmdir($0) }
    }

    private func shown(_ name: FilePath, at place: Int) -> FilePath {
        places[place].destination.appending(name.components)
    }
}
