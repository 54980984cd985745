// SPDX-License-Identifier: Apache-2.0

/// What a file holds beside keys and X.509 certificates: counted, since it is not escrowed.
package struct UnescrowedContent: Equatable, Sendable {
    package var crls = 0
    /// Secrets that are no private keys, such as Java's symmetric keys.
    package var secrets = 0
    package var sdsiCertificates = 0
    /// Bags of a kind that RFC 7292 does not have.
    package var others = 0
    /// What private keys of others than the certification authority are called, where a store keeps them side by side.
    package var privateKeys: [String] = []

    package init() {}

    package var isEmpty: Bool { self == UnescrowedContent() }
}

extension UnescrowedContent: CustomStringConvertible {
    /// Such as `2 CRLs and 1 secret`; empty when there is nothing.
    package var description: String {
        let parts = [
            Self.counted(crls, "CRL"), Self.counted(secrets, "secret"),
            Self.counted(sdsiCertificates, "SDSI certificate"), Self.counted(others, "item", " of unknown kind"),
            keys,
        ].compactMap(\.self)
        guard parts.count > 1 else {
            return parts.joined()
        }
        return parts.dropLast().joined(separator: ", ") + " and " + parts[parts.count - 1]
    }

    private var keys: String? {
        guard let first = privateKeys.first else {
            return nil
        }
        return privateKeys.count == 1
            ? "the private key '\(first)'" : "the private keys " + privateKeys.map { "'\($0)'" }.joined(separator: ", ")
    }

    private static func counted(_ count: Int, _ what: String, _ rest: String = "") -> String? {
        count == 0 ? nil : "\(count) \(what)\(count == 1 ? "" : "s")\(rest)"
    }
}
