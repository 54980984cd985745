// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

/// An escrow as it lies on disk: one certification authority's directory, with its epochs.
///
/// Reading it finds out what is there; nothing in it is believed yet.
package struct EscrowDirectory: Sendable {
    package let path: FilePath
    private let shownName: String?
    /// Ordered by number, then by name.
    package internal(set) var epochs: [EpochDirectory]
    /// Names that belong to no escrow, such as a PKCS#12 file.
    package let strays: [String]
    /// Names of what an interrupted run left half made.
    package let leftovers: [String]

    package static let readmeName = "README.txt"

    /// Names that desktops and version control have left.
    package let clutter: [String]

    /// Lists the directory and reads every manifest in it.
    ///
    /// - Parameter name: What people call it, when it lies in a temporary place.
    /// - Throws: ``EscrowError/file(_:)`` when it is not there, ``DirectoryFault/notAnEscrow(path:)``
    package init(at path: FilePath, shownAs name: String? = nil) throws(EscrowError) {
        let path = try Self.place(path)
        self.path = path
        shownName = name
        let names = try Self.names(in: path)
        var epochs: [EpochDirectory] = []
        var strays: [String] = []
        for name in names where name != Self.readmeName && !Files.isLeftover(name) && !Clutter.isOne(name) {
            let inside = path.appending(name)
            let kind = try orThrow(Files.kind(of: inside))
            if kind == .directory, let number = EpochDirectory.number(inName: name) {
                epochs.append(EpochDirectory(at: inside, name: name, number: number))
            } else {
                strays.append(name)
            }
        }
        guard !epochs.isEmpty else {
            throw Self.explaining(.directory(.notAnEscrow(path: path.string)), path)
        }
        self.epochs = epochs
        self.strays = strays
        leftovers = names.filter(Files.isLeftover)
        clutter = names.filter(Clutter.isOne)
    }

    /// The escrows that a path names: itself, or those that lie in it, one level down and ordered by name.
    ///
    /// A directory called `….escrow` is one also when it holds no epoch: reading it says so, and an escrow that was
    /// emptied does not pass unseen.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    package static func search(_ path: FilePath) throws(EscrowError) -> [FilePath] {
        guard !isEscrow(path), path.extension != "escrow" else {
            return [path]
        }
        let names = try names(in: path)
        return names.filter { !Files.isLeftover($0) }.map { path == "." ? FilePath($0) : path.appending($0) }
            .filter { inside in
                isEscrow(inside) || (inside.extension == "escrow" && (try? Files.kind(of: inside)) == .directory)
            }
    }

    /// What lies in it; of what is no directory, the error says what it is.
    private static func names(in path: FilePath) throws(EscrowError) -> [String] {
        try orThrow(Files.names(in: path)) { explaining(.file($0), path) }
    }

    /// Of a directory that is none, the error says more than that it is one.
    private static func explaining(_ error: EscrowError, _ path: FilePath) -> EscrowError {
        RecognisedFile(at: path) == .directory ? error : RecognisedFile.escrow.explaining(error, at: path)
    }

    /// What people call it: its path, or the name of an escrow that was sent.
    package var shown: String { shownName ?? path.string }

    /// Whether it came in a parcel, and lies in a temporary place.
    package var isLaidOut: Bool { shownName != nil }

    /// Whether `path` is a directory in which a directory is called as an epoch is, and has a manifest.
    package static func isEscrow(_ path: FilePath) -> Bool {
        let isEpoch = { (name: String) in
            EpochDirectory.number(inName: name) != nil
                && (try? Files.kind(of: path.appending(name).appending(EpochDocument.manifestName))) == .regular
        }
        return (try? Files.contains(path, name: isEpoch)) ?? false
    }

    /// The path with a name at its end: the PKCS#12 file is found beside it, and called after it.
    ///
    /// - Throws: ``EscrowError/file(_:)``
    static func place(_ path: FilePath) throws(EscrowError) -> FilePath {
        guard path.lastComponent?.kind != .regular else {
            return path
        }
        return try orThrow(Files.resolved(path))
    }

    /// Refuses a place for a key file, or for another escrow, that lies in an escrow, whatever links lead there.
    ///
    /// - Parameter shown: What the error calls it.
    /// - Throws: ``DirectoryFault/insideEscrow(path:escrow:)``, ``EscrowError/file(_:)``
    package static func refuseInside(_ path: FilePath, as shown: String) throws(EscrowError) {
        var place: FilePath
        do {
            place = try Files.resolved(path)
        } catch .system(_, let errno) {
            throw .file(.cannotCreate(path: shown, errno))
        } catch {
            throw .file(error)
        }
        while !place.components.isEmpty {
            guard !isEscrow(place) else {
                throw .directory(.insideEscrow(path: shown, escrow: place.string))
            }
            place.removeLastComponent()
        }
    }

    /// Every manifest that can be read, ordered by number and name.
    package var documents: [EpochDocument] { epochs.compactMap { try? $0.document.get() } }

    /// The epoch that is meant; else the one in force, or the only draft of a first epoch.
    ///
    /// - Throws: ``EscrowError``
    package func approval(of selector: EpochSelector?) throws(EscrowError) -> EpochApproval {
        try chain().approval(selected: selector)
    }
}

/// Does a piece of work on a directory while no other process does.
///
/// - Throws: ``EscrowError/file(_:)`` with ``FileError/busy(path:holder:)``, or what the work throws.
func locked<Success: ~Copyable>(
    _ directory: FilePath,
    _ work: () throws(EscrowError) -> Success
) throws(EscrowError) -> Success {
    let lock = try orThrow(DirectoryLock(on: directory))
    let result = try work()
    _ = consume lock
    return result
}
