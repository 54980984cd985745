// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// The header of a file or folder in a ustar archive: a block of 512 bytes.
///
/// *IEEE Std 1003.1-2017, pax, "ustar Interchange Format".* Only regular files and folders; owner 0, time 0, so that the
/// same state gives the same bytes.
struct TarHeader: Equatable {
    /// Relative, its components neither empty nor `.` nor `..`; no slash at the end.
    let name: String
    let isFolder: Bool
    /// The nine bits.
    let permissions: FilePermissions
    /// Of the content; 0 for a folder.
    let byteCount: Int

    static let blockByteCount = 512

    /// How many bytes of zeros fill the last block of the content.
    var paddingByteCount: Int { (Self.blockByteCount - byteCount % Self.blockByteCount) % Self.blockByteCount }

    // MARK: Writing

    /// - Returns: Nothing when the name fits neither the field `name` nor, cut at a slash, `prefix` and `name`.
    func encoded() -> [UInt8]? {
        let path = Array(name.utf8) + (isFolder ? [UInt8(ascii: "/")] : [])
        guard let (prefix, base) = Self.split(path) else {
            return nil
        }
        var block = [UInt8](repeating: 0, count: Self.blockByteCount)
        func put(_ bytes: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in bytes.enumerated() {
                block[offset + index] = byte
            }
        }
        put(base, at: 0)
        put(Self.octal(Int(permissions.rawValue), digits: 7), at: 100)
        put(Self.octal(0, digits: 7), at: 108)
        put(Self.octal(0, digits: 7), at: 116)
        put(Self.octal(byteCount, digits: 11), at: 124)
        put(Self.octal(0, digits: 11), at: 136)
        put(repeatElement(UInt8(ascii: " "), count: 8), at: 148)
        block[156] = UInt8(ascii: isFolder ? "5" : "0")
        put("ustar\0".utf8, at: 257)
        put("00".utf8, at: 263)
        put(prefix, at: 345)
        put(Self.octal(Self.checksum(block), digits: 6) + [0], at: 148)
        return block
    }

    private static func split(_ path: [UInt8]) -> (prefix: ArraySlice<UInt8>, name: ArraySlice<UInt8>)? {
        guard path.count > 100 else {
            return ([], path[...])
        }
        // The slash itself is not written; the part behind it must not be empty.
        let slashes = path.indices.filter { path[$0] == UInt8(ascii: "/") && $0 < path.count - 1 }
        guard let slash = slashes.first(where: { path.count - $0 - 1 <= 100 }), (1...155).contains(slash) else {
            return nil
        }
        return (path[..<slash], path[(slash + 1)...])
    }

    private static func octal(_ number: Int, digits: Int) -> [UInt8] {
        let text = String(number, radix: 8)
        return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
    }

    /// The sum of all bytes, those of the checksum taken for blanks.
    private static func checksum(_ block: [UInt8]) -> Int {
        block.indices.reduce(0) { $0 + ((148..<156).contains($1) ? 32 : Int(block[$1])) }
    }

    /// The name of the folder in which it lies; empty at the top.
    var parentName: String { name.words(between: "/").dropLast().joined(separator: "/") }
}

// Reading.
extension TarHeader {
    /// Reads a header.
    ///
    /// - Parameter offset: Where it stands, for errors.
    /// - Throws: ``TarError``
    init(_ block: [UInt8], at offset: Int) throws(TarError) {
        guard block[257..<263].elementsEqual("ustar\0".utf8), block[263..<265].elementsEqual("00".utf8) else {
            throw .notUstar(offset: offset)
        }
        guard Self.number(block[148..<156]) == Self.checksum(block) else {
            throw .checksum(offset: offset)
        }
        let prefix = block[345..<500].prefix { $0 != 0 }
        let base = block[..<100].prefix { $0 != 0 }
        let bytes = (prefix.isEmpty ? [] : prefix + [UInt8(ascii: "/")]) + base
        let shown = String(decoding: bytes, as: UTF8.self)
        let type = block[156]
        guard type == UInt8(ascii: "0") || type == 0 || type == UInt8(ascii: "5") else {
            throw .kind(name: shown, what: Self.kind(type))
        }
        isFolder = type == UInt8(ascii: "5")
        guard var name = String(validating: bytes, as: UTF8.self) else {
            throw .name(shown)
        }
        if isFolder, let rest = name.rest(before: "/") {
            name = rest
        }
        guard Self.isSafe(name) else {
            throw .name(name)
        }
        self.name = name
        guard let mode = Self.number(block[100..<108]), let count = Self.number(block[124..<136]),
            !isFolder || count == 0
        else {
            throw .number(name: name)
        }
        permissions = FilePermissions(rawValue: CModeT(mode & 0o777))
        byteCount = count
    }

    /// Whether a path leads nowhere but below the folder in which it starts.
    ///
    /// An accent behind a slash makes one character of both to some programs, and to no file system: such a name is
    /// refused.
    static func isSafe(_ name: String) -> Bool {
        name.parts(between: "/").allSatisfy { part in
            ![".", ".."].contains(bytesOf: part) && (1...255).contains(part.utf8.count)
                && part.unicodeScalars.first.map { !$0.isMark } == true
                && part.unicodeScalars.allSatisfy { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
                    default: true
                    }
                }
        }
    }

    /// Octal digits, then blanks or zeros to the end; numbers in binary are no ustar.
    private static func number(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
        guard !digits.isEmpty, field[digits.endIndex...].allSatisfy({ $0 == 0 || $0 == UInt8(ascii: " ") }) else {
            return nil
        }
        return digits.reduce(0) { $0 << 3 | Int($1 - UInt8(ascii: "0")) }
    }

    private static func kind(_ type: UInt8) -> String {
        switch type {
        case UInt8(ascii: "1"): "a hard link"
        case UInt8(ascii: "2"): "a symbolic link"
        case UInt8(ascii: "3"), UInt8(ascii: "4"): "a device"
        case UInt8(ascii: "6"): "a FIFO"
        default: "an entry of type '\(String(decoding: [type], as: UTF8.self).quotedPath)'"
        }
    }
}

extension Unicode.Scalar {
    /// Whether it belongs to the character before it.
    fileprivate var isMark: Bool {
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }
}
