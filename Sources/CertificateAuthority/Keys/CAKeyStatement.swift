// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The one kind of text that a certification authority's key signs for an escrow.
///
/// With its first byte and its printable text, it is never the to-be-signed part of a certificate, CRL or OCSP answer,
/// or what SSH, TLS and CMS signed attributes sign. *docs/format.md, section 3.9.*
package enum CAKeyStatement {
    /// The words that may stand in the second line.
    package static let kinds = ["drill", "endorsement", "readback"]

    /// The text, 7-bit, with a line feed behind each of its three lines.
    ///
    /// - Parameters:
    ///   - kind: One of ``kinds``.
    ///   - digestHex: SHA-256 of the statement document (readback: of 32 random bytes), 64 lower-case hex digits.
    /// - Returns: 102 bytes or a few more.
    package static func text(kind: String, digestHex: String) -> [UInt8] {
        let text = Array("ca-escrow/v1/ca-key-statement\n\(kind)\n\(digestHex)\n".utf8)
        precondition(isStatement(text), "a statement has a kind that exists and a digest of 64 hex digits")
        return text
    }

    /// Whether bytes are such a text.
    package static func isStatement(_ bytes: [UInt8]) -> Bool {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.count == 4 && Array(lines[0]) == Array("ca-escrow/v1/ca-key-statement".utf8)
            && kinds.contains { Array($0.utf8) == Array(lines[1]) }
            && lines[2].count == 64 && lines[2].allSatisfy { Array("0123456789abcdef".utf8).contains($0) }
            && lines[3].isEmpty
    }
}

/// A signature that proves a restored key; it is not kept.
package struct StatementSignature: Sendable {
    let bytes: [UInt8]
    /// RSA by PKCS#1 v1.5, in a token that has no PSS.
    let isPKCS1: Bool

    package init(bytes: [UInt8], isPKCS1: Bool = false) {
        self.bytes = bytes
        self.isPKCS1 = isPKCS1
    }
}

extension PrivateKey {
    /// Signs a statement: RSA with PSS (SHA-256, MGF1 with SHA-256, salt of 32 bytes), EC with ECDSA and SHA-256 in DER,
    /// Ed25519 and Ed448 pure.
    ///
    /// - Parameter statement: What ``CAKeyStatement/text(kind:digestHex:)`` gives; anything else is refused.
    /// - Returns: The signature as `openssl pkeyutl -verify` takes it.
    /// - Throws: ``KeyError/notAStatement``, ``KeyError/openSSL(_:)``
    package func sign(statement: [UInt8]) throws(KeyError) -> [UInt8] {
        guard CAKeyStatement.isStatement(statement) else {
            throw .notAStatement
        }
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?  // EVP_PKEY_CTX *, owned by `context`
        var count = 0
        guard unsafe EVP_DigestSignInit(context, &parameters, kind.digest, nil, handle) == 1,
            unsafe kind.setPadding(parameters),
            unsafe EVP_DigestSign(context, nil, &count, statement, statement.count) == 1
        else {
            throw .openSSL(.drainingQueue(after: "start a signature"))
        }
        var signature = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_DigestSign(context, &signature, &count, statement, statement.count) == 1 else {
            throw .openSSL(.drainingQueue(after: "sign"))
        }
        return Array(signature.prefix(count))
    }
}

extension KeyKind {
    /// `EVP_MD *`: SHA-256, or nothing where the scheme hashes by itself.
    var digest: OpaquePointer? {
        switch self {
        case .rsa, .ec: unsafe EVP_sha256()
        case .ed25519, .ed448: nil
        }
    }

    func setPadding(_ parameters: OpaquePointer?) -> Bool {
        guard case .rsa = self else {
            return true
        }
        return unsafe EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, EVP_sha256()) == 1
            && EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, Self.saltByteCount) == 1
    }

    /// As long as the digest.
    private static let saltByteCount: Int32 = 32
}
