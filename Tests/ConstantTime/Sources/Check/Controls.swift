// SPDX-License-Identifier: Apache-2.0

@testable import Ristretto255
@testable import SecretMemory

/// Routines that leak on purpose: if memcheck did not catch them, it would say nothing about the others.
enum Controls {
    static let all = [
        Routine(name: "control: a comparison that stops at the first difference", expected: .some) { mark in
            let secret = Scalar.marked("secret", mark)
            let guess = PublicScalar(7).bytes
            let isEqual = secret.bytes.withSpan { span in stopsEarly(span, guess) }
            sink(isEqual ? 1 : 0)
        },
        Routine(name: "control: a table that is looked up at a secret place", expected: .some) { mark in
            let secret = Scalar.marked("secret", mark)
            let table = (0..<256).map { UInt8($0 ^ 0x5a) }
            let found = secret.bytes.withSpan { span in looksUp(span, table) }
            sink(found)
        },
        Routine(name: "control: square and multiply, by the bits of a secret", expected: .some) { mark in
            let secret = Scalar.marked("secret", mark)
            sink(secret.bytes.withSpan { span in squaresAndMultiplies(span) })
        },
    ]

    @inline(never)
    private static func stopsEarly(_ secret: Span<UInt8>, _ guess: [UInt8]) -> Bool {
        for index in secret.indices where secret[index] != guess[index] {
            return false
        }
        return true
    }

    @inline(never)
    private static func looksUp(_ secret: Span<UInt8>, _ table: [UInt8]) -> UInt8 {
        table[Int(secret[3])]
    }

    @inline(never)
    private static func squaresAndMultiplies(_ secret: Span<UInt8>) -> UInt8 {
        var product: UInt64 = 1
        for bit in 0..<8 {
            product = product &* product % 251
            if secret[0] >> bit & 1 == 1 {
                product = slow(product)
            }
        }
        return UInt8(truncatingIfNeeded: product)
    }

    @inline(never)
    private static func slow(_ product: UInt64) -> UInt64 { product &* 7 % 251 }

    /// Uses a result, so that no compiler leaves the work out.
    @inline(never)
    static func sink(_ value: UInt8) {
        taken = value
    }

    nonisolated(unsafe) private static var taken: UInt8 = 0
}
