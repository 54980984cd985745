// SPDX-License-Identifier: Apache-2.0

import Encoding

/// Rows for people, in columns that are as wide as what stands in them; the last one is as long as it needs.
package struct TextTable {
    private var rows: [[String]]

    /// - Parameter titles: Of all columns.
    package init(_ titles: [String]) { rows = [titles] }

    /// - Parameter cells: As many as there are titles.
    package mutating func add(_ cells: [String]) { rows.append(cells) }

    /// Lines without a newline at their ends, two blanks before each and between columns.
    package var lines: [String] {
        let widths = rows[0].indices.dropLast().map { column in rows.map { $0[column].columnCount }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.columnCount)
            }
            return "  " + (cells + row.suffix(1)).joined(separator: "  ")
        }
    }
}

extension [String] {
    /// How often each word occurs, those in `order` first: `3 sound, 1 FAILED`.
    package func counted(in order: [String]) -> String {
        order.map { word in (count { $0 == word }, word) }.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            .joined(separator: ", ")
    }
}
