// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
package import Encoding
import Files
import SecretSharing
import SystemPackage

/// A certificate that someone gave by file, or by its digest.
package struct GivenCertificate: Hashable, Sendable {
    /// The file, or nothing for a digest that was typed.
    package let path: String?
    package let subject: String?
    package let digest: SHA256Digest

    package init(path: String?, subject: String?, digest: SHA256Digest) {
        self.path = path
        self.subject = subject
        self.digest = digest
    }
}

extension GivenCertificate {
    /// The file, and whose certificate it is.
    package var words: String {
        [path ?? "the certificate named", subject.map { "'\($0)'" }].compactMap(\.self).joined(separator: " ")
            + " (SHA-256 \(digest.grouped))"
    }
}
