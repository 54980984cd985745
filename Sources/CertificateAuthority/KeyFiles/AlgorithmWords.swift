// SPDX-License-Identifier: Apache-2.0

/// What algorithms are called in a manifest, by object identifier: docs/format.md, Annex C.
///
/// What is not listed is called by its numbers, whatever OpenSSL calls it today.
enum AlgorithmWords {
    /// Of ciphers of PBES2.
    static func cipher(_ object: OpaquePointer?) -> String { unsafe word(of: object, in: ciphers) }

    /// Of what PBKDF2 uses.
    static func prf(_ object: OpaquePointer?) -> String { unsafe word(of: object, in: prfs) }

    /// Of the digest in a MAC; nothing for one that no MAC is accepted with.
    static func mac(_ object: OpaquePointer?) -> String? { macs[unsafe OpenSSL.numbers(of: object)] }

    private static func word(of object: OpaquePointer?, in words: [String: String]) -> String {
        let numbers = unsafe OpenSSL.numbers(of: object)
        return words[numbers] ?? numbers
    }

    private static let ciphers = [
        "2.16.840.1.101.3.4.1.2": "aes-128-cbc", "2.16.840.1.101.3.4.1.22": "aes-192-cbc",
        "2.16.840.1.101.3.4.1.42": "aes-256-cbc", "1.2.392.200011.61.1.1.1.2": "camellia-128-cbc",
        "1.2.392.200011.61.1.1.1.3": "camellia-192-cbc", "1.2.392.200011.61.1.1.1.4": "camellia-256-cbc",
        "1.2.840.113549.3.7": "des-ede3-cbc", "1.2.840.113549.3.2": "rc2-cbc", "1.3.14.3.2.7": "des-cbc",
    ]

    private static let prfs = [
        "1.2.840.113549.2.7": "hmac-sha1", "1.2.840.113549.2.8": "hmac-sha224", "1.2.840.113549.2.9": "hmac-sha256",
        "1.2.840.113549.2.10": "hmac-sha384", "1.2.840.113549.2.11": "hmac-sha512",
        "1.2.840.113549.2.12": "hmac-sha512-224", "1.2.840.113549.2.13": "hmac-sha512-256",
        "2.16.840.1.101.3.4.2.13": "hmac-sha3-224", "2.16.840.1.101.3.4.2.14": "hmac-sha3-256",
        "2.16.840.1.101.3.4.2.15": "hmac-sha3-384", "2.16.840.1.101.3.4.2.16": "hmac-sha3-512",
    ]

    private static let macs = [
        "1.3.14.3.2.26": "hmac-sha1", "2.16.840.1.101.3.4.2.4": "hmac-sha224",
        "2.16.840.1.101.3.4.2.1": "hmac-sha256", "2.16.840.1.101.3.4.2.2": "hmac-sha384",
        "2.16.840.1.101.3.4.2.3": "hmac-sha512", "2.16.840.1.101.3.4.2.5": "hmac-sha512-224",
        "2.16.840.1.101.3.4.2.6": "hmac-sha512-256", "2.16.840.1.101.3.4.2.7": "hmac-sha3-224",
        "2.16.840.1.101.3.4.2.8": "hmac-sha3-256", "2.16.840.1.101.3.4.2.9": "hmac-sha3-384",
        "2.16.840.1.101.3.4.2.10": "hmac-sha3-512", "1.2.840.113549.2.5": "hmac-md5",
        "1.2.840.113549.2.4": "hmac-md4", "1.3.36.3.2.1": "hmac-ripemd160", "1.0.10118.3.0.55": "hmac-whirlpool",
        "2.5.8.3.101": "hmac-mdc2", "1.2.156.10197.1.401": "hmac-sm3",
        "1.3.6.1.4.1.1722.12.2.1.16": "hmac-blake2b512", "1.3.6.1.4.1.1722.12.2.2.8": "hmac-blake2s256",
    ]
}
