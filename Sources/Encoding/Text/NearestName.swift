// SPDX-License-Identifier: Apache-2.0

import Files

extension String {
    /// Which of some names was perhaps meant: one that begins so, or the nearest, at most two letters away, and at most half
    /// of this one's.
    ///
    /// The case of letters counts for nothing.
    package func nearest(among names: [String]) -> String? {
        let own = Array(lowercasedASCII.utf8)
        if own.count > 2, let longer = names.first(where: { $0.lowercasedASCII.hasPrefix(bytesOf: lowercasedASCII) }) {
            return longer
        }
        let limit = min(2, own.count / 2)
        return names.map { (name: $0, distance: own.edits(to: Array($0.lowercasedASCII.utf8))) }
            .filter { $0.distance <= limit }
            .min { $0.distance < $1.distance }?.name
    }
}

extension [UInt8] {
    /// How many bytes are put in, left out or replaced, at least, until one is the other: Levenshtein's distance.
    fileprivate func edits(to other: [UInt8]) -> Int {
        var row = [Int](0...other.count)
        for (index, byte) in enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, letter) in other.enumerated() {
                let replaced = diagonal + (byte == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[other.count]
    }
}
