// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding

// The parts of a manifest.

extension Person {
    static let shape = Shape<Person>(
        Self.init,
        Member("name", .name, \.name),
        Member("card", .digest, \.card),
        Member("sealingKey", .sealingKey, \.sealingKey),
        Member("signingKey", .signingKey, \.signingKey)
    )
}

extension PKCS12Entry {
    static let shape = Shape<PKCS12Entry>(
        Self.init,
        Member("name", .fileName, \.name),
        Member("sha256", .digest, \.sha256),
        Member("size", .integer(in: 1...ByteLimit.pkcs12), \.byteCount),
        Member("encryption", .string, \.encryption),
        Member("kdf", .string, \.kdf),
        Member("mac", .string, \.mac),
        Member("iterations", .integer(in: 1...600_000), \.iterationCount)
    )

    /// Whether a text matches `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`: it can be nothing but a file name.
    package static func isPlainFileName(_ text: String) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
        let marks: Set<UInt8> = [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")]
        guard let first = text.utf8.first, isAlphanumeric(first), text.utf8.count <= 64 else {
            return false
        }
        return text.utf8.allSatisfy { isAlphanumeric($0) || marks.contains($0) }
    }
}

extension SealedShare {
    static let shape = Shape<SealedShare>(
        Self.init,
        Member("box", .base64(byteCount: SealedPayload.boxByteCount), \.box),
        Member("path", .leaf, \.path),
        Member("sealedIn", .integer(in: 1...9999), \.sealedIn)
    )
}

extension Predecessor {
    static let shape = Shape<Predecessor>(
        Self.init,
        Member("epoch", .integer(in: 1...9999), \.epoch),
        Member("sha256", .digest, \.sha256)
    )
}
