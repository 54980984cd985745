// SPDX-License-Identifier: Apache-2.0

import Files

/// A length of time as people write it: `72h`, `90d`, `4w`.
enum DurationOption {
    private static let units: [UInt8: Int] = [
        UInt8(ascii: "h"): 3600, UInt8(ascii: "d"): 86_400, UInt8(ascii: "w"): 7 * 86_400,
    ]

    /// - Parameter option: What an error calls it.
    /// - Returns: Seconds.
    /// - Throws: ``Diagnostic``, a usage error.
    static func seconds(
        from text: String,
        option: String,
        in range: ClosedRange<Int> = 0...(10_000 * 86_400)
    ) throws -> Int {
        guard let unit = text.utf8.last.flatMap({ units[$0] }),
            let count = Int(String(decoding: text.utf8.dropLast(), as: UTF8.self)), !text.hasPrefix(bytesOf: "+"),
            count <= range.upperBound
        else {
            throw Diagnostic("\(option) \(text): not a duration such as 72h, 90d or 4w", .usage)
        }
        let seconds = count * unit
        guard range.contains(seconds) else {
            throw Diagnostic("\(option) \(text): from 1h to \(range.upperBound / 86_400)d", .usage)
        }
        return seconds
    }
}
