// SPDX-License-Identifier: Apache-2.0

/// A serial number or CRL number, as the file of a CA says it: hexadecimal digits without a limit that matters.
package struct HexNumber: Equatable, Sendable, CustomStringConvertible {
    /// 1 to 64 digits, as they were written.
    package let text: String

    /// - Returns: Nothing for anything but 1 to 64 hexadecimal digits.
    package init?(_ text: String) {
        guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ $0.hexDigitValue != nil }) else {
            return nil
        }
        self.text = text
    }

    package var description: String { text }

    /// Whether it stands for less than the other.
    package func isLess(than other: HexNumber) -> Bool {
        let (left, right) = (digits, other.digits)
        return left.count == right.count ? left.lexicographicallyPrecedes(right) : left.count < right.count
    }

    /// Whether both stand for one number.
    package func isEqual(to other: HexNumber) -> Bool { digits == other.digits }

    /// The number that lies 2^20 further: above whatever may have been issued since, in as many digits as the software
    /// wants, an even count.
    ///
    /// Nothing when that takes more than the 20 octets that a certificate or CRL may have for it: from 2^159 on, as the first
    /// bit is the sign. *RFC 5280, 4.1.2.2 and 5.2.3.*
    package var farAbove: HexNumber? {
        var sum = Array(digits.reversed())
        let place = 5  // 16^5 = 2^20
        sum += [UInt8](repeating: 0, count: max(0, place + 1 - sum.count))
        var position = place
        sum[position] += 1
        while sum[position] == 16 {
            sum[position] = 0
            position += 1
            if position == sum.count {
                sum.append(0)
            }
            sum[position] += 1
        }
        if sum.count % 2 == 1 {
            sum.append(0)
        }
        guard sum.count < 40 || (sum.count == 40 && sum[39] < 8) else {
            return nil
        }
        let letters = Array("0123456789ABCDEF")
        return HexNumber(String(sum.reversed().map { letters[Int($0)] }))
    }

    /// The values of its digits, without leading zeros.
    private var digits: [UInt8] { Array(text.utf8.compactMap(\.hexDigitValue).drop { $0 == 0 }) }
}
