// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// The bags of a PKCS#12 file that is being written.
///
/// Keys lie in shrouded bags. In an escrow's own file these lie with the certificates in one encrypted safe: outside of
/// it, anyone could read the names of the keys.
@safe
struct PKCS12Bags: ~Copyable {
    private let profile: PKCS12Writer.Profile
    private let iterations: Int
    private var encrypted: OpaquePointer?  // STACK_OF(PKCS12_SAFEBAG) *
    private var plain: OpaquePointer?  // STACK_OF(PKCS12_SAFEBAG) *

    init(profile: PKCS12Writer.Profile, iterations: Int) {
        self.profile = profile
        self.iterations = iterations
    }

    deinit {
        unsafe COpenSSL_sk_PKCS12_SAFEBAG_free(encrypted)
        unsafe COpenSSL_sk_PKCS12_SAFEBAG_free(plain)
    }

    /// - Throws: ``PKCS12Error/key(_:)``, ``PKCS12Error/notWritten(_:)``
    mutating func add(
        _ key: borrowing PrivateKey,
        name: String,
        keyID: [UInt8],
        providerName: String?,
        keyUsage: UInt8?,
        _ password: borrowing SecretBytes
    ) throws(PKCS12Error) {
        let isOld = profile == .windows2016
        let shrouded = try unsafe rethrowing(
            as: PKCS12Error.key,
            unsafe key.shrouded(password: password, iterations: iterations, isOld: isOld, keyUsage: keyUsage)
        )
        guard let bag = unsafe PKCS12_SAFEBAG_create0_pkcs8(shrouded) else {
            unsafe X509_SIG_free(shrouded)
            throw .notWritten(.drainingQueue(after: "put a key into a bag"))
        }
        let isAdded =
            profile == .standard
            ? unsafe COpenSSL_sk_PKCS12_SAFEBAG_add(&encrypted, bag)
            : unsafe COpenSSL_sk_PKCS12_SAFEBAG_add(&plain, bag)
        guard isAdded == 1 else {
            unsafe PKCS12_SAFEBAG_free(bag)
            throw .notWritten(.drainingQueue(after: "put a key into a bag"))
        }
        try unsafe Self.label(bag, name: name, keyID: keyID, providerName)
    }

    /// - Throws: ``PKCS12Error/notWritten(_:)``
    mutating func add(_ certificate: Certificate, name: String?, keyID: [UInt8]?) throws(PKCS12Error) {
        let handle = unsafe certificate.handle()
        defer { unsafe X509_free(handle) }
        guard let bag = unsafe PKCS12_add_cert(&encrypted, handle) else {
            throw .notWritten(.drainingQueue(after: "put a certificate into a bag"))
        }
        try unsafe Self.label(bag, name: name, keyID: keyID, nil)
    }

    /// - Throws: ``PKCS12Error/notWritten(_:)``
    consuming func file(password: borrowing SecretBytes) throws(PKCS12Error) -> [UInt8] {
        var safes: OpaquePointer?  // STACK_OF(PKCS7) *
        defer { unsafe COpenSSL_sk_PKCS7_free(safes) }
        let (encrypted, plain) = unsafe (encrypted, plain)
        let isOld = profile == .windows2016
        let cipher = isOld ? NID_pbe_WithSHA1And3_Key_TripleDES_CBC : NID_aes_256_cbc
        let iterations = Int32(iterations)
        let terminated = password.terminated()
        let file = unsafe terminated.withCharacters { (password, _) -> OpaquePointer? in
            guard
                unsafe PKCS12_add_safe(&safes, encrypted, cipher, iterations, password) == 1,
                // -1: not encrypted, since every key in it is.
                unsafe plain == nil || PKCS12_add_safe(&safes, plain, -1, 0, nil) == 1,
                let file = unsafe PKCS12_add_safes(safes, 0)
            else {
                return nil
            }
            let status = unsafe PKCS12_set_mac(
                file,
                password,
                -1,
                nil,
                PrivateKey.saltByteCount,
                iterations,
                isOld ? EVP_sha1() : EVP_sha256()
            )
            guard status == 1 else {
                unsafe PKCS12_free(file)
                return nil
            }
            return unsafe file
        }
        defer { unsafe PKCS12_free(file) }
        guard unsafe file != nil, let der = unsafe OpenSSL.der({ unsafe i2d_PKCS12(file, $0) }) else {
            throw .notWritten(.drainingQueue(after: "write the PKCS#12 file"))
        }
        return der
    }

    private static func label(
        _ bag: OpaquePointer,
        name: String?,
        keyID: [UInt8]?,
        _ providerName: String?
    ) throws(PKCS12Error) {
        var isLabelled = true
        if var keyID {
            // The pointer is to mutable bytes, but nothing writes through it.
            isLabelled = unsafe PKCS12_add_localkeyid(bag, &keyID, Int32(keyID.count)) == 1
        }
        if let name {
            isLabelled = unsafe isLabelled && PKCS12_add_friendlyname_utf8(bag, name, -1) == 1
        }
        if let providerName {
            let bytes = Array(providerName.utf8)
            isLabelled =
                unsafe isLabelled
                && PKCS12_add1_attr_by_NID(bag, NID_ms_csp_name, COpenSSL_utf8(), bytes, Int32(bytes.count)) == 1
        }
        guard isLabelled else {
            throw .notWritten(.drainingQueue(after: "name the contents of a bag"))
        }
    }
}
