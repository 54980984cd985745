// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// What a refusal's file is called, `WHO-REQUEST32-DIGEST32.json`: docs/format.md, section 4.18.
///
/// The name alone says which request a file stops: nobody lifts a refusal by damaging what stands in it. It is read from
/// its end, where the widths are fixed, because there may be `-` in WHO.
package struct RefusalName: Hashable, Sendable {
    /// Who refuses, as the name says it: believed only of a refusal that verifies.
    package let who: Name
    /// The first 32 digits of the request's digest.
    package let request: String
    /// The first 32 digits of the document's digest, as the name says it.
    package let digest: String

    /// Reads the name of a document.
    ///
    /// - Returns: `nil` for a name of any other form.
    package init?(_ file: String) {
        let bytes = Array(file.utf8)
        let tail = 1 + Self.digitCount
        guard bytes.count > 2 * tail + Self.suffix.count, bytes.suffix(Self.suffix.count).elementsEqual(Self.suffix)
        else {
            return nil
        }
        let stem = bytes.dropLast(Self.suffix.count)
        let (front, last) = (stem.dropLast(tail), stem.suffix(tail))
        let (name, middle) = (front.dropLast(tail), front.suffix(tail))
        guard let who = try? Name(String(decoding: name, as: UTF8.self)),
            let request = Self.digits(middle), let digest = Self.digits(last)
        else {
            return nil
        }
        (self.who, self.request, self.digest) = (who, request, digest)
    }

    /// Reads the name of a signature, `WHO-REQUEST32-DIGEST32.json.SIGNER.sig`, whoever its signer may be.
    ///
    /// - Returns: The name of its document; `nil` for a name of any other form.
    package init?(ofSignature file: String) {
        let bytes = Array(file.utf8)
        guard bytes.suffix(4).elementsEqual(".sig".utf8) else {
            return nil
        }
        // WHO is shorter than two digests: no name has two places where its document's could end.
        let ends = bytes.indices.filter { bytes[...$0].suffix(Self.suffix.count).elementsEqual(Self.suffix) }
        let documents = ends.filter { bytes[bytes.index(after: $0)...].first == UInt8(ascii: ".") }
            .compactMap { RefusalName(String(decoding: bytes[...$0], as: UTF8.self)) }
        guard let document = documents.first else {
            return nil
        }
        self = document
    }

    /// `-` and as many digits.
    private static func digits(_ tail: ArraySlice<UInt8>) -> String? {
        let text = String(decoding: tail.dropFirst(), as: UTF8.self)
        guard tail.first == UInt8(ascii: "-"), Hex.decode(text)?.count == digitCount / 2 else {
            return nil
        }
        return text
    }

    private static let digitCount = 32
    private static let suffix = Array(".json".utf8)
}
