// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority

/// Why a PKCS#11 token, or an NSS database, did not give or take keys.
package indirect enum TokenError: Error, Equatable {
    // The module and its tokens.
    case moduleNotLoaded(reason: String)
    case notAModule
    /// None that fits; those that are there.
    case noSuchToken(present: [String])
    case severalTokens([String])
    /// Taken out while it was in use.
    case removed

    // The PIN.
    /// Nobody was there to give it, or gave up.
    case noPIN
    case wrongPIN
    case pinLocked
    case pinNotInitialised
    case pinExpired
    /// Nothing protects what lies in the database.
    case noPassword

    // Keys and certificates.
    /// None that fits; the names of those that are there.
    case noSuchKey(present: [String])
    case noCertificate(key: String)
    case noCertificates
    case notACA(subject: String)
    /// More than one certification authority has a key here: what it is called, and its subject.
    case severalAuthorities([String])
    /// The key was made so that it never leaves the token.
    case notExtractable(key: String)
    case notWrapped(key: String, String)
    /// What the token wrapped is not the key of the certificate, in no form that is known.
    case notUnderstood(key: String)
    case keyKind(String)

    // What a module hands over is bounded.
    case tooManyObjects(limit: Int)
    case tooLong(what: String, limit: Int)

    // Writing.
    case writeProtected
    case full
    /// Under the name or identifier, in hex, that is wanted; the SHA-256 of its public key where its certificate is here.
    case anotherKey(name: String, identifier: String, spkiSHA256: String?)
    case anotherCertificate(name: String, subject: String)
    /// NSS keeps one certificate of an issuer and serial number; the name of the one that is there.
    case sameSerial(name: String?, issuer: String, serial: String)
    /// A key that was made to try it was refused.
    case kindNotTaken(String, reason: String, isNSS: Bool)
    /// What was written does not sign for its certificate.
    case doesNotSign(key: String)
    /// It went wrong, and what was written before could not be taken away again.
    case leftBehind([String], after: TokenError)

    /// Another status of a call, a CK_RV.
    case refused(call: String, UInt)
}

extension TokenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .moduleNotLoaded(let reason): "the module was not loaded: \(reason)"
        case .notAModule: "no PKCS#11 module: it has no C_GetFunctionList that works"
        case .noSuchToken(let present):
            "no such token here: \(present.isEmpty ? "there is none" : "there is \(list(present))")"
        case .severalTokens(let names): "several tokens fit: \(list(names))"
        case .removed: "the token was taken out"
        case .noPIN: "a PIN is needed"
        case .wrongPIN: "wrong PIN"
        case .pinLocked: "its PIN is locked: too many wrong ones were tried"
        case .pinNotInitialised: "it has no PIN yet"
        case .pinExpired: "its PIN has expired: a new one must be set first"
        case .noPassword: "it has no password: the key would lie there in clear"
        case .noSuchKey(let present):
            "no such private key: \(present.isEmpty ? "there is none" : "there is \(list(present))")"
        case .noCertificate(let key): "no certificate for the private key '\(key)'"
        case .noCertificates: "no certificate of a certification authority that fits"
        case .notACA(let subject): "'\(subject)' is not the certificate of a certification authority"
        case .severalAuthorities(let names): "several certification authorities: \(names.joined(separator: ", "))"
        case .notExtractable(let key): "the private key '\(key)' never leaves it: CKA_EXTRACTABLE is false"
        case .notWrapped(let key, let reason): "the private key '\(key)' was not handed over: \(reason)"
        case .notUnderstood(let key): "what was handed over as '\(key)' is not the key of its certificate"
        case .keyKind(let kind): "\(kind): only RSA and EC keys go into a token"
        case .tooManyObjects(let limit): "more than \(limit) objects"
        case .tooLong(let what, let limit): "\(what): more than \(limit) bytes"
        case .writeProtected: "write-protected"
        case .full: "full: it takes no more objects"
        case .anotherKey(let name, let identifier, let digest):
            "another key is here: '\(name)', id \(identifier)"
                + (digest.map { " (SHA-256 of its public key \(fingerprint($0)))" } ?? "")
        case .anotherCertificate(let name, let subject): "another certificate is here as '\(name)': '\(subject)'"
        case .sameSerial(let name?, let issuer, let serial):
            "another certificate of '\(issuer)' with serial \(serial) is here as '\(name)': NSS keeps one of them"
        case .sameSerial(nil, let issuer, let serial):
            "two certificates of '\(issuer)' have serial \(serial): NSS keeps one of them"
        case .kindNotTaken(let kind, let reason, let isNSS):
            "\(kind): a key of this kind was tried, and is not taken: \(reason)"
                + (isNSS ? ": NSS takes RSA, P-256, P-384 and P-521" : "")
        case .doesNotSign(let key): "the private key '\(key)' does not sign for its certificate"
        case .leftBehind(let objects, let cause): "\(cause): left behind: \(objects.joined(separator: ", "))"
        case .refused(let call, let status): "\(call): \(Self.name(of: status))"
        }
    }

    private func list(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: ", ")
    }
}

extension TokenError {
    /// Judges the status of a call of PKCS#11.
    static func check(_ call: String, _ status: CK_RV) throws(TokenError) {
        guard status != CKR_OK else {
            return
        }
        throw TokenError(call, status)
    }

    init(_ call: String, _ status: CK_RV) {
        self =
            switch status {
            case CK_RV(CKR_DEVICE_REMOVED), CK_RV(CKR_TOKEN_NOT_PRESENT), CK_RV(CKR_SESSION_HANDLE_INVALID),
                CK_RV(CKR_SESSION_CLOSED):
                .removed
            case CK_RV(CKR_DEVICE_MEMORY): .full
            case CK_RV(CKR_TOKEN_WRITE_PROTECTED), CK_RV(CKR_SESSION_READ_ONLY): .writeProtected
            case CK_RV(CKR_PIN_INCORRECT), CK_RV(CKR_PIN_INVALID), CK_RV(CKR_PIN_LEN_RANGE): .wrongPIN
            case CK_RV(CKR_PIN_LOCKED): .pinLocked
            case CK_RV(CKR_PIN_EXPIRED): .pinExpired
            case CK_RV(CKR_USER_PIN_NOT_INITIALIZED): .pinNotInitialised
            default: .refused(call: call, status)
            }
    }

    /// What a status is called in the specification, and its number.
    static func name(of status: CK_RV) -> String {
        let number = "0x\(String(status, radix: 16))"
        return names[status].map { "\($0) (\(number))" } ?? number
    }

    private static let names: [CK_RV: String] = [
        CK_RV(CKR_HOST_MEMORY): "CKR_HOST_MEMORY", CK_RV(CKR_GENERAL_ERROR): "CKR_GENERAL_ERROR",
        CK_RV(CKR_FUNCTION_FAILED): "CKR_FUNCTION_FAILED", CK_RV(CKR_ARGUMENTS_BAD): "CKR_ARGUMENTS_BAD",
        CK_RV(CKR_ATTRIBUTE_TYPE_INVALID): "CKR_ATTRIBUTE_TYPE_INVALID",
        CK_RV(CKR_ATTRIBUTE_VALUE_INVALID): "CKR_ATTRIBUTE_VALUE_INVALID",
        CK_RV(CKR_ATTRIBUTE_READ_ONLY): "CKR_ATTRIBUTE_READ_ONLY",
        CK_RV(CKR_ACTION_PROHIBITED): "CKR_ACTION_PROHIBITED",
        CK_RV(CKR_DEVICE_ERROR): "CKR_DEVICE_ERROR",
        CK_RV(CKR_FUNCTION_NOT_SUPPORTED): "CKR_FUNCTION_NOT_SUPPORTED",
        CK_RV(CKR_KEY_UNEXTRACTABLE): "CKR_KEY_UNEXTRACTABLE",
        CK_RV(CKR_KEY_NOT_WRAPPABLE): "CKR_KEY_NOT_WRAPPABLE",
        CK_RV(CKR_MECHANISM_INVALID): "CKR_MECHANISM_INVALID",
        CK_RV(CKR_OBJECT_HANDLE_INVALID): "CKR_OBJECT_HANDLE_INVALID",
        CK_RV(CKR_SESSION_COUNT): "CKR_SESSION_COUNT",
        CK_RV(CKR_TEMPLATE_INCOMPLETE): "CKR_TEMPLATE_INCOMPLETE",
        CK_RV(CKR_TEMPLATE_INCONSISTENT): "CKR_TEMPLATE_INCONSISTENT",
        CK_RV(CKR_USER_NOT_LOGGED_IN): "CKR_USER_NOT_LOGGED_IN",
        CK_RV(CKR_CRYPTOKI_ALREADY_INITIALIZED): "CKR_CRYPTOKI_ALREADY_INITIALIZED",
    ]
}
