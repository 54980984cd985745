// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody

/// What a manifest says of the CA's state when it was escrowed: figures, and the archive if one was made.
///
/// docs/format.md, section 4.6.
package struct StateEntry: Equatable, Sendable {
    /// The archive of the state, which lies beside the PKCS#12 file.
    package struct Archive: Equatable, Sendable {
        /// A plain file name, never a path.
        package let name: String
        package let sha256: SHA256Digest
        package let byteCount: Int

        package init(name: String, sha256: SHA256Digest, byteCount: Int) {
            self.name = name
            self.sha256 = sha256
            self.byteCount = byteCount
        }
    }

    package let figures: StateFigures
    package let archive: Archive?

    package init(figures: StateFigures, archive: Archive?) {
        self.figures = figures
        self.archive = archive
    }
}

extension StateEntry {
    /// The most certificates that an index may list here.
    private static let rowLimit = 1 << 40

    init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        if fields.has("archive") {
            var archive = try fields.object("archive")
            let name = try archive.string("name")
            guard PKCS12Entry.isPlainFileName(name) else {
                throw .wrongValue(
                    field: "\(path).archive.name",
                    expected: "a plain file name of letters, digits, '.', '_' and '-'"
                )
            }
            self.archive = Archive(
                name: name,
                sha256: try archive.digest("sha256"),
                byteCount: try archive.integer("size", in: 1...StateLayout.byteLimit)
            )
            try archive.finish()
        } else {
            archive = nil
        }
        let crlNumber = try Self.number("crlNumber", &fields)
        var index: StateFigures.Index?
        if fields.has("index") {
            var rows = try fields.object("index")
            let count = try rows.integer("rows", in: 0...Self.rowLimit)
            index = StateFigures.Index(
                rowCount: count,
                revokedCount: try rows.integer("revoked", in: 0...count),
                serials: try rows.digest("serials").bytes,
                sha256: try rows.digest("sha256").bytes
            )
            try rows.finish()
        }
        let serial = try Self.number("serial", &fields)
        let store = try fields.string("store")
        guard Self.isKind(store) else {
            throw .wrongValue(field: "\(path).store", expected: "a kind of store such as openssl-ca")
        }
        figures = StateFigures(store: store, serial: serial, crlNumber: crlNumber, index: index)
        try fields.finish()
    }

    private static func number(_ key: String, _ fields: inout Fields) throws(DocumentError) -> HexNumber? {
        guard fields.has(key) else {
            return nil
        }
        guard let number = HexNumber(try fields.string(key)) else {
            throw .wrongValue(field: fields.field(key), expected: "1 to 64 hexadecimal digits")
        }
        return number
    }

    /// `[a-z][a-z0-9-]{0,31}`: later versions know more kinds, whose keys this one can restore.
    private static func isKind(_ text: String) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        guard let first = text.utf8.first, letters.contains(first), text.utf8.count <= 32 else {
            return false
        }
        return text.utf8.allSatisfy {
            letters.contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
        }
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["store": .string(figures.store)]
        members["serial"] = figures.serial.map { .string($0.text) }
        members["crlNumber"] = figures.crlNumber.map { .string($0.text) }
        members["index"] = figures.index.map { index in
            .object([
                "revoked": .integer(UInt64(index.revokedCount)),
                "rows": .integer(UInt64(index.rowCount)),
                "serials": .string(Hex.encode(index.serials)),
                "sha256": .string(Hex.encode(index.sha256)),
            ])
        }
        members["archive"] = archive.map { archive in
            .object([
                "name": .string(archive.name), "sha256": .string(archive.sha256.description),
                "size": .integer(UInt64(archive.byteCount)),
            ])
        }
        return .object(members)
    }
}

extension StateFigures {
    /// The figures in words, on one line.
    package var words: String {
        var words: [String] = []
        if let index {
            words.append("\(index.rowCount) certificates (\(index.revokedCount) revoked)")
        }
        if let serial {
            words.append("next serial \(serial)")
        }
        if let crlNumber {
            words.append("next CRL number \(crlNumber)")
        }
        return "\(store): " + (words.isEmpty ? "no figures" : words.joined(separator: ", "))
    }
}
