// SPDX-License-Identifier: Apache-2.0

import COpenSSL

extension PrivateKey {
    /// Whether the certificate is for this key: the public keys are the same.
    package func matches(_ certificate: Certificate) -> Bool {
        guard spki != certificate.spki else {
            return true
        }
        // One and the same point may be written compressed or not; texts of one length are different keys.
        guard spki.count != certificate.spki.count, certificate.keyKind == kind else {
            return false
        }
        defer { OpenSSLError.clearQueue() }
        guard let other = unsafe certificate.publicKey() else {
            return false
        }
        defer { unsafe EVP_PKEY_free(other) }
        return unsafe EVP_PKEY_eq(handle, other) == 1
    }
}

extension PublicNumbers {
    /// Of a certificate; nothing for kinds of keys that tokens do not take.
    package init?(of certificate: Certificate) {
        defer { OpenSSLError.clearQueue() }
        guard let key = unsafe certificate.publicKey() else {
            return nil
        }
        defer { unsafe EVP_PKEY_free(key) }
        unsafe self.init(key, kind: certificate.keyKind)
    }
}

extension Certificate {
    /// Whether a signature over a statement was made with this certificate's key; `false` too when the key is of a kind
    /// that is not accepted, or the text is no statement.
    package func verify(signature: [UInt8], over statement: [UInt8]) -> Bool {
        verify(StatementSignature(bytes: signature), over: statement)
    }

    /// Whether a signature, which may be one that a token padded by PKCS#1 v1.5, was made with this certificate's key.
    package func verify(_ signature: StatementSignature, over statement: [UInt8]) -> Bool {
        defer { OpenSSLError.clearQueue() }
        guard CAKeyStatement.isStatement(statement), let kind = keyKind, let key = unsafe publicKey() else {
            return false
        }
        defer { unsafe EVP_PKEY_free(key) }
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?
        guard unsafe EVP_DigestVerifyInit(context, &parameters, kind.digest, nil, key) == 1,
            unsafe signature.isPKCS1 || kind.setPadding(parameters)
        else {
            return false
        }
        return unsafe EVP_DigestVerify(context, signature.bytes, signature.bytes.count, statement, statement.count) == 1
    }
}
