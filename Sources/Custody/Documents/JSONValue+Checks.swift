// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    // Each check takes the path that an error names, and throws `wrongType` or `wrongValue` with it.

    /// Printable ASCII.
    package func string(at field: String) throws(DocumentError) -> String {
        let text = try anyString(at: field)
        guard text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            throw .wrongValue(field: field, expected: "printable ASCII")
        }
        return text
    }

    /// What people wrote, under ``TextRule``.
    package func text(at field: String) throws(DocumentError) -> String {
        let text = try anyString(at: field)
        try TextRule.check(text, field: field)
        return text
    }

    /// An integer that lies in `range`.
    package func integer(at field: String, in range: ClosedRange<Int>) throws(DocumentError) -> Int {
        guard case .integer(let number) = self else {
            throw .wrongType(field: field, expected: "an integer")
        }
        guard let integer = Int(exactly: number), range.contains(integer) else {
            throw .wrongValue(field: field, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    /// true or false.
    package func boolean(at field: String) throws(DocumentError) -> Bool {
        guard case .boolean(let flag) = self else {
            throw .wrongType(field: field, expected: "true or false")
        }
        return flag
    }

    /// The bytes that lower-case hexadecimal digits stand for.
    package func hex(at field: String, byteCount: Int) throws(DocumentError) -> [UInt8] {
        let text = try anyString(at: field)
        guard let bytes = Hex.decode(text), bytes.count == byteCount else {
            throw .wrongValue(field: field, expected: "\(2 * byteCount) lower-case hexadecimal digits")
        }
        return bytes
    }

    /// The bytes that padded base64 stands for: `byteCount` of them when that is given, else at least one.
    package func base64(at field: String, byteCount: Int? = nil) throws(DocumentError) -> [UInt8] {
        let text = try anyString(at: field)
        guard let bytes = Base64.decode(text), !bytes.isEmpty, bytes.count == byteCount ?? bytes.count else {
            throw .wrongValue(field: field, expected: "base64\(byteCount.map { " of \($0) bytes" } ?? "")")
        }
        return bytes
    }

    /// A SHA-256 in hexadecimal digits.
    package func digest(at field: String) throws(DocumentError) -> SHA256Digest {
        let bytes = try hex(at: field, byteCount: 32)
        guard let digest = SHA256Digest(bytes: bytes) else {
            preconditionFailure("32 bytes are a digest")
        }
        return digest
    }

    /// A SHA-256 in hexadecimal digits whose bytes may be parted, see ``SHA256Digest/init(parted:)``.
    package func partedDigest(at field: String) throws(DocumentError) -> SHA256Digest {
        guard let digest = SHA256Digest(parted: try anyString(at: field)) else {
            throw .wrongValue(field: field, expected: "64 hexadecimal digits, with or without colons between bytes")
        }
        return digest
    }

    /// A moment, `YYYY-MM-DDTHH:MM:SSZ`.
    package func timestamp(at field: String) throws(DocumentError) -> Timestamp {
        guard let time = Timestamp(try anyString(at: field)) else {
            throw .wrongValue(field: field, expected: "a time like 2026-03-01T12:00:00Z")
        }
        return time
    }

    /// A person's ``Name``.
    ///
    /// - Throws: ``DocumentError/wrongName(field:_:)`` besides.
    package func name(at field: String) throws(DocumentError) -> Name {
        let text = try anyString(at: field)
        do throws(NameError) {
            return try Name(text)
        } catch {
            throw .wrongName(field: field, error)
        }
    }

    /// One of a fixed set of words.
    package func word(at field: String, among words: [String]) throws(DocumentError) -> String {
        let text = try anyString(at: field)
        guard words.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else {
            throw .wrongValue(field: field, expected: words.joined(separator: " or "))
        }
        return text
    }

    /// An OpenSSH public key without comment: `ssh-ed25519 B64` or `sk-ssh-ed25519@openssh.com B64`.
    package func signingKey(at field: String) throws(DocumentError) -> SigningKey {
        let text = try anyString(at: field)
        guard let key = try? SigningKey(openSSH: text), key.openSSH.utf8.elementsEqual(text.utf8) else {
            throw .wrongValue(field: field, expected: "an Ed25519 key of OpenSSH without comment")
        }
        return key
    }

    /// An X25519 public key in hexadecimal digits, to which boxes can be sealed.
    package func sealingKey(at field: String) throws(DocumentError) -> [UInt8] {
        let bytes = try hex(at: field, byteCount: SealedPayload.keyByteCount)
        guard SealedPayload.isAcceptable(sealingKey: bytes) else {
            throw .wrongValue(field: field, expected: "an X25519 key in canonical form and of full order")
        }
        return bytes
    }

    private func anyString(at field: String) throws(DocumentError) -> String {
        guard case .string(let text) = self else {
            throw .wrongType(field: field, expected: "a string")
        }
        return text
    }
}
