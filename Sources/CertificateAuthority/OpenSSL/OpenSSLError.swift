// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A call into OpenSSL that failed, with everything its error queue held, the first cause first.
package struct OpenSSLError: Error, Equatable {
    /// One entry of the queue, by number: what programs decide by.
    package struct Code: Hashable, Sendable {
        /// Who says so: `ERR_LIB_…`.
        package let library: Int32
        /// What: `…_R_…` of that library, or one of the common `ERR_R_…`.
        package let reason: Int32
    }

    /// What was tried, after "OpenSSL could not".
    package let call: String
    /// The queue's entries by number.
    package let codes: [Code]
    /// The queue's entries in OpenSSL's words, which change between its releases.
    package let reasons: [String]
}

extension OpenSSLError: CustomStringConvertible {
    package var description: String {
        "OpenSSL could not \(call): \(reasons.isEmpty ? "no reason given" : reasons.joined(separator: "; "))"
    }
}

extension OpenSSLError {
    /// Takes the calling thread's whole error queue, so that no later call reports a stale error.
    static func drainingQueue(after call: String) -> OpenSSLError {
        var codes: [Code] = []
        var reasons: [String] = []
        while case let code = ERR_get_error(), code != 0 {
            codes.append(Code(library: ERR_GET_LIB(code), reason: ERR_GET_REASON(code)))
            if let reason = unsafe ERR_reason_error_string(code) {
                reasons.append(unsafe String(cString: reason))
            }
        }
        return OpenSSLError(call: call, codes: codes, reasons: reasons)
    }

    /// Forgets what is in the queue after an answer that is no error, such as "no".
    static func clearQueue() {
        ERR_clear_error()
    }

    /// Whether no loaded provider has the algorithm, as with RC2 without the legacy provider.
    var isUnsupportedAlgorithm: Bool {
        codes.contains { code in
            code.library == ERR_LIB_EVP
                && (code.reason == EVP_R_UNSUPPORTED_ALGORITHM || code.reason == COpenSSL_reason_unsupported())
        }
    }
}
