// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Encoding
import Escrow
import Files
import KeyStores

// What is wrong with a store of keys.
extension Diagnostic {
    init(_ error: StoreError) {
        let status: ExitStatus
        var hint: String?
        switch error {
        case .file(let error):
            self.init(error)
            return
        case .fileStore(let error):
            self.init(error)
            return
        case .unknownKind, .malformed, .ambiguous, .samePlace: status = .usage
        case .pkcs11URI(let error):
            status = .usage
            hint = error.hint
        case .token(_, let error):
            status = error.status
            hint = error.hint
        case .plainKeyInToken:
            status = .usage
            hint = "leave --plain-key out"
        case .noP11Kit:
            status = .unavailable
            hint = "apt install p11-kit-modules, or module-path=FILE, such as /usr/lib/softhsm/libsofthsm2.so"
        case .noSoftokn:
            status = .unavailable
            hint = "apt install libnss3"
        case .legacyNSS(let path):
            status = .data
            hint = ForeignFile.upgrade(path.rest(after: "dbm:") ?? path)
        case .foreign(let path, let kind, let needed):
            status = .data
            hint = kind.hint(path, needed: needed)
        case .pkcs12(let path, .pbmac1):
            status = .data
            hint = "with OpenSSL 3.4 or newer: openssl pkcs12 -in \(ShellWord.path(path)) -out ca.pem"
        case .notFound: status = .noInput
        case .databaseBackup:
            status = .data
            hint = "on the CA: certutil -backupKey C:\\backup, or tick 'Private key and CA certificate' in the wizard"
        case .pkcs12(_, .needsLegacyProvider), .key(_, .needsLegacyProvider):
            status = .unavailable
            hint = PortableBuild.isThis ? PortableBuild.reason : "apt install openssl-provider-legacy"
        case .wrongPassphrase: status = .refused
        case .pkcs12(_, .wrongPassword), .pkcs12(_, .wrongPasswordOrDamaged): status = .refused
        case .pkcs12(_, .passwordDoesNotTravel):
            status = .refused
            hint = "Windows' import dialog refuses longer passwords, and some Java versions refuse other letters"
        case .noPassphrase, .passphraseUnavailable: status = .unavailable
        case .keyMatchesNoCertificate, .readBackDiffers: status = .failed
        case .keyDoesNotSign(_, let fault):
            status = .failed
            if fault.reason == .wrongSignature {
                hint = "a file that a hardware module leaves in the place of its key has the public numbers alone"
            }
        case .anotherKey, .anotherCertificate, .notWritable, .nameTooLong, .linkInTheWay: status = .cannotCreate
        case .damagedKey:
            status = .cannotCreate
            hint = "move it away: nothing is replaced, and what is here does not count as restored"
        case .anotherProtection:
            status = .cannotCreate
            hint = "name another place, or destroy that file first"
        case .needsPassphrase: status = .usage
        case .certificatesAreEncrypted:
            status = .usage
            hint = ForeignFile.certificateAlone
        case .kindNotTaken, .notNSS, .notRecognised, .keyWithoutCertificate, .certificateWithoutKey, .noPKCS12,
            .severalPKCS12, .configuration, .noSection, .noSetting, .key, .certificate, .pkcs12, .notACA,
            .tooMany:
            status = .data
        }
        self.init("\(error)", hint: hint, status)
    }
}
