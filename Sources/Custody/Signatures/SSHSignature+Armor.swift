// SPDX-License-Identifier: Apache-2.0

import Encoding

extension SSHSignature {
    /// Reads a signature file: one signature, in exactly the armor that ``armored`` writes.
    ///
    /// - Throws: ``SignatureError``; nothing is verified yet.
    package init(armored bytes: [UInt8]) throws(SignatureError) {
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            throw .notArmored
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.count >= 4,
            let blob = Base64.decode(String(decoding: lines[1..<lines.count - 2].joined(), as: UTF8.self)),
            Self.armor(blob) == bytes
        else {
            throw .notArmored
        }
        try self.init(blob: blob)
    }

    /// The file as `ssh-keygen` writes it: base64 in lines of 70 characters between a first and a last line.
    package var armored: [UInt8] { Self.armor(blob) }

    private static func armor(_ blob: [UInt8]) -> [UInt8] {
        let text = Array(Base64.encode(blob).utf8)
        var bytes = Array("-----BEGIN SSH SIGNATURE-----\n".utf8)
        for start in stride(from: 0, to: text.count, by: 70) {
            bytes += text[start..<min(start + 70, text.count)]
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes + "-----END SSH SIGNATURE-----\n".utf8
    }
}
