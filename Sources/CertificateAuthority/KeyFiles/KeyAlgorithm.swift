// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Files

/// The kinds of key that a file may say it holds, by object identifier.
enum KeyAlgorithm {
    /// Whether keys of it are taken, if their numbers are right.
    static func isAccepted(_ object: OpaquePointer?) -> Bool {
        [NID_rsaEncryption, NID_X9_62_id_ecPublicKey, NID_ED25519, NID_ED448].contains(unsafe OBJ_obj2nid(object))
    }

    /// What people call it; its numbers when nobody here knows it.
    static func name(of object: OpaquePointer?) -> String {
        switch unsafe OBJ_obj2nid(object) {
        case NID_rsaEncryption: return "RSA"
        case NID_X9_62_id_ecPublicKey: return "EC"
        default:
            let numbers = unsafe OpenSSL.numbers(of: object)
            if let name = names[numbers] {
                return name
            }
            return earlyComposites.contains { numbers.hasPrefix(bytesOf: $0) }
                ? "composite ML-DSA of an early draft (\(numbers))" : unsafe OpenSSL.name(of: object)
        }
    }

    /// What OpenSSL 3.0 has no name for, or a short one: FIPS 203, 204 and 205 by the numbers that NIST gave them, the
    /// composites of draft-ietf-lamps-pq-composite-sigs by IANA's, and GOST R 34.10 (RFC 4357, RFC 9215).
    private static let names: [String: String] = {
        var names = [
            "1.2.643.2.2.20": "GOST R 34.10-94",
            "1.2.643.2.2.19": "GOST R 34.10-2001",
            "1.2.643.7.1.1.1.1": "GOST R 34.10-2012 (256 bits)",
            "1.2.643.7.1.1.1.2": "GOST R 34.10-2012 (512 bits)",
        ]
        for (index, (size, other)) in composites.enumerated() {
            names["1.3.6.1.5.5.7.6.\(37 + index)"] = "composite ML-DSA-\(size) and \(other)"
        }
        for (index, size) in ["44", "65", "87"].enumerated() {
            names["2.16.840.1.101.3.4.3.\(17 + index)"] = "ML-DSA-\(size)"
        }
        for (index, size) in ["512", "768", "1024"].enumerated() {
            names["2.16.840.1.101.3.4.4.\(1 + index)"] = "ML-KEM-\(size)"
        }
        let sizes = ["128s", "128f", "192s", "192f", "256s", "256f"]
        for (index, size) in (sizes.map { "SHA2-" + $0 } + sizes.map { "SHAKE-" + $0 }).enumerated() {
            names["2.16.840.1.101.3.4.3.\(20 + index)"] = "SLH-DSA-\(size)"
        }
        return names
    }()

    private static let composites =
        ["RSA-2048-PSS", "RSA-2048", "Ed25519", "P-256"].map { ("44", $0) }
        + [
            "RSA-3072-PSS", "RSA-3072", "RSA-4096-PSS", "RSA-4096", "P-256", "P-384", "brainpoolP256r1", "Ed25519",
        ].map { ("65", $0) }
        + ["P-384", "brainpoolP384r1", "Ed448", "RSA-3072-PSS", "RSA-4096-PSS", "P-521"].map { ("87", $0) }

    /// Where the draft's editors numbered composites before IANA did.
    private static let earlyComposites = ["2.16.840.1.114027.80.8.1.", "2.16.840.1.114027.80.9.1."]
}
