// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import SecretMemory
import SystemPackage

/// Files of a store, with errors of a store.
enum StoreFile {
    /// Keys and certificates are small, also the twenty generations of a PKCS#12 file; and what OpenSSL makes of a hostile
    /// file takes many times its size.
    static let byteLimit = 1 << 20

    /// The longest name of a file, in bytes: of ext4, XFS and Btrfs; NTFS has as many UTF-16 units.
    static let nameByteLimit = 255

    static func kind(_ path: FilePath) throws(StoreError) -> FileKind? {
        try stored(Files.kind(of: path))
    }

    /// Whether a path leads to a regular file, symbolic links followed.
    static func isRegular(_ path: FilePath) throws(StoreError) -> Bool {
        try stored(Files.kind(of: Files.resolved(path))) == .regular
    }

    /// Whether a restore finds something at a place where it is to write; links to a file are followed, as the store's
    /// software follows them.
    ///
    /// - Throws: ``StoreError/linkInTheWay(path:)`` for one that leads nowhere: nothing is written through it;
    ///   ``StoreError/nameTooLong(path:limit:)``, also where a folder is missing and the system would not say so.
    static func isTaken(_ path: FilePath) throws(StoreError) -> Bool {
        try checkNames(of: path)
        guard try kind(path) == .symbolicLink else {
            return try kind(path) != nil
        }
        do throws(FileError) {
            _ = try Files.permissions(of: path)
            return true
        } catch {
            switch error {
            case .system(_, .noSuchFileOrDirectory), .system(_, .tooManySymbolicLinkLevels), .system(_, .notDirectory):
                throw .linkInTheWay(path: path.string)
            default: throw .file(error)
            }
        }
    }

    /// The absolute path of a place, by which the system finds it also from elsewhere: links are followed, and `..` leaves
    /// the folder that is there.
    ///
    /// - Throws: ``StoreError/file(_:)``
    static func absolute(_ path: FilePath) throws(StoreError) -> FilePath {
        try stored(Files.absolute(path))
    }

    /// What people are told of a place: where it lies, whatever the working directory is.
    static func shown(_ path: FilePath) -> String { ((try? Files.absolute(path)) ?? path).string }

    private static func checkNames(of path: FilePath) throws(StoreError) {
        guard path.components.allSatisfy({ $0.string.utf8.count <= nameByteLimit }) else {
            throw .nameTooLong(path: path.string, limit: nameByteLimit)
        }
    }

    static func names(_ path: FilePath) throws(StoreError) -> [String] {
        try stored(Files.names(in: path))
    }

    /// Reads a file that holds a key, or might.
    static func secret(_ path: FilePath, limit: Int = byteLimit) throws(StoreError) -> SecretBytes {
        try stored(Files.readSecret(path, limit: limit))
    }

    /// Reads an encrypted or public file.
    static func bytes(_ path: FilePath, limit: Int) throws(StoreError) -> [UInt8] {
        try stored(Files.read(path, limit: limit, followingLinks: true))
    }

    static func create(
        _ path: FilePath,
        _ bytes: [UInt8],
        _ permissions: FilePermissions,
        _ ownership: Ownership
    ) throws(StoreError) {
        try stored(Files.create(path, bytes, permissions: permissions, ownership: ownership))
    }

    static func create(
        _ path: FilePath,
        secret: borrowing SecretBytes,
        _ ownership: Ownership
    ) throws(StoreError) {
        try stored(Files.create(path, secret: secret, ownership: ownership))
    }

    /// Whether a file could be made here, and the folders above it that are missing, and given to whom they are to belong.
    ///
    /// - Throws: ``StoreError/notWritable(path:)`` naming the nearest folder that is there, or what ``isTaken(_:)`` throws
    ///   for one of them.
    static func checkPlace(for path: FilePath, _ ownership: Ownership) throws(StoreError) {
        try checkNames(of: path)
        var folder = path.removingLastComponent()
        while !folder.isEmpty, try !isTaken(folder) {
            folder = folder.removingLastComponent()
        }
        guard Files.isWritable(directory: folder) else {
            throw .notWritable(path: folder.isEmpty ? "." : folder.string)
        }
        try stored(ownership.probe(folder))
    }

    /// Makes the folder of a file, and those above it, where they are missing.
    static func makeFolder(
        of path: FilePath,
        _ permissions: FilePermissions,
        _ ownership: Ownership
    ) throws(StoreError) {
        let folder = path.removingLastComponent()
        // A link to a folder is a folder enough.
        guard !folder.isEmpty, try kind(folder) == nil else {
            return
        }
        try makeFolder(of: folder, permissions, ownership)
        try stored(Files.makeDirectory(folder, permissions: permissions, ownership: ownership))
    }
}

/// Does something with files, with errors of a store.
func stored<Success: ~Copyable>(_ body: @autoclosure () throws(FileError) -> Success) throws(StoreError) -> Success {
    try rethrowing(as: StoreError.file, body())
}
