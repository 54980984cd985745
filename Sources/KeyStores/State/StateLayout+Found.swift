// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

// What lies in a store's folder.
extension StateLayout {
    typealias Found = (names: [(name: String, isFolder: Bool)], passedOver: [StateCapture.LeftOut])

    /// Everything that lies where all of it belongs to the state; and what lies there and elsewhere in the CA's folder
    /// and does not.
    ///
    /// - Throws: ``StateError``
    func found() throws(StateError) -> Found {
        var found: Found = ([], [])
        var others: [String] = []
        try look(in: "", &found, &others)
        if !others.isEmpty {
            let path = root.isEmpty ? FilePath(".") : root
            found.passedOver.append(StateCapture.LeftOut(path: path, reason: .notNamed(others)))
        }
        for path in elsewhere where try stated(Files.kind(of: path)) != nil {
            found.passedOver.append(StateCapture.LeftOut(path: path, reason: .elsewhere))
        }
        return found
    }

    private func look(in folder: String, _ found: inout Found, _ others: inout [String]) throws(StateError) {
        let path = root.appending(FilePath(folder).components)
        let listed = path.isEmpty ? FilePath(".") : path
        guard try stated(Files.kind(of: Files.resolved(listed))) == .directory else {
            return
        }
        for child in try stated(Files.names(in: listed)) {
            let (name, path) = (folder.isEmpty ? child : "\(folder)/\(child)", path.appending(child))
            guard let kind = try stated(Files.kind(of: path)) else {
                throw Self.notThere(path)
            }
            if isEntry(name) {
                continue
            } else if isKeyPlace(name) {
                if try stated(isMoreThanKeys(path, name)) {
                    found.passedOver.append(StateCapture.LeftOut(path: path, reason: .folderOfKeys))
                }
            } else if kind == .directory, isAbove(name) {
                try look(in: name, &found, &others)
            } else if !takesAll(in: folder) {
                // What `openssl ca` keeps of its own files it makes anew.
                let isOld = name.rest(before: ".old").map(isEntry) == true
                if !isOld, try stated(isMoreThanKeys(path, name)) {
                    others.append(name)
                }
            } else if name.isEqual(bytesOf: Self.outside) {
                found.passedOver.append(StateCapture.LeftOut(path: path, reason: .reservedName))
            } else if Files.isLeftover(child) {
                found.passedOver.append(StateCapture.LeftOut(path: path, reason: .halfMade))
            } else {
                found.names.append((name, kind == .directory))
            }
        }
    }

    /// Whether a place of keys has more than comes back with the key; what cannot be looked into may have.
    func isMoreThanKeys(_ path: FilePath, _ name: String) throws(FileError) -> Bool {
        guard try Files.kind(of: path) == .directory else {
            return !comesWithKey(name)
        }
        guard let names = try? Files.names(in: path) else {
            return true
        }
        for child in names where try isMoreThanKeys(path.appending(child), "\(name)/\(child)") {
            return true
        }
        return false
    }

    /// Why a name that a folder has leads to nothing.
    static func notThere(_ path: FilePath) -> StateError {
        // What is no UTF-8 was read with this character for it.
        path.lastComponent?.string.contains(bytesOf: "\u{FFFD}") == true
            ? .fileName(path: path.string) : .changed(path: path.string)
    }
}
