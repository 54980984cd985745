// SPDX-License-Identifier: Apache-2.0

import COpenSSL

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
        let bags: OpaquePointer?
        if isEncrypted {
            unsafe bags = unsafe PKCS12_unpack_p7encdata(safe, password.characters, password.count)
        } else {
            unsafe bags = unsafe PKCS12_unpack_p7data(safe)
        }
        guard let bags = unsafe bags else {
            let error = OpenSSLError.drainingQueue(after: "open a safe")
            guard isEncrypted else {
                throw .malformed(error)
            }
            throw failure(error, try unsafe PKCS12Survey.protection(of: safe), part: "safe")
        }
        defer { unsafe COpenSSL_sk_PKCS12_SAFEBAG_free(bags) }
        if isEncrypted {
            try unsafe survey.visit(bags: bags, isEncrypted: true)
        }
        try unsafe add(bags: bags, password)
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
        guard let info = unsafe PKCS12_decrypt_skey(bag, password.characters, password.count) else {
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
                    name: unsafe PKCS12Attributes.text(NID_friendlyName, of: bag),
                    providerName: unsafe PKCS12Attributes.text(NID_ms_csp_name, of: bag),
                    keyUsage: unsafe PKCS12Attributes.keyUsage(of: info)
                )
            )
        } catch {
            throw .key(error)
        }
    }

    private mutating func add(certificateOf bag: OpaquePointer) throws(PKCS12Error) {
        guard unsafe PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate else {
            unescrowed.sdsiCertificates += 1  // nobody has seen one
            return
        }
        guard let handle = unsafe PKCS12_SAFEBAG_get1_cert(bag) else {
            throw .certificate(.openSSL(.drainingQueue(after: "read a certificate")))
        }
        do throws(CertificateError) {
            certificates.append(try unsafe Certificate(owning: handle))
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
}
