// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// The keys and certificates of a PKCS#12 file, collected in the order of the file.
struct PKCS12Content {
    private(set) var keys: [FoundKey] = []
    private(set) var certificates: [Certificate] = []
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
        _ password: borrowing SecretBytes
    ) throws(PKCS12Error) {
        let isEncrypted = unsafe OBJ_obj2nid(safe.pointee.type) == NID_pkcs7_encrypted
        let bags: OpaquePointer?
        if isEncrypted {
            unsafe bags = unsafe password.withCharacters { (characters, count) -> OpaquePointer? in
                unsafe PKCS12_unpack_p7encdata(safe, characters, count)
            }
        } else {
            unsafe bags = unsafe PKCS12_unpack_p7data(safe)
        }
        guard let bags = unsafe bags else {
            let error = OpenSSLError.drainingQueue(after: "open a safe")
            guard let protection = try unsafe isEncrypted ? PKCS12Survey.protection(of: safe) : nil else {
                throw .malformed(error)
            }
            throw failure(error, protection, part: "safe")
        }
        defer { unsafe COpenSSL_sk_PKCS12_SAFEBAG_free(bags) }
        if isEncrypted {
            try unsafe survey.visit(bags: bags, isEncrypted: true)
        }
        try unsafe add(bags: bags, password)
    }

    private mutating func add(bags: OpaquePointer, _ password: borrowing SecretBytes) throws(PKCS12Error) {
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
            default: break  // CRLs and other people's secrets
            }
        }
    }

    private mutating func add(
        shroudedKeyOf bag: OpaquePointer,
        _ password: borrowing SecretBytes
    ) throws(PKCS12Error) {
        let info = unsafe password.withCharacters { (characters, count) -> OpaquePointer? in
            unsafe PKCS12_decrypt_skey(bag, characters, count)
        }
        guard let info = unsafe info else {
            let error = OpenSSLError.drainingQueue(after: "decrypt a private key")
            throw failure(error, try unsafe PKCS12Survey.protection(ofKeyIn: bag), part: "key")
        }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
        try unsafe add(key: info, of: bag)
    }

    private mutating func add(key info: OpaquePointer?, of bag: OpaquePointer) throws(PKCS12Error) {
        guard let info = unsafe info, let handle = unsafe EVP_PKCS82PKEY(info) else {
            throw .key(.openSSL(.drainingQueue(after: "read a private key")))
        }
        do throws(KeyError) {
            let key = try unsafe PrivateKey(owning: handle)
            keys.append(
                FoundKey(
                    key,
                    name: unsafe Self.text(NID_friendlyName, of: bag),
                    providerName: unsafe Self.text(NID_ms_csp_name, of: bag)
                )
            )
        } catch {
            throw .key(error)
        }
    }

    private mutating func add(certificateOf bag: OpaquePointer) throws(PKCS12Error) {
        guard unsafe PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate else {
            return  // an SDSI certificate, of which nobody has seen one
        }
        guard let handle = unsafe PKCS12_SAFEBAG_get1_cert(bag) else {
            throw .certificate(.openSSL(.drainingQueue(after: "read a certificate")))
        }
        defer { unsafe X509_free(handle) }
        do throws(CertificateError) {
            certificates.append(try unsafe Certificate(handle))
        } catch {
            throw .certificate(error)
        }
    }

    /// What it means that a part did not open.
    private func failure(_ error: OpenSSLError, _ protection: PKCS12Protection, part: String) -> PKCS12Error {
        guard !error.isUnsupportedAlgorithm else {
            return .needsLegacyProvider(algorithm: protection.shortName)
        }
        return isAuthenticated ? .doesNotDecrypt(part: part) : .wrongPassword
    }

    /// An attribute that is a BMPString, read here because `PKCS12_get_friendlyname` wrote beyond its buffer before
    /// OpenSSL 3.0.19 (CVE-2025-69421 and its kin).
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
}
