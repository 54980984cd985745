// SPDX-License-Identifier: Apache-2.0

import Files
import SecretMemory
import SystemPackage

/// Reading what is public in a store, without its key.
extension KeyStore {
    /// The certificate that a certification authority issues under today, from a file in PEM or DER, or from a store as
    /// a backup names it.
    ///
    /// Its key is neither read nor needed. The first certification authority's certificate in the file decides whose it
    /// is, and the newest of that subject is taken.
    ///
    /// - Throws: ``StoreError``; ``StoreError/certificatesAreEncrypted(path:)`` for PKCS#12.
    package static func certificate(at text: String) throws(StoreError) -> Certificate {
        let certificates = try certificates(at: text)
        guard let first = certificates.first(where: \.isCA) else {
            throw .notACA(path: text, subject: certificates[0].subject)
        }
        return certificates.filter { $0.isCA && $0.subjectDER == first.subjectDER }.newestFirst()[0]
    }

    /// At least one, in the order of the files.
    private static func certificates(at text: String) throws(StoreError) -> [Certificate] {
        if let location = try StoreURI.explicit(text) {
            return try certificates(of: location)
        }
        let path = FilePath(text)
        guard try StoreFile.kind(path) != nil else {
            throw .file(.system(path: text, .noSuchFileOrDirectory))
        }
        // Opening it as a folder is the test that follows links.
        do throws(StoreError) {
            _ = try StoreFile.names(path)
        } catch .file(.system(text, .notDirectory)) {
            return path.extension == "cnf"
                ? try certificates(of: .opensslCA(path: text, section: nil)) : try certificates(inFile: path)
        }
        return try certificates(of: try StoreRecognition.location(of: path))
    }

    private static func certificates(of location: StoreURI) throws(StoreError) -> [Certificate] {
        var found: [Certificate] = []
        switch location {
        case .pem(_, let certificates):
            for path in certificates {
                found += try PEMFiles.readCertificates(FilePath(path))
            }
        case .opensslCA(let path, let section):
            for path in try OpenSSLConfiguration(at: FilePath(path), section: section).files().certificates {
                found += try PEMFiles.readCertificates(path)
            }
        case .p12(let path), .certutil(let path): throw .certificatesAreEncrypted(path: path)
        }
        return found
    }

    private static func certificates(inFile path: FilePath) throws(StoreError) -> [Certificate] {
        do throws(StoreError) {
            return try PEMFiles.readCertificates(path)
        } catch {
            let bytes = try StoreFile.secret(path)
            guard bytes.span[0] == 0x30, PKCS12Archive.isPKCS12(bytes.span) else {
                throw error
            }
            throw .certificatesAreEncrypted(path: path.string)
        }
    }
}
