// SPDX-License-Identifier: Apache-2.0

/// Why keys and certificates are not a certification authority's.
package indirect enum CAMaterialError: Error, Equatable {
    case noKey
    /// The SHA-256 of the public key, 64 lower-case hex digits.
    case keyMatchesNoCertificate(spkiSHA256: String)
}

extension CAMaterialError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noKey: "no private key in it"
        case .keyMatchesNoCertificate(let digest):
            "a private key that matches no certificate: SHA-256 of its public key \(fingerprint(digest))"
        }
    }
}

/// Everything that an escrow of one certification authority holds: all of its keys and all of their certificates.
package struct CAMaterial: Sendable {
    /// At least one, newest first by the newest certificate; keys whose newest certificate is not a certification
    /// authority's come last (some products keep an encryption key beside the signing key).
    package let generations: [KeyGeneration]
    /// Certificates that match no key, such as the issuer's, in the order of their file.
    package let chain: [Certificate]
    /// Generations whose keys stayed behind in the store.
    package let leftOut: [LeftOutGeneration]
    /// What else its file held, and stays behind.
    package let unescrowed: UnescrowedContent
    /// What opened the keys where they lay: an archive beside them must not have it.
    package var passphrases = WithheldSecrets()

    /// - Throws: ``CAMaterialError/noKey`` when there is no generation.
    package init(
        generations: [KeyGeneration],
        chain: [Certificate],
        leftOut: [LeftOutGeneration] = [],
        unescrowed: UnescrowedContent = UnescrowedContent()
    ) throws(CAMaterialError) {
        guard !generations.isEmpty else {
            throw .noKey
        }
        let order = generations.map(\.newest).newestFirst()
        func place(_ generation: KeyGeneration) -> (Int, Int) {
            (generation.newest.isCA ? 0 : 1, order.firstIndex(of: generation.newest) ?? 0)
        }
        self.generations = generations.sorted { place($0) < place($1) }
        self.chain = chain
        self.leftOut = leftOut
        self.unescrowed = unescrowed
    }

    /// The certificates of all generations, newest first; those of the chain are not among them.
    package var certificates: [Certificate] { generations.flatMap(\.certificates).newestFirst() }

    /// The certificate that the certification authority issues under today.
    package var newest: Certificate { generations[0].newest }
}

/// A private key on its way from a store into a generation, with what the store says about it.
package final class FoundKey {
    private var key: PrivateKey?
    package let spki: [UInt8]
    let name: String?
    let providerName: String?
    let keyUsage: UInt8?

    package init(
        _ key: consuming PrivateKey,
        name: String? = nil,
        providerName: String? = nil,
        keyUsage: UInt8? = nil
    ) {
        spki = key.spki
        self.key = consume key
        self.name = name
        self.providerName = providerName
        self.keyUsage = keyUsage
    }

    /// Ends this value's ownership.
    package func take() -> PrivateKey {
        guard let key = key.take() else {
            preconditionFailure("a key is taken once")
        }
        return key
    }
}

extension CAMaterial {
    /// Matches keys with certificates.
    ///
    /// Keys and certificates that come twice count once. A certificate of the newest one's subject whose key is not among
    /// them is of a generation that stays behind; it is kept in the chain, so that a restore brings it back.
    ///
    /// - Parameter staying: Generations of which the store has said why their keys stay.
    /// - Throws: ``CAMaterialError``
    package init(
        keys: [FoundKey],
        certificates: [Certificate],
        unescrowed: UnescrowedContent = UnescrowedContent(),
        leavingOut staying: [LeftOutGeneration] = []
    ) throws(CAMaterialError) {
        var generations: [KeyGeneration] = []
        var rest = certificates.distinct
        var seen: Set<[UInt8]> = []
        for found in keys where seen.insert(found.spki).inserted {
            let key = found.take()
            var own: [Certificate] = []
            for certificate in rest where key.matches(certificate) {
                own.append(certificate)
            }
            rest.removeAll(where: own.contains)
            generations.append(
                try KeyGeneration(
                    key: key,
                    certificates: own,
                    name: found.name,
                    providerName: found.providerName,
                    keyUsage: found.keyUsage
                )
            )
        }
        let matched = try CAMaterial(generations: generations, chain: rest)
        let subject = matched.newest.subjectName
        var explained = Set(staying.map(\.certificate.spki))
        let keyless = rest.filter { $0.isCA && $0.subjectName == subject }.newestFirst()
        let leftOut = keyless.filter { explained.insert($0.spki).inserted }.map { LeftOutGeneration($0, .noKey) }
        try self.init(generations: matched.generations, chain: rest, leftOut: staying + leftOut, unescrowed: unescrowed)
    }
}

/// The beginning of a hex digest as people compare it: `51:0c:f3:9a:07:7e:d2:11…`.
package func fingerprint(_ hex: String) -> String {
    let digits = Array(hex.utf8.prefix(16))
    let pairs = stride(from: 0, to: digits.count, by: 2).map { start in
        String(decoding: digits[start..<min(start + 2, digits.count)], as: UTF8.self)
    }
    return pairs.joined(separator: ":") + "…"
}
