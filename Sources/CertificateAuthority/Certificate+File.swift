// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

extension Certificate {
    /// Every certificate of a file in PEM, or the one of a file in DER: at least one.
    ///
    /// - Throws: ``StoreError``
    package static func all(at path: FilePath) throws(StoreError) -> [Certificate] {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try Files.read(path, limit: StoreFile.byteLimit, followingLinks: true)
        } catch {
            throw .file(error)
        }
        do throws(CertificateError) {
            let found = bytes.first == 0x30 ? [try Certificate(der: bytes)] : try all(pem: bytes)
            guard !found.isEmpty else {
                throw CertificateError.none
            }
            return found
        } catch {
            throw .certificate(path: path.string, error, in: bytes.span)
        }
    }
}
