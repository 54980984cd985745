// SPDX-License-Identifier: Apache-2.0

import COpenSSL

extension KeyGeneration {
    /// This key with more certificates: those issued for it later.
    ///
    /// - Throws: ``CAMaterialError/keyMatchesNoCertificate(spkiSHA256:)`` when one is for another key.
    package func adding(_ more: [Certificate]) throws(CAMaterialError) -> KeyGeneration {
        guard !more.isEmpty else {
            return self
        }
        return try KeyGeneration(
            key: key.shared(),
            certificates: more + certificates,
            name: name,
            providerName: providerName,
            keyUsage: keyUsage
        )
    }
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
            grown.append(try generation.adding(more))
        }
        var material = try CAMaterial(generations: grown, chain: chain, leftOut: leftOut, unescrowed: unescrowed)
        material.passphrases = passphrases
        return material
    }
}
