// SPDX-License-Identifier: Apache-2.0

import CSodium
import Encoding

/// A detached signature in OpenSSH's format SSHSIG, which `ssh-keygen -Y verify` checks too.
///
/// Only this much of the format is taken: version 1, sha512, nothing in the reserved field, exact sizes. A token must have
/// been touched, which `ssh-keygen` itself does not ask for. What is parsed is written back byte for byte.
///
/// OpenSSH, PROTOCOL.sshsig and PROTOCOL.u2f.
package struct SSHSignature: Hashable, Sendable {
    /// The key that says it signed, which only ``verify(_:namespace:)`` confirms.
    ///
    /// Whom it belongs to, and whether to believe it, is decided elsewhere.
    package let signer: SigningKey
    /// What the signature is for.
    package let namespace: String
    /// The 64 bytes of the Ed25519 signature.
    let bytes: [UInt8]
    /// What a token signs besides; `nil` for a key in a file.
    let token: TokenState?

    /// A token's flags and counter at the time.
    struct TokenState: Hashable, Sendable {
        /// 0x01: touched; 0x05: touched, and its PIN or fingerprint checked.
        let flags: UInt8
        /// How often the token has signed, as far as it counts.
        let counter: UInt32
    }

    private static let magic = Array("SSHSIG".utf8)
    private static let hash = "sha512"
}

extension SSHSignature {
    /// Reads the binary form: what base64 stands for between the armor's lines.
    ///
    /// - Throws: ``SignatureError``; nothing is verified yet.
    package init(blob: [UInt8]) throws(SignatureError) {
        var reader = WireReader(blob)
        guard reader.take(Self.magic.count) == Self.magic, let version = reader.uint32() else {
            throw .malformed(field: "magic")
        }
        guard version == 1 else {
            throw .unsupportedVersion(version)
        }
        guard let keyBlob = reader.string() else {
            throw .malformed(field: "public key")
        }
        do throws(SigningKeyError) {
            signer = try SigningKey(blob: keyBlob)
        } catch {
            throw .key(error)
        }
        guard let namespace = reader.string(), !namespace.isEmpty, namespace.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            throw .malformed(field: "namespace")
        }
        self.namespace = String(decoding: namespace, as: UTF8.self)
        guard let reserved = reader.string() else {
            throw .malformed(field: "reserved")
        }
        guard reserved.isEmpty else {
            throw .reservedNotEmpty
        }
        guard let hash = reader.string() else {
            throw .malformed(field: "hash")
        }
        guard hash == Array(Self.hash.utf8) else {
            throw .unsupportedHash(String(decoding: hash, as: UTF8.self))
        }
        guard let inner = reader.string(), reader.isAtEnd else {
            throw .malformed(field: "signature")
        }
        (bytes, token) = try Self.parse(inner, by: signer)
    }

    /// The binary form.
    package var blob: [UInt8] {
        var inner = Wire.string(signer.type) + Wire.string(bytes)
        if let token {
            inner += [token.flags] + Wire.uint32(token.counter)
        }
        return Self.magic + Wire.uint32(1) + Wire.string(signer.blob) + Wire.string(namespace) + Wire.string("")
            + Wire.string(Self.hash) + Wire.string(inner)
    }

    /// Checks that ``signer`` signed exactly `message` for exactly `namespace`.
    ///
    /// - Throws: ``SignatureError/wrongNamespace(found:expected:)``, ``SignatureError/doesNotVerify``.
    package func verify(_ message: [UInt8], namespace: String) throws(SignatureError) {
        guard self.namespace.utf8.elementsEqual(namespace.utf8) else {
            throw .wrongNamespace(found: self.namespace, expected: namespace)
        }
        let (point, signed) = whatWasSigned(Self.dataToSign(message, namespace: namespace))
        // Versions of libsodium differ in what they take for R: of a point of the group alone all think the same.
        guard SigningKey.isPoint(Array(bytes.prefix(32))),
            unsafe crypto_sign_verify_detached(bytes, signed, UInt64(signed.count), point) == 0
        else {
            throw .doesNotVerify
        }
    }

    /// Checks besides that `key` is the one that signed.
    ///
    /// - Throws: ``SignatureError/otherKey(found:expected:)`` with both fingerprints, and what
    ///   ``verify(_:namespace:)`` throws.
    package func verify(_ message: [UInt8], namespace: String, by key: SigningKey) throws(SignatureError) {
        guard signer == key else {
            throw .otherKey(found: signer.fingerprint, expected: key.fingerprint)
        }
        try verify(message, namespace: namespace)
    }

    /// What an Ed25519 key signs in place of the message: PROTOCOL.sshsig, Section 3.
    static func dataToSign(_ message: [UInt8], namespace: String) -> [UInt8] {
        magic + Wire.string(namespace) + Wire.string("") + Wire.string(hash) + Wire.string(Hashing.sha512(message))
    }

    private func whatWasSigned(_ data: [UInt8]) -> (point: [UInt8], signed: [UInt8]) {
        switch (signer, token) {
        case (.ed25519(let point), nil):
            (point, data)
        case (.securityKey(let point, let application), let token?):
            (
                point,
                Hashing.sha256(application) + [token.flags] + Wire.uint32(token.counter) + Hashing.sha256(data)
            )
        default:
            preconditionFailure("a token's key signs with flags and counter, and no other does")
        }
    }

    private static func parse(_ inner: [UInt8], by signer: SigningKey) throws(SignatureError) -> ([UInt8], TokenState?)
    {
        var reader = WireReader(inner)
        guard let type = reader.string() else {
            throw .malformed(field: "signature type")
        }
        guard type == Array(signer.type.utf8) else {
            throw .typesDiffer(signature: String(decoding: type, as: UTF8.self), key: signer.type)
        }
        guard let bytes = reader.string(), bytes.count == Int(crypto_sign_BYTES) else {
            throw .malformed(field: "signature bytes")
        }
        var token: TokenState?
        if case .securityKey = signer {
            guard let flags = reader.take(1)?.first, let counter = reader.uint32() else {
                throw .malformed(field: "flags and counter")
            }
            guard flags & 0x01 != 0 else {
                throw .notTouched(flags: flags)
            }
            guard flags == 0x01 || flags == 0x05 else {
                throw .unsupportedFlags(flags)
            }
            token = TokenState(flags: flags, counter: counter)
        }
        guard reader.isAtEnd else {
            throw .malformed(field: "signature bytes")
        }
        return (bytes, token)
    }
}
