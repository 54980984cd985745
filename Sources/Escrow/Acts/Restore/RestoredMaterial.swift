// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
import Custody
import Encoding
import Files
package import KeyStores
package import Ristretto255
import SecretMemory
package import SystemPackage

extension EpochDocument {
    /// The PKCS#12 file of this epoch, by its digest.
    ///
    /// - Parameters:
    ///   - given: A file, or a directory to look in; the escrow's parent when not given.
    ///   - escrow: The escrow's directory.
    /// - Throws: ``EscrowError/file(_:)``, ``OpeningFault/pkcs12IsAnother(path:expected:found:)``
    package func pkcs12(given: FilePath?, escrow: FilePath) throws(EscrowError) -> [UInt8] {
        let path = try pkcs12Path(given: given, escrow: escrow)
        let bytes = try orThrow(Files.read(path, limit: ByteLimit.pkcs12))
        let digest = SHA256Digest(of: bytes)
        guard digest == manifest.pkcs12.sha256 else {
            let error = EscrowError.opening(
                .pkcs12IsAnother(path: path.string, expected: manifest.pkcs12.sha256, found: digest)
            )
            throw given == nil ? error : RecognisedFile.pkcs12.explaining(error, at: path)
        }
        return bytes
    }

    /// Where the PKCS#12 file should lie.
    package func pkcs12Path(given: FilePath?, escrow: FilePath) throws(EscrowError) -> FilePath {
        guard let given else {
            return escrow.removingLastComponent().appending(manifest.pkcs12.name)
        }
        let isDirectory = try orThrow(Files.kind(of: given)) == .directory
        return isDirectory ? given.appending(manifest.pkcs12.name) : given
    }

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
        return try orThrow(StateArchive(at: path, sha256: archive.sha256.bytes), as: EscrowError.state)
    }

    /// Opens the PKCS#12 file with the rebuilt secret and holds its keys against the manifest.
    ///
    /// - Parameters:
    ///   - secret: s, already held against A_0.
    ///   - added: Certificates that joined with approval: each goes to the key it is for.
    /// - Throws: ``EscrowError/pkcs12(path:_:)``, ``OpeningFault/keysDoNotMatchManifest(path:)``
    package func material(
        from pkcs12: [UInt8],
        at path: String,
        secret: borrowing Scalar,
        added: [Certificate]
    ) throws(EscrowError) -> CAMaterial {
        let password = secret.bytes.withSpan { ArchivePassword.derive(from: $0) }
        let material = try orThrow(PKCS12Reader.read(pkcs12, password: password)) { .pkcs12(path: path, $0) }
        // Those of one second stand in any order.
        guard Set(material.certificates) == Set(manifest.certificates) else {
            throw .opening(.keysDoNotMatchManifest(path: path))
        }
        do {
            return try material.adding(added)
        } catch {
            throw .opening(.keysDoNotMatchManifest(path: path))
        }
    }
}
