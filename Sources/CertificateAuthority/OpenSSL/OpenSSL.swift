// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// OpenSSL as this process uses it.
package enum OpenSSL {
    /// The size of the heap, locked in memory, in which OpenSSL keeps private numbers: 1 MiB.
    ///
    /// 64 KiB hold 36 RSA-3072 keys; a full heap shows as an "unsupported" key.
    package static let secureHeapByteCount = 1 << 20

    /// Starts OpenSSL without configuration, and with a locked heap for private numbers.
    ///
    /// No file or environment decides what it loads. Calling it again does nothing.
    ///
    /// - Throws: ``OpenSSLError`` also when the heap could be made but not locked.
    package static func start() throws(OpenSSLError) {
        try started.get()
    }

    /// The version of the OpenSSL that was loaded.
    package static var version: String { unsafe String(cString: OpenSSL_version(OPENSSL_VERSION)) }

    /// How much of the locked heap holds keys now; some 500 bytes always belong to the random generator.
    package static var secureHeapBytesInUse: Int { CRYPTO_secure_used() }

    /// How long the public exponent of an RSA key may be, in bits, for OpenSSL to verify with it; nothing where it takes any.
    package static func publicExponentLimit(modulusBitCount: Int) -> Int? {
        modulusBitCount > Int(OPENSSL_RSA_SMALL_MODULUS_BITS) ? Int(OPENSSL_RSA_MAX_PUBEXP_BITS) : nil
    }

    /// The short name of an object identifier, or its numbers.
    static func name(of object: OpaquePointer?) -> String {
        let number = unsafe OBJ_obj2nid(object)
        if number != NID_undef, let name = unsafe OBJ_nid2sn(number) {
            return unsafe String(cString: name)
        }
        return unsafe numbers(of: object)
    }

    /// The numbers of an object identifier, such as `1.2.840.113549.3.7`: a name that OpenSSL finds algorithms by.
    static func numbers(of object: OpaquePointer?) -> String {
        var text = [CChar](repeating: 0, count: 128)
        let count = unsafe OBJ_obj2txt(&text, Int32(text.count), object, 1)
        return String(decoding: text.prefix(min(max(0, Int(count)), 127)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static let started: Result<Void, OpenSSLError> = {
        guard OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil) == 1 else {
            return .failure(.drainingQueue(after: "start"))
        }
        // 2 means a heap that the system would not lock.
        guard CRYPTO_secure_malloc_init(secureHeapByteCount, smallestAllocation) == 1 else {
            return .failure(.drainingQueue(after: "lock its secure heap"))
        }
        return .success(())
    }()

    private static let smallestAllocation = 32
}
