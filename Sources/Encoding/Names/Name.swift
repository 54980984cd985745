// SPDX-License-Identifier: Apache-2.0

import Files

/// The name of a custodian, an officer or an auditor: one word that serves as SSH principal and in file names.
///
/// It matches `[a-z][a-z0-9]*([._@+-][a-z0-9]+)*`, has at most 48 bytes, is not `of` (a word of the policy language), and
/// its part before the first `.` is no device name of Windows. What people are called stands in a text member.
public struct Name: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name, letter for letter.
    public let description: String

    /// Takes a name that follows the grammar.
    ///
    /// - Throws: ``NameError``, with the first reason why it does not.
    public init(_ text: String) throws(NameError) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first else {
            throw .empty
        }
        guard bytes.count <= Self.maximumByteCount else {
            throw .tooLong(byteCount: bytes.count)
        }
        for scalar in text.unicodeScalars where !Self.isAllowed(scalar) {
            throw .character(scalar, in: text)
        }
        guard first.isSmallLetter else {
            throw .firstIsNoLetter(text)
        }
        guard let last = bytes.last, !Self.separators.contains(last) else {
            throw .lastIsSeparator(text)
        }
        for (left, right) in zip(bytes, bytes.dropFirst())
        where Self.separators.contains(left) && Self.separators.contains(right) {
            throw .adjoiningSeparators(text)
        }
        guard !text.isEqual(bytesOf: "of"), !Self.isDevice(text) else {
            throw .reserved(text)
        }
        description = text
    }

    /// The order of their bytes.
    public static func < (left: Name, right: Name) -> Bool {
        left.description < right.description
    }

    /// The longest name, in bytes.
    package static let maximumByteCount = 48

    private static let separators = Array("._@+-".utf8)

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        UInt8(exactly: scalar.value).map { $0.isSmallLetter || $0.isDigit || separators.contains($0) } ?? false
    }

    /// Whether Windows takes the name, or what stands before its first full stop, for a device.
    private static func isDevice(_ text: String) -> Bool {
        let stem = text.parts(between: ".", maxSplits: 1)[0]
        let isNumbered = stem.utf8.count == 4 && stem.utf8.last?.isDigit == true
        return ["con", "prn", "aux", "nul"].contains(bytesOf: stem)
            || isNumbered && (stem.hasPrefix(bytesOf: "com") || stem.hasPrefix(bytesOf: "lpt"))
    }
}

extension Sequence<Name> {
    /// As people read them: `alice, bob`.
    package var listed: String { map(\.description).joined(separator: ", ") }
}
