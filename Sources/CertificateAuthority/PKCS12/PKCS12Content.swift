// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// The keys and certificates of a PKCS#12 file, collected in the order of the file.
struct PKCS12Content {
    private(set) var keys: [FoundKey] = []
    private(set) var certificates: [Certificate] = []
    private(set) var unescrowed = UnescrowedContent()
    /// Whether a MAC showed that the password is right.
    private let isAuthenticated: Bool
    /// Goes on into what the password opens, so that its costs are bounded too.
    private var survey: PKCS12Survey

    init(isAuthenticated: Bool, survey: PKCS12Survey) {
        self.isAuthenticated = isAuthenticated
        self.survey = survey
    }

    /// - Throws: ``PKCS12Error``
    mutating func add(
        safe: UnsafeMutablePointer<PKCS7>,
        _ password: LentPassword
    ) throws(PKCS12Error) {
        let isEncrypted = unsafe OBJ_obj2nid(safe.pointee.type) == NID_pkcs7_encrypted
        let bags = try unsafe isEncrypted ? open(safe, password) : PKCS12SafeContents.bags(of: safe)
        defer { unsafe COpenSSL_sk_PKCS12_SAFEBAG_free(bags) }
        if isEncrypted {
            try unsafe survey.visit(bags: bags, isEncrypted: true)
        }
        try unsafe add(bags: bags, password)
    }

    /// The bags of an encrypted safe, `STACK_OF(PKCS12_SAFEBAG) *`, the caller's to free.
    private func open(
        _ safe: UnsafeMutablePointer<PKCS7>,
        _ password: LentPassword
    ) throws(PKCS12Error) -> OpaquePointer {
        let protection = try unsafe PKCS12Survey.protection(of: safe)
        // The survey has seen that all of it is there.
        let content = unsafe safe.pointee.d.encrypted!.pointee.enc_data!.pointee
        let plain = try unsafe decrypt(content.enc_data, content.algorithm, password, protection, part: "safe")
        guard let bags = try unsafe PKCS12SafeContents.bags(in: plain) else {
            throw mismatch(part: "safe")
        }
        return unsafe bags
    }

    private func decrypt(
        _ encrypted: UnsafePointer<ASN1_OCTET_STRING>,
        _ algorithm: UnsafePointer<X509_ALGOR>,
        _ password: LentPassword,
        _ protection: PasswordProtection,
        part: String
    ) throws(PKCS12Error) -> SecretBytes {
        do throws(PasswordDecryption.Failure) {
            return try unsafe PasswordDecryption.decrypt(encrypted, algorithm, password)
        } catch {
            switch error {
            case .notStarted(let error):
                guard protection.requirements.areThere else {
                    throw .needsLegacyProvider(algorithm: protection.shortName)
                }
                throw protection.requirements.endsInTag
                    ? .unsupportedAlgorithm(protection.shortName) : .malformed(error)
            case .badDecrypt: throw mismatch(part: part)
            }
        }
    }

    private mutating func add(bags: OpaquePointer, _ password: LentPassword) throws(PKCS12Error) {
        for index in 0..<(unsafe COpenSSL_sk_PKCS12_SAFEBAG_num(bags)) {
            guard let bag = unsafe COpenSSL_sk_PKCS12_SAFEBAG_value(bags, index) else {
                throw .contentMissing
            }
            switch unsafe PKCS12_SAFEBAG_get_nid(bag) {
            case NID_keyBag: try unsafe add(key: PKCS12_SAFEBAG_get0_p8inf(bag), of: bag)
            case NID_pkcs8ShroudedKeyBag: try unsafe add(shroudedKeyOf: bag, password)
            case NID_certBag: try unsafe add(certificateOf: bag)
            case NID_safeContentsBag:
                // The survey has seen how deep they go.
                guard let nested = unsafe PKCS12_SAFEBAG_get0_safes(bag) else {
                    throw .contentMissing
                }
                try unsafe add(bags: nested, password)
            case NID_crlBag: unescrowed.crls += 1
            case NID_secretBag: unescrowed.secrets += 1
            default: unescrowed.others += 1
            }
        }
    }

    private mutating func add(
        shroudedKeyOf bag: OpaquePointer,
        _ password: LentPassword
    ) throws(PKCS12Error) {
        let protection = try unsafe PKCS12Survey.protection(ofKeyIn: bag)
        var algorithm: UnsafePointer<X509_ALGOR>?
        var content: UnsafePointer<ASN1_OCTET_STRING>?
        unsafe X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, &content)
        let plain = try unsafe decrypt(content!, algorithm!, password, protection, part: "key")
        guard plain.isPKCS8 else {
            throw mismatch(part: "key")
        }
        let info = try rethrowing(as: PKCS12Error.key, PrivateKeyInfo.parse(plain))
        unsafe add(try rethrowing(as: PKCS12Error.key, info.key()), keyUsage: info.keyUsage, of: bag)
    }

    private mutating func add(key info: OpaquePointer?, of bag: OpaquePointer) throws(PKCS12Error) {
        guard let info = unsafe info else {
            throw .contentMissing
        }
        let key = try rethrowing(as: PKCS12Error.key, unsafe PrivateKeyInfo.key(of: info))
        unsafe add(key, keyUsage: PrivateKeyInfo.keyUsage(of: info), of: bag)
    }

    private mutating func add(_ key: consuming PrivateKey, keyUsage: UInt8?, of bag: OpaquePointer) {
        keys.append(
            FoundKey(
                key,
                name: unsafe Self.text(NID_friendlyName, of: bag),
                providerName: unsafe Self.text(NID_ms_csp_name, of: bag),
                keyUsage: keyUsage
            )
        )
    }

    /// An attribute that is a BMPString, read here because `PKCS12_get_friendlyname` wrote beyond its buffer before
    /// OpenSSL 3.0.19 (CVE-2025-69419).
    ///
    /// - Parameter bag: `PKCS12_SAFEBAG *`
    private static func text(_ attribute: Int32, of bag: OpaquePointer) -> String? {
        guard let value = unsafe PKCS12_SAFEBAG_get0_attr(bag, attribute),
            unsafe value.pointee.type == V_ASN1_BMPSTRING,
            let string = unsafe value.pointee.value.bmpstring,
            let start = unsafe ASN1_STRING_get0_data(string)
        else {
            return nil
        }
        let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(string)))
        let units = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
            unsafe UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
        }
        // Java and NSS count the terminating zero of a C string in.
        let text = String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
        return text.isEmpty ? nil : text
    }

    private mutating func add(certificateOf bag: OpaquePointer) throws(PKCS12Error) {
        guard unsafe PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate else {
            unescrowed.sdsiCertificates += 1  // nobody has seen one
            return
        }
        guard let handle = unsafe PKCS12_SAFEBAG_get1_cert(bag) else {
            throw .certificate(.openSSL(.drainingQueue(after: "read a certificate")))
        }
        certificates.append(try rethrowing(as: PKCS12Error.certificate, unsafe Certificate(owning: handle)))
    }

    /// What it means that a part did not open, though its algorithms are there.
    private func mismatch(part: String) -> PKCS12Error {
        isAuthenticated ? .doesNotDecrypt(part: part) : .wrongPasswordOrDamaged
    }
}
