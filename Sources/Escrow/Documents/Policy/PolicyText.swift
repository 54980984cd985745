// SPDX-License-Identifier: Apache-2.0

package import Encoding
package import SecretSharing

/// A policy as people write it: `3 of (alice, bob, carol)`, `3 of all`, `2 of (2 of (olga, omar, otto), ceo)`.
///
/// Spaces are free. A member is a name or another gate; `all` stands for the custodians whose cards are given.
package indirect enum PolicyText: Hashable, Sendable {
    case custodian(Name)
    case gate(threshold: Int, members: [PolicyText])
    case all(threshold: Int)

    /// Reads the text.
    ///
    /// - Throws: ``PolicyTextError``, which says where.
    package init(_ text: String) throws(PolicyTextError) {
        var reader = try PolicyReader(text)
        self = try reader.member(depth: 0)
        try reader.end()
        guard case .custodian(let name) = self else {
            return
        }
        throw .expected("a threshold, as in '3 of (alice, bob, carol, dave, erin)'", found: "\(name)", column: 1)
    }

    /// Reads who approves: the same, and a name alone is `1 of (olga)`.
    ///
    /// - Throws: ``PolicyTextError``
    package init(approval text: String) throws(PolicyTextError) {
        if let name = try? Name(text), text != "all" {
            self = .gate(threshold: 1, members: [.custodian(name)])
        } else {
            try self.init(text)
        }
    }

    /// The policy, with `all` replaced.
    ///
    /// - Throws: ``PolicyTextError/policy(_:)``
    package func policy(all people: [Name]) throws(PolicyTextError) -> Policy<Name> {
        let gate = try gate(all: people)
        do {
            return try Policy(gate)
        } catch {
            throw .policy(error)
        }
    }

    private func gate(all people: [Name]) throws(PolicyTextError) -> Gate<Name> {
        let threshold: Int
        let members: [Gate<Name>.Member]
        switch self {
        case .custodian:
            preconditionFailure("a custodian alone is no gate: the initializer refuses it at the root")
        case .all(let count):
            threshold = count
            members = people.map { .custodian($0) }
        case .gate(let count, let texts):
            threshold = count
            members = try texts.map { text throws(PolicyTextError) in
                if case .custodian(let name) = text { .custodian(name) } else { .gate(try text.gate(all: people)) }
            }
        }
        do {
            return try Gate(threshold: threshold, members: members)
        } catch {
            throw .policy(error)
        }
    }
}

/// Why a text is no policy.
package enum PolicyTextError: Error, Equatable {
    case expected(String, found: String, column: Int)
    case name(String, NameError)
    case tooLong(byteCount: Int)
    case policy(PolicyError<Name>)
}

extension PolicyTextError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .expected(let expected, let found, let column):
            "policy: column \(column): \(found.isEmpty ? "the text ends" : found.quoted), where \(expected) is expected"
        case .name(_, let error): "policy: \(error)"
        case .tooLong(let count): "policy: \(count) bytes: at most \(PolicyReader.byteLimit)"
        case .policy(let error): "policy: \(error)"
        }
    }
}

extension Policy<Name> {
    /// The policy as people write it: what ``PolicyText`` reads.
    package var text: String { root.text }
}

extension Gate<Name> {
    fileprivate var text: String {
        let members = members.map { member in
            switch member {
            case .custodian(let name): name.description
            case .gate(let gate): gate.text
            }
        }
        return "\(threshold) of (\(members.joined(separator: ", ")))"
    }
}

/// Reads a policy word by word.
private struct PolicyReader {
    /// 1,000 names of 48 bytes, with room for gates.
    static let byteLimit = 64 * 1024

    private var words: [(text: String, column: Int)] = []
    private var position = 0
    private let endColumn: Int

    init(_ text: String) throws(PolicyTextError) {
        guard text.utf8.count <= Self.byteLimit else {
            throw .tooLong(byteCount: text.utf8.count)
        }
        var word = ""
        var start = 0
        var column = 0
        for character in text.unicodeScalars {
            column += 1
            switch character {
            case "(", ")", ",", " ", "\t", "\n":
                if !word.isEmpty {
                    words.append((word, start))
                    word = ""
                }
                if ["(", ")", ","].contains(character) {
                    words.append((String(character), column))
                }
            default:
                start = word.isEmpty ? column : start
                word.unicodeScalars.append(character)
            }
        }
        if !word.isEmpty {
            words.append((word, start))
        }
        endColumn = column + 1
    }

    mutating func member(depth: Int) throws(PolicyTextError) -> PolicyText {
        let (word, column) = next()
        guard let first = word.utf8.first, !["(", ")", ","].contains(word) else {
            throw .expected("a name or a threshold", found: word, column: column)
        }
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            do {
                return .custodian(try Name(word))
            } catch {
                throw .name(word, error)
            }
        }
        guard let threshold = Int(word), "\(threshold)" == word else {
            throw .expected("a threshold such as 3", found: word, column: column)
        }
        try take("of")
        if peek == "all" {
            _ = next()
            return .all(threshold: threshold)
        }
        guard depth < Path.depthLimit else {
            throw .policy(.tooDeep(limit: Path.depthLimit))
        }
        try take("(", or: " or 'all'")
        var members = [try member(depth: depth + 1)]
        while peek == "," {
            _ = next()
            members.append(try member(depth: depth + 1))
        }
        try take(")")
        return .gate(threshold: threshold, members: members)
    }

    mutating func end() throws(PolicyTextError) {
        let (word, column) = next()
        guard word.isEmpty else {
            throw .expected("the end", found: word, column: column)
        }
    }

    private var peek: String { position < words.count ? words[position].text : "" }

    private mutating func next() -> (String, Int) {
        guard position < words.count else {
            return ("", endColumn)
        }
        position += 1
        return words[position - 1]
    }

    private mutating func take(_ expected: String, or others: String = "") throws(PolicyTextError) {
        let (word, column) = next()
        guard word == expected else {
            throw .expected("'\(expected)'\(others)", found: word, column: column)
        }
    }
}
