// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A PKCS#12 file that was parsed and whose every visible cost is within bounds; nothing in it is verified.
@safe
struct PKCS12Archive: ~Copyable {
    let file: OpaquePointer  // PKCS12 *, never null
    let safes: OpaquePointer  // STACK_OF(PKCS7) *, never null
    /// What was seen without a password.
    let survey: PKCS12Survey

    deinit {
        unsafe COpenSSL_sk_PKCS7_free(safes)
        unsafe PKCS12_free(file)
    }

    /// Parses a file in DER or BER.
    ///
    /// - Throws: ``PKCS12Error``, before anything was derived from a password.
    static func parse(_ der: [UInt8]) throws(PKCS12Error) -> PKCS12Archive {
        guard der.count <= PKCS12Limits.byteCount else {
            throw .tooLarge(byteCount: der.count, limit: PKCS12Limits.byteCount)
        }
        var length = 0
        let parsed: OpaquePointer? = unsafe der.withUnsafeBufferPointer { der in
            var cursor = der.baseAddress
            let file = unsafe d2i_PKCS12(nil, &cursor, der.count)
            length = unsafe cursor.map { unsafe $0 - der.baseAddress! } ?? 0
            return unsafe file
        }
        guard let file = unsafe parsed else {
            throw .malformed(.drainingQueue(after: "parse it"))
        }
        do throws(PKCS12Error) {
            // Windows' own certificate stores end in eight bytes of zero.
            guard der[length...].allSatisfy({ $0 == 0 }) else {
                throw .trailingData
            }
            return try unsafe PKCS12Archive(taking: file)
        } catch {
            unsafe PKCS12_free(file)
            throw error
        }
    }

    private init(taking file: OpaquePointer) throws(PKCS12Error) {
        var survey = PKCS12Survey()
        try unsafe survey.visit(macOf: file)
        guard let safes = unsafe PKCS12_unpack_authsafes(file) else {
            let error = OpenSSLError.drainingQueue(after: "unpack its safes")
            throw error.isAboutPublicKeys ? .notPasswordProtected : .malformed(error)
        }
        do throws(PKCS12Error) {
            try unsafe survey.visit(safes: safes)
        } catch {
            unsafe COpenSSL_sk_PKCS7_free(safes)
            throw error
        }
        unsafe self.file = unsafe file
        unsafe self.safes = unsafe safes
        self.survey = survey
    }
}

extension OpenSSLError {
    /// Whether a file's outermost content is signed instead of plain data.
    fileprivate var isAboutPublicKeys: Bool {
        codes.contains { $0.library == ERR_LIB_PKCS12 && $0.reason == PKCS12_R_CONTENT_TYPE_NOT_DATA }
    }
}

extension PKCS12Reader {
    /// Whether bytes begin as a PKCS#12 file does, damaged or not.
    package static func isPKCS12(_ bytes: Span<UInt8>) -> Bool {
        defer { OpenSSLError.clearQueue() }
        let file = unsafe OpenSSL.read(bytes) { unsafe d2i_PKCS12(nil, $0, $1) }
        defer { unsafe PKCS12_free(file) }
        return unsafe file != nil
    }
}
