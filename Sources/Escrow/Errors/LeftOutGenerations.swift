// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority

/// Generations of a CA that a new epoch would not hold.
package struct LeftOutGenerations: Equatable, Sendable {
    /// Those whose certificate the store has, and not the key.
    package let keyless: [LeftOutGeneration]
    /// Those that Certificate Services counts.
    package let gap: GenerationGap?

    /// - Returns: Nothing when none is left out.
    init?(of material: CAMaterial) {
        let subject = material.newest.subjectName
        func own(_ certificates: [Certificate]) -> [Certificate] {
            certificates.filter { $0.isCA && $0.subjectName == subject }
        }
        keyless = material.leftOut
        gap = GenerationGap(
            held: own(material.certificates),
            known: own(material.chain + material.leftOut.map(\.certificate))
        )
        guard !keyless.isEmpty || gap != nil else {
            return nil
        }
    }

    /// What is left out and why, one each.
    package var reasons: [String] { keyless.map(\.description) + (gap.map { ["\($0)"] } ?? []) }

    /// Whether it is more than one generation.
    package var isPlural: Bool { keyless.count > 1 || (gap?.count ?? 0) > 1 }

    /// Whether it is a CA of Certificate Services, which does not start without any one of them.
    package var isOfWindows: Bool { gap != nil || keyless.contains { $0.certificate.caVersion != nil } }
}
