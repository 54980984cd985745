// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

/// The pki of easy-rsa: the folder that holds `ca.crt`, `private/ca.key`, the index and the issued certificates.
package struct EasyRSA: Equatable, Sendable {
    package let pki: FilePath

    /// Finds the pki under a path.
    ///
    /// A folder that holds `pki` is a working directory, and so is one that holds nothing yet, unless it is called `pki`.
    ///
    /// - Parameter isPKI: Whether the path is the pki itself and nothing else.
    /// - Throws: ``StoreError``
    package init(at path: FilePath, isPKI: Bool) throws(StoreError) {
        let inside = path.appending(Self.pkiName)
        if isPKI {
            pki = path
        } else if try StoreFile.kind(inside) != nil {
            pki = inside
        } else if path.lastComponent?.string.isEqual(bytesOf: Self.pkiName) == true {
            pki = path
        } else {
            pki = try Self.isPKI(path) ? path : inside
        }
    }

    /// The key and the certificate, with the modes that easy-rsa gives.
    var files: PEMFiles { Self.files(in: pki) }

    static func files(in pki: FilePath) -> PEMFiles {
        PEMFiles(key: pki.appending(keyName), certificates: [pki.appending(certificateName)], form: .closed)
    }

    /// Whether a pki lies under the path, or is the path.
    static func isHere(_ path: FilePath) throws(StoreError) -> Bool {
        if try isPKI(path) {
            return true
        }
        return try isPKI(path.appending(pkiName))
    }

    /// What `easyrsa init-pki` and `build-ca` leave; a configuration alone also lies in a working directory.
    private static func isPKI(_ path: FilePath) throws(StoreError) -> Bool {
        guard try StoreFile.kind(path.appending("private")) != nil else {
            return false
        }
        for name in [keyName, certificateName, "openssl-easyrsa.cnf", "safessl-easyrsa.cnf"]
        where try StoreFile.kind(path.appending(name)) != nil {
            return true
        }
        return false
    }

    static let pkiName = "pki"
    private static let keyName = "private/ca.key"
    private static let certificateName = "ca.crt"
}
