// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// From every kind of store into every kind.
@Suite("Stores into stores", .enabled(if: TestRun.isWhole, "in `make whole`"))
struct StoreMatrixTests {
    static let kinds = ["pem", "p12", "openssl-ca", "easy-rsa", "step-ca", "softhsm", "nss"]

    @Test("a key escrowed from any kind of store is restored into any kind")
    func everyPair() throws {
        try withTemporaryFolder { folder in
            var expected = ""
            for type in ["rsa", "ec"] {
                for source in Self.kinds {
                    for target in Self.kinds {
                        expected += "\(type) \(source) \(target): the same key and certificate\n"
                    }
                }
            }
            let command = "store-matrix.sh \(Self.kinds.joined(separator: " "))"
            let shown = try Shell(folder: folder).run(command, limit: 600)
            #expect(shown == expected + "98 pairs\n")
        }
    }

    /// What a store says of a kind of key that it does not take; nothing when it takes it.
    private static func refusal(of key: String, by store: String) -> String? {
        let isCurveOfGo = ["P-224", "P-256", "P-521"].contains(key)
        let isEdwards = key.hasPrefix("ed")
        let name = isEdwards ? key.replacing("ed", with: "Ed") : "EC \(key)"
        switch store {
        case "step-ca" where key != "ed25519" && !key.hasPrefix("rsa") && !isCurveOfGo:
            return
                "step-ca:\(key)-step-ca#intermediate: it does not read \(name) keys: it takes RSA, P-224, P-256, P-384, "
                + "P-521 and Ed25519"
        case "softhsm" where isEdwards:
            return "token '\(key)-softhsm': \(name): only RSA and EC keys go into a token"
        case "nss" where isEdwards: return "\(key)-nss: \(name): only RSA and EC keys go into a token"
        case "nss" where !key.hasPrefix("rsa") && !["P-256", "P-521"].contains(key):
            return "\(key)-nss: \(name): a key of this kind was tried, and is not taken: "
                + "C_SignInit: CKR_HOST_MEMORY (0x2): NSS takes RSA, P-256, P-384 and P-521"
        default: return nil
        }
    }

    @Test("every kind of key goes into every kind of store, or is refused before anybody opens a share")
    func everyKey() throws {
        try withTemporaryFolder { folder in
            var expected = ""
            for key in [
                "rsa-2048", "rsa-4096", "P-224", "P-256", "P-521", "secp256k1", "brainpoolP384r1", "ed25519", "ed448",
            ] {
                for store in Self.kinds {
                    let line = Self.refusal(of: key, by: store) ?? "the same key and certificate"
                    expected += "\(key) \(store): \(line)\n"
                }
            }
            let command = "store-matrix.sh --keys \(Self.kinds.joined(separator: " "))"
            let shown = try Shell(folder: folder).run(command, limit: 600)
            #expect(shown == expected)
        }
    }

    @Test("the matrix tells when a target holds another key")
    func difference() throws {
        try withTemporaryFolder { folder in
            // A target whose own software shows what it always showed.
            let command = """
                sed 's/^p12_show() {/p12_show() { date +%N; /' "$(command -v store-matrix.sh)" > matrix.sh
                bash matrix.sh pem p12 2> errors
                """
            let shown = try Shell(folder: folder).run(command, limit: 600)
            #expect(
                shown == """
                    rsa pem pem: the same key and certificate
                    rsa pem p12: DIFFERENT
                    rsa p12 pem: DIFFERENT
                    rsa p12 p12: DIFFERENT
                    ec pem pem: the same key and certificate
                    ec pem p12: DIFFERENT
                    ec p12 pem: DIFFERENT
                    ec p12 p12: DIFFERENT
                    8 pairs
                    [exit 1]

                    """
            )
        }
    }
}
