// SPDX-License-Identifier: Apache-2.0

import Glibc

/// p11-kit's module for all modules that are registered on a machine (`p11-kit list-modules`), as RFC 7512, section 2.3,
/// has it for a URI that names none.
enum P11Kit {
    /// The module that a URI names, or p11-kit's.
    ///
    /// - Throws: ``StoreError/noP11Kit(looked:)``
    static func module(of uri: PKCS11URI) throws(StoreError) -> String {
        guard let path = uri.modulePath else {
            return try module()
        }
        return path
    }

    /// - Throws: ``StoreError/noP11Kit(looked:)``
    static func module(among paths: [String] = modulePaths) throws(StoreError) -> String {
        guard let path = paths.first(where: { unsafe access($0, R_OK) == 0 }) else {
            throw .noP11Kit(looked: paths)
        }
        return path
    }

    /// Of Debian, Fedora and others.
    static let modulePaths =
        ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/p11-kit-proxy.so" }
        + ["/usr/lib64/p11-kit-proxy.so", "/usr/lib/p11-kit-proxy.so"]
}
