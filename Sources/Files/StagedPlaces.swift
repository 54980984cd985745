// SPDX-License-Identifier: Apache-2.0

import Glibc
package import SystemPackage

/// Files and folders that are made under hidden names beside their places, and moved there together at the end.
///
/// Each is moved by a rename that refuses to replace, in the order in which the places were named; when one cannot be,
/// those before it are moved back. When the value goes unpublished, all that it made is removed again.
///
/// An empty folder that is there already stays, with its owner and its mode, and is filled. A folder may be one to join:
/// when it is there by then, what it lacks is moved into it, and what it has stays.
package struct StagedPlaces: ~Copyable {
    /// A place, and what is made beside it.
    private struct Place {
        let destination: FilePath
        /// The folder that it lies in, and its names there.
        let parent: OpenedFolder
        let name: String
        let staging: String
        /// Whose all of it is to be; `nil` for whoever makes it.
        let owner: Owner?
        /// Whether it is a folder to join.
        let joins: Bool
        /// Whether nothing is there yet.
        let isFree: Bool
        /// The path of what is made beside it.
        var hidden: FilePath { destination.removingLastComponent().appending(staging) }
        /// What was made beside it, when that is a folder: in there, only this process can change anything.
        var folder: OpenedFolder?
    }

    private let ownership: Ownership
    /// Of folders above the places that are missing, by their paths, and of all others.
    private let above: [FilePath: FilePermissions]
    private let permissionsAbove: FilePermissions
    private var places: [Place] = []
    /// Folders above the places that were missing.
    private var parents: [FilePath] = []
    /// Folders that were made, by their names in the places.
    private var folders: [(name: FilePath, place: Int, permissions: FilePermissions)] = []
    /// The file that is being written.
    private var output: OutputFile?
    private var mode: FilePermissions = []
    private var owner: Owner?
    private var isPublished = false
    /// Until everything is at its place, or removed again.
    private let shield = SignalShield()

    /// - Parameters:
    ///   - ownership: An empty folder that is there already keeps its owner, and what is put into it follows that.
    ///   - above: The modes of folders above the places that are missing, by their paths.
    ///   - permissionsAbove: The mode of every other such folder.
    package init(
        _ ownership: Ownership = .maker,
        above: [FilePath: FilePermissions] = [:],
        _ permissionsAbove: FilePermissions = [
            .ownerReadWriteExecute, .groupRead, .groupExecute, .otherRead, .otherExecute,
        ]
    ) {
        (self.ownership, self.above, self.permissionsAbove) = (ownership, above, permissionsAbove)
    }

    deinit {
        if let output {
            _ = Glibc.close(output.descriptor)
        }
        defer { places.forEach { Unfinished.forget($0.hidden) } }
        guard !isPublished else {
            return
        }
        places.reversed().forEach(Self.remove)
        for parent in parents.reversed() {
            _ = unsafe parent.withPlatformString { unsafe rmdir($0) }
        }
    }

    /// Names a place, and makes the folders above it that are missing; an empty folder may be there.
    ///
    /// - Parameter joins: Whether it is a folder that is joined, whoever made it before ``publish()``.
    /// - Returns: Its number.
    /// - Throws: ``FileError/exists(path:)`` when something is there already, or what the system answered.
    package mutating func add(_ destination: FilePath, joins: Bool = false) throws(FileError) -> Int {
        try makeParents(of: destination)
        let parent = try OpenedFolder(toMake: destination)
        let name = destination.lastComponent?.string ?? "."
        var present: OpenedFolder?
        var isEmpty = true
        if let kind = try parent.kind(of: name) {
            guard kind == .directory else {
                throw .exists(path: destination.string)
            }
            let found = try parent.folder(name)
            isEmpty = try found.names().isEmpty
            present = found
        }
        guard isEmpty || joins else {
            throw .exists(path: destination.string)
        }
        places.append(
            Place(
                destination: destination,
                parent: parent,
                name: name,
                staging: Files.partialName(for: name, in: destination.removingLastComponent()),
                owner: try ownership.owner(in: present ?? parent),
                joins: joins,
                isFree: present == nil
            )
        )
        Unfinished.note(places[places.count - 1].hidden)
        return places.count - 1
    }

    private mutating func makeParents(of path: FilePath) throws(FileError) {
        let parent = path.removingLastComponent()
        guard !parent.isEmpty, try Files.kind(of: parent) == nil else {
            return
        }
        try makeParents(of: parent)
        let permissions = (above[parent] ?? permissionsAbove).union(.ownerReadWriteExecute)
        try Files.makeDirectory(parent, permissions: permissions, ownership: ownership)
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
        let shown = shown(name, at: place)
        try SignalShield.check(shown)
        let (parent, inside) = self.place(of: name, at: place)
        let made = try parent.makeFolder(inside, shownAs: shown)
        if name.isEmpty {
            places[place].folder = made
        }
        folders.append((name, place, permissions))
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
        try SignalShield.check(shown)
        let (parent, inside) = self.place(of: name, at: place)
        output = OutputFile(descriptor: try parent.create(inside, shownAs: shown), shown: shown)
        mode = permissions
        owner = places[place].owner
    }

    /// Writes to the file that was made last.
    ///
    /// - Throws: ``FileError``
    package func write(_ bytes: Span<UInt8>) throws(FileError) {
        guard let output else {
            return
        }
        try SignalShield.check(output.shown)
        try output.writeSparsely(bytes)
    }

    /// Ends the file that was made last, if any.
    ///
    /// - Throws: ``FileError``
    package mutating func endFile() throws(FileError) {
        guard let file = output.take() else {
            return
        }
        defer { _ = Glibc.close(file.descriptor) }
        try file.endSparsely()
        try owner?.take(file.descriptor, shownAs: file.shown)
        try FileError.check(fchmod(file.descriptor, mode.rawValue), file.shown)
    }

    /// Syncs everything and moves it to its place.
    ///
    /// - Throws: ``FileError``; all is as it was before then.
    package consuming func publish() throws(FileError) {
        // What lies in a folder comes before it: once it has its owner, that one may change what is in it.
        for (name, number, permissions) in folders.reversed() {
            let place = places[number]
            let folder = try name.isEmpty ? place.folder : place.folder?.folder(name.string)
            try folder?.finish(permissions, place.owner, shownAs: shown(name, at: number))
        }
        var moves: [Move] = []
        for place in places {
            moves += try Self.moves(of: place)
        }
        let targets = moves.map(\.target).reduce(into: [:]) { $0[$1.path] = $1 }.values
        for target in targets {
            // One call instead of one for each of a hundred thousand files.
            try target.syncFileSystem()
        }
        var moved: [Move] = []
        do throws(FileError) {
            for move in moves {
                moved.append(move)
                try move.source.rename(move.staging, to: move.name, in: move.target, shownAs: move.shown)
            }
            for target in targets {
                try target.sync()
            }
            for parent in parents {
                try Files.sync(directory: parent.removingLastComponent())
            }
        } catch {
            // Back under the hidden names, from where they are removed.
            for move in moved.reversed() {
                if (try? move.source.kind(of: move.staging)) == nil {
                    try? move.target.rename(move.name, to: move.staging, in: move.source, shownAs: move.shown)
                }
            }
            throw error
        }
        isPublished = true
        // What was there already, and folders from which everything was moved.
        places.forEach(Self.remove)
    }

    /// One rename.
    private struct Move {
        let source: OpenedFolder
        let staging: String
        let target: OpenedFolder
        let name: String
        let shown: FilePath
    }

    /// What is moved of a place: itself, or what the folder there lacks.
    private static func moves(of place: Place) throws(FileError) -> [Move] {
        let (parent, destination) = (place.parent, place.destination)
        guard let made = place.folder, place.joins || !place.isFree, try parent.kind(of: place.name) == .directory
        else {
            let staging = place.staging
            return [Move(source: parent, staging: staging, target: parent, name: place.name, shown: destination)]
        }
        // It keeps its owner and its mode.
        let target = try parent.folder(place.name)
        if !place.joins, try !target.names().isEmpty {
            throw .exists(path: destination.string)
        }
        if place.isFree {
            // Whoever made it since did not know what it is to be.
            try target.finish(try made.permissions(), nil, shownAs: destination)
        }
        return try moves(from: made, into: target)
    }

    /// What one folder has and the other lacks, also in folders that both have.
    private static func moves(from made: OpenedFolder, into target: OpenedFolder) throws(FileError) -> [Move] {
        var moves: [Move] = []
        for name in try made.names() {
            switch (try made.kind(of: name), try target.kind(of: name)) {
            case (_, nil):
                let shown = target.path.appending(name)
                moves.append(Move(source: made, staging: name, target: target, name: name, shown: shown))
            case (.directory, .directory): moves += try Self.moves(from: made.folder(name), into: target.folder(name))
            default: break
            }
        }
        return moves
    }

    /// Removes what this value made, unless it has gone to its place.
    private static func remove(_ place: Place) {
        guard (try? place.parent.kind(of: place.staging)) != nil else {
            return
        }
        place.folder?.clear()
        place.parent.unlink(place.staging)
    }

    /// Where something is made: an open folder, and the name in it.
    private func place(of name: FilePath, at place: Int) -> (OpenedFolder, String) {
        guard !name.isEmpty, let folder = places[place].folder else {
            return (places[place].parent, places[place].staging)
        }
        return (folder, name.string)
    }

    private func shown(_ name: FilePath, at place: Int) -> FilePath {
        places[place].destination.appending(name.components)
    }
}
