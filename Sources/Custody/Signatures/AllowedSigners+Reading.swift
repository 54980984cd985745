// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files

extension AllowedSigners.Line {
    /// Reads `PRINCIPALS [OPTIONS] TYPE BASE64 [COMMENT]`.
    ///
    /// - Returns: `nil` for an empty line and a comment.
    init?(_ text: String, number: Int) throws(AllowedSignersError) {
        guard text.unicodeScalars.allSatisfy({ $0 == "\t" || $0.properties.generalCategory != .control }) else {
            throw .controlCharacter(line: number)
        }
        var rest = text.unicodeScalars[...]
        guard let names = Self.nextWord(&rest), !names.hasPrefix(bytesOf: "#") else {
            return nil
        }
        principals = try Self.principals(names, line: number)
        let beforeKey = rest
        guard let word = Self.nextWord(&rest) else {
            throw .noKey(line: number)
        }
        var options = AllowedSignersOptions(line: number)
        if Self.looksLikeKeyType(word) {
            rest = beforeKey
        } else {
            try options.read(word)
        }
        guard rest.contains(where: { !Self.isBlank($0) }) else {
            throw .noKey(line: number)
        }
        do throws(SigningKeyError) {
            key = try SigningKey(openSSH: String(rest))
        } catch {
            throw .key(line: number, error)
        }
        (namespaces, validAfter, validBefore) = (options.namespaces, options.validAfter, options.validBefore)
        lineNumber = number
    }

    private static func principals(_ text: String, line: Int) throws(AllowedSignersError) -> [Name] {
        guard !text.utf8.contains(where: "*?!".utf8.contains) else {
            throw .pattern(line: line, found: text)
        }
        var names: [Name] = []
        for part in text.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false) {
            do throws(NameError) {
                names.append(try Name(String(part)))
            } catch {
                throw .principal(line: line, error)
            }
        }
        return names
    }

    private static func nextWord(_ rest: inout Substring.UnicodeScalarView) -> String? {
        rest = rest.drop(while: isBlank)
        let word = rest.prefix { !isBlank($0) }
        rest = rest.dropFirst(word.count)
        return word.isEmpty ? nil : String(word)
    }

    /// Any type that OpenSSH has or had, so that a key of the wrong type is refused as such and not as an option.
    private static func looksLikeKeyType(_ word: String) -> Bool {
        !word.contains(byte: "=")
            && ["ssh-", "sk-", "ecdsa-", "rsa-", "webauthn-"].contains { word.hasPrefix(bytesOf: $0) }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t"
    }
}

/// The options of one line: `namespaces="a,b",valid-after="…",valid-before="…"`, without blanks, each at most once.
private struct AllowedSignersOptions {
    var namespaces: [String]?
    var validAfter: Timestamp?
    var validBefore: Timestamp?
    let line: Int

    mutating func read(_ text: String) throws(AllowedSignersError) {
        var rest = text.unicodeScalars[...]
        repeat {
            let option = String(rest.prefix { $0 != "=" && $0 != "," })
            rest = rest.dropFirst(option.unicodeScalars.count)
            try read(option, from: &rest)
        } while rest.popFirst() == ","
        if let validAfter, let validBefore, validBefore <= validAfter {
            throw .timesReversed(line: line)
        }
    }

    private mutating func read(
        _ option: String,
        from rest: inout Substring.UnicodeScalarView
    ) throws(AllowedSignersError) {
        switch option {
        case "namespaces":
            try refuseSecond(namespaces != nil, option)
            namespaces = try words(try value(of: option, from: &rest))
        case "valid-after":
            try refuseSecond(validAfter != nil, option)
            validAfter = try time(try value(of: option, from: &rest))
        case "valid-before":
            try refuseSecond(validBefore != nil, option)
            validBefore = try time(try value(of: option, from: &rest))
        case "cert-authority":
            throw .certificateAuthority(line: line)
        default:
            throw .unknownOption(line: line, option: option)
        }
    }

    private func refuseSecond(_ isSecond: Bool, _ option: String) throws(AllowedSignersError) {
        guard !isSecond else {
            throw .repeatedOption(line: line, option: option)
        }
    }

    /// Steps over `="…"`, up to the comma or the end.
    private func value(
        of option: String,
        from rest: inout Substring.UnicodeScalarView
    ) throws(AllowedSignersError) -> String {
        guard rest.popFirst() == "=", rest.popFirst() == "\"", let end = rest.firstIndex(of: "\"") else {
            throw .malformedOption(line: line, option: option)
        }
        let value = String(rest[..<end])
        rest = rest[rest.index(after: end)...]
        guard rest.isEmpty || rest.first == "," else {
            throw .malformedOption(line: line, option: option)
        }
        return value
    }

    private func words(_ text: String) throws(AllowedSignersError) -> [String] {
        let words = text.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        for word in words where !AllowedSigners.isNamespace(word) {
            throw .namespace(line: line, found: word)
        }
        return words
    }

    private func time(_ text: String) throws(AllowedSignersError) -> Timestamp {
        let digits = Array(text.unicodeScalars.dropLast().map(String.init))
        guard text.hasSuffix(bytesOf: "Z"), [8, 12, 14].contains(digits.count) else {
            throw .time(line: line, found: text)
        }
        let parts = digits + Array(repeating: "0", count: 14 - digits.count)
        let date = "\(parts[0..<4].joined())-\(parts[4..<6].joined())-\(parts[6..<8].joined())"
        let clock = "\(parts[8..<10].joined()):\(parts[10..<12].joined()):\(parts[12..<14].joined())"
        // The first second of 1970 is OpenSSH's word for "no such time".
        guard let time = Timestamp("\(date)T\(clock)Z"), time.secondsSinceEpoch > 0 else {
            throw .time(line: line, found: text)
        }
        return time
    }
}
