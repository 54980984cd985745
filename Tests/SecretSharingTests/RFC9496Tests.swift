// SPDX-License-Identifier: Apache-2.0

import Ristretto255
import Testing

@testable import SecretSharing

@Suite("RFC 9496, Appendix A")
struct RFC9496Tests {
    @Test("the multiples of the generator have the listed encodings")
    func multiples() throws {
        let listed = try #require(try vectors("rfc9496-ristretto255.json")["small_multiples_0_to_15"] as? [String])
        #expect(listed.count == 16)
        var sum = Element.identity
        for (multiple, encoding) in listed.enumerated() {
            #expect(Element(generatorTimes: PublicScalar(UInt64(multiple))).bytes.hex == encoding)
            #expect(sum.bytes.hex == encoding)
            #expect(try Element(canonical: [UInt8](hex: encoding)) == sum)
            sum = sum.adding(.generator)
        }
    }

    @Test("every bad encoding is refused")
    func badEncodings() throws {
        let listed = try #require(try vectors("rfc9496-ristretto255.json")["bad_encodings"] as? [String])
        #expect(listed.count >= 29)
        for encoding in listed {
            #expect(throws: Ristretto255Error.elementNotCanonical) {
                try Element(canonical: [UInt8](hex: encoding))
            }
        }
    }

    @Test("an element of another length is refused", arguments: [0, 31, 33])
    func wrongLength(count: Int) {
        #expect(throws: Ristretto255Error.wrongLength(expected: 32, found: count)) {
            try Element(canonical: [UInt8](repeating: 0, count: count))
        }
    }

    static let order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"

    @Test(
        "a scalar of q or more, or with its top bit set, is refused",
        arguments: [
            order,
            "eed3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0100000000000000000000000000000000000000000000000000000000000080",
        ]
    )
    func nonCanonicalScalar(hex: String) {
        #expect(throws: Ristretto255Error.scalarNotCanonical) {
            _ = try Scalar(hex: hex)
        }
        #expect(throws: Ristretto255Error.scalarNotCanonical) {
            try PublicScalar(canonical: [UInt8](hex: hex))
        }
    }

    @Test("q - 1 is a scalar, and its double is q - 2")
    func largestScalar() throws {
        let largest = try PublicScalar(canonical: [UInt8](hex: "ec" + Self.order.dropFirst(2)))
        #expect(PublicScalar(0).subtracting(PublicScalar(1)) == largest)
        #expect(PublicScalar(0).subtracting(PublicScalar(2)) == largest.multiplied(by: PublicScalar(2)))
        #expect(try largest.inverted() == largest)
        #expect(throws: Ristretto255Error.zeroHasNoInverse) { try PublicScalar(0).inverted() }
    }

    @Test("random scalars are canonical, differ, and are not zero")
    func random() throws {
        var seen: Set<String> = []
        for _ in 0..<100 {
            let scalar = Scalar.random()
            let isZero = scalar.isZero
            #expect(!isZero)
            #expect(seen.insert(scalar.hex).inserted)
            _ = try Scalar(hex: scalar.hex)
        }
    }
}
