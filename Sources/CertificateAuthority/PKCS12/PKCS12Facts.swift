// SPDX-License-Identifier: Apache-2.0

/// What a PKCS#12 file shows without its password: how it is protected.
package struct PKCS12Facts: Equatable, Sendable {
    /// What an audit would report.
    package enum Finding: Hashable, Sendable, CaseIterable {
        /// A private key that is not encrypted where anybody can see it.
        case clearKey
        /// Nothing shows that the file is whole.
        case noMAC
        /// A certificate that is not encrypted; it is public, but names the certification authority.
        case clearCertificate

        package var description: String {
            switch self {
            case .clearKey: "a private key that is not encrypted"
            case .noMAC: "no MAC"
            case .clearCertificate: "a certificate that is not encrypted"
            }
        }
    }

    /// The ciphers of safes and bags, such as `aes-256-cbc`; several different ones joined by `+`, none as `none`.
    package let encryption: String
    /// The key derivation functions, such as `pbkdf2-hmac-sha256`, joined likewise.
    package let kdf: String
    /// Such as `hmac-sha256`, or `none`.
    package let mac: String
    /// The smallest iteration count among MAC, safes and bags; 0 when there is none.
    package let iterations: Int
    /// In the order of ``Finding/allCases``.
    package let findings: [Finding]

    /// `des-ede3-cbc, pkcs12kdf-sha1, hmac-sha1`: what must be known to read the file.
    package var algorithms: String { "\(encryption), \(kdf), \(mac)" }
}
