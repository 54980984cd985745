// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Custody
@testable import Encoding

@Suite("Comparing digests by voice")
struct ComparisonCodeTests {
    /// SHA-256 of "abc": FIPS 180-2, Appendix B.1.
    private static let digest = SHA256Digest(of: Array("abc".utf8))

    private static let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    private static let words =
        "shadow indigo backward rebellion payday adviser stagehand undaunted cranky decadence crackdown telephone"
    private static let digits = "73807 03137 88322 66979 05876 85760"

    @Test("the PGP word list is that of a published fingerprint")
    func fingerprint() {
        let bytes: [UInt8] = [
            0xe5, 0x82, 0x94, 0xf2, 0xe9, 0xa2, 0x27, 0x48, 0x6e, 0x8b,
            0x06, 0x1b, 0x31, 0xcc, 0x52, 0x8f, 0xd7, 0xfa, 0x3f, 0x19,
        ]
        let words = bytes.enumerated().map { PGPWordList.word(for: $1, .init(at: $0)) }
        #expect(
            words.joined(separator: " ") == """
                topmost istanbul pluto vagabond treadmill pacific brackish dictator goldfish medusa \
                afflict bravado chatter revolver dupont midsummer stopwatch whimsical cowbell bottomless
                """
        )
    }

    /// SHA-256 of a list's 256 words, each followed by a line feed; computed from the lists of bzrtp and magic-wormhole.
    private static let published = (
        two: "247bec0519f05acf5f8716f8515af0532676cce180409949d265f5670797c930",
        three: "99a86d564393464a979f9115ef6103464f56499b7e987091b9e59bdcaea00da8"
    )

    @Test("the lists are the published ones, word for word")
    func lists() {
        let digests = [PGPWordList.ofTwoSyllables, PGPWordList.ofThreeSyllables].map { words in
            SHA256Digest(of: Array(words.map { "\($0)\n" }.joined().utf8)).description
        }
        #expect(digests == [Self.published.two, Self.published.three])
    }

    @Test("no two words are one, and none of them reads as digits")
    func distinct() {
        let words = PGPWordList.ofTwoSyllables + PGPWordList.ofThreeSyllables
        #expect(Set(words).count == 512)
        #expect(words.allSatisfy { word in word.utf8.contains { !(0x61...0x66).contains($0) } })
        #expect(words.allSatisfy { word in word.utf8.allSatisfy { (0x61...0x7a).contains($0) } })
    }

    @Test("every byte is read back at both kinds of positions", arguments: UInt8.min...UInt8.max)
    func roundTrip(byte: UInt8) throws {
        let digest = try #require(SHA256Digest(bytes: (0..<32).map { byte &+ $0 }))
        let same = try #require(SHA256Digest(bytes: [UInt8](repeating: byte, count: 32)))
        for digest in [digest, same] {
            let code = ComparisonCode(of: digest)
            #expect(try TypedCode(code.words.joined(separator: " ")) == .words(Array(digest.bytes.prefix(12))))
            #expect(try TypedCode(code.digits.joined(separator: " ")) == .digits(code.digits.joined()))
            #expect(ComparisonCode.matches(code.words.joined(separator: " "), digest))
            #expect(ComparisonCode.matches(code.digits.joined(separator: " "), digest))
            #expect(ComparisonCode.matches(digest.description, digest))
            #expect(!ComparisonCode.matches(code.words.joined(separator: " "), Self.digest))
            #expect(!ComparisonCode.matches(code.digits.joined(separator: " "), Self.digest))
        }
    }

    @Test("what is read aloud from a digest")
    func code() throws {
        let code = ComparisonCode(of: Self.digest)
        #expect(code.words.joined(separator: " ") == Self.words)
        #expect(code.digits.joined(separator: " ") == Self.digits)
        // Groups keep their leading zeros; the last two bytes of a digest are in none.
        let small = try #require(SHA256Digest(bytes: [0, 0, 0, 0, 7] + [UInt8](repeating: 0, count: 27)))
        #expect(ComparisonCode(of: small).digits == ["00007", "00000", "00000", "00000", "00000", "00000"])
        let large = try #require(SHA256Digest(bytes: [UInt8](repeating: 255, count: 32)))
        #expect(ComparisonCode(of: large).digits == [String](repeating: "27775", count: 6))
    }

    @Test(
        "is taken, however it is typed",
        arguments: [
            words,
            words.uppercased(),
            "  \(words.replacing(" ", with: "\t")) \r\n",
            words.replacing(" ", with: "-"),
            words.replacing(" ", with: ", "),
            words.replacing("indigo ", with: "Indigo ,- "),
            digits,
            digits.replacing(" ", with: ""),
            digits.replacing(" ", with: "-"),
            " 7380 703 - 13788322669790587685760\n",
            hex,
            hex.uppercased(),
            digest.grouped,
            digest.grouped.uppercased(),
            "ba7816bf 8f01cfea 414140de 5dae2223\nb00361a3 96177a9c b410ff61 f20015ad",
        ]
    )
    func taken(text: String) {
        #expect(ComparisonCode.matches(text, Self.digest))
    }

    @Test("64 hexadecimal digits may all be letters, or none")
    func hexadecimal() throws {
        for text in [String(repeating: "a", count: 64), String(repeating: "1", count: 64)] {
            #expect(try TypedCode(text) == .digest(#require(SHA256Digest(hex: text))))
        }
    }

    @Test(
        "what is well formed but not the digest's does not match",
        arguments: [
            words.replacing("shadow", with: "slingshot"),
            words.replacing("telephone", with: "therapist"),
            // Swapped with the next word of as many syllables.
            words.replacing("shadow indigo backward", with: "backward indigo shadow"),
            digits.dropLast() + "1",
            "ca" + hex.dropFirst(2),
            hex.dropLast() + "e",
        ]
    )
    func another(text: String) throws {
        _ = try TypedCode(text)
        #expect(!ComparisonCode.matches(text, Self.digest))
    }

    @Test("every other text is refused, and what is wrong is named", arguments: refusals)
    func refused(text: String, error: TypedCodeError) {
        #expect(throws: error) { try TypedCode(text) }
        #expect(!ComparisonCode.matches(text, Self.digest))
    }

    private static let refusals: [(String, TypedCodeError)] = [
        ("", .empty),
        (" -, \t\r\n", .empty),
        (":", .unknownWord(":", position: 1)),
        ("y", .unknownWord("y", position: 1)),
        ("yes", .unknownWord("yes", position: 1)),
        // Too few and too many words.
        ("shadow", .wordCount(1)),
        (words.replacing(" telephone", with: ""), .wordCount(11)),
        (words + " absurd", .wordCount(13)),
        (words + " absurd adviser", .wordCount(14)),
        // Words of neither list.
        (words.replacing("payday", with: "Pay-day"), .unknownWord("Pay", position: 5)),
        (words.replacing("payday", with: "paydays"), .unknownWord("paydays", position: 5)),
        (words.replacing(" ", with: ";"), .unknownWord(words.replacing(" ", with: ";"), position: 1)),
        (words.replacing(" ", with: "\u{a0}"), .unknownWord(words.replacing(" ", with: "\u{a0}"), position: 1)),
        (words.replacing("decadence", with: "d\u{e9}cadence"), .unknownWord("d\u{e9}cadence", position: 10)),
        (words.replacing("cranky", with: "cran\u{212a}y"), .unknownWord("cran\u{212a}y", position: 9)),
        (words.replacing("shadow", with: "\u{ff53}hadow"), .unknownWord("\u{ff53}hadow", position: 1)),
        (words + "\u{0}", .unknownWord("telephone\u{0}", position: 12)),
        ("1 " + words, .unknownWord("1", position: 1)),
        (words + ".", .unknownWord("telephone.", position: 12)),
        // A word left out, said twice, or swapped with its neighbour.
        (words.replacing("shadow ", with: ""), .misplacedWord("indigo", position: 1)),
        (words.replacing("adviser ", with: ""), .misplacedWord("stagehand", position: 6)),
        (words.replacing("payday", with: "payday Payday"), .misplacedWord("Payday", position: 6)),
        (words.replacing("payday adviser", with: "adviser payday"), .misplacedWord("adviser", position: 5)),
        (words.replacing("adviser stagehand", with: "absurd stagehand"), .misplacedWord("absurd", position: 6)),
        // Digits.
        ("7", .digitCount(1)),
        (String(digits.dropLast()), .digitCount(29)),
        (digits + "0", .digitCount(31)),
        (digits + digits, .digitCount(60)),
        (digits.replacing(" ", with: ","), .unknownWord("73807", position: 1)),
        (digits.replacing(" ", with: "."), .unknownWord(digits.replacing(" ", with: "."), position: 1)),
        (digits.replacing("0", with: "O"), .unknownWord("738O7", position: 1)),
        ("\u{661}" + digits, .unknownWord("\u{661}73807", position: 1)),
        // Hexadecimal digits.
        (String(hex.dropLast()), .hexDigitCount(63)),
        (hex + "0", .hexDigitCount(65)),
        (digest.short, .hexDigitCount(8)),
        (digest.identifier, .hexDigitCount(32)),
        ("a:b", .hexDigitCount(2)),
        ("0x" + hex, .unknownWord("0x" + hex, position: 1)),
        (digest.grouped.replacing(":", with: "-"), .unknownWord("ba", position: 1)),
        (hex.dropLast() + "g", .unknownWord(hex.dropLast() + "g", position: 1)),
        (String(repeating: "1", count: 64) + "-", .digitCount(64)),
    ]

    /// Carried by iana-org/dnssec-keytools: SHA-256 of "mekmitasdigoat", all 32 words.
    private static let all =
        "optic onlooker ringbolt recover upset almighty steamship hemisphere billiard butterfat classic letterhead "
        + "reward filament waffle midsummer berserk speculate cement revival ribcage repellent commence combustion "
        + "freedom component standard disruptive physique liberty acme typewriter"

    @Test("all 32 words are read as the digest that they stand for")
    func allWords() throws {
        let digest = SHA256Digest(of: Array("mekmitasdigoat".utf8))
        #expect(ComparisonCode(of: digest).allWords.joined(separator: " ") == Self.all)
        #expect(ComparisonCode.matches(Self.all, digest))
        #expect(ComparisonCode.matches(Self.all.uppercased().replacing(" ", with: "-"), digest))
        #expect(!ComparisonCode.matches(Self.all, Self.digest))
        let fox = ComparisonCode(of: SHA256Digest(of: Array("The quick brown fox jumps over the lazy dog".utf8)))
            .allWords
        #expect(
            fox.prefix(10).joined(separator: " ")
                == "stopwatch paramount watchword pocketful ahead stethoscope merit molecule gazelle revenue"
        )
    }

    @Test("a word of the 32 swapped or left out is named, wherever it is")
    func touchedWords() {
        let words = Self.all.split(separator: " ").map(String.init)
        let digest = SHA256Digest(of: Array("mekmitasdigoat".utf8))
        for index in words.indices.dropLast() {
            var swapped = words
            swapped.swapAt(index, index + 1)
            let text = swapped.joined(separator: " ")
            #expect(throws: TypedCodeError.misplacedWord(swapped[index], position: index + 1)) { try TypedCode(text) }
            var dropped = words
            dropped.remove(at: index)
            let rest = dropped.joined(separator: " ")
            #expect(throws: TypedCodeError.misplacedWord(words[index + 1], position: index + 1)) { try TypedCode(rest) }
            #expect(!ComparisonCode.matches(text, digest) && !ComparisonCode.matches(rest, digest))
        }
        #expect(throws: TypedCodeError.wordCount(31)) { try TypedCode(words.dropLast().joined(separator: " ")) }
    }

    @Test(
        "errors say what is needed",
        arguments: zip(
            [
                .empty, .unknownWord("kiwi\u{1b}", position: 3), .misplacedWord("kiwi", position: 4),
                .misplacedWord("Ohio", position: 5), .wordCount(1), .wordCount(11), .digitCount(1), .digitCount(29),
                .hexDigitCount(1), .hexDigitCount(63),
            ] as [TypedCodeError],
            [
                "nothing was typed: needed are 12 words or 30 digits",
                "word 3, 'kiwi\\u{1b}': not in the list of words",
                "word 4, 'kiwi': two syllables, where a word of three belongs: "
                    + "a word before it was left out or said twice, or two have changed places",
                "word 5, 'Ohio': three syllables, where a word of two belongs: "
                    + "a word before it was left out or said twice, or two have changed places",
                "1 word: 12 are needed, or all 32",
                "11 words: 12 are needed, or all 32",
                "1 digit: 30 are needed",
                "29 digits: 30 are needed",
                "1 hexadecimal digit: 64 are needed",
                "63 hexadecimal digits: 64 are needed",
            ]
        )
    )
    func errors(error: TypedCodeError, text: String) {
        #expect(error.description == text)
    }

    @Test("the word lists of docs/format.md, Annex D, are these")
    func specification() throws {
        let path = URL(filePath: #filePath).appending(path: "../../../docs/format.md").standardized
        let text = try String(contentsOf: path, encoding: .utf8)
        let rows = text.matches(of: /\n([0-9a-f]{2})  ([a-z]+) +([a-z]+)(?=\n)/)
        #expect(rows.count == 256)
        for (row, byte) in zip(rows, UInt8.min...UInt8.max) {
            let words = (PGPWordList.word(for: byte, .two), PGPWordList.word(for: byte, .three))
            #expect(Hex.encode([byte]) == row.1 && words.0 == row.2 && words.1 == row.3)
        }
    }
}
