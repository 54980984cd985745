// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Files
import KeyStores

// What is wrong with a store of keys.
extension Diagnostic {
    init(_ error: StoreError) {
        switch error {
        case .file(let error): self.init(error)
        case .fileStore(let error): self.init("\(error)", hint: error.hint, error.status)
        default: self.init("\(error)", hint: error.hint, error.status)
        }
    }
}

extension StoreError {
    fileprivate var status: ExitStatus {
        switch self {
        case .unknownKind, .malformed, .ambiguous, .samePlace, .pkcs11URI, .plainKeyInToken, .needsPassphrase,
            .certificatesAreEncrypted:
            .usage
        case .token(_, let error): error.status
        case .noP11Kit, .noSoftokn, .noPassphrase, .passphraseUnavailable, .pkcs12(_, .needsLegacyProvider),
            .key(_, .needsLegacyProvider):
            .unavailable
        case .notFound: .noInput
        case .wrongPassphrase, .pkcs12(_, .wrongPassword), .pkcs12(_, .wrongPasswordOrDamaged),
            .pkcs12(_, .passwordDoesNotTravel):
            .refused
        case .keyMatchesNoCertificate, .readBackDiffers, .keyDoesNotSign: .failed
        case .anotherKey, .anotherCertificate, .notWritable, .nameTooLong, .linkInTheWay, .damagedKey,
            .anotherProtection:
            .cannotCreate
        case .file, .fileStore, .legacyNSS, .foreign, .databaseBackup, .kindNotTaken, .notNSS, .notRecognised,
            .keyWithoutCertificate, .certificateWithoutKey, .noPKCS12, .severalPKCS12, .configuration, .noSection,
            .noSetting, .key, .certificate, .pkcs12, .notACA, .tooMany:
            .data
        }
    }

    fileprivate var hint: String? {
        switch self {
        case .pkcs11URI(let error): error.hint
        case .token(_, let error): error.hint
        case .plainKeyInToken: "leave --plain-key out"
        case .noP11Kit:
            "apt install p11-kit-modules, or module-path=FILE, such as /usr/lib/softhsm/libsofthsm2.so"
        case .noSoftokn: "apt install libnss3"
        case .legacyNSS(let path): ForeignFile.upgrade(path.rest(after: "dbm:") ?? path)
        case .foreign(let path, let kind, let needed): kind.hint(path, needed: needed)
        case .pkcs12(let path, .pbmac1):
            "with OpenSSL 3.4 or newer: openssl pkcs12 -in \(ShellWord.path(path)) -out ca.pem"
        case .databaseBackup:
            "on the CA: certutil -backupKey C:\\backup, or tick 'Private key and CA certificate' in the wizard"
        case .pkcs12(_, .needsLegacyProvider), .key(_, .needsLegacyProvider):
            PortableBuild.isThis ? PortableBuild.reason : "apt install openssl-provider-legacy"
        case .pkcs12(_, .passwordDoesNotTravel):
            "Windows' import dialog refuses longer passwords, and some Java versions refuse other letters"
        case .keyDoesNotSign(_, let fault) where fault.reason == .wrongSignature:
            "a file that a hardware module leaves in the place of its key has the public numbers alone"
        case .damagedKey: "move it away: nothing is replaced, and what is here does not count as restored"
        case .anotherProtection: "name another place, or destroy that file first"
        case .certificatesAreEncrypted: ForeignFile.certificateAlone
        default: nil
        }
    }
}

extension FileStoreError {
    fileprivate var status: ExitStatus {
        switch self {
        case .include, .notText, .noSection, .keyNotInFile, .json, .notAText, .noSettings, .namesNoFile,
            .relativeAddress, .notUTF8, .homeInSetting:
            .data
        case .noKey: .noInput
        case .elsewhere, .severalKeys, .noPlace, .homeUnknown: .usage
        }
    }

    fileprivate var hint: String? {
        switch self {
        case .elsewhere(_, _, let there):
            "\(there) is in the working directory, where openssl ca looks: name its files as pem:KEY,CERT"
        case .keyNotInFile(_, _, let address) where address.contains(bytesOf: "pkcs11"):
            "a key in a token is named pkcs11:token=…;object=…"
        case .keyNotInFile: "no file holds it: only what keeps the key can say whether it gives it away"
        case .relativeAddress, .homeInSetting: "write the path in full in the configuration"
        case .homeUnknown: "write the path in full"
        case .include, .notText, .noSection, .json, .notAText, .noSettings, .namesNoFile, .noKey, .severalKeys,
            .noPlace, .notUTF8:
            nil
        }
    }
}
