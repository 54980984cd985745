// SPDX-License-Identifier: Apache-2.0

import Files
import Glibc

/// A moment in UTC, to the second, in the one form that documents use: `2026-11-23T19:49:44Z`.
///
/// Years run from 1970 to 9999. There is no leap second and no fraction.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    package let secondsSinceEpoch: Int

    /// The seconds that four digits of a year can show, from 1970 on.
    package static let range = 0...253_402_300_799

    /// Takes a number of seconds, which must lie in ``range``.
    package init(secondsSinceEpoch: Int) {
        precondition(Self.range.contains(secondsSinceEpoch), "a time lies in the years 1970 to 9999")
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    /// The time of this machine's clock.
    public static func now() -> Timestamp {
        Timestamp(secondsSinceEpoch: max(range.lowerBound, min(time(nil), range.upperBound)))
    }

    /// Reads the 20 characters of ``description``.
    ///
    /// - Returns: `nil` for any text that would not be written back byte for byte: 30 February, 24:00:00, a second 60, a
    ///   fraction, another zone, lower case.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 20 else {
            return nil
        }
        var parts = unsafe tm()
        unsafe parts.tm_year = Self.number(bytes[0..<4]) - 1900
        unsafe parts.tm_mon = Self.number(bytes[5..<7]) - 1
        unsafe parts.tm_mday = Self.number(bytes[8..<10])
        unsafe parts.tm_hour = Self.number(bytes[11..<13])
        unsafe parts.tm_min = Self.number(bytes[14..<16])
        unsafe parts.tm_sec = Self.number(bytes[17..<19])
        let seconds = unsafe timegm(&parts)
        guard Self.range.contains(seconds) else {
            return nil
        }
        secondsSinceEpoch = seconds
        // timegm carries 30 February over into March, and `number` takes any character: compare what comes back.
        guard description.utf8.elementsEqual(bytes) else {
            return nil
        }
    }

    /// Whether the first is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    /// The form that file names carry: `20261123T194944Z`.
    package var compact: String {
        String(decoding: description.utf8.filter { !"-:".utf8.contains($0) }, as: UTF8.self)
    }

    /// The form that messages show: `2026-11-23 19:49 UTC`.
    package var forPeople: String {
        description.prefix(16).map { $0 == "T" ? " " : String($0) }.joined() + " UTC"
    }

    /// This many seconds later, or the last moment that can be written.
    package func adding(seconds: Int) -> Timestamp {
        Timestamp(secondsSinceEpoch: max(0, min(secondsSinceEpoch + seconds, Self.range.upperBound)))
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int32 {
        digits.reduce(0) { $0 * 10 + Int32($1 & 0x0f) }
    }
}

extension Timestamp: CustomStringConvertible {
    /// Such as `2026-11-29T12:00:00Z`.
    public var description: String {
        var seconds = secondsSinceEpoch
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)  // fails only for years beyond those of `range`
        let date = unsafe pad(parts.tm_year + 1900, to: 4) + "-" + pad(parts.tm_mon + 1) + "-" + pad(parts.tm_mday)
        let time = unsafe pad(parts.tm_hour) + ":" + pad(parts.tm_min) + ":" + pad(parts.tm_sec)
        return date + "T" + time + "Z"
    }

    private func pad(_ number: Int32, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Timestamp {
    /// Whole days from this moment to a later one.
    package func days(until now: Timestamp) -> Int { max(0, (now.secondsSinceEpoch - secondsSinceEpoch) / 86_400) }

    /// How long ago it was: `today`, `1 day`, `12 days`.
    package func age(at now: Timestamp) -> String {
        guard self <= now else {
            return "still to come"
        }
        switch days(until: now) {
        case 0: return "today"
        case 1: return "1 day"
        case let days: return "\(days) days"
        }
    }

    /// How long ago it was, as an adverb: `today`, `1 day ago`.
    package func ago(at now: Timestamp) -> String {
        let age = age(at: now)
        return age.hasPrefix(bytesOf: "t") || age.hasPrefix(bytesOf: "s") ? age : "\(age) ago"
    }

    /// `2026-11-23`.
    package var date: String { String(description.prefix(10)) }
}
