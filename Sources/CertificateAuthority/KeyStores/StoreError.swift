// SPDX-License-Identifier: Apache-2.0

package import Files

/// Why keys were not read from a store, or not written to one.
package enum StoreError: Error, Equatable {
    // The text that names a store.
    case unknownKind(String)
    case malformed(text: String, needed: String)
    case notFound(path: String)
    case notRecognised(path: String)
    /// More than one kind of store fits; `choices` are the texts that would tell them apart.
    case ambiguous(path: String, choices: [String])
    case keyWithoutCertificate(path: String)
    case certificateWithoutKey(path: String)
    case databaseBackup(path: String)
    case noPKCS12(path: String)
    case severalPKCS12(path: String, names: [String])
    case configuration(path: String, line: Int, OpenSSLError)
    case noSection(path: String, section: String)
    case noSetting(path: String, section: String, name: String)
    case fileStore(FileStoreError)

    // What lies in the store.
    case file(FileError)
    case key(path: String, KeyError)
    case certificate(path: String, CertificateError)
    case pkcs12(path: String, PKCS12Error)
    case wrongPassphrase(path: String)
    /// Nobody was there to give it, or gave up.
    case noPassphrase(path: String)
    /// For the caller's own use: why its ``KeyStore/PassphraseSource`` could not ask.
    case passphraseUnavailable(path: String, reason: String)
    case keyMatchesNoCertificate(key: String, certificate: String)
    case notACA(path: String, subject: String)
    /// Its certificates cannot be read without its password.
    case certificatesAreEncrypted(path: String)

    // Writing.
    /// The SHA-256 of the public key that is there, 64 lower-case hex digits.
    case anotherKey(path: String, spkiSHA256: String)
    case anotherCertificate(path: String, subject: String, sha256: String)
    /// Two files that must be made have one name.
    case samePlace(path: String)
    case needsPassphrase(path: String)
    case notWritable(path: String)
    /// What was read back after writing is not what was written.
    case readBackDiffers(path: String)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownKind(let kind): "\(kind): unknown kind of store: known are \(Self.knownKinds)"
        case .malformed(let text, let needed): "\(text): not a store: \(needed) is needed"
        case .notFound(let path): "\(path): nothing is there: name the kind of store to be made, \(Self.knownKinds)"
        case .notRecognised(let path): "\(path): no kind of store that is known: \(Self.knownKinds)"
        case .ambiguous(let path, let choices):
            "\(path): several kinds of store fit: \(choices.joined(separator: " or "))"
        case .keyWithoutCertificate(let path): "\(path): a private key without its certificate: pem:\(path),CERT"
        case .certificateWithoutKey(let path): "\(path): a certificate without its private key: pem:KEY,\(path)"
        case .databaseBackup(let path):
            "\(path): a database backup of Certificate Services: it holds no private key"
        case .noPKCS12(let path): "\(path): no .p12 or .pfx file in it"
        case .severalPKCS12(let path, let names):
            "\(path): several PKCS#12 files: \(names.joined(separator: ", ")): name one as p12:FILE"
        case .configuration(let path, let line, let error): "\(path): line \(line): \(error)"
        case .noSection(let path, let section): "\(path): no section [\(section)]"
        case .noSetting(let path, let section, let name): "\(path): no '\(name)' in section [\(section)]"
        case .fileStore(let error): error.description
        case .file(let error): error.description
        case .key(let path, let error): "\(path): \(error)"
        case .certificate(let path, let error): "\(path): \(error)"
        case .pkcs12(let path, let error): "\(path): \(error)"
        case .wrongPassphrase(let path): "\(path): wrong passphrase"
        case .noPassphrase(let path): "\(path): encrypted: a passphrase is needed"
        case .passphraseUnavailable(let path, let reason): "\(path): no passphrase: \(reason)"
        case .keyMatchesNoCertificate(let key, let certificate):
            "\(key): not the private key of the certificate in \(certificate)"
        case .notACA(let path, let subject): "\(path): '\(subject)' is not the certificate of a certification authority"
        case .certificatesAreEncrypted(let path): "\(path): a PKCS#12 file: its certificates are under its password"
        case .anotherKey(let path, let digest):
            "\(path): another key is here (SHA-256 of its public key \(fingerprint(digest)))"
        case .anotherCertificate(let path, let subject, let digest):
            "\(path): another certificate is here: '\(subject)' (SHA-256 \(fingerprint(digest)))"
        case .samePlace(let path): "\(path): a key and a certificate cannot both be written here"
        case .needsPassphrase(let path): "\(path): a PKCS#12 file is not written without a passphrase"
        case .notWritable(let path): "\(path): not writable"
        case .readBackDiffers(let path): "\(path): what was read back is not what was written"
        }
    }

    private static var knownKinds: String { StoreURI.forms.joined(separator: ", ") }
}
