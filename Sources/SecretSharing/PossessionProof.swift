// SPDX-License-Identifier: Apache-2.0

package import Ristretto255
import SecretMemory

/// A proof that whoever made it knew the share y behind X = y·G, bound to one document, which stays secret.
///
/// Schnorr's identification made non-interactive, docs/format.md, section 3.8. X is part of the hash: without
/// it a proof could be made for an X chosen afterwards.
package struct PossessionProof: Hashable, Sendable {
    /// R = k·G.
    package let commitment: Element

    /// z = k + c·y.
    package let response: PublicScalar

    /// - Throws: ``Ristretto255Error`` when one of them is not canonical.
    package init(commitment: [UInt8], response: [UInt8]) throws(Ristretto255Error) {
        self.commitment = try Element(canonical: commitment)
        self.response = try PublicScalar(canonical: response)
    }

    private init(_ commitment: Element, _ response: PublicScalar) {
        self.commitment = commitment
        self.response = response
    }

    /// One that never holds: it stands in a document's place for the proof while that, which is over the rest, is made.
    package static let none = PossessionProof(.identity, PublicScalar(0))

    /// Proves knowledge of `share` over a document.
    ///
    /// - Parameters:
    ///   - share: y, secret, not 0.
    ///   - digest: D, the SHA-256 of the canonical document without its `possession` member: 32 bytes.
    package init(of share: borrowing Scalar, over digest: [UInt8]) {
        self.init(of: share, over: digest, fresh: SecretBytes.random(count: 32))
    }

    /// - Parameter fresh: 32 random bytes; a generator that is stuck does not repeat k for another document.
    init(of share: borrowing Scalar, over digest: [UInt8], fresh: consuming SecretBytes) {
        let publicShare = Element(generatorTimes: share)
        var fresh = fresh
        var nonce = Self.nonce(share, fresh, publicShare, digest)
        while nonce.isZero {
            fresh = SecretBytes.random(count: 32)
            nonce = Self.nonce(share, fresh, publicShare, digest)
        }
        commitment = Element(generatorTimes: nonce)
        let challenge = Self.challenge(publicShare: publicShare, commitment: commitment, digest: digest)
        response = nonce.adding(share, times: challenge).published()
    }

    /// Whether z·G = R + c·X, with R and X other than O.
    ///
    /// - Parameters:
    ///   - publicShare: X, from the manifest, by path.
    ///   - digest: D, 32 bytes.
    package func isValid(for publicShare: Element, over digest: [UInt8]) -> Bool {
        guard !publicShare.isIdentity, !commitment.isIdentity else {
            return false
        }
        let challenge = Self.challenge(publicShare: publicShare, commitment: commitment, digest: digest)
        return Element(generatorTimes: response) == commitment.adding(publicShare.multiplied(by: challenge))
    }

    /// c = reduce(SHA-512(lp(label) ‖ lp(G) ‖ lp(X) ‖ lp(R) ‖ lp(D))).
    static func challenge(publicShare: Element, commitment: Element, digest: [UInt8]) -> PublicScalar {
        let fields = [
            Array("ca-escrow/v1/possession/challenge".utf8), Element.generator.bytes, publicShare.bytes,
            commitment.bytes, digest,
        ]
        return PublicScalar(hashing: fields.flatMap { lengthPrefix($0.count) + $0 })
    }

    /// k = reduce(SHA-512(lp(label) ‖ lp(y) ‖ lp(fresh) ‖ lp(X) ‖ lp(D))).
    private static func nonce(
        _ share: borrowing Scalar,
        _ fresh: borrowing SecretBytes,
        _ publicShare: Element,
        _ digest: [UInt8]
    ) -> Scalar {
        let label = Array("ca-escrow/v1/possession/nonce".utf8)
        let count = 5 * 4 + label.count + Scalar.byteCount + fresh.count + Element.byteCount + digest.count
        let (share, fresh) = (share.bytes.span, fresh.span)
        let message = SecretBytes(count: count) { message in
            var position = 0
            message.append(label.span, at: &position)
            message.append(share, at: &position)
            message.append(fresh, at: &position)
            message.append(publicShare.bytes.span, at: &position)
            message.append(digest.span, at: &position)
        }
        return Scalar(hashing: message)
    }

    /// The length before each field: u32, big-endian.
    fileprivate static func lengthPrefix(_ count: Int) -> [UInt8] {
        (0..<4).reversed().map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }
}

extension MutableSpan<UInt8> {
    fileprivate mutating func append(_ field: Span<UInt8>, at position: inout Int) {
        let prefix = PossessionProof.lengthPrefix(field.count)
        put(prefix.span, at: position)
        put(field, at: position + prefix.count)
        position += prefix.count + field.count
    }
}
