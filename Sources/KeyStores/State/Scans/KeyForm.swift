// SPDX-License-Identifier: Apache-2.0

import Files

/// What a file is by how it begins: a private key, or something that holds one.
enum KeyForm {
    /// The kind of key, or nothing.
    ///
    /// - Parameter file: The file, or its beginning: 256 KiB when it is longer than a key.
    static func kind(of file: [UInt8]) -> String? {
        // A byte order mark or a line break before it makes no other file of it.
        let start = file.drop { $0 <= 0x20 || $0 == 0xEF || $0 == 0xBB || $0 == 0xBF }
        for bytes in [file.prefix(512), start.prefix(512)] {
            if let kind = magic(bytes) ?? der(bytes) ?? pgp(bytes) {
                return kind
            }
        }
        if start.starts(with: "SQLite format 3".utf8), file.contains(bytesOf: "nssPrivate") {
            return "an NSS database"
        }
        // Berkeley's hash, in either order of bytes.
        if file.starts(with: [0, 6, 0x15, 0x61]) || file.starts(with: [0x61, 0x15, 6, 0]),
            file.contains(bytesOf: "global-salt")
        {
            return "an NSS database"
        }
        if start.first == UInt8(ascii: "{"), file.contains(bytesOf: "\"ca-escrow/v1/identity\"") {
            return "an identity"
        }
        if file.contains(bytesOf: "<RSAKeyValue>"), file.contains(bytesOf: "<D>") {
            return "XML"
        }
        return nil
    }

    private static let magics: [(bytes: [UInt8], kind: String)] = [
        ([0xFE, 0xED, 0xFE, 0xED], "a Java key store"), ([0xCE, 0xCE, 0xCE, 0xCE], "a Java key store"),
        ([0x1E, 0xF1, 0xB5, 0xB0], "PVK"), (Array("kych".utf8), "a keychain"),
        (Array("PuTTY-User-Key-File-".utf8), "PuTTY"), (Array("openssh-key-v1\0".utf8), "OpenSSH"),
        (Array("SSH PRIVATE KEY FILE FORMAT".utf8), "SSH1"), (Array("Private-key-format: ".utf8), "DNSSEC"),
    ]

    private static func magic(_ bytes: ArraySlice<UInt8>) -> String? {
        if let (_, kind) = magics.first(where: { bytes.starts(with: $0.bytes) }) {
            return kind
        }
        // PRIVATEKEYBLOB, and those of BCrypt with the length of a number behind it.
        if bytes.starts(with: [7, 2, 0, 0]),
            ["RSA2", "DSS2", "DSS4"].contains(bytesOf: text(bytes.dropFirst(8).prefix(4)))
        {
            return "MSBLOB"
        }
        let isBCrypt = ["RSA2", "RSA3", "ECS2", "ECS4", "ECS6", "ECK2", "ECK4", "ECK6"]
        if isBCrypt.contains(bytesOf: text(bytes.prefix(4))), bytes.dropFirst(6).prefix(2).elementsEqual([0, 0]) {
            return "MSBLOB"
        }
        return nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    // MARK: DER

    /// PKCS#8, encrypted or not, the older forms of RSA, DSA and EC keys, and PKCS#12.
    ///
    /// *RFC 5208, RFC 5958, RFC 8017 appendix A.1.2, RFC 5915, RFC 7292.*
    private static func der(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let inside = content(of: 0x30, in: bytes) else {
            return nil
        }
        if inside.starts(with: [0x02, 0x01, 0x03, 0x30]) {
            return "PKCS#12"
        }
        if inside.starts(with: [0x02, 0x01, 0x00]) || inside.starts(with: [0x02, 0x01, 0x01]) {
            let rest = inside.dropFirst(3)
            return switch rest.first {
            // A large number, an octet string: RSA or DSA, EC.
            case 0x02, 0x04: "DER"
            // An algorithm: PKCS#8. A request for a time stamp has the digest's there, one level further in.
            case 0x30 where content(of: 0x30, in: rest)?.first == 0x06: "DER"
            default: nil
            }
        }
        // An algorithm, then an octet string: encrypted PKCS#8. A public key has a bit string there.
        guard let algorithm = content(of: 0x30, in: inside), algorithm.first == 0x06 else {
            return nil
        }
        let rest = inside.dropFirst(algorithm.startIndex - inside.startIndex + length(of: inside))
        return rest.first == 0x04 || rest.isEmpty ? "encrypted DER" : nil
    }

    /// The content of an element, as far as it is here: length in one form or the other, or indefinite.
    private static func content(of tag: UInt8, in bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard bytes.first == tag, let length = bytes.dropFirst().first else {
            return nil
        }
        return length <= 0x80 ? bytes.dropFirst(2) : bytes.dropFirst(2 + Int(length & 0x7F))
    }

    /// The length of the content of the element that comes first; as large as can be when it cannot be told here.
    private static func length(of bytes: ArraySlice<UInt8>) -> Int {
        let first = bytes.dropFirst().first ?? 0
        guard first >= 0x80 else {
            return Int(first)
        }
        let count = Int(first & 0x7F)
        guard (1...2).contains(count) else {
            return .max >> 1
        }
        return bytes.dropFirst(2).prefix(count).reduce(0) { $0 << 8 | Int($1) }
    }

    // MARK: PGP

    /// A packet of a secret key or subkey: its version, a time, an algorithm.
    ///
    /// *RFC 9580, 4.2, 5.5.*
    private static func pgp(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let first = bytes.first, first & 0x80 != 0 else {
            return nil
        }
        let isNew = first & 0x40 != 0
        let tag = isNew ? first & 0x3F : (first & 0x3C) >> 2
        let next = bytes.dropFirst().first ?? 0
        let lengthByteCount = isNew ? (next < 192 ? 1 : next < 224 ? 2 : 5) : [1, 2, 4, 0][Int(first & 3)]
        let body = Array(bytes.dropFirst(1 + lengthByteCount).prefix(6))
        guard tag == 5 || tag == 7, body.count == 6, (4...6).contains(body[0]) else {
            return nil
        }
        return [1, 2, 3, 16, 17, 18, 19, 22, 25, 26, 27, 28].contains(body[5]) ? "PGP" : nil
    }
}
