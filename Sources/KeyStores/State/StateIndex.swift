// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import SystemPackage

// Reading the index of `openssl ca`, which easy-rsa uses as well, in memory that does not grow with it.
extension StateFigures.Index {
    /// The longest row that is read.
    private static let rowLimit = 64 << 10

    /// Reads an index.
    ///
    /// - Parameter prefix: How many rows to look at; all of them when not given.
    /// - Returns: Nothing when it is not there.
    /// - Throws: ``StateError/index(path:line:)``, or why it was not read.
    init?(of entry: StateLayout.Entry, prefix: Int? = nil) throws(StateError) {
        guard let file = try entry.open() else {
            return nil
        }
        var rows = StateIndexRows(path: entry.path, limit: prefix)
        var whole = SHA256Stream()
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var offset = 0
        while true {
            let count = try stated(file.read(at: offset, into: &buffer))
            guard count > 0 else {
                break
            }
            offset += count
            whole.update(buffer.span.extracting(first: count))
            var text = rest + buffer[..<count]
            var start = text.startIndex
            while let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = text[start..<end]
                try rows.take(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
                start = end + 1
            }
            text.removeSubrange(..<start)
            rest = text
            guard rest.count <= Self.rowLimit else {
                throw .index(path: entry.path.string, line: rows.lineCount + 1)
            }
        }
        if !rest.isEmpty {
            try rows.take(rest[...])
        }
        self.init(
            rowCount: rows.count,
            revokedCount: rows.revokedCount,
            serials: rows.serials.finish(),
            sha256: whole.finish(),
            highestSerial: rows.highest
        )
    }
}

/// The rows of an index, line by line.
private struct StateIndexRows: ~Copyable {
    let path: FilePath
    /// How many rows to look at; all of them when there is none.
    let limit: Int?
    private(set) var count = 0
    private(set) var revokedCount = 0
    private(set) var lineCount = 0
    private(set) var highest: HexNumber?
    var serials = SHA256Stream()

    /// Takes the next line.
    ///
    /// - Throws: ``StateError/index(path:line:)``
    mutating func take(_ line: ArraySlice<UInt8>) throws(StateError) {
        lineCount += 1
        // As TXT_DB_read does.
        guard !line.isEmpty, line.first != UInt8(ascii: "#"), limit.map({ count < $0 }) ?? true else {
            return
        }
        let columns = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        guard columns.count == 6, let status = columns[0].first, columns[0].count == 1,
            [UInt8(ascii: "V"), UInt8(ascii: "R"), UInt8(ascii: "E")].contains(status),
            let serial = HexNumber(String(decoding: columns[3], as: UTF8.self))
        else {
            throw .index(path: path.string, line: lineCount)
        }
        count += 1
        if highest?.isLess(than: serial) ?? true {
            highest = serial
        }
        revokedCount += status == UInt8(ascii: "R") ? 1 : 0
        let row = Array(columns[3]) + [UInt8(ascii: "\n")]
        serials.update(row.span)
    }
}
