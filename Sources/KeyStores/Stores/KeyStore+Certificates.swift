// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
import Files
import SystemPackage

/// Reading what is public in a store, without its key.
extension KeyStore {
    /// The certificate that a certification authority issues under today, and its others, from a file in PEM or DER, or
    /// from a store as a backup names it.
    ///
    /// Its key is neither read nor needed. The first certification authority's certificate in the file decides whose it
    /// is. A store whose software takes the first certificate of a file issues under that one, whenever it begins; of any
    /// other the newest of that subject is taken.
    ///
    /// - Throws: ``StoreError``; ``StoreError/certificatesAreEncrypted(path:)`` for PKCS#12.
    package static func authority(
        at text: String,
        environment: StoreEnvironment = StoreEnvironment()
    ) throws(StoreError) -> (current: Certificate, others: [Certificate]) {
        let (certificates, takesFirst) = try certificates(at: text, environment)
        guard let first = certificates.first(where: \.isCA) else {
            throw .notACA(path: text, subject: certificates[0].subject)
        }
        let all = certificates.filter { $0.isCA && $0.subjectName == first.subjectName }
        let current = takesFirst ? first : all.current ?? first
        return (current, all.filter { $0 != current })
    }

    /// At least one, in the order of the files.
    private static func certificates(
        at text: String,
        _ environment: StoreEnvironment
    ) throws(StoreError) -> (certificates: [Certificate], takesFirst: Bool) {
        if let location = try StoreURI.explicit(text, environment) {
            return (try certificates(of: location), location.takesFirstCertificate)
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
                ? (try certificates(of: .opensslCA(path: text, section: nil)), true)
                : (try certificates(inFile: path), false)
        }
        let location = try StoreRecognition.location(of: path)
        return (try certificates(of: location), location.takesFirstCertificate)
    }

    private static func certificates(of location: StoreURI) throws(StoreError) -> [Certificate] {
        switch location {
        case .pem(_, let certificates): try PEMFiles.readCertificates(certificates.map { FilePath($0) })
        case .opensslCA, .easyRSA, .stepCA: try PEMFiles.readCertificates(location.files().certificates)
        case .p12(let path), .certutil(let path): throw .certificatesAreEncrypted(path: path)
        case .pkcs11(let uri): try TokenStore(place: .pkcs11(uri)).certificates()
        case .nss(let database): try TokenStore(place: .nss(database)).certificates()
        }
    }

    private static func certificates(inFile path: FilePath) throws(StoreError) -> [Certificate] {
        do throws(StoreError) {
            return try PEMFiles.readCertificates(path)
        } catch .foreign(let path, .pkcs12, _) {
            throw .certificatesAreEncrypted(path: path)
        }
    }
}

extension StoreURI {
    /// Whether its software reads one certificate from a file, and that is the first.
    fileprivate var takesFirstCertificate: Bool {
        switch self {
        case .opensslCA, .easyRSA, .stepCA: true
        case .pem, .p12, .certutil, .pkcs11, .nss: false
        }
    }
}
