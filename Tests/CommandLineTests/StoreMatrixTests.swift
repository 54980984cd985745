// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// From every kind of store into every kind.
@Suite struct StoreMatrixTests {
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
