// SPDX-License-Identifier: Apache-2.0

import Files

/// Looks for private keys in text that comes piece by piece, wherever they stand.
///
/// A mark alone is no key: whoever asks a CA for a certificate may have it write `PRIVATE KEY-----` into its index. So a
/// block counts that has its first mark, lines of base64 behind it and its last mark; in other forms, whole lines.
struct KeyTextScan {
    /// What was looked at in which a key may begin that ends in the next piece.
    private var tail: [UInt8] = []
    /// Whether its first byte stands in a line.
    private var isInLine = false
    private var isFirst = true
    /// Whether OpenSSL's words for a key have come, without its numbers.
    private var hasHeading = false

    /// No block of a key is longer.
    private static let blockLimit = 1 << 20
    /// No other line that says something is longer.
    private static let lineLimit = 512

    /// - Returns: What kind of key was found, or nothing.
    mutating func look(at piece: [UInt8], isLast: Bool) -> String? {
        let text = tail + piece
        defer { isFirst = false }
        var kept = text.count
        var lineStart = 0
        let bytes = text.span
        for index in bytes.indices where bytes[index] == Self.dash || bytes[index] == Self.newline {
            if bytes[index] == Self.dash {
                switch verdict(on: text, at: index, isLast) {
                case .key(let kind): return kind
                case .more: kept = min(kept, index)
                case .no: break
                }
            } else {
                if lineStart > 0 || !isInLine, let kind = line(text[lineStart..<index]) {
                    return kind
                }
                lineStart = index + 1
            }
        }
        if isLast, lineStart > 0 || !isInLine, let kind = line(text[lineStart...]) {
            return kind
        }
        let start = text.count - lineStart <= Self.lineLimit ? min(kept, lineStart) : kept
        isInLine = start > 0 ? text[start - 1] != Self.newline : isInLine
        tail = Array(text[start...])
        return nil
    }

    // MARK: Blocks

    private enum Verdict {
        case key(String)
        case no
        /// What follows says it.
        case more
    }

    private static let dash = UInt8(ascii: "-")
    private static let newline = UInt8(ascii: "\n")
    /// Of PEM, and of SSH2.
    private static let armours = [(begin: "-----BEGIN ", close: "-----"), ("---- BEGIN ", " ----")].map {
        (begin: Array($0.utf8), close: Array($1.utf8))
    }

    private func verdict(on text: [UInt8], at start: Int, _ isLast: Bool) -> Verdict {
        let rest = text[start...]
        // Most dashes are none of these.
        guard rest.count < 3 || rest[start + 2] == Self.dash else {
            return .no
        }
        for (begin, close) in Self.armours {
            guard rest.starts(with: begin) else {
                if !isLast, begin.starts(with: rest) {
                    return .more
                }
                continue
            }
            let label = rest.dropFirst(begin.count)
            guard let end = label.prefix(80).firstRange(of: close) else {
                return label.count < 80 && !isLast ? .more : .no
            }
            guard let kind = Self.kind(String(decoding: label[..<end.lowerBound], as: UTF8.self)) else {
                return .no
            }
            // What is nothing else is a key, also when it was cut off.
            let isWholeFile = isFirst && text[..<start].allSatisfy { $0 <= 0x20 || $0 >= 0x80 }
            return isWholeFile ? .key(kind) : block(label[end.upperBound...], kind, isLast)
        }
        return .no
    }

    private static func kind(_ label: String) -> String? {
        if label.hasSuffix(bytesOf: "PRIVATE KEY BLOCK") {
            return "PGP"
        }
        if label.hasPrefix(bytesOf: "OpenVPN Static key") || label.hasPrefix(bytesOf: "OpenVPN tls-crypt-v2") {
            return "OpenVPN"
        }
        guard label.hasSuffix(bytesOf: "PRIVATE KEY") else {
            return nil
        }
        return label.hasPrefix(bytesOf: "SSH2 ") ? "SSH2" : "PEM"
    }

    /// What follows a first mark: lines, one of base64 at least, up to the last mark or the end of the file.
    private func block(_ body: ArraySlice<UInt8>, _ kind: String, _ isLast: Bool) -> Verdict {
        var isFirstLine = true
        var hasDigits = false
        var start = body.startIndex
        while start - body.startIndex <= Self.blockLimit {
            let end = body[start...].firstIndex(of: Self.newline) ?? body.endIndex
            let line = body[start..<end].drop { $0 == 0x20 || $0 == 0x09 }
            if line.starts(with: "-----END ".utf8) || line.starts(with: "---- END ".utf8) {
                return hasDigits && !isFirstLine ? .key(kind) : .no
            }
            let text = line.prefix { $0 != 0x0D && $0 != 0x20 }
            // Behind the mark is nothing, and in the block no other one.
            if isFirstLine ? !text.isEmpty : line.firstRange(of: Array("-----".utf8)) != nil {
                return .no
            }
            guard line.allSatisfy({ $0 >= 0x20 || $0 == 0x09 || $0 == 0x0D }) else {
                return .no
            }
            hasDigits = hasDigits || (text.count >= 16 && text.allSatisfy(Self.isDigit))
            guard end < body.endIndex else {
                guard isLast else {
                    return body.count <= Self.blockLimit ? .more : .no
                }
                return hasDigits ? .key(kind) : .no
            }
            isFirstLine = false
            start = end + 1
        }
        return .no
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "+/=".utf8.contains(byte) }

    // MARK: Lines

    private static let ageMark = Array("AGE-SECRET-KEY-".utf8)
    private static let heading = Array("Private-Key:".utf8)
    private static let numbers = ["priv:", "privateExponent:"].map { Array($0.utf8) }

    /// A whole line: a key of age, or what `openssl pkey -text` says of one.
    private mutating func line(_ line: ArraySlice<UInt8>) -> String? {
        let text = line.prefix(Self.lineLimit).drop { $0 == 0x20 || $0 == 0x09 }
        switch text.first {
        case UInt8(ascii: "A") where text.starts(with: Self.ageMark):
            let digits = text.dropFirst(Self.ageMark.count).prefix { Self.isDigit($0) || $0 == Self.dash }
            return digits.count >= 50 ? "age" : nil
        case UInt8(ascii: "p") where hasHeading && Self.numbers.contains(where: text.starts(with:)):
            return "OpenSSL's text"
        case (0x41...0x5a)?:
            let words = text.prefix(32)
            if words.starts(with: Self.heading)
                || words.firstRange(of: Self.heading).map({ words[$0.lowerBound - 1] == 0x20 }) == true
            {
                hasHeading = true
            }
            return nil
        default: return nil
        }
    }
}
