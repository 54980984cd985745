// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority

/// The keys that an escrow holds, with the certificates of each: what people count generations by.
package struct GenerationLines: Sendable {
    /// One key with its certificates, newest first.
    package struct Generation: Sendable {
        /// The SHA-256 of the public key, 64 hex digits.
        package let spkiSHA256: String
        package let certificates: [Certificate]
    }

    /// In the order in which a restore numbers them: newest first, keys that are no CA's last.
    package let generations: [Generation]
    /// What Certificate Services counts, and is not here.
    package let gap: GenerationGap?

    /// - Parameters:
    ///   - certificates: Those of the manifest, and added ones that officers approved.
    ///   - authority: The certificate that the escrow is for.
    package init(of certificates: [Certificate], for authority: Certificate) {
        var byKey: [[UInt8]: [Certificate]] = [:]
        for certificate in certificates {
            byKey[certificate.spki, default: []].append(certificate)
        }
        let currents = byKey.values.compactMap(\.current).newestFirst()
        let ordered = currents.filter(\.isCA) + currents.filter { !$0.isCA }
        generations = ordered.map { current in
            Generation(
                spkiSHA256: current.spkiSHA256,
                certificates: (byKey[current.spki] ?? []).newestFirst()
            )
        }
        let own = certificates.filter { $0.isCA && $0.subjectName == authority.subjectName }
        gap = GenerationGap(held: own, known: [])
    }

    private var all: [Certificate] { generations.flatMap(\.certificates) }

    /// Whether there is nothing to list: one certificate, which counts no others.
    package var isSingle: Bool { all.count == 1 && all.allSatisfy { $0.caVersion == nil && $0.previousCAHash == nil } }

    /// `2 keys, 3 certificates`.
    package var count: String {
        let (keys, certificates) = (generations.count, all.count)
        return "\(keys) key\(keys == 1 ? "" : "s"), \(certificates) certificate\(certificates == 1 ? "" : "s")"
    }

    /// Each key, its certificates, and what is missing, a line each; none when there is nothing to list.
    package var lines: [String] {
        guard !isSingle else {
            return []
        }
        var lines = [count]
        for (index, generation) in generations.enumerated() {
            lines.append("key \(index + 1): public key SHA-256 \(generation.spkiSHA256)")
            for certificate in generation.certificates {
                let version = certificate.caVersion.map { "\($0), " } ?? ""
                let kind = certificate.isKeyRollover ? ", from key to key" : ""
                lines.append(
                    "  \(version)serial \(certificate.serial), \(certificate.start) to \(certificate.end)\(kind)"
                )
            }
        }
        if let gap {
            lines.append("NOT COMPLETE: \(gap)")
        }
        return lines
    }
}
