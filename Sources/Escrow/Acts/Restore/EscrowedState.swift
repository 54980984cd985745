// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
package import KeyStores
package import SystemPackage

extension EpochDocument {
    /// Where the archive of the CA's state should lie: beside the PKCS#12 file.
    ///
    /// - Parameters:
    ///   - given: The PKCS#12 file, or a directory to look in; the escrow's parent when not given.
    ///   - escrow: The escrow's directory.
    /// - Returns: Nothing when the manifest names none.
    /// - Throws: ``EscrowError/file(_:)``
    package func statePath(given: FilePath?, escrow: FilePath) throws(EscrowError) -> FilePath? {
        guard let archive = manifest.state?.archive else {
            return nil
        }
        return try pkcs12Path(given: given, escrow: escrow).removingLastComponent().appending(archive.name)
    }

    /// Opens the archive of the CA's state, once its digest is that of the manifest.
    ///
    /// - Returns: Nothing when the manifest names none.
    /// - Throws: ``EscrowError/state(_:)``, ``EscrowError/file(_:)``
    package func stateArchive(given: FilePath?, escrow: FilePath) throws(EscrowError) -> StateArchive? {
        guard let path = try statePath(given: given, escrow: escrow), let archive = manifest.state?.archive else {
            return nil
        }
        do throws(StateError) {
            return try StateArchive(at: path, sha256: archive.sha256.bytes)
        } catch {
            throw .state(error)
        }
    }
}
