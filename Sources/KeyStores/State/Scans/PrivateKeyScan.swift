// SPDX-License-Identifier: Apache-2.0

/// Looks for private keys in bytes that come piece by piece: an archive of a CA's state holds none.
///
/// In text it finds them anywhere (``KeyTextScan``), also in UTF-16 and UTF-32; everything else by how a file begins
/// (``KeyForm``); and what is nothing but base64 or hexadecimal digits as what that stands for.
struct PrivateKeyScan {
    /// Whether no piece has come.
    private(set) var isAtStart = true
    private var text = KeyTextScan()
    /// Text of which every byte has zeros beside it, without the zeros.
    private var wide: (name: String, scan: KeyTextScan)?

    /// The largest file that is looked at as digits.
    static let digitLimit = 1 << 20

    /// - Parameters:
    ///   - piece: What follows the pieces before.
    ///   - isLast: Whether nothing follows.
    /// - Returns: What kind of key was found, or nothing.
    mutating func look(at piece: [UInt8], isLast: Bool) -> String? {
        if isAtStart {
            isAtStart = false
            if let kind = KeyForm.kind(of: piece) ?? (isLast ? Self.digits(piece) : nil) {
                return kind
            }
        }
        if let kind = text.look(at: piece, isLast: isLast) {
            return kind
        }
        if wide == nil, let name = Self.width(of: piece) {
            wide = (name, KeyTextScan())
        }
        return wide?.scan.look(at: piece.filter { $0 != 0 }, isLast: isLast).map { "\($0) in \(wide?.name ?? "")" }
    }

    /// Whether dashes stand there with zeros between them.
    private static func width(of piece: [UInt8]) -> String? {
        let (bytes, dash) = (piece.span, UInt8(ascii: "-"))
        for index in bytes.indices.dropLast(2) where bytes[index] == dash && bytes[index + 1] == 0 {
            if bytes[index + 2] == dash {
                return "UTF-16"
            }
            if index + 4 < bytes.count, bytes[index + 2] == 0, bytes[index + 3] == 0, bytes[index + 4] == dash {
                return "UTF-32"
            }
        }
        return nil
    }

    // MARK: Digits

    private static func digits(_ file: [UInt8]) -> String? {
        guard file.count <= digitLimit else {
            return nil
        }
        let text = file.filter { !" \t\r\n".utf8.contains($0) }
        let readings = [
            (hex(text.filter { $0 != UInt8(ascii: ":") }), "hexadecimal digits"), (base64(text), "base64"),
        ]
        for case (let bytes?, let name) in readings {
            var text = KeyTextScan()
            if let kind = KeyForm.kind(of: bytes) ?? text.look(at: bytes, isLast: true) {
                return "\(kind) in \(name)"
            }
        }
        return nil
    }

    private static func hex(_ text: [UInt8]) -> [UInt8]? {
        let values = text.compactMap(\.hexDigitValue)
        guard values.count == text.count, values.count >= 64, values.count.isMultiple(of: 2) else {
            return nil
        }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    /// The bytes that text in either alphabet of RFC 4648 stands for; `nil` for other text.
    static func base64(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count >= 40 else {
            return nil
        }
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for byte in text.prefix(while: { $0 != UInt8(ascii: "=") }) {
            guard let value = value(of: byte) else {
                return nil
            }
            bits = bits << 6 | value
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5a: UInt32(byte) - 0x41
        case 0x61...0x7a: UInt32(byte) - 0x61 + 26
        case 0x30...0x39: UInt32(byte) - 0x30 + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
