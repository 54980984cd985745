// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// One key of a certification authority with every certificate that was issued for it.
///
/// A certification authority renewed with a new key has several. A class, because a key has one owner and generations
/// stand in arrays.
package final class KeyGeneration: Sendable {
    package let key: PrivateKey
    /// At least one, newest first.
    package let certificates: [Certificate]
    /// What its store calls the key (PKCS#12 `friendlyName`; on Windows the name of the key container).
    package let name: String?
    /// The Windows provider that held the key, such as `Microsoft Software Key Storage Provider`
    /// (1.3.6.1.4.1.311.17.1).
    package let providerName: String?
    /// The first byte of the attribute keyUsage in the key's PKCS#8: on Windows 0x80 for a signature key (AT_SIGNATURE),
    /// 0x10 for an exchange key (AT_KEYEXCHANGE) of an old provider.
    package let keyUsage: UInt8?

    /// Takes a key with the certificates issued for it, in the order of their file.
    ///
    /// - Throws: ``CAMaterialError/keyMatchesNoCertificate(spkiSHA256:)`` when there is none, or one is for another key.
    package init(
        key: consuming PrivateKey,
        certificates: [Certificate],
        name: String? = nil,
        providerName: String? = nil,
        keyUsage: UInt8? = nil
    ) throws(CAMaterialError) {
        var areAllForKey = !certificates.isEmpty
        for certificate in certificates where !key.matches(certificate) {
            areAllForKey = false
        }
        guard areAllForKey else {
            throw .keyMatchesNoCertificate(spkiSHA256: OpenSSL.sha256Hex(key.spki))
        }
        self.key = key
        self.certificates = certificates.newestFirst()
        newest = certificates.current ?? certificates[0]
        self.name = name
        self.providerName = providerName
        self.keyUsage = keyUsage
    }

    /// The certificate issued last for this key; one that only passes trust to another key does not count beside others,
    /// nor does one of another issuer beside the key's own.
    package let newest: Certificate

    /// The SHA-256 of the public key (DER SubjectPublicKeyInfo), 64 lower-case hex digits.
    package var spkiSHA256: String { newest.spkiSHA256 }
}

extension PrivateKey {
    /// A second owner of the same key, which OpenSSL counts; the key is never changed.
    fileprivate func shared() -> PrivateKey {
        let isCounted = unsafe EVP_PKEY_up_ref(handle) == 1
        precondition(isCounted, "OpenSSL counts its owners")
        do {
            return try unsafe PrivateKey(owning: handle)
        } catch {
            preconditionFailure("the key was accepted before: \(error)")
        }
    }
}

extension CAMaterial {
    /// These keys with certificates that were issued for them later; those for other keys are left out.
    package func adding(_ certificates: [Certificate]) throws(CAMaterialError) -> CAMaterial {
        var grown: [KeyGeneration] = []
        for generation in generations {
            let more = certificates.filter {
                $0.spki == generation.key.spki && !generation.certificates.contains($0)
            }
            guard !more.isEmpty else {
                grown.append(generation)
                continue
            }
            grown.append(
                try KeyGeneration(
                    key: generation.key.shared(),
                    certificates: more + generation.certificates,
                    name: generation.name,
                    providerName: generation.providerName,
                    keyUsage: generation.keyUsage
                )
            )
        }
        var material = try CAMaterial(generations: grown, chain: chain, leftOut: leftOut, unescrowed: unescrowed)
        material.passphrases = passphrases
        return material
    }
}
