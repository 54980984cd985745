// SPDX-License-Identifier: Apache-2.0

/// Why a text is no name.
@nonexhaustive public enum NameError: Error, Equatable {
    /// Nothing.
    case empty
    /// More than 48 bytes.
    case tooLong(byteCount: Int)
    /// A character that no name has.
    case character(Unicode.Scalar, in: String)
    /// It begins with something else than a lower-case letter.
    case firstIsNoLetter(String)
    /// It ends with one of `. _ @ + -`.
    case lastIsSeparator(String)
    /// Two of these stand side by side.
    case adjoiningSeparators(String)
    /// A word of the policy language, or a device name of Windows.
    case reserved(String)
}

extension NameError: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .empty: "a name is empty: 1 to \(Name.maximumByteCount) characters are needed"
        case .tooLong(let byteCount): "a name is too long: \(byteCount) bytes of at most \(Name.maximumByteCount)"
        case .character(let scalar, let text):
            "name \(text.quoted): character \(String(scalar).quoted): only a-z, 0-9 and . _ @ + - may be used"
        case .firstIsNoLetter(let text): "name \(text.quoted): the first character is not one of a-z"
        case .lastIsSeparator(let text): "name \(text.quoted): the last character is not one of a-z and 0-9"
        case .adjoiningSeparators(let text): "name \(text.quoted): two of . _ @ + - stand side by side"
        case .reserved(let text): "name \(text.quoted): reserved for other use"
        }
    }
}
