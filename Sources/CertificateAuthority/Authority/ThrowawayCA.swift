// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A certification authority for one rehearsal: a key that certifies nothing, made in memory and written nowhere.
package enum ThrowawayCA {
    /// How long its certificate is valid, in days.
    package static let validDays = 30

    /// Makes a P-384 key and its self-signed certificate.
    ///
    /// - Parameters:
    ///   - commonName: The subject: 1 to 64 characters.
    ///   - time: The beginning of its validity, in seconds since 1970.
    /// - Throws: ``KeyError/openSSL(_:)``
    package static func make(commonName: String, at time: Int) throws(KeyError) -> CAMaterial {
        let key = try generate(.ec(curve: "P-384"), exponent: nil)
        let certificate = try certificate(of: key, commonName, at: time)
        do {
            return try CAMaterial(keys: [FoundKey(key)], certificates: [certificate])
        } catch {
            preconditionFailure("the certificate is the key's own: \(error)")
        }
    }

    /// Makes a key of the kind, length and exponent of another's, with a certificate, to try what takes such keys.
    ///
    /// RSA keys beyond 4,096 bits would take minutes: one of 4,096 bits stands for them.
    ///
    /// - Throws: ``KeyError``
    package static func standIn(for certificate: Certificate, at time: Int) throws(KeyError) -> KeyGeneration {
        guard let kind = certificate.keyKind, let numbers = PublicNumbers(of: certificate) else {
            throw .keyTypeNotAccepted(certificate.keyKind?.description ?? "unknown key type")
        }
        let exponent: [UInt8]? = if case .rsa(_, let exponent) = numbers { exponent } else { nil }
        let key = try generate(kind, exponent: exponent)
        let own = try Self.certificate(of: key, "ca-escrow rehearsal", at: time)
        do {
            return try KeyGeneration(key: key, certificates: [own])
        } catch {
            preconditionFailure("the certificate is the key's own: \(error)")
        }
    }

    /// - Parameter exponent: Of an RSA key, big-endian.
    private static func generate(_ kind: KeyKind, exponent: [UInt8]?) throws(KeyError) -> PrivateKey {
        let isRSA = if case .rsa = kind { true } else { false }
        let context = unsafe EVP_PKEY_CTX_new_from_name(nil, isRSA ? "RSA" : "EC", nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1, unsafe choose(kind, exponent, in: context),
            unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key
        else {
            throw .openSSL(.drainingQueue(after: "make a key"))
        }
        return try unsafe PrivateKey(owning: key)
    }

    private static func choose(_ kind: KeyKind, _ exponent: [UInt8]?, in context: OpaquePointer?) -> Bool {
        switch kind {
        case .rsa(let bitCount):
            let number = unsafe exponent.flatMap { unsafe BN_bin2bn($0, Int32($0.count), nil) }
            defer { unsafe BN_free(number) }
            return unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(min(bitCount, 4096))) == 1
                && (number == nil || EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, number) == 1)
        case .ec(let curve): return unsafe EVP_PKEY_CTX_set_group_name(context, curve) == 1
        case .ed25519, .ed448: return false
        }
    }

    private static func certificate(
        of key: borrowing PrivateKey,
        _ commonName: String,
        at time: Int
    ) throws(KeyError) -> Certificate {
        let certificate = unsafe X509_new()
        let name = unsafe X509_get_subject_name(certificate)
        let text = Array(commonName.utf8)
        guard let certificate = unsafe certificate, unsafe X509_set_version(certificate, 2) == 1,
            unsafe ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), UInt64.random(in: 1...UInt64(Int64.max)))
                == 1,
            unsafe ASN1_TIME_set(X509_getm_notBefore(certificate), time) != nil,
            unsafe ASN1_TIME_set(X509_getm_notAfter(certificate), time + validDays * 86_400) != nil,
            unsafe X509_NAME_add_entry_by_txt(name, "CN", COpenSSL_utf8(), text, Int32(text.count), -1, 0) == 1,
            unsafe X509_set_issuer_name(certificate, name) == 1, unsafe X509_set_pubkey(certificate, key.handle) == 1,
            unsafe add("critical,CA:TRUE", NID_basic_constraints, to: certificate),
            unsafe add("critical,keyCertSign,cRLSign", NID_key_usage, to: certificate),
            unsafe add("hash", NID_subject_key_identifier, to: certificate),
            unsafe X509_sign(certificate, key.handle, EVP_sha384()) > 0
        else {
            unsafe X509_free(certificate)
            throw .openSSL(.drainingQueue(after: "make a certificate"))
        }
        do {
            return try unsafe Certificate(owning: certificate)
        } catch {
            preconditionFailure("what OpenSSL made, it reads: \(error)")
        }
    }

    /// Adds an extension, as configuration files write it.
    private static func add(_ value: String, _ kind: Int32, to certificate: OpaquePointer) -> Bool {
        var context = unsafe X509V3_CTX()
        unsafe X509V3_set_ctx(&context, certificate, certificate, nil, nil, 0)
        guard let made = unsafe X509V3_EXT_conf_nid(nil, &context, kind, value) else {
            return false
        }
        defer { unsafe X509_EXTENSION_free(made) }
        return unsafe X509_add_ext(certificate, made, -1) == 1
    }
}
