// SPDX-License-Identifier: Apache-2.0

import Pages

/// The modules of a QR code, and how they are drawn.
package struct QRSymbol: Hashable, Sendable {
    /// Rows from the top, `true` where a module is dark; a square of 21, 25, … 177, without the quiet zone.
    package let rows: [[Bool]]

    /// Reads what `qrencode -t ASCII -m 0` writes: a line each row, two characters each module, `#` where it is dark.
    ///
    /// - Returns: `nil` for anything that is no such square.
    package init?(ascii: [UInt8]) {
        guard ascii.last == UInt8(ascii: "\n") else {
            return nil
        }
        let lines = ascii.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard Self.sizes.contains(lines.count) else {
            return nil
        }
        var rows: [[Bool]] = []
        for line in lines {
            let characters = Array(line)
            guard characters.count == lines.count * 2 else {
                return nil
            }
            var row: [Bool] = []
            for column in 0..<lines.count {
                let module = characters[column * 2]
                guard module == characters[column * 2 + 1], module == Self.dark || module == Self.light else {
                    return nil
                }
                row.append(module == Self.dark)
            }
            rows.append(row)
        }
        self.rows = rows
    }

    /// The side, in modules.
    package var size: Int { rows.count }

    /// Draws it with its quiet zone, as wide as the style's class says.
    func draw(in page: inout HTMLWriter, class name: String, title: String) {
        let side = size + Self.quietZone * 2
        page.element(
            "svg",
            [
                ("class", name), ("viewBox", "0 0 \(side) \(side)"), ("role", "img"), ("aria-label", title),
                ("shape-rendering", "crispEdges"),
            ]
        ) { page in
            page.shape("rect", [("width", "\(side)"), ("height", "\(side)"), ("fill", "#fff")])
            page.shape("path", [("fill", "#000"), ("d", path)])
        }
    }

    /// The dark modules as runs, in SVG's language.
    private var path: String {
        var path = ""
        for (y, row) in rows.enumerated() {
            var x = 0
            while x < row.count {
                let run = row[x...].prefix { $0 == row[x] }.count
                if row[x] {
                    path += "M\(x + Self.quietZone) \(y + Self.quietZone)h\(run)v1h-\(run)z"
                }
                x += run
            }
        }
        return path
    }

    /// White around it, in modules.
    ///
    /// *ISO/IEC 18004, 6.3.8.*
    private static let quietZone = 4
    private static let sizes = Set(stride(from: 21, through: 177, by: 4))
    private static let dark = UInt8(ascii: "#")
    private static let light = UInt8(ascii: " ")
}
