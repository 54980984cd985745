// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Text from outside goes by its bytes, or scalar by scalar: `Files/ByteText.swift` has the operations.
///
/// Swift's own go by characters: to them a quote before U+0301 is no quote, two spellings of one accented letter are equal,
/// and U+037E is a semicolon. No shell, file system or format agrees.
@Suite("Text goes by its bytes") struct CharacterTests {
    /// What goes by characters when its text is a `String`, as far as a line shows it.
    private static var operations: [Regex<Substring>] {
        [
            #/\.has(?:Prefix|Suffix)\b(?!\(bytesOf:)/#,
            #/\.replacing\((?!bytesOf:)/#,
            #/\.(?:lower|upper)cased\(\)/#,
            #/\bCharacter\b/#,
            #/\.contains\("/#,
            #/\.(?:ranges|firstRange|range)\(of: "/#,
            #/\.(?:wholeMatch|firstMatch|prefixMatch|matches)\(of: /#,
            #/\.(?:first|last) [=!]= "/#,
            #/\.is(?:Whitespace|Number|Letter|HexDigit|Punctuation|Newline|Uppercase|Lowercase)\b/#,
            #/components\(separatedBy|trimmingCharacters|padding\(toLength/#,
            #/\bfor character in (?!.*(?:utf8|unicodeScalars))/#,
            #/\.(?:string|label|subject|issuer|title|nickname)(?: [=!]=(?! nil\b)| <| >) /#,
        ]
    }

    /// The same, unless they follow `utf8` or `unicodeScalars`.
    private static var viewed: [Regex<Substring>] {
        [
            #/\w*\.split(?:\((?:separator: "|whereSeparator|maxSplits)| \{)/#,
            #/\w*\.(?:firstIndex|lastIndex)\(of: "/#,
            #/\w*\.(?:drop|prefix|filter|first|last|contains|allSatisfy|firstIndex|lastIndex)(?:\((?:where|while): | )?\{ \$0 [=!]= "/#,
        ]
    }

    /// A line that may stay as it is.
    struct Exception: Hashable {
        let file: String
        let line: String
    }

    /// With the reason why characters do no harm there, or are meant; none stays here that is no longer needed.
    static let exceptions: [Exception: String] = [
        Exception(
            file: "Custody/Signatures/AllowedSigners+Reading.swift",
            line: #"let option = String(rest.prefix { $0 != "=" && $0 != "," })"#
        ): "scalars: `rest` is their view",
        Exception(
            file: "Custody/Signatures/AllowedSigners+Reading.swift",
            line: #"guard rest.popFirst() == "=", rest.popFirst() == "\"", let end = rest.firstIndex(of: "\"") else {"#
        ): "scalars: `rest` is their view",
        Exception(
            file: "Custody/Signatures/AllowedSigners+Reading.swift",
            line: #"guard rest.isEmpty || rest.first == "," else {"#
        ): "scalars: `rest` is their view",
        Exception(
            file: "KeyStores/Stores/StoreURI.swift",
            line:
                #"guard let colon = scalars.firstIndex(of: ":"), !scalars[..<colon].contains("/"), colon > scalars.startIndex"#
        ): "scalars",
        Exception(
            file: "Escrow/Acts/Envelopes/EnvelopeScan.swift",
            line: #".split(whereSeparator: \.properties.isWhitespace).map { String($0) }"#
        ): "scalars have properties, characters have none",
        Exception(
            file: "KeyStores/State/TarNames.swift",
            line: "if let other = seen.updateValue(name, forKey: name.lowercased()) {"
        ): "meant: two names that some file system takes for one are refused",
        Exception(
            file: "CertificateAuthority/PKCS12/PKCS12Writer.swift",
            line: "while !taken.insert(name.lowercased()).inserted {"
        ): "meant: names that Java takes for one are told apart",
        Exception(
            file: "Ceremony/Plan/Concentration.swift",
            line: "static func folded(_ text: String) -> String { trimmed(text).lowercased() }"
        ): "meant: two spellings of one place are one place",
        Exception(
            file: "Ceremony/Plan/Concentration.swift",
            line:
                #"String.UnicodeScalarView(text.unicodeScalars.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())"#
        ): "scalars",
        Exception(
            file: "Ceremony/Sheet/TextColumns.swift",
            line: #"return String(line.reversed().drop { $0 == " " }.reversed())"#
        ): "meant: what a console shows, where nothing is read from it",
        Exception(file: "Ceremony/Sheet/TextColumns.swift", line: "for character in word {"):
            "meant: no line breaks between a letter and its accent",
    ]

    /// A line that goes by characters.
    struct Finding: Hashable, CustomStringConvertible {
        let place: Exception
        let number: Int
        var description: String { "\(place.file):\(number): \(place.line)" }
    }

    /// Every line of a source that goes by characters, comments left out.
    static func findings(in source: String, of file: String) -> [Finding] {
        let (operations, viewed) = (operations, viewed)
        return source.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            let line = line.trimmingCharacters(in: .whitespaces)
            let isViewed = { (match: Regex<Substring>.Match) in
                match.output.hasPrefix("utf8.") || match.output.hasPrefix("unicodeScalars.")
            }
            guard !line.hasPrefix("//"),
                operations.contains(where: { line.contains($0) })
                    || viewed.contains(where: { !line.matches(of: $0).allSatisfy(isViewed) })
            else {
                return nil
            }
            return Finding(place: Exception(file: file, line: line), number: index + 1)
        }
    }

    private static func findings() throws -> [Finding] {
        let sources = ImportTests.sources
        let names = try #require(FileManager.default.enumerator(atPath: sources.path())).compactMap { $0 as? String }
        return try names.filter { $0.hasSuffix(".swift") }.sorted().flatMap { name in
            findings(in: try String(contentsOf: sources.appending(path: name), encoding: .utf8), of: name)
        }
    }

    @Test("no line of the sources goes by characters, but those that are listed with a reason, and all of these do")
    func sources() throws {
        let found = try Self.findings()
        #expect(found.filter { Self.exceptions[$0.place] == nil } == [], "use Files/ByteText.swift")
        let stale = Set(Self.exceptions.keys).subtracting(found.map(\.place))
        #expect(stale == [], "no longer there: take them off the list")
        #expect(Self.exceptions.values.allSatisfy { !$0.isEmpty })
    }

    @Test(
        "a planted line is noticed",
        arguments: [
            #"guard path.hasPrefix("/") else {"#, #"names.contains(where: name.hasSuffix)"#,
            #"let parts = text.split(separator: "/", omittingEmptySubsequences: false)"#,
            #"let words = text.split { $0 == " " }"#, #"text.split(whereSeparator: \.isWhitespace)"#,
            #"if text.contains("'") {"#, #"text.replacing("'", with: "\\'")"#, #"name.lowercased() == other"#,
            #"func read(_ character: Character)"#, #"text.firstIndex(of: ":")"#, #"text.ranges(of: "pin-value=")"#,
            ##"line.first != "#""##, #"text.prefix { $0 != "." }"#, #"text.drop(while: { $0 == " " })"#,
            #"for character in directory {"#, #"entry.label == name"#, #"$0.string < $1.string"#,
            #"text.components(separatedBy: ",")"#, #"word.wholeMatch(of: /[a-z]+/)"#,
            #"digits.allSatisfy(\.isHexDigit)"#,
        ]
    )
    func planted(line: String) {
        let source = "// \(line)\nlet x = 1\n        \(line)\n"
        let place = Exception(file: "Planted.swift", line: line)
        #expect(Self.findings(in: source, of: "Planted.swift") == [Finding(place: place, number: 3)])
    }

    @Test(
        "what goes by bytes or scalars is not",
        arguments: [
            #"guard path.hasPrefix(bytesOf: "/") else {"#, #"text.utf8.split(separator: UInt8(ascii: "/"))"#,
            #"text.unicodeScalars.split(separator: ",")"#, #"let parts = text.parts(between: "/")"#,
            #"text.replacing(bytesOf: "'", with: "\\'")"#, #"for character in text.unicodeScalars {"#,
            #"scalars.unicodeScalars.drop { $0 == " " }"#, #"if text.contains(byte: "'") {"#,
        ]
    )
    func byBytes(line: String) {
        #expect(Self.findings(in: line, of: "Planted.swift") == [])
    }
}
