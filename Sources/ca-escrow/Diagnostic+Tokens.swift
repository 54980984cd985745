// SPDX-License-Identifier: Apache-2.0

import KeyStores

extension TokenError {
    var status: ExitStatus {
        switch self {
        case .moduleNotLoaded, .noSuchToken, .removed, .notWrapped, .refused, .pinNotInitialised, .noPIN: .unavailable
        case .severalTokens, .severalAuthorities, .noPassword: .usage
        case .wrongPIN, .pinLocked, .pinExpired, .notExtractable: .refused
        case .kindNotTaken, .notAModule, .noSuchKey, .notACA, .noCertificate, .noCertificates, .notUnderstood, .keyKind,
            .tooManyObjects, .tooLong:
            .data
        case .writeProtected, .anotherKey, .anotherCertificate, .sameSerial: .cannotCreate
        case .full: .inputOutput
        case .doesNotSign: .failed
        case .leftBehind(_, let cause): cause.status
        }
    }

    var hint: String? {
        switch self {
        case .wrongPIN: "it is tried once: tokens count wrong ones and lock"
        case .pinLocked: "the token's security officer can set a new one"
        case .pinNotInitialised: "the token's own tool sets one"
        case .noPassword: "certutil -W sets one; or --plain-key"
        case .severalTokens: "token=, serial= or slot-id= says which"
        case .severalAuthorities: "object=NAME or id=ID, in NSS ?nickname=NAME, says which"
        case .noCertificate, .noCertificates: "the certificate must lie beside the key: write it there first"
        case .notExtractable:
            "its own backup or clone is the token's to make; make the next CA key extractable, and escrow it at once"
        case .kindNotTaken: "restore into a store of files, or into a token that takes such keys"
        case .sameSerial: "a database of its own takes it: certutil -N -d sql:DIR"
        case .leftBehind: "run the restore again once the token works: what is there already is kept"
        default: nil
        }
    }
}

extension PKCS11URIError {
    var hint: String? {
        switch self {
        case .pinInside: "pin-source=FILE, --passphrase-file from=FILE or to=FILE, or the terminal; and change that PIN"
        case .moduleName: "such as module-path=/usr/lib/softhsm/libsofthsm2.so"
        case .malformed, .unknown:
            "token, manufacturer, model, serial, slot-id, object, id, type; after '?' module-path, pin-source"
        case .twice, .encoding, .value: nil
        }
    }
}
