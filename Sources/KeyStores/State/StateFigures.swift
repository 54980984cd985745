// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

/// What a certification authority's state comes to: a few numbers by which a later one is told from an older one.
package struct StateFigures: Equatable, Sendable {
    /// What the index says, one row a certificate.
    package struct Index: Equatable, Sendable {
        package let rowCount: Int
        package let revokedCount: Int
        /// SHA-256 of the rows' serial numbers, each with a line feed behind it; 32 bytes.
        ///
        /// Rows are added at the end, so a later index begins with them, whatever was revoked since.
        package let serials: [UInt8]
        /// SHA-256 of the file; 32 bytes.
        package let sha256: [UInt8]
        /// The highest serial number in it; only of an index that was read, as a manifest does not say it.
        package let highestSerial: HexNumber?

        package init(
            rowCount: Int,
            revokedCount: Int,
            serials: [UInt8],
            sha256: [UInt8],
            highestSerial: HexNumber? = nil
        ) {
            self.rowCount = rowCount
            self.revokedCount = revokedCount
            self.serials = serials
            self.sha256 = sha256
            self.highestSerial = highestSerial
        }
    }

    /// The kind of store, as ``StateLayout/Store`` names it; of a manifest perhaps one that is not known here.
    package let store: String
    /// The next serial number.
    package let serial: HexNumber?
    /// The next CRL's number.
    package let crlNumber: HexNumber?
    package let index: Index?

    package init(store: String, serial: HexNumber?, crlNumber: HexNumber?, index: Index?) {
        self.store = store
        self.serial = serial
        self.crlNumber = crlNumber
        self.index = index
    }

    /// Reads them from where the state lies.
    ///
    /// - Returns: Nothing when no part of the state is there. Parts that cannot be read are absent and named in `faults`.
    package static func read(_ layout: StateLayout) -> (figures: StateFigures?, faults: [StateError]) {
        guard let isThere = try? layout.isAnythingThere, isThere else {
            return (nil, [])
        }
        var faults: [StateError] = []
        func read<Value>(_ part: StateLayout.Part, _ body: (StateLayout.Entry) throws(StateError) -> Value?) -> Value? {
            guard let entry = layout.entry(part) else {
                return nil
            }
            do throws(StateError) {
                return try body(entry)
            } catch {
                faults.append(error)
                return nil
            }
        }
        let index = read(.index) { entry throws(StateError) in
            guard let index = try Index(of: entry) else {
                throw .missing(path: entry.path.string)
            }
            return index
        }
        let figures = StateFigures(
            store: layout.store.rawValue,
            serial: read(.serial) { entry throws(StateError) in try HexNumber(of: entry) },
            crlNumber: read(.crlNumber) { entry throws(StateError) in try HexNumber(of: entry) },
            index: index
        )
        return (figures, faults)
    }
}

extension StateLayout {
    /// Whether any part of the state is there but its configuration.
    ///
    /// - Throws: ``StateError``
    var isAnythingThere: Bool {
        get throws(StateError) {
            for entry in entries where entry.part != .configuration && !entry.isOptional {
                if try isThere(entry) {
                    return true
                }
            }
            return false
        }
    }

    /// Whether something lies at an entry's place; a folder only when something is in it that does not come with the key.
    ///
    /// - Throws: ``StateError``
    func isThere(_ entry: Entry) throws(StateError) -> Bool {
        switch try stated(Files.kind(of: entry.path)) {
        case nil: false
        case .directory where entry.isFolder: try stated(isAnything(in: entry.path, entry.name))
        default: true
        }
    }

    private func isAnything(in folder: FilePath, _ name: String) throws(FileError) -> Bool {
        for child in try Files.names(in: folder) {
            let (path, inside) = (folder.appending(child), "\(name)/\(child)")
            guard !isKeyPlace(inside) else {
                continue
            }
            let kind = try Files.kind(of: path)
            guard isAboveKeyPlaces(inside), kind == .directory, try !isAnything(in: path, inside) else {
                return true
            }
        }
        return false
    }

    /// What an interrupted restore left half made beside its parts.
    ///
    /// - Throws: ``StateError``
    package func leftovers() throws(StateError) -> [FilePath] {
        var found: [FilePath] = []
        for folder in Set(entries.map { $0.path.removingLastComponent() }) {
            let listed = folder.isEmpty ? FilePath(".") : folder
            if try stated(Files.kind(of: listed)) == .directory {
                found += try stated(Files.names(in: listed)).filter(Files.isLeftover).map { folder.appending($0) }
            }
        }
        return found.sorted { $0.string.precedes(bytesOf: $1.string) }
    }
}

extension StateLayout.Entry {
    /// Opens it; no link is followed below the folder that the administrator named.
    ///
    /// - Returns: Nothing when it is not there.
    /// - Throws: ``StateError``
    func open() throws(StateError) -> OpenedFile? {
        guard try stated(Files.kind(of: path)) != nil else {
            return nil
        }
        let names = path.components.suffix(depth).map(\.string)
        return try stated(folder(names.dropLast()).file(names[names.count - 1]))
    }

    /// Opens the folder in which it lies, or one above that: `names` lead there from the folder that was named.
    func folder(_ names: some Sequence<String>) throws(FileError) -> OpenedFolder {
        var base = path
        for _ in 0..<depth {
            base.removeLastComponent()
        }
        var folder = try OpenedFolder(base)
        for name in names {
            folder = try folder.folder(name)
        }
        return folder
    }
}

extension HexNumber {
    /// The number that a file holds in its first line.
    init?(of entry: StateLayout.Entry) throws(StateError) {
        guard let file = try entry.open() else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = try stated(file.read(at: 0, into: &bytes))
        let line = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let number = HexNumber(String(decoding: line, as: UTF8.self)) else {
            throw .number(path: entry.path.string)
        }
        self = number
    }
}
