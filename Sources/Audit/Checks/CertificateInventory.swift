// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
package import Escrow

/// The certificates that somebody brings to an archive: an escrow is to be of one of them, and each of them has one.
package struct CertificateInventory: Sendable {
    /// In the order of the operands.
    package let all: [CertificateTrust]
    /// Where they stand among them: of a thousand certificates and escrows, not every pair is looked at.
    private let indices: [SHA256Digest: [Int]]

    package init(_ all: [CertificateTrust]) {
        self.all = all
        indices = Dictionary(grouping: all.indices) { all[$0].given.digest }
    }

    var isEmpty: Bool { all.isEmpty }

    /// Which of them these are.
    func indices(of certificates: [Certificate]) -> Set<Int> {
        Set(certificates.flatMap { indices[SHA256Digest(of: $0.der)] ?? [] })
    }

    /// What is said of an escrow that is of none of them.
    func finding(_ newest: Certificate, escrow path: String) -> String {
        let digest = SHA256Digest(of: newest.der)
        guard all.count == 1 else {
            return "\(path): the escrow of '\(newest.subject)' (SHA-256 \(digest.grouped)), "
                + "of none of the \(all.count) certificates given"
        }
        return EscrowError.trust(
            .anotherCertificate(path: path, subject: newest.subject, digest: digest, given: all[0].given)
        )
        .description
    }
}
