// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import KeyStores

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
    }

    package let figures: StateFigures
    package let archive: Archive?
}

extension StateEntry {
    /// The most certificates that an index may list here.
    private static let rowLimit = 1 << 40

    package static let shape = Shape<StateEntry>(
        { archive, crlNumber, index, serial, store in
            let figures = StateFigures(store: store, serial: serial, crlNumber: crlNumber, index: index)
            return StateEntry(figures: figures, archive: archive)
        },
        Member("archive", .optional(.object(archive)), \.archive),
        Member("crlNumber", .optional(.number), \.figures.crlNumber),
        Member("index", .optional(.object(index)), \.figures.index),
        Member("serial", .optional(.number), \.figures.serial),
        Member("store", .string.only(where: isKind, expected: "a kind of store such as openssl-ca"), \.figures.store)
    )

    private static let archive = Shape<Archive>(
        Archive.init,
        Member("name", .fileName, \.name),
        Member("sha256", .digest, \.sha256),
        Member("size", .integer(in: 1...StateLayout.byteLimit), \.byteCount)
    )

    private static let index = Shape<StateFigures.Index>(
        { StateFigures.Index(rowCount: $0, revokedCount: $1, serials: $2, sha256: $3) },
        Member("rows", .integer(in: 0...rowLimit), \.rowCount),
        Member("revoked", .integer(), \.revokedCount),
        Member("serials", .hex(byteCount: 32), \.serials),
        Member("sha256", .hex(byteCount: 32), \.sha256)
    ) { index, path throws(DocumentError) in
        guard index.revokedCount <= index.rowCount else {
            throw .wrongValue(field: "\(path).revoked", expected: "an integer from 0 to \(index.rowCount)")
        }
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
}

extension Form where Value == HexNumber {
    fileprivate static var number: Form {
        Form<String>.string.standing(for: HexNumber.init, \.text, expected: "1 to 64 hexadecimal digits")
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
