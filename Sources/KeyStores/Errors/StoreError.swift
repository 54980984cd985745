// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
package import Files

/// Why keys were not read from a store, or not written to one.
package indirect enum StoreError: Error, Equatable {
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
    case pkcs11URI(PKCS11URIError)
    case fileStore(FileStoreError)

    // What lies in the store.
    case file(FileError)
    /// What people gave there is of a kind that is known, and not the one that is needed.
    case foreign(path: String, ForeignFile, needed: Needed)
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
    /// What lies there is not worth an escrow.
    case keyDoesNotSign(path: String, KeyFault)
    case tooMany(path: String, what: String, limit: Int)
    /// Its certificates cannot be read without its password.
    case certificatesAreEncrypted(path: String)
    case token(subject: String, TokenError)
    case notNSS(path: String)
    /// In Berkeley DB, as NSS kept them until 2018.
    case legacyNSS(path: String)
    /// NSS itself is not installed; where it was looked for.
    case noSoftokn(looked: [String])
    /// p11-kit is not installed, and no module was named; where it was looked for.
    case noP11Kit(looked: [String])
    /// Its software does not read such a key; the kinds that it does.
    case kindNotTaken(store: String, KeyKind, takes: String)

    // Writing.
    /// The SHA-256 of the public key that is there, 64 lower-case hex digits.
    case anotherKey(path: String, spkiSHA256: String)
    case anotherCertificate(path: String, subject: String, sha256: String)
    /// A key is here already, and is none.
    case damagedKey(path: String, KeyFault)
    /// Two files that must be made have one name.
    case samePlace(path: String)
    case needsPassphrase(path: String)
    /// A token keeps no key without its PIN.
    case plainKeyInToken(subject: String)
    case notWritable(path: String)
    /// A file, or a folder above it; `limit` in bytes.
    case nameTooLong(path: String, limit: Int)
    /// A symbolic link that leads nowhere stands where a file is to be made.
    case linkInTheWay(path: String)
    /// A PKCS#12 file is here already, and is not protected as was asked for.
    case anotherProtection(path: String, found: String, needed: String)
    /// What was read back after writing is not what was written.
    case readBackDiffers(path: String)

    /// What a file is read as.
    package enum Needed: Equatable, Sendable {
        case key
        case certificate
        case pkcs12
        case store
        /// Of an NSS database.
        case directory
    }
}

extension StoreError.Needed: CustomStringConvertible {
    package var description: String {
        switch self {
        case .key: "a private key in PEM or DER"
        case .certificate: "a certificate in PEM or DER"
        case .pkcs12: "a PKCS#12 file"
        case .store: "a store of keys"
        case .directory: "the directory of an NSS database"
        }
    }
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
        case .pkcs11URI(let error): "pkcs11: \(error)"
        case .fileStore(let error): error.description
        case .file(let error): error.description
        case .foreign(let path, let kind, let needed): "\(path): \(kind): \(needed) is needed"
        case .key(let path, let error): "\(path): \(error)"
        case .certificate(let path, let error): "\(path): \(error)"
        case .pkcs12(let path, let error): "\(path): \(error)"
        case .wrongPassphrase(let path): "\(path): wrong passphrase"
        case .noPassphrase(let path): "\(path): encrypted: a passphrase is needed"
        case .passphraseUnavailable(let path, let reason): "\(path): no passphrase: \(reason)"
        case .keyMatchesNoCertificate(let key, let certificate):
            "\(key): not the private key of the certificate in \(certificate)"
        case .notACA(let path, let subject): "\(path): '\(subject)' is not the certificate of a certification authority"
        case .keyDoesNotSign(let path, let fault): "\(path): \(fault)"
        case .tooMany(let path, let what, let limit): "\(path): more than \(limit) \(what)"
        case .certificatesAreEncrypted(let path): "\(path): a PKCS#12 file: its certificates are under its password"
        case .token(let subject, let error): "\(subject): \(error)"
        case .notNSS(let path): "\(path): no NSS database: cert9.db and key4.db, in SQLite's form, are needed"
        case .legacyNSS(let path): "\(path): \(ForeignFile.legacyNSS): SQLite is needed"
        case .noSoftokn(let looked): "NSS is not installed: no \(looked.joined(separator: ", "))"
        case .noP11Kit(let looked):
            "p11-kit is not installed, and module-path names no module: no \(looked.joined(separator: ", "))"
        case .kindNotTaken(let store, let kind, let takes): "\(store): it does not read \(kind) keys: it takes \(takes)"
        case .anotherKey(let path, let digest):
            "\(path): another key is here (SHA-256 of its public key \(fingerprint(digest)))"
        case .anotherCertificate(let path, let subject, let digest):
            "\(path): another certificate is here: '\(subject)' (SHA-256 \(fingerprint(digest)))"
        case .damagedKey(let path, let fault): "\(path): a damaged key is here: \(fault)"
        case .samePlace(let path): "\(path): a key and a certificate cannot both be written here"
        case .needsPassphrase(let path): "\(path): a PKCS#12 file is not written without a passphrase"
        case .plainKeyInToken(let subject): "\(subject): the key lies there under its PIN, never in clear"
        case .notWritable(let path): "\(path): not writable"
        case .nameTooLong(let path, let limit):
            "\(path): the name is too long: at most \(limit) bytes for a file or directory"
        case .linkInTheWay(let path): "\(path): a symbolic link is here, and what it names is not there"
        case .anotherProtection(let path, let found, let needed):
            "\(path): already here, but protected differently: \(found): \(needed) is needed"
        case .readBackDiffers(let path): "\(path): what was read back is not what was written"
        }
    }

    private static var knownKinds: String { StoreForms.all.joined(separator: ", ") }
}
