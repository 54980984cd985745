// SPDX-License-Identifier: Apache-2.0

/// Where the members and items of a JSON text begin, by their paths: `people[0].name`.
package struct JSONPlaces: Sendable {
    private let bytes: [UInt8]
    private var offsets: [String: Int] = [:]

    init(of bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func note(_ path: String, at offset: Int) { offsets[path] = offset }

    /// The line, from 1, on which a member or an item begins; that of the innermost that is there, when it is not.
    package func line(of path: String) -> Int {
        var path = path
        while !path.isEmpty, offsets[path] == nil {
            let isMark = { (byte: UInt8) in byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") }
            let outer = path.utf8.lastIndex(where: isMark).map { path.utf8[..<$0] }
            path = outer.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return bytes.prefix(offsets[path] ?? 0).count { $0 == UInt8(ascii: "\n") } + 1
    }
}
