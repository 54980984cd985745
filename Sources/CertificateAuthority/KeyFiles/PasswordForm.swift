// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The bytes that a password with letters beyond ASCII may have had on the machine that made a file.
///
/// *OpenSSL, passphrase-encoding(7).*
enum PasswordForm: CaseIterable {
    /// One byte a letter, as on a system whose locale was Latin-1.
    case latin1
    /// Each byte of the UTF-8 form for a letter of its own, as OpenSSL before 1.1.0 filled the BMPString.
    case bytewise

    /// - Parameter password: In UTF-8.
    /// - Returns: Nothing when it is ASCII, or has no such form.
    func convert(_ password: borrowing SecretBytes) -> SecretBytes? {
        let source = password.span
        let wideCount = source.indices.count { source[$0] >= 0x80 }
        guard wideCount > 0 else {
            return nil
        }
        switch self {
        case .latin1: return Self.latin1(source, count: source.count - wideCount / 2)
        case .bytewise:
            return SecretBytes(count: source.count + wideCount) { bytes in
                var place = 0
                for index in source.indices {
                    place += Self.put(source[index], at: place, in: &bytes)
                }
            }
        }
    }

    /// Does something with a password, and where that fails as it does for a wrong one, with its other forms.
    ///
    /// - Parameter mayDependOnForm: Whether an error says that the same password in other bytes could help.
    /// - Throws: The first error, unless a later one is of another kind.
    static func tryAll<Value: ~Copyable, Failure: Error>(
        of password: borrowing SecretBytes,
        _ mayDependOnForm: (Failure) -> Bool,
        _ body: (borrowing SecretBytes) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let first: Failure
        do throws(Failure) {
            return try body(password)
        } catch {
            guard mayDependOnForm(error) else {
                throw error
            }
            first = error
        }
        for form in allCases {
            guard let converted = form.convert(password) else {
                continue
            }
            do throws(Failure) {
                return try body(converted)
            } catch  where mayDependOnForm(error) {
                continue
            }
        }
        throw first
    }

    private static func latin1(_ source: Span<UInt8>, count: Int) -> SecretBytes? {
        // U+0080 to U+00FF are the lead bytes C2 and C3 with one byte behind each.
        var index = 0
        while index < source.count {
            if source[index] >= 0x80 {
                guard source[index] == 0xC2 || source[index] == 0xC3, index + 1 < source.count,
                    source[index + 1] & 0xC0 == 0x80
                else {
                    return nil
                }
                index += 1
            }
            index += 1
        }
        return SecretBytes(count: count) { bytes in
            var index = 0
            for place in bytes.indices {
                if source[index] >= 0x80 {
                    bytes[place] = source[index] << 6 | source[index + 1] & 0x3F
                    index += 1
                } else {
                    bytes[place] = source[index]
                }
                index += 1
            }
        }
    }

    /// Writes one byte as the UTF-8 of the letter with that number.
    private static func put(_ byte: UInt8, at place: Int, in bytes: inout MutableSpan<UInt8>) -> Int {
        guard byte >= 0x80 else {
            bytes[place] = byte
            return 1
        }
        bytes[place] = 0xC0 | byte >> 6
        bytes[place + 1] = 0x80 | byte & 0x3F
        return 2
    }
}
