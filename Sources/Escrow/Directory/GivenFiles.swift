// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Custody
import KeyStores
package import SystemPackage

// What somebody gives to be believed, from outside the escrow.

extension Certificate {
    /// Every certificate of a file in PEM, at least one, or the one of a file in DER.
    ///
    /// - Throws: ``EscrowError/file(_:)``, ``EscrowError/store(_:)``
    package static func all(at path: FilePath) throws(EscrowError) -> [Certificate] {
        try RecognisedFile.certificate.readGiven(path) { bytes throws(EscrowError) in
            try ofFile(path, bytes) { () throws(CertificateError) in
                bytes.first == 0x30 ? [try Certificate(der: bytes)] : try Certificate.all(pem: bytes)
            }
        }
    }

    /// A file of certificates in PEM, of those whose time stamps are believed.
    ///
    /// - Throws: ``EscrowError/file(_:)``, ``EscrowError/store(_:)`` when none is in it.
    package static func authorities(at path: FilePath) throws(EscrowError) -> [UInt8] {
        try RecognisedFile.certificate.readGiven(path) { bytes throws(EscrowError) in
            _ = try ofFile(path, bytes) { () throws(CertificateError) in try Certificate.all(pem: bytes) }
            return bytes
        }
    }

    private static func ofFile(
        _ path: FilePath,
        _ bytes: [UInt8],
        _ read: () throws(CertificateError) -> [Certificate]
    ) throws(EscrowError) -> [Certificate] {
        do throws(CertificateError) {
            let found = try read()
            guard !found.isEmpty else {
                throw .none
            }
            return found
        } catch {
            throw .store(.certificate(path: path.string, error, in: bytes.span))
        }
    }
}

extension AllowedSigners {
    /// The people whom a file admits.
    ///
    /// - Throws: ``EscrowError/file(_:)``, ``EscrowError/signers(path:_:)``
    package init(at path: FilePath) throws(EscrowError) {
        self = try RecognisedFile.allowedSigners.readGiven(path) { bytes throws(EscrowError) in
            guard !bytes.isEmpty else {
                throw RecognisedFile.allowedSigners.refusing(path)
            }
            return try orThrow(AllowedSigners(bytes)) { .signers(path: path.string, $0) }
        }
    }
}

extension RecognisedFile {
    fileprivate func readGiven<Content>(
        _ path: FilePath,
        _ read: ([UInt8]) throws(EscrowError) -> Content
    ) throws(EscrowError) -> Content {
        try self.read(path, limit: ByteLimit.document, followingLinks: true, read)
    }
}
