// SPDX-License-Identifier: Apache-2.0

/// A generation of a certification authority that a store has, or had, and that does not come out of it with its key.
///
/// A backup asks before it goes on without one.
package struct LeftOutGeneration: Equatable, Sendable {
    /// Why its key is not there.
    package enum Reason: Equatable, Sendable {
        /// The store holds the certificate and no key for it.
        case noKey
        /// The token keeps the key: it was made so that it never leaves.
        case notExtractable
    }

    /// The newest certificate of the generation.
    package let certificate: Certificate
    package let reason: Reason

    package init(_ certificate: Certificate, _ reason: Reason) {
        self.certificate = certificate
        self.reason = reason
    }
}

extension LeftOutGeneration: CustomStringConvertible {
    package var description: String {
        "the key of '\(certificate.subject)', serial \(certificate.serial), "
            + (reason == .noKey ? "is not in the store" : "never leaves the token: CKA_EXTRACTABLE is false")
    }
}
