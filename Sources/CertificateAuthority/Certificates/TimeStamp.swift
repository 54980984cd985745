// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Why a file is no time stamp of these bytes by somebody who is believed.
package enum TimeStampError: Error, Equatable {
    /// Not one time-stamp response in DER.
    case notAResponse
    /// Not one time-stamp query in DER.
    case notAQuery
    /// The authority answered that it gives none; PKIStatus as in RFC 3161, section 2.4.2.
    case notGranted(status: Int)
    /// Of other bytes: their digest in hexadecimal digits.
    case otherBytes(digest: String)
    /// Made with another digest than SHA-256.
    case otherDigest
    /// The answer to another query.
    case otherNonce
    /// Nobody who may stamp, as far as the certificates given tell.
    case untrusted(OpenSSLError)
    case noAuthority
    case openSSL(OpenSSLError)
}

extension TimeStampError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notAResponse: "not a time-stamp response"
        case .notAQuery: "not a time-stamp query"
        case .notGranted(let status): "the authority gave no time stamp: status \(status)"
        case .otherBytes(let digest): "a time stamp of something else: SHA-256 \(digest.prefix(8))…"
        case .otherDigest: "a time stamp by another digest than SHA-256"
        case .otherNonce: "the answer to another query: its nonce is another"
        case .untrusted(let error): "not by an authority that is believed: \(error.reasons.joined(separator: "; "))"
        case .noAuthority: "no certificate of an authority that is believed"
        case .openSSL(let error): error.description
        }
    }
}

/// A time stamp that holds: the bytes were there at a moment, says an authority that is believed.
///
/// *RFC 3161.*
package struct TimeStamp: Sendable, Equatable {
    /// Seconds since 1970.
    package let time: Int

    /// Verifies a response over bytes.
    ///
    /// - Parameters:
    ///   - response: TimeStampResp, DER.
    ///   - query: TimeStampReq, DER, whose nonce the response must have; nothing when it is not at hand.
    ///   - authorities: PEM certificates that chains of signers must end at.
    ///   - now: The moment at which the signer's certificate must be valid, in seconds since 1970.
    /// - Throws: ``TimeStampError``
    package init(
        _ response: [UInt8],
        over bytes: [UInt8],
        query: [UInt8]? = nil,
        trusting authorities: [UInt8],
        now: Int
    ) throws(TimeStampError) {
        try unsafe self.init(response, over: bytes) { (parsed, info) throws(TimeStampError) in
            if let query {
                try unsafe Self.checkNonce(of: info, against: query)
            }
            try unsafe Self.checkSigner(of: parsed, authorities, now)
        }
    }

    /// Reads a response over bytes, whoever made it: it says a time, and nobody vouches for that.
    ///
    /// - Parameter response: TimeStampResp, DER.
    /// - Throws: ``TimeStampError``
    package init(unverified response: [UInt8], over bytes: [UInt8]) throws(TimeStampError) {
        try unsafe self.init(response, over: bytes) { _, _ in }
    }

    /// - Parameter check: Gets the response and what it says.
    private init(
        _ response: [UInt8],
        over bytes: [UInt8],
        _ check: (OpaquePointer, OpaquePointer) throws(TimeStampError) -> Void
    ) throws(TimeStampError) {
        guard let parsed = unsafe Self.parse(response, { unsafe d2i_TS_RESP(nil, $0, $1) }, { unsafe TS_RESP_free($0) })
        else {
            throw .notAResponse
        }
        defer { unsafe TS_RESP_free(parsed) }
        let info = try unsafe Self.info(of: parsed, over: bytes)
        try unsafe check(parsed, info)
        guard let time = unsafe Self.seconds(TS_TST_INFO_get_time(info)) else {
            throw .notAResponse
        }
        self.time = time
    }

    /// What a response that was granted says, which must be about these bytes; it belongs to the response.
    private static func info(
        of response: OpaquePointer,
        over bytes: [UInt8]
    ) throws(TimeStampError) -> OpaquePointer {
        let status = unsafe ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response)))
        guard status == TS_STATUS_GRANTED || status == TS_STATUS_GRANTED_WITH_MODS else {
            throw .notGranted(status: status)
        }
        guard let info = unsafe TS_RESP_get_tst_info(response) else {
            throw .notAResponse
        }
        try unsafe checkImprint(TS_TST_INFO_get_msg_imprint(info), OpenSSL.sha256(bytes))
        return unsafe info
    }

    private static func checkImprint(_ imprint: OpaquePointer?, _ digest: [UInt8]) throws(TimeStampError) {
        var algorithm: OpaquePointer?
        unsafe X509_ALGOR_get0(&algorithm, nil, nil, TS_MSG_IMPRINT_get_algo(imprint))
        guard unsafe OBJ_obj2nid(algorithm) == NID_sha256 else {
            throw .otherDigest
        }
        let found = unsafe OpenSSL.bytes(of: TS_MSG_IMPRINT_get_msg(imprint))
        guard found == digest else {
            throw .otherBytes(digest: OpenSSL.hex(found))
        }
    }

    private static func checkNonce(of info: OpaquePointer, against query: [UInt8]) throws(TimeStampError) {
        guard let request = unsafe parse(query, { unsafe d2i_TS_REQ(nil, $0, $1) }, { unsafe TS_REQ_free($0) }) else {
            throw .notAQuery
        }
        defer { unsafe TS_REQ_free(request) }
        guard let asked = unsafe TS_REQ_get_nonce(request) else {
            return
        }
        guard let answered = unsafe TS_TST_INFO_get_nonce(info), unsafe ASN1_INTEGER_cmp(asked, answered) == 0 else {
            throw .otherNonce
        }
    }

    /// The signature holds, and its key may stamp and is certified by one of the authorities.
    private static func checkSigner(
        of response: OpaquePointer,
        _ authorities: [UInt8],
        _ now: Int
    ) throws(TimeStampError) {
        guard let certificates = try? Certificate.all(pem: authorities), !certificates.isEmpty else {
            throw .noAuthority
        }
        guard let context = unsafe TS_VERIFY_CTX_new(), let store = unsafe X509_STORE_new() else {
            throw .openSSL(.drainingQueue(after: "verify a time stamp"))
        }
        defer { unsafe TS_VERIFY_CTX_free(context) }
        // The context owns the store from here on.
        unsafe TS_VERIFY_CTX_set_store(context, store)
        unsafe TS_VERIFY_CTX_add_flags(context, COpenSSL_verify_stamp())
        unsafe X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), now)
        for certificate in certificates {
            let handle = unsafe certificate.handle()
            defer { unsafe X509_free(handle) }
            guard unsafe X509_STORE_add_cert(store, handle) == 1 else {
                throw .openSSL(.drainingQueue(after: "trust an authority"))
            }
        }
        guard unsafe TS_RESP_verify_response(context, response) == 1 else {
            throw .untrusted(.drainingQueue(after: "verify the time stamp"))
        }
    }

    private static func seconds(_ time: UnsafePointer<ASN1_GENERALIZEDTIME>?) -> Int? {
        var parts = unsafe tm()
        guard let time = unsafe time, unsafe ASN1_TIME_to_tm(time, &parts) == 1 else {
            return nil
        }
        return unsafe timegm(&parts)
    }

    /// What a `d2i` function makes of all the bytes, or nothing.
    private static func parse(
        _ bytes: [UInt8],
        _ read: (UnsafeMutablePointer<UnsafePointer<UInt8>?>, Int) -> OpaquePointer?,
        _ free: (OpaquePointer) -> Void
    ) -> OpaquePointer? {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            defer { OpenSSLError.clearQueue() }
            guard let value = unsafe read(&cursor, buffer.count) else {
                return nil
            }
            guard let end = unsafe cursor, let start = buffer.baseAddress, unsafe end - start == buffer.count else {
                unsafe free(value)
                return nil
            }
            return unsafe value
        }
    }
}

/// Asks an authority for a time stamp.
package enum TimeStampQuery {
    /// A query over the SHA-256 of bytes, with a random nonce of 8 bytes, that asks for the signer's certificate too.
    ///
    /// - Returns: TimeStampReq, DER: what `openssl ts -reply -queryfile` takes.
    /// - Throws: ``OpenSSLError``
    package static func make(over bytes: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: 8)
        guard unsafe RAND_bytes(&nonce, Int32(nonce.count)) == 1 else {
            throw .drainingQueue(after: "draw a nonce")
        }
        // A positive integer of full length, so that two queries are of one size.
        nonce[0] = nonce[0] & 0x7f | 0x40
        return try make(over: bytes, nonce: nonce)
    }

    static func make(over bytes: [UInt8], nonce: [UInt8]) throws(OpenSSLError) -> [UInt8] {
        guard let request = unsafe TS_REQ_new(), let imprint = unsafe TS_MSG_IMPRINT_new(),
            let algorithm = unsafe X509_ALGOR_new(), let number = unsafe BN_bin2bn(nonce, Int32(nonce.count), nil)
        else {
            throw .drainingQueue(after: "make a time-stamp query")
        }
        defer {
            unsafe TS_REQ_free(request)
            unsafe TS_MSG_IMPRINT_free(imprint)
            unsafe X509_ALGOR_free(algorithm)
            unsafe BN_free(number)
        }
        guard let integer = unsafe BN_to_ASN1_INTEGER(number, nil) else {
            throw .drainingQueue(after: "make a time-stamp query")
        }
        defer { unsafe ASN1_INTEGER_free(integer) }
        var message = OpenSSL.sha256(bytes)
        // The request keeps copies of all of these.
        guard unsafe TS_REQ_set_version(request, 1) == 1,
            unsafe X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nil) == 1,
            unsafe TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1,
            unsafe TS_MSG_IMPRINT_set_msg(imprint, &message, Int32(message.count)) == 1,
            unsafe TS_REQ_set_msg_imprint(request, imprint) == 1, unsafe TS_REQ_set_nonce(request, integer) == 1,
            unsafe TS_REQ_set_cert_req(request, 1) == 1,
            let encoded = unsafe OpenSSL.der({ unsafe i2d_TS_REQ(request, $0) })
        else {
            throw .drainingQueue(after: "make a time-stamp query")
        }
        return encoded
    }
}
