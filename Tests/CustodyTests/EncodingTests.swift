// SPDX-License-Identifier: Apache-2.0

import Files
import Testing

@testable import Custody
@testable import Encoding

@Suite("Hex, base64, digests")
struct EncodingTests {
    @Test("hex reads what it writes", arguments: [[], [0], [0x0f, 0xf0, 0xa9], Array(0...255)] as [[UInt8]])
    func hexRoundTrip(bytes: [UInt8]) {
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }

    @Test(
        "hex refuses other spellings",
        arguments: ["a", "AB", "aB", "0x12", "1 2", "12 ", "g0", "1\u{0}", "é1", "12:34"]
    )
    func hexRefused(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test(
        "base64 follows RFC 4648, Section 10",
        arguments: zip(
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"],
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]
        )
    )
    func base64(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(
        "base64 refuses other spellings",
        arguments: [
            "Zg", "Zg=", "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Zm9v====", "Zm-_", "=", "Z===", "Zg==Zg==", "Zm9v\u{0}",
        ]
    )
    func base64Refused(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(
        "printed base32 follows RFC 4648, Section 10, without its padding",
        arguments: zip(
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"],
            ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"]
        )
    )
    func base32(text: String, encoded: String) {
        #expect(Base32.encode(Array(text.utf8)) == encoded)
        #expect(Base32.decode(encoded) == Array(text.utf8))
    }

    @Test(
        "base32 refuses other spellings, spare bits that are set, and lengths that no bytes have",
        arguments: ["my", "MY======", "MZ", "M", "MZX", "MZXW6Y", "MY ", "M1", "MY\u{0}", "MÝ"]
    )
    func base32Refused(text: String) {
        #expect(Base32.decode(text) == nil)
    }

    @Test("a digest shows itself in all its forms")
    func digest() throws {
        let digest = SHA256Digest(of: Array("abc".utf8))
        #expect(digest.description == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(digest.short == "ba7816bf")
        #expect(digest.identifier == "ba7816bf8f01cfea414140de5dae2223")
        #expect(digest.grouped.hasPrefix("ba:78:16:bf:") && digest.grouped.utf8.count == 95)
        #expect(SHA256Digest(hex: digest.description) == digest)
        #expect(SHA256Digest(hex: digest.description.uppercased()) == nil)
        #expect(SHA256Digest(hex: digest.short) == nil)
    }

    @Test("text from outside is shown without what could move a cursor")
    func quoted() {
        #expect("a\u{1b}[2Jé".quoted == "'a\\u{1b}[2J\\u{e9}'")
        #expect(String(repeating: "x", count: 65).quoted == "'\(String(repeating: "x", count: 64))…'")
    }
}

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "a time reads what it writes",
        arguments: zip(
            ["1970-01-01T00:00:00Z", "2000-02-29T23:59:59Z", "2026-03-01T12:00:00Z", "9999-12-31T23:59:59Z"],
            [0, 951_868_799, 1_772_366_400, 253_402_300_799]
        )
    )
    func good(text: String, seconds: Int) {
        #expect(Timestamp(text)?.secondsSinceEpoch == seconds)
        #expect(Timestamp(secondsSinceEpoch: seconds).description == text)
    }

    @Test(
        "other spellings and days that are none are refused",
        arguments: [
            "", "2026-02-29T00:00:00Z", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-12-31T23:59:60Z",
            "2026-01-01T00:00:00z", "2026-01-01t00:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00",
            "2026-01-01T00:00:00.0Z", "2026-01-01T00:00:00+00:00", "1969-12-31T23:59:59Z", "10000-01-01T00:00:00Z",
            "2026-1-01T00:00:000Z", "-026-01-01T00:00:00Z", "2026-01-01T00:00:00ZZ", "20260101T000000Z",
            "202p-01-01T00:00:00Z", "2026-01-01T00:00:0éZ", "2026/01/01T00:00:00Z",
        ]
    )
    func refused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("file names carry the compact form, and times are ordered")
    func compact() throws {
        let time = try #require(Timestamp("2026-03-01T12:00:00Z"))
        #expect(time.compact == "20260301T120000Z")
        #expect(time < Timestamp(secondsSinceEpoch: time.secondsSinceEpoch + 1))
    }

    @Test(
        "a text is found byte for byte, accents or not",
        arguments: [
            ("abc", "abc", true), ("xabc", "abc", true), ("ababc", "abc", true), ("ab", "abc", false), ("", "a", false),
            ("abab", "abc", false), ("KEY-----\u{301}", "KEY-----", true), ("\0\0a", "\0a", true), ("aab", "ab", true),
        ]
    )
    func byteSearch(text: String, part: String, isThere: Bool) {
        #expect(text.contains(bytesOf: part) == isThere)
        #expect(Array(text.utf8).contains(bytesOf: part) == isThere)
    }
}
