// SPDX-License-Identifier: Apache-2.0

import CSodium
import Encoding
import Files

/// A public key that signs documents, of a kind that OpenSSH knows: Ed25519, in a file or on a FIDO token.
///
/// Keys are compared whole. RSA, ECDSA and certificates are refused by name.
package enum SigningKey: Hashable, Sendable {
    /// The 32 bytes of an Ed25519 public key.
    case ed25519([UInt8])
    /// The 32 bytes of a token's Ed25519 public key, and the application it was made for, such as `ssh:`.
    case securityKey([UInt8], application: [UInt8])

    /// Reads the SSH wire form: what base64 stands for in a `.pub` file.
    ///
    /// - Throws: ``SigningKeyError``; a point of small or mixed order is refused, which no key of an honest maker is.
    package init(blob: [UInt8]) throws(SigningKeyError) {
        var reader = WireReader(blob)
        guard let type = reader.string() else {
            throw .malformed(field: "type")
        }
        let text = String(decoding: type, as: UTF8.self)
        guard [Self.plainType, Self.tokenType].contains(bytesOf: text) else {
            throw .unsupportedType(text)
        }
        guard let point = reader.string(), point.count == Int(crypto_sign_PUBLICKEYBYTES) else {
            throw .malformed(field: "key")
        }
        if text.isEqual(bytesOf: Self.tokenType) {
            guard let application = reader.string() else {
                throw .malformed(field: "application")
            }
            self = .securityKey(point, application: application)
        } else {
            self = .ed25519(point)
        }
        guard reader.isAtEnd else {
            throw .malformed(field: "end")
        }
        guard Self.points.contains(point, orPasses: { Self.isPoint(point) }) else {
            throw .notAPoint
        }
    }

    /// Whether libsodium takes the bytes for a point of the group that Ed25519's base point generates, and not of small
    /// order.
    ///
    /// The corresponding C function is `crypto_core_ed25519_is_valid_point`.
    ///
    /// - Parameter point: 32 bytes.
    package static func isPoint(_ point: [UInt8]) -> Bool {
        precondition(point.count == Int(crypto_core_ed25519_BYTES), "libsodium believes every length")
        return unsafe crypto_core_ed25519_is_valid_point(point) == 1
    }

    private static let points = PassedChecks<[UInt8]>()

    /// Reads a `.pub` file, or what stands in a document: type, base64, and perhaps a comment, which is dropped.
    ///
    /// - Parameter text: One line, with or without its end.
    /// - Throws: ``SigningKeyError``.
    package init(openSSH text: String) throws(SigningKeyError) {
        let line = text.rest(before: "\n") ?? text
        guard line.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\t" }) else {
            throw .notOneLine
        }
        let words = line.unicodeScalars.split(maxSplits: 2) { $0 == " " || $0 == "\t" }.map(String.init)
        guard let type = words.first else {
            throw .noKey
        }
        guard [Self.plainType, Self.tokenType].contains(bytesOf: type) else {
            throw .unsupportedType(type)
        }
        guard words.count > 1 else {
            throw .noKey
        }
        guard let blob = Base64.decode(words[1]) else {
            throw .notBase64
        }
        self = try SigningKey(blob: blob)
        guard type.isEqual(bytesOf: self.type) else {
            throw .typesDiffer(text: type, blob: self.type)
        }
    }

    /// The key in SSH's wire form.
    package var blob: [UInt8] {
        switch self {
        case .ed25519(let point): Wire.string(type) + Wire.string(point)
        case .securityKey(let point, let application):
            Wire.string(type) + Wire.string(point) + Wire.string(application)
        }
    }

    /// The key as documents and `allowed_signers` hold it: type and base64, no comment.
    package var openSSH: String { "\(type) \(Base64.encode(blob))" }

    /// The key's SHA-256 as `ssh-keygen -l` prints it: `SHA256:` and base64 without padding.
    package var fingerprint: String { "SHA256:\(Base64.encodeUnpadded(Hashing.sha256(blob)))" }

    /// The name of the key's type, which is also that of its signatures.
    package var type: String {
        switch self {
        case .ed25519: Self.plainType
        case .securityKey: Self.tokenType
        }
    }

    static let supportedTypes = "\(plainType) or \(tokenType)"

    private static let plainType = "ssh-ed25519"
    private static let tokenType = "sk-ssh-ed25519@openssh.com"
}
