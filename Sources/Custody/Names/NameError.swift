// SPDX-License-Identifier: Apache-2.0

/// Why a text is no name.
public enum NameError: Error, Equatable {
    case empty
    case tooLong(byteCount: Int)
    case character(Unicode.Scalar, in: String)
    case firstIsNoLetter(String)
    case lastIsSeparator(String)
    case adjoiningSeparators(String)
    case reserved(String)
}

extension NameError: CustomStringConvertible {
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
