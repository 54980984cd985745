// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage

/// What the environment says about stores, as their own software reads it; the command line looks it up.
package struct StoreEnvironment: Equatable, Sendable {
    /// `EASYRSA_PKI`: the folder of easy-rsa's pki.
    package var easyRSAPKI: String?
    /// `STEPPATH`: the folder of step.
    package var stepPath: String?
    /// `HOME`, where step keeps its folder when nothing else is said.
    package var home: String?
    /// `OPENSSL_CONF`: the configuration file of OpenSSL.
    package var opensslConfiguration: String?

    /// Takes the values; an empty one counts as none.
    package init(
        easyRSAPKI: String? = nil,
        stepPath: String? = nil,
        home: String? = nil,
        opensslConfiguration: String? = nil
    ) {
        func given(_ value: String?) -> String? { value == "" ? nil : value }
        self.easyRSAPKI = given(easyRSAPKI)
        self.stepPath = given(stepPath)
        self.home = given(home)
        self.opensslConfiguration = given(opensslConfiguration)
    }

    /// A path behind a store's prefix, where no shell expands the tilde: `~` and `~/…` are the home directory.
    ///
    /// A directory that is called so is written `./~`.
    ///
    /// - Throws: ``FileStoreError/homeUnknown(path:)``
    func expanded(_ path: String) throws(StoreError) -> String {
        guard path.hasPrefix(bytesOf: "~") else {
            return path
        }
        guard let home, let rest = path.isEqual(bytesOf: "~") ? "" : path.rest(after: "~/") else {
            throw .fileStore(.homeUnknown(path: path))
        }
        // A slash more would make it absolute.
        return FilePath(home).appending(FilePath(rest).components).string
    }
}
