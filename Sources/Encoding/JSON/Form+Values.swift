// SPDX-License-Identifier: Apache-2.0

import Files

extension Form {
    /// A value of one of the kinds that JSON has.
    ///
    /// - Parameter take: Gives nothing for a value of another kind.
    fileprivate static func kind(
        _ expected: String,
        _ take: @escaping @Sendable (JSONValue) -> Value?,
        _ write: @escaping @Sendable (Value) -> JSONValue
    ) -> Form {
        Form(
            { (json, path) throws(DocumentError) in
                guard let value = take(json) else {
                    throw .wrongType(field: path, expected: expected)
                }
                return value
            },
            write
        )
    }
}

extension Form where Value == String {
    /// Whatever text: what it may be, a form made of this says.
    package static var any: Form {
        kind("a string", { if case .string(let text) = $0 { text } else { nil } }, JSONValue.string)
    }

    /// Printable ASCII.
    package static var string: Form {
        any.only(where: { $0.utf8.allSatisfy(\.isPrintable) }, expected: "printable ASCII")
    }

    /// What people wrote, under ``TextRule``.
    package static var text: Form {
        Form(
            { (json, path) throws(DocumentError) in
                let text = try any.read(json, path)
                try TextRule.check(text, field: path)
                return text
            },
            JSONValue.string
        )
    }

    /// One of a fixed set of words.
    package static func word(among words: [String]) -> Form {
        any.only(
            where: { text in words.contains { $0.utf8.elementsEqual(text.utf8) } },
            expected: words.joined(separator: " or ")
        )
    }
}

extension Form where Value: RawRepresentable<String> & CaseIterable {
    /// One of the words of an enumeration.
    package static var word: Form {
        let words = Value.allCases.map(\.rawValue)
        return Form<String>.word(among: words)
            .standing(for: Value.init, \.rawValue, expected: words.joined(separator: " or "))
    }
}

extension Form where Value == Int {
    /// An integer that lies in `range`.
    package static func integer(in range: ClosedRange<Int> = 0...Int(JSONValue.maximumInteger)) -> Form {
        Form<UInt64>.kind(
            "an integer",
            { if case .integer(let number) = $0 { number } else { nil } },
            JSONValue.integer
        )
        .standing(
            for: { Int(exactly: $0).flatMap { range.contains($0) ? $0 : nil } },
            UInt64.init,
            expected: "an integer from \(range.lowerBound) to \(range.upperBound)"
        )
    }
}

extension Form where Value == Bool {
    /// true or false.
    package static var boolean: Form {
        kind("true or false", { if case .boolean(let flag) = $0 { flag } else { nil } }, JSONValue.boolean)
    }

    /// true, or no such member.
    package static var flag: Form {
        Form<Bool?>.optional(.boolean)
            .standing(for: { $0 == false ? nil : $0 == true }, { $0 ? true : nil }, expected: "true, or no such member")
    }
}

extension Form where Value == [UInt8] {
    /// The bytes that lower-case hexadecimal digits stand for.
    package static func hex(byteCount: Int) -> Form {
        Form<String>.any.standing(
            for: { Hex.decode($0).flatMap { $0.count == byteCount ? $0 : nil } },
            Hex.encode,
            expected: "\(2 * byteCount) lower-case hexadecimal digits"
        )
    }

    /// The bytes that padded base64 stands for: `byteCount` of them when that is given, else at least one.
    package static func base64(byteCount: Int? = nil) -> Form {
        Form<String>.any.standing(
            for: { Base64.decode($0).flatMap { !$0.isEmpty && $0.count == byteCount ?? $0.count ? $0 : nil } },
            Base64.encode,
            expected: "base64\(byteCount.map { " of \($0) bytes" } ?? "")"
        )
    }
}

extension Form where Value == SHA256Digest {
    /// A SHA-256 in hexadecimal digits.
    package static var digest: Form {
        Form<[UInt8]>.hex(byteCount: 32).standing(for: Value.init, \.bytes, expected: "32 bytes")
    }

    /// A SHA-256 in hexadecimal digits whose bytes may be parted, see ``SHA256Digest/init(parted:)``.
    package static var partedDigest: Form {
        Form<String>.any.standing(
            for: Value.init(parted:),
            \.description,
            expected: "64 hexadecimal digits, with or without colons between bytes"
        )
    }
}

extension Form where Value == [SHA256Digest] {
    /// An array of SHA-256 in the order of their digits, each once.
    package static var digestsInOrder: Form {
        list(.digest).only(
            where: { digests in zip(digests, digests.dropFirst()).allSatisfy { $0.description < $1.description } },
            expected: "digests in order, each once"
        )
    }
}

extension Form where Value == Timestamp {
    /// A moment, `YYYY-MM-DDTHH:MM:SSZ`.
    package static var timestamp: Form {
        Form<String>.any.standing(for: Value.init, \.description, expected: "a time like 2026-03-01T12:00:00Z")
    }
}

extension Form where Value == Name {
    /// A person's ``Name``; another text is ``DocumentError/wrongName(field:_:)``.
    package static var name: Form {
        Form(
            { (json, path) throws(DocumentError) in
                let text = try Form<String>.any.read(json, path)
                do throws(NameError) {
                    return try Name(text)
                } catch {
                    throw .wrongName(field: path, error)
                }
            },
            { .string($0.description) }
        )
    }
}
