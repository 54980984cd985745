// SPDX-License-Identifier: Apache-2.0

/// Why what a person typed stands for no digest.
///
/// Positions count from 1, and words are as they were typed.
package enum TypedCodeError: Error, Equatable {
    /// Nothing, or nothing but blanks, hyphens and commas.
    case empty
    /// A word that neither list has.
    case unknownWord(String, position: Int)
    /// A word of two syllables where one of three belongs, or the other way round.
    case misplacedWord(String, position: Int)
    /// Good words, each in a place where it may stand, but neither 12 nor 32 of them.
    case wordCount(Int)
    /// Decimal digits, but not 30 of them.
    case digitCount(Int)
    /// Hexadecimal digits, but not 64 of them.
    case hexDigitCount(Int)
}

extension TypedCodeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty:
            "nothing was typed: needed are \(ComparisonCode.wordCount) words or \(ComparisonCode.digitCount) digits"
        case .unknownWord(let word, let position):
            "word \(position), \(word.quoted): not in the list of words"
        case .misplacedWord(let word, let position):
            "word \(position), \(word.quoted): \(Self.syllables(position)): a word before it was left out or said twice, "
                + "or two have changed places"
        case .wordCount(let count):
            "\(count) \(count == 1 ? "word" : "words"): \(ComparisonCode.wordCount) are needed, "
                + "or all \(ComparisonCode.allWordsCount)"
        case .digitCount(let count):
            "\(count) \(count == 1 ? "digit" : "digits"): \(ComparisonCode.digitCount) are needed"
        case .hexDigitCount(let count):
            "\(count) hexadecimal \(count == 1 ? "digit" : "digits"): \(TypedCode.hexDigitCount) are needed"
        }
    }

    /// What a misplaced word has, and what belongs there.
    private static func syllables(_ position: Int) -> String {
        switch PGPWordList.Syllables(at: position - 1) {
        case .two: "three syllables, where a word of two belongs"
        case .three: "two syllables, where a word of three belongs"
        }
    }
}
