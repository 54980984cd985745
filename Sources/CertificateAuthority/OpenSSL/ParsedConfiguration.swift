// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A configuration as OpenSSL reads it, with variables, quotes and escapes expanded.
///
/// OpenSSL would follow an `.include`: the text has none. *config(5).*
@safe
package struct ParsedConfiguration: ~Copyable {
    /// Where OpenSSL stopped, and why.
    package struct Failure: Error {
        /// From 1, and 0 when it is not known.
        package let line: Int
        package let cause: OpenSSLError
    }

    private let handle: UnsafeMutablePointer<CONF>?

    /// - Throws: ``Failure``
    package init(_ text: [UInt8]) throws(Failure) {
        let handle = unsafe NCONF_new(nil)
        var line = 0
        let isRead = unsafe text.withUnsafeBytes { text in
            let bio = unsafe BIO_new_mem_buf(text.baseAddress, Int32(text.count))
            defer { unsafe BIO_free(bio) }
            return unsafe NCONF_load_bio(handle, bio, &line) > 0
        }
        guard isRead else {
            let cause = OpenSSLError.drainingQueue(after: "read the configuration")
            unsafe NCONF_free(handle)
            throw Failure(line: line, cause: cause)
        }
        unsafe self.handle = unsafe handle
    }

    deinit {
        unsafe NCONF_free(handle)
    }

    /// What a section says, or `[default]` for it.
    package func value(_ name: String, in section: String) -> String? {
        defer { OpenSSLError.clearQueue() }
        return unsafe NCONF_get_string(handle, section, name).map { unsafe String(cString: $0) }
    }

    /// What any section says.
    package func value(anywhere name: String) -> String? {
        defer { OpenSSLError.clearQueue() }
        let names = unsafe NCONF_get_section_names(handle)
        defer { unsafe COpenSSL_sk_OPENSSL_CSTRING_free(names) }
        for index in 0..<(unsafe COpenSSL_sk_OPENSSL_CSTRING_num(names)) {
            let section = unsafe COpenSSL_sk_OPENSSL_CSTRING_value(names, index)
            if let value = unsafe NCONF_get_string(handle, section, name) {
                return unsafe String(cString: value)
            }
        }
        return nil
    }

    /// All that a section says by itself; nothing when it is not there.
    package func values(of section: String) -> [String: String]? {
        defer { OpenSSLError.clearQueue() }
        guard let stack = unsafe NCONF_get_section(handle, section) else {
            return nil
        }
        var values: [String: String] = [:]
        for index in 0..<(unsafe COpenSSL_sk_CONF_VALUE_num(stack)) {
            let entry = unsafe COpenSSL_sk_CONF_VALUE_value(stack, index)!
            unsafe values[String(cString: entry.pointee.name)] = unsafe String(cString: entry.pointee.value)
        }
        return values
    }
}
