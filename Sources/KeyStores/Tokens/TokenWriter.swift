// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority

/// Writes objects into a token, and remembers them so that they can be taken away again.
struct TokenWriter {
    /// Where a key or certificate is to stand: CKA_LABEL and CKA_ID.
    struct Place {
        let name: String
        let identifier: [UInt8]
    }

    private let session: TokenSession
    private let isNSS: Bool
    /// The objects that were made.
    private(set) var made: [(object: CK_OBJECT_HANDLE, what: String)] = []

    init(_ session: TokenSession, isNSS: Bool) {
        self.session = session
        self.isNSS = isNSS
    }

    /// Takes away all that was made, the last first.
    ///
    /// - Returns: What stays, and why, when a token does not let it go.
    mutating func takeBack() -> (left: [String], cause: TokenError)? {
        var (left, cause): ([String], TokenError?) = ([], nil)
        for (object, what) in made.reversed() {
            do throws(TokenError) {
                try session.destroy(object)
            } catch {
                left.append(what)
                cause = cause ?? error
            }
        }
        made = []
        return cause.map { (left, $0) }
    }

    // MARK: Objects

    private mutating func make(_ attributes: [TokenAttribute], _ what: String) throws(TokenError) {
        made.append((try session.create(attributes), what))
    }

    mutating func write(_ certificate: Certificate, at place: Place, _ what: String) throws(TokenError) {
        let attributes: [TokenAttribute] = [
            .number(CK_ATTRIBUTE_TYPE(CKA_CLASS), CK_ULONG(CKO_CERTIFICATE)),
            .number(CK_ATTRIBUTE_TYPE(CKA_CERTIFICATE_TYPE), CK_ULONG(CKC_X_509)),
            .flag(CK_ATTRIBUTE_TYPE(CKA_TOKEN), true),
            .flag(CK_ATTRIBUTE_TYPE(CKA_PRIVATE), false),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_LABEL), Array(place.name.utf8)),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_ID), place.identifier),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_SUBJECT), certificate.subjectDER),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_ISSUER), certificate.issuerName.der),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_SERIAL_NUMBER), certificate.serialDER),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_VALUE), certificate.der),
        ]
        try make(attributes, what)
    }

    mutating func writePublicKey(_ numbers: PublicNumbers, at place: Place) throws(TokenError) {
        let attributes: [TokenAttribute] = [
            .number(CK_ATTRIBUTE_TYPE(CKA_CLASS), CK_ULONG(CKO_PUBLIC_KEY)),
            .flag(CK_ATTRIBUTE_TYPE(CKA_TOKEN), true),
            .flag(CK_ATTRIBUTE_TYPE(CKA_PRIVATE), false),
            .flag(CK_ATTRIBUTE_TYPE(CKA_VERIFY), true),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_LABEL), Array(place.name.utf8)),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_ID), place.identifier),
        ]
        try make(attributes + numbers.attributes, "public key '\(place.name)'")
    }

    mutating func writePrivateKey(
        of source: KeyGeneration,
        _ numbers: PublicNumbers,
        at place: Place
    ) throws(TokenError) -> CK_OBJECT_HANDLE {
        let key = try createKey(source, numbers, place)
        made.append((key, Self.what(privateKeyAt: place)))
        return key
    }

    static func what(privateKeyAt place: Place) -> String {
        "private key '\(place.name)', id \(OpenSSL.hex(place.identifier))"
    }

    /// `C_CreateObject`, or `C_UnwrapKey` for a token that takes private keys in no other way.
    private func createKey(
        _ source: KeyGeneration,
        _ numbers: PublicNumbers,
        _ place: Place
    ) throws(TokenError) -> CK_OBJECT_HANDLE {
        let isRSA = if case .rsa = numbers { true } else { false }
        let common: [TokenAttribute] = [
            .number(CK_ATTRIBUTE_TYPE(CKA_CLASS), CK_ULONG(CKO_PRIVATE_KEY)),
            .number(CK_ATTRIBUTE_TYPE(CKA_KEY_TYPE), CK_ULONG(isRSA ? CKK_RSA : CKK_EC)),
            .flag(CK_ATTRIBUTE_TYPE(CKA_TOKEN), true),
            .flag(CK_ATTRIBUTE_TYPE(CKA_PRIVATE), true),
            .flag(CK_ATTRIBUTE_TYPE(CKA_SENSITIVE), true),
            // So that it can be escrowed anew, as it must be after a restore.
            .flag(CK_ATTRIBUTE_TYPE(CKA_EXTRACTABLE), true),
            .flag(CK_ATTRIBUTE_TYPE(CKA_SIGN), true),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_LABEL), Array(place.name.utf8)),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_ID), place.identifier),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_SUBJECT), source.certificates[0].subjectDER),
        ]
        let parts: [TokenAttribute] =
            switch numbers {
            case .rsa(let modulus, let exponent):
                [
                    .bytes(CK_ATTRIBUTE_TYPE(CKA_MODULUS), modulus),
                    .bytes(CK_ATTRIBUTE_TYPE(CKA_PUBLIC_EXPONENT), exponent),
                ]
            case .ec(let parameters, _): [.bytes(CK_ATTRIBUTE_TYPE(CKA_EC_PARAMS), parameters)]
            }
        let filed: [TokenAttribute] =
            isNSS ? [.bytes(CK_ATTRIBUTE_TYPE(CPKCS11_CKA_NSS_DB), numbers.raw)] : []
        let secret = try Self.named(SecretAttributes(of: source.key))
        do throws(TokenError) {
            return try session.create(common + parts + filed, secret)
        } catch .refused(let call, let status) {
            do throws(TokenError) {
                return try unwrapKey(source, common)
            } catch .refused {
                throw .refused(call: call, status)  // the first answer says more
            }
        }
    }

    private func unwrapKey(
        _ source: KeyGeneration,
        _ attributes: [TokenAttribute]
    ) throws(TokenError) -> CK_OBJECT_HANDLE {
        let pkcs8 = try Self.named(source.key.pkcs8())
        return try session.withWrappingKey { wrapping, secret throws(TokenError) in
            let wrapped = try Self.named(KeyWrapping.wrap(pkcs8, under: secret))
            do throws(TokenError) {
                return try session.unwrap(wrapped, under: wrapping, CK_MECHANISM_TYPE(CKM_AES_KEY_WRAP_KWP), attributes)
            } catch .refused {
                return try session.unwrap(wrapped, under: wrapping, CK_MECHANISM_TYPE(CKM_AES_KEY_WRAP_PAD), attributes)
            }
        }
    }

    private static func named<Value: ~Copyable>(_ body: @autoclosure () throws -> Value) throws(TokenError) -> Value {
        do {
            return try body()
        } catch {
            throw .keyKind("\(error)")
        }
    }
}
