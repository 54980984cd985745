// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Files
import Glibc

extension Timestamp {
    /// `4 December 2026, 18:00 UTC`, and what the clock on the wall shows then: `(19:00 here)`.
    package var inWords: String {
        var here = unsafe tm()
        var seconds = secondsSinceEpoch
        guard unsafe localtime_r(&seconds, &here) != nil, unsafe here.tm_gmtoff != 0 else {
            return "\(dayInWords), \(forPeople.suffix(9))"
        }
        let local = adding(seconds: unsafe here.tm_gmtoff)
        let day = local.dayInWords == dayInWords ? "" : "\(local.dayInWords), "
        return "\(dayInWords), \(forPeople.suffix(9)) (\(day)\(local.forPeople.dropLast(4).suffix(5)) here)"
    }

    /// The day alone: `4 December 2026`.
    package var dayInWords: String {
        let parts = String(description.prefix(10)).words(between: "-").compactMap { Int($0) }
        return "\(parts[2]) \(Self.months[parts[1] - 1]) \(parts[0])"
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
