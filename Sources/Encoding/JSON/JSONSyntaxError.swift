// SPDX-License-Identifier: Apache-2.0

/// Why a text is not the JSON that it should be, and where.
package struct JSONSyntaxError: Error, Equatable {
    package enum Reason: Equatable, Sendable {
        case notUTF8
        /// What is needed where something else stands.
        case expected(String)
        case tooDeep(limit: Int)
        /// An object has this key already.
        case duplicate(key: String)
    }

    package let reason: Reason
    /// From 1.
    package let line: Int
    /// From 1, in characters of Unicode.
    package let column: Int

    package init(_ reason: Reason, line: Int, column: Int) {
        self.reason = reason
        self.line = line
        self.column = column
    }

    /// - Parameter place: How many bytes stand before.
    init(_ reason: Reason, at place: Int, of bytes: [UInt8]) {
        let before = bytes.prefix(place)
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        self.reason = reason
        line = before.count { $0 == UInt8(ascii: "\n") } + 1
        column = before[start...].count { !UTF8.isContinuation($0) } + 1
    }
}

extension JSONSyntaxError: CustomStringConvertible {
    package var description: String {
        let place = "line \(line), column \(column)"
        return switch reason {
        case .notUTF8: "\(place): not UTF-8"
        case .expected(let what): "\(place): needed here is \(what)"
        case .tooDeep(let limit): "\(place): nested more than \(limit) deep"
        case .duplicate(let key): "\(place): key \(key.quoted) stands there twice"
        }
    }
}
