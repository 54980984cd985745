// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import Custody
@testable import Encoding

@Suite("Sealed boxes")
struct BoxTests {
    static let value = Hex.decode("5c3430d391552f6e60ecdc093ff9f6f4488756aa6cebdbad75a768010b8f830e") ?? []
    static let set = Array(SHA256Digest(of: Array("example set".utf8)).bytes.prefix(16))
    static let head = SHA256Digest(of: Array("example head".utf8))

    static func header(_ recipient: [UInt8]) -> BoxHeader {
        BoxHeader(purpose: .share, set: set, epoch: 1, path: [1], context: head, recipient: recipient)
    }

    @Test("the payload is that of the vector")
    func vector() throws {
        let vector = try Vectors.named("sharePayload")
        let recipient = try #require(Hex.decode(vector["recipient"] as? String ?? ""))
        let payload = SealedPayload.payload(value: SecretBytes(Self.value), header: Self.header(recipient).encoded)
            .revealed
        #expect(Hex.encode(payload) == vector["plaintext"] as? String)
        #expect(SHA256Digest(of: payload).description == vector["sha256"] as? String)
    }

    @Test("a box opens for its recipient, whatever it is for")
    func roundTrip() throws {
        let identity = try Identity.test()
        let key = identity.sealingKey
        let headers = [
            Self.header(key), .enrolment(card: Self.head, recipient: key),
            BoxHeader(
                purpose: .release,
                set: Self.set,
                epoch: .max,
                path: [1, 2, 3, 1000],
                context: Self.head,
                recipient: key
            ),
            BoxHeader(
                purpose: .subshare,
                set: Self.set,
                epoch: 2,
                path: [2, 1],
                sender: [65535],
                context: Self.head,
                recipient: key
            ),
        ]
        for header in headers {
            let box = try SealedPayload.seal(value: SecretBytes(Self.value), header: header)
            #expect(box.count == 192)
            let opened = try identity.open(box: box, expecting: header).revealed
            #expect(opened == Self.value)
        }
    }

    @Test("an altered field is named, in the order of the fields")
    func mismatch() throws {
        let identity = try Identity.test()
        let header = Self.header(identity.sealingKey)
        for (position, entry) in BoxHeader.layout.enumerated() {
            for index in entry.range {
                var altered = header.encoded
                altered[index] ^= 0x80
                // What lies behind it is wrong too: the first field counts.
                for later in BoxHeader.layout[(position + 1)...] {
                    altered[later.range.lowerBound] ^= 1
                }
                let payload = SealedPayload.payload(value: SecretBytes(Self.value), header: altered)
                let box = try SealedPayload.sealed(payload, to: identity.sealingKey)
                #expect(throws: BoxError.mismatch(entry.field)) { _ = try identity.open(box: box, expecting: header) }
            }
        }
    }

    @Test("only a canonical scalar other than 0 is a value")
    func values() throws {
        let identity = try Identity.test()
        let header = Self.header(identity.sealingKey)
        let order = try #require(Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010"))
        var topBit = Self.value
        topBit[31] |= 0x80
        for value in [[UInt8](repeating: 0, count: 32), order, topBit, [UInt8](repeating: 0xff, count: 32)] {
            let payload = SealedPayload.payload(value: SecretBytes(value), header: header.encoded)
            let box = try SealedPayload.sealed(payload, to: identity.sealingKey)
            #expect(throws: BoxError.mismatch(.value)) { _ = try identity.open(box: box, expecting: header) }
        }
        let enrolment = BoxHeader.enrolment(card: Self.head, recipient: identity.sealingKey)
        let random = [UInt8](repeating: 0xff, count: 32)
        let box = try SealedPayload.seal(value: SecretBytes(random), header: enrolment)
        let opened = try identity.open(box: box, expecting: enrolment).revealed
        #expect(opened == random)
    }

    @Test("every single bit of a box counts")
    func bitFlips() throws {
        let identity = try Identity.test()
        let header = Self.header(identity.sealingKey)
        let box = try SealedPayload.seal(value: SecretBytes(Self.value), header: header)
        for bit in 0..<box.count * 8 {
            var altered = box
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: BoxError.doesNotOpen, "bit \(bit)") {
                _ = try identity.open(box: altered, expecting: header)
            }
        }
    }

    @Test("a box for somebody else, of another length or for another name of the key is refused")
    func otherRecipients() throws {
        let alice = try Identity.test()
        let bob = try Identity.test("bob", seed: 2)
        let header = Self.header(alice.sealingKey)
        let box = try SealedPayload.seal(value: SecretBytes(Self.value), header: header)
        #expect(throws: BoxError.doesNotOpen) { _ = try bob.open(box: box, expecting: header) }
        #expect(throws: BoxError.wrongLength(byteCount: 193)) { _ = try alice.open(box: box + [0], expecting: header) }
        #expect(throws: BoxError.wrongLength(byteCount: 0)) { _ = try alice.open(box: [], expecting: header) }
        // Sealed to bob, though it and the documents say alice.
        let payload = SealedPayload.payload(value: SecretBytes(Self.value), header: header.encoded)
        let stray = try SealedPayload.sealed(payload, to: bob.sealingKey)
        #expect(throws: BoxError.mismatch(.recipient)) { _ = try bob.open(box: stray, expecting: header) }
    }

    @Test(
        "keys of small order and in other forms are refused",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0900000000000000000000000000000000000000000000000000000000000080", "09", "",
        ]
    )
    func unacceptable(hex: String) throws {
        let key = try #require(Hex.decode(hex))
        #expect(!SealedPayload.isAcceptable(sealingKey: key))
        if key.count == 32 {
            #expect(throws: BoxError.recipientNotAcceptable) {
                try SealedPayload.seal(value: SecretBytes(Self.value), header: Self.header(key))
            }
        }
    }

    @Test(
        "other keys are taken, up to the largest",
        arguments: [
            "0900000000000000000000000000000000000000000000000000000000000000",
            "ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "f0fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe7f",
        ]
    )
    func acceptable(hex: String) throws {
        #expect(SealedPayload.isAcceptable(sealingKey: try #require(Hex.decode(hex))))
    }
}
