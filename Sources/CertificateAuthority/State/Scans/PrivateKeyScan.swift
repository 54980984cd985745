// SPDX-License-Identifier: Apache-2.0

/// Looks for private keys in bytes that come piece by piece: an archive of a CA's state holds none.
///
/// In text it finds them anywhere: PEM of every kind, OpenSSH, SSH2, PuTTY, and PEM in UTF-16; in DER and Java's stores at
/// the beginning. It errs on the side of finding one.
struct PrivateKeyScan {
    private var isFirst = true
    /// The end of what was looked at, in which a mark may begin.
    private var tail: [UInt8] = []

    private static let marks: [(bytes: [UInt8], kind: String)] = [
        (Array("PRIVATE KEY-----".utf8), "PEM"),
        (Array("PRIVATE KEY ----".utf8), "SSH2"),
        (Array("PuTTY-User-Key-File-".utf8), "PuTTY"),
        ("PRIVATE KEY-".utf8.flatMap { [$0, 0] }.dropLast(), "PEM in UTF-16"),
    ]

    /// - Returns: What kind of key was found, or nothing.
    mutating func look(at piece: ArraySlice<UInt8>) -> String? {
        if isFirst {
            isFirst = false
            if let kind = Self.binary(piece.prefix(512)) {
                return kind
            }
        }
        let text = tail + piece
        if let kind = Self.text(text) {
            return kind
        }
        tail = Array(text.suffix(24))
        return nil
    }

    private static func text(_ bytes: [UInt8]) -> String? {
        let span = bytes.span
        for start in span.indices where span[start] == UInt8(ascii: "P") {
            for (mark, kind) in marks where span.count - start >= mark.count {
                if mark.indices.allSatisfy({ span[start + $0] == mark[$0] }) {
                    return kind
                }
            }
        }
        return nil
    }

    /// PKCS#8, encrypted or not, the older forms of RSA, DSA and EC keys, PKCS#12 and Java's stores.
    ///
    /// *RFC 5208, RFC 5958, RFC 8017 appendix A.1.2, RFC 5915, RFC 7292.*
    private static func binary(_ start: ArraySlice<UInt8>) -> String? {
        let bytes = Array(start)
        if bytes.starts(with: [0xFE, 0xED, 0xFE, 0xED]) || bytes.starts(with: [0xCE, 0xCE, 0xCE, 0xCE]) {
            return "a Java key store"
        }
        guard let inside = content(of: 0x30, in: bytes[...]) else {
            return nil
        }
        if inside.starts(with: [0x02, 0x01, 0x03, 0x30]) {
            return "PKCS#12"
        }
        if inside.starts(with: [0x02, 0x01, 0x00]) || inside.starts(with: [0x02, 0x01, 0x01]) {
            let next = inside.dropFirst(3).first
            // An algorithm, a large number, an octet string: PKCS#8, RSA or DSA, EC.
            return next == 0x30 || next == 0x02 || next == 0x04 ? "DER" : nil
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
}
