// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
import Testing

@testable import Escrow

@Suite struct SelfCheckTests {
    @Test("a library that takes the base point plus one of order 2 for a key does not pass the self-test")
    func mixedOrder() throws {
        let point = SelfCheck.pointOfMixedOrder
        #expect(Hex.encode(point) == "95" + String(repeating: "99", count: 31))
        // As libsodium was before CVE-2025-69277 was found, and as one that refuses every key would be.
        #expect(!SelfCheck.refusesMixedOrder { _ in true })
        #expect(!SelfCheck.refusesMixedOrder { _ in false })
        #expect(SelfCheck.refusesMixedOrder { $0 != point })

        #expect(SelfCheck.refusesMixedOrder { SigningKey.isPoint($0) })
        let blob = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 32] + point
        #expect(throws: SigningKeyError.notAPoint) { try SigningKey(blob: blob) }
    }
}
