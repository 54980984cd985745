// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// What OpenSSL must have to decrypt something, by names that it finds algorithms by.
struct Requirements: Equatable {
    let cipher: String
    /// Of the key derivation; nothing where it is no digest's.
    let digest: String?
}

extension Requirements {
    /// Those of a scheme that names its cipher and digest itself, such as `pbeWithMD5AndDES-CBC`.
    init(ofScheme object: OpaquePointer?) {
        var (cipher, digest): (Int32, Int32) = (-1, -1)
        _ = unsafe EVP_PBE_find(Self.outerScheme, OBJ_obj2nid(object), &cipher, &digest, nil)
        self.cipher = unsafe OBJ_nid2sn(cipher).map { unsafe String(cString: $0) } ?? ""
        self.digest = unsafe OBJ_nid2sn(digest).map { unsafe String(cString: $0) } ?? ""
    }

    /// The digest of a function that PBKDF2 iterates; nothing when OpenSSL does not know it.
    static func digest(ofPRF function: Int32) -> String? {
        var digest: Int32 = -1
        guard unsafe EVP_PBE_find(pseudorandomFunction, function, nil, &digest, nil) == 1 else {
            OpenSSLError.clearQueue()
            return nil
        }
        return unsafe OBJ_nid2sn(digest).map { unsafe String(cString: $0) }
    }

    /// Loads the legacy provider where the algorithms are only there.
    ///
    /// - Parameter algorithm: How an error calls what is encrypted so.
    /// - Returns: The provider, to be kept for as long as it is needed; nothing when it is not.
    /// - Throws: ``KeyError/needsLegacyProvider(algorithm:)``, ``KeyError/unsupportedAlgorithm(_:)``
    func provider(for algorithm: String) throws(KeyError) -> LegacyProvider? {
        if areThere {
            guard !endsInTag else {
                throw .unsupportedAlgorithm(algorithm)
            }
            return nil
        }
        guard let legacy = LegacyProvider() else {
            throw .needsLegacyProvider(algorithm: algorithm)
        }
        guard areThere else {
            legacy.unload()
            throw .unsupportedAlgorithm(algorithm)
        }
        return legacy
    }

    /// Whether the cipher authenticates what it encrypts: neither form of file has a place for its tag.
    var endsInTag: Bool {
        let found = unsafe EVP_CIPHER_fetch(nil, cipher, nil)
        defer { unsafe EVP_CIPHER_free(found) }
        return unsafe EVP_CIPHER_get_flags(found) & UInt(EVP_CIPH_FLAG_AEAD_CIPHER) != 0
    }

    /// Whether the providers that are loaded have all of it.
    var areThere: Bool {
        defer { OpenSSLError.clearQueue() }
        let found = unsafe EVP_CIPHER_fetch(nil, cipher, nil)
        defer { unsafe EVP_CIPHER_free(found) }
        guard unsafe found != nil, let digest else {
            return unsafe found != nil
        }
        let foundDigest = unsafe EVP_MD_fetch(nil, digest, nil)
        defer { unsafe EVP_MD_free(foundDigest) }
        return unsafe foundDigest != nil
    }

    /// `EVP_PBE_TYPE_OUTER`, `EVP_PBE_TYPE_PRF`.
    private static let outerScheme: Int32 = 0
    private static let pseudorandomFunction: Int32 = 1
}
