// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files
import SystemPackage

/// What a file that is sent is called when nobody says: `alice-receipts-3fa9.parcel`, and with a number behind when
/// something else has that name, such as what an earlier run left.
struct FreeName {
    private let stem: FilePath
    private let ending: String

    /// - Parameters:
    ///   - what: What is in it.
    ///   - digits: Of what it answers; four of them are taken.
    ///   - directory: Where it goes; the working directory when not given.
    init(of owner: Name, _ what: String, answering digits: String, ending: String, in directory: FilePath = "") {
        stem = directory.appending("\(owner)-\(what)-\(String(digits.prefix(4)))")
        self.ending = ending
    }

    /// The name without a number.
    var first: FilePath { path(1) }

    private func path(_ number: Int) -> FilePath {
        FilePath(number == 1 ? "\(stem).\(ending)" : "\(stem)-\(number).\(ending)")
    }

    /// Writes a file under the first name that is free; one that has the very bytes is the file already.
    ///
    /// - Parameter given: Where it goes instead, when somebody has said so: nothing else may be there.
    /// - Returns: Its path, and whether it was not there before.
    /// - Throws: ``EscrowError/file(_:)``
    func create(
        _ bytes: [UInt8],
        permissions: FilePermissions,
        or given: FilePath?
    ) throws(EscrowError) -> (path: FilePath, isNew: Bool) {
        var number = 1
        while true {
            let path = given ?? path(number)
            do {
                return (path, try Self.create(path, bytes, permissions: permissions))
            } catch .file(.exists) where given == nil {
                number += 1
            }
        }
    }

    /// Writes a file; one that has the very bytes is the file already.
    ///
    /// - Returns: Whether it was not there before.
    /// - Throws: ``EscrowError/file(_:)``
    static func create(
        _ path: FilePath,
        _ bytes: [UInt8],
        permissions: FilePermissions
    ) throws(EscrowError) -> Bool {
        do throws(FileError) {
            try Files.create(path, bytes, permissions: permissions)
            return true
        } catch {
            guard case .exists = error, (try? Files.read(path, limit: bytes.count)) == bytes else {
                throw .file(error)
            }
            return false
        }
    }
}
