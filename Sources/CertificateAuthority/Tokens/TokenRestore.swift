// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import CPKCS11
import SecretMemory

/// One restore into a token: everything that the plan misses, or nothing.
struct TokenRestore {
    private let session: TokenSession
    private let material: CAMaterial
    private let plan: TokenPlan
    /// What messages call the token.
    private let subject: String
    private var made: [(object: CK_OBJECT_HANDLE, what: String)] = []
    private var unchanged: [String] = []

    /// - Throws: ``TokenError``
    init(
        _ material: CAMaterial,
        _ session: TokenSession,
        label: String?,
        identifier: [UInt8]?,
        isNSS: Bool,
        subject: String
    ) throws(TokenError) {
        self.session = session
        self.material = material
        self.subject = subject
        plan = try TokenPlan(
            material.generations.map(\.certificates),
            session,
            label: label,
            identifier: identifier,
            isNSS: isNSS
        )
    }

    /// Writes, and lets every key sign; what this run made is taken away again when anything goes wrong.
    ///
    /// - Throws: ``TokenError``
    mutating func run() throws(TokenError) -> RestoredKey {
        do throws(TokenError) {
            return try write()
        } catch {
            var left: [String] = []
            for (object, what) in made.reversed() {
                do throws(TokenError) {
                    try session.destroy(object)
                } catch {
                    left.append(what)
                }
            }
            throw left.isEmpty ? error : .leftBehind(left, after: error)
        }
    }

    private mutating func write() throws(TokenError) -> RestoredKey {
        for generation in plan.generations {
            try writeCertificates(of: generation)
        }
        for (certificate, name) in plan.missing(of: material.chain) {
            let identifier = PublicNumbers(of: certificate)?.identifier ?? []
            try make(Self.attributes(of: certificate, name, identifier), "certificate '\(name)'")
        }
        var signers: [any RestoredSigner] = []
        var remarks: [String] = []
        for (index, generation) in plan.generations.enumerated() {
            let key = try key(of: generation, material.generations[index])
            let signer = TokenSigner(session, key, generation.certificates, subject: subject)
            try prove(signer, generation.name)
            signers.append(signer)
            remarks.append(try remark(on: key, generation.name))
        }
        return RestoredKey(
            signers: signers,
            written: made.map { "\(subject): \($0.what)" },
            unchanged: unchanged.map { "\(subject): \($0)" },
            notWritten: [],
            remarks: remarks
        )
    }

    /// The newest generation's key: what it is called, when it has a name, and its CKA_ID.
    var newest: (label: String?, identifier: [UInt8]) {
        let generation = plan.generations[0]
        let isNameless = !plan.isNSS && generation.key?.label.isEmpty == true
        return (isNameless ? nil : generation.name, generation.identifier)
    }

    // MARK: Objects

    private mutating func make(_ attributes: [TokenAttribute], _ what: String) throws(TokenError) {
        made.append((try session.create(attributes), what))
    }

    private mutating func writeCertificates(of generation: TokenPlan.Generation) throws(TokenError) {
        for certificate in generation.certificates {
            let what = "certificate '\(generation.name)', serial \(certificate.serial)"
            if generation.missing.contains(certificate) {
                try make(Self.attributes(of: certificate, generation.name, generation.identifier), what)
            } else {
                unchanged.append(what)
            }
        }
    }

    private mutating func key(
        of generation: TokenPlan.Generation,
        _ source: KeyGeneration
    ) throws(TokenError) -> CK_OBJECT_HANDLE {
        let what = "private key '\(generation.name)', id \(OpenSSL.hex(generation.identifier))"
        let key: CK_OBJECT_HANDLE
        if let known = generation.key {
            unchanged.append(what)
            key = known.object
        } else {
            key = try createKey(generation, source)
            made.append((key, what))
        }
        // Also beside a key that is here: a run before this one may have been cut off between the two.
        if !generation.hasPublicKey, !plan.isNSS {
            try make(Self.attributes(ofPublicKey: generation), "public key '\(generation.name)'")
        }
        return key
    }

    private static func attributes(ofPublicKey generation: TokenPlan.Generation) -> [TokenAttribute] {
        [
            .number(CK_ATTRIBUTE_TYPE(CKA_CLASS), CK_ULONG(CKO_PUBLIC_KEY)),
            .flag(CK_ATTRIBUTE_TYPE(CKA_TOKEN), true),
            .flag(CK_ATTRIBUTE_TYPE(CKA_PRIVATE), false),
            .flag(CK_ATTRIBUTE_TYPE(CKA_VERIFY), true),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_LABEL), Array(generation.name.utf8)),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_ID), generation.identifier),
        ] + generation.numbers.attributes
    }

    /// `C_CreateObject`, or `C_UnwrapKey` for a token that takes private keys in no other way.
    private func createKey(
        _ generation: TokenPlan.Generation,
        _ source: KeyGeneration
    ) throws(TokenError) -> CK_OBJECT_HANDLE {
        let isRSA = if case .rsa = generation.numbers { true } else { false }
        let common: [TokenAttribute] = [
            .number(CK_ATTRIBUTE_TYPE(CKA_CLASS), CK_ULONG(CKO_PRIVATE_KEY)),
            .number(CK_ATTRIBUTE_TYPE(CKA_KEY_TYPE), CK_ULONG(isRSA ? CKK_RSA : CKK_EC)),
            .flag(CK_ATTRIBUTE_TYPE(CKA_TOKEN), true),
            .flag(CK_ATTRIBUTE_TYPE(CKA_PRIVATE), true),
            .flag(CK_ATTRIBUTE_TYPE(CKA_SENSITIVE), true),
            // So that it can be escrowed anew, as it must be after a restore.
            .flag(CK_ATTRIBUTE_TYPE(CKA_EXTRACTABLE), true),
            .flag(CK_ATTRIBUTE_TYPE(CKA_SIGN), true),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_LABEL), Array(generation.name.utf8)),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_ID), generation.identifier),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_SUBJECT), generation.certificates[0].subjectDER),
        ]
        let numbers: [TokenAttribute] =
            switch generation.numbers {
            case .rsa(let modulus, let exponent):
                [
                    .bytes(CK_ATTRIBUTE_TYPE(CKA_MODULUS), modulus),
                    .bytes(CK_ATTRIBUTE_TYPE(CKA_PUBLIC_EXPONENT), exponent),
                ]
            case .ec(let parameters, _): [.bytes(CK_ATTRIBUTE_TYPE(CKA_EC_PARAMS), parameters)]
            }
        let filed: [TokenAttribute] =
            plan.isNSS ? [.bytes(CK_ATTRIBUTE_TYPE(CPKCS11_CKA_NSS_DB), generation.numbers.raw)] : []
        let secret = try Self.named { () throws(KeyError) in try source.key.tokenAttributes() }
        do throws(TokenError) {
            return try session.create(common + numbers + filed, secret)
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
        let pkcs8 = try Self.named { () throws(KeyError) in try source.key.pkcs8() }
        return try session.withWrappingKey { wrapping, secret throws(TokenError) in
            let wrapped = try Self.named { () throws(KeyError) in
                do throws(OpenSSLError) {
                    return try KeyWrapping.wrap(pkcs8, under: secret)
                } catch {
                    throw .openSSL(error)
                }
            }
            do throws(TokenError) {
                return try session.unwrap(wrapped, under: wrapping, CK_MECHANISM_TYPE(CKM_AES_KEY_WRAP_KWP), attributes)
            } catch .refused {
                return try session.unwrap(wrapped, under: wrapping, CK_MECHANISM_TYPE(CKM_AES_KEY_WRAP_PAD), attributes)
            }
        }
    }

    private static func named<Value: ~Copyable>(_ body: () throws(KeyError) -> Value) throws(TokenError) -> Value {
        do throws(KeyError) {
            return try body()
        } catch {
            throw .keyKind("\(error)")
        }
    }

    // MARK: Afterwards

    private func prove(_ signer: TokenSigner, _ name: String) throws(TokenError) {
        let drawn = SecretBytes.random(count: 32).withSpan { span in span.indices.map { span[$0] } }
        let statement = CAKeyStatement.text(kind: "readback", digestHex: OpenSSL.sha256Hex(drawn))
        do throws(StoreError) {
            guard try signer.proves(statement) else {
                throw StoreError.token(subject: subject, .doesNotSign(key: name))
            }
        } catch .token(_, let error) {
            throw error
        } catch {
            throw .doesNotSign(key: name)
        }
    }

    /// What the token will say of this key for ever, as it was not made there.
    private func remark(on key: CK_OBJECT_HANDLE, _ name: String) throws(TokenError) -> String {
        let attributes: [(String, CK_ATTRIBUTE_TYPE)] = [
            ("CKA_ALWAYS_SENSITIVE", CK_ATTRIBUTE_TYPE(CKA_ALWAYS_SENSITIVE)),
            ("CKA_NEVER_EXTRACTABLE", CK_ATTRIBUTE_TYPE(CKA_NEVER_EXTRACTABLE)),
            ("CKA_LOCAL", CK_ATTRIBUTE_TYPE(CKA_LOCAL)),
        ]
        var lost: [String] = []
        for (attribute, type) in attributes where try !session.flag(type, of: key) {
            lost.append(attribute)
        }
        let isExtractable = try session.flag(CK_ATTRIBUTE_TYPE(CKA_EXTRACTABLE), of: key)
        let kept = isExtractable ? "extractable, so that it can be escrowed anew" : "not extractable"
        return "\(subject): private key '\(name)': \(kept)"
            + (lost.isEmpty ? "" : "; a restored key never regains \(lost.joined(separator: ", "))")
    }

    private static func attributes(
        of certificate: Certificate,
        _ name: String,
        _ identifier: [UInt8]
    ) throws(TokenError) -> [TokenAttribute] {
        let handle = unsafe certificate.handle()
        defer { unsafe X509_free(handle) }
        let issuer = unsafe OpenSSL.der { unsafe i2d_X509_NAME(X509_get_issuer_name(handle), $0) } ?? []
        let serial = unsafe OpenSSL.der { unsafe i2d_ASN1_INTEGER(X509_get0_serialNumber(handle), $0) } ?? []
        return [
            .number(CK_ATTRIBUTE_TYPE(CKA_CLASS), CK_ULONG(CKO_CERTIFICATE)),
            .number(CK_ATTRIBUTE_TYPE(CKA_CERTIFICATE_TYPE), CK_ULONG(CKC_X_509)),
            .flag(CK_ATTRIBUTE_TYPE(CKA_TOKEN), true),
            .flag(CK_ATTRIBUTE_TYPE(CKA_PRIVATE), false),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_LABEL), Array(name.utf8)),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_ID), identifier),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_SUBJECT), certificate.subjectDER),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_ISSUER), issuer),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_SERIAL_NUMBER), serial),
            .bytes(CK_ATTRIBUTE_TYPE(CKA_VALUE), certificate.der),
        ]
    }
}
