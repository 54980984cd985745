// SPDX-License-Identifier: Apache-2.0

import Files

/// The address of a key that may be no file: `SCHEME:…`.
struct KeyAddress: Equatable {
    private let scheme: String
    private let rest: String

    /// - Returns: `nil` when the text is a path.
    init?(_ text: String) {
        let parts = text.parts(between: ":", maxSplits: 1)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy(Self.isInScheme) else {
            return nil
        }
        scheme = parts[0].lowercasedASCII
        rest = parts[1]
    }

    /// The path of a `file:` address of this host, as OpenSSL's file store takes it.
    var filePath: String? {
        guard scheme.isEqual(bytesOf: "file") else {
            return nil
        }
        for host in ["//localhost/", "///"] where rest.lowercasedASCII.hasPrefix(bytesOf: host) {
            return "/" + String(Substring(rest.utf8.dropFirst(host.utf8.count)))
        }
        // Another host's file is none here.
        return rest.hasPrefix(bytesOf: "//") ? nil : rest
    }

    /// What messages show: nothing of a query, which may hold a PIN.
    var shown: String { Self.withoutPIN("\(scheme):\(rest.parts(between: "?")[0])") }

    /// A text of somebody else's for a message: a PIN may stand in the path of the address as well.
    static func withoutPIN(_ text: String) -> String {
        let name = Array("pin-value=".utf8)
        let (bytes, lowercase) = (Array(text.utf8), Array(text.lowercasedASCII.utf8))
        var result: [UInt8] = []
        var start = 0
        while let found = lowercase[start...].firstRange(of: name) {
            result += bytes[start..<found.upperBound] + "…".utf8
            start = bytes[found.upperBound...].firstIndex(where: ";&?".utf8.contains) ?? bytes.count
        }
        return String(decoding: result + bytes[start...], as: UTF8.self)
    }

    private static func isInScheme(_ byte: UInt8) -> Bool { byte.isAlphanumeric || "+-.".utf8.contains(byte) }
}

extension UInt8 {
    /// Whether it is a letter or a digit in ASCII.
    var isAlphanumeric: Bool { (0x30...0x39).contains(self) || (0x61...0x7a).contains(self | 0x20) }

    /// The value of a hexadecimal digit, in either case.
    var hexDigitValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
