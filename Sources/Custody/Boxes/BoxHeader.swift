// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// What a sealed box is for.
package enum BoxPurpose: UInt8, Sendable {
    /// A custodian's share.
    case share = 1
    /// A share that travels to the machine of a restore.
    case release = 2
    /// A share of a share, on its way to a new custodian.
    case subshare = 3
    /// A random number that a new custodian proves to have read.
    case enrolment = 4
}

/// Everything in a sealed payload but the value: where the box belongs.
///
/// 112 bytes, integers big-endian, all of it public.
package struct BoxHeader: Equatable, Sendable {
    package let purpose: BoxPurpose
    /// The set's 16 bytes; zero for an enrolment.
    package let set: [UInt8]
    /// The epoch: a share's when it was sealed, a release's as the request says, a subshare's the new one.
    package let epoch: UInt32
    /// The leaf's path, 1 to 4 numbers from 1 on; none for an enrolment.
    package let path: [UInt16]
    /// The path of the leaf that sends, for a subshare only.
    package let sender: [UInt16]
    /// A share's head digest; a release's or a subshare's request; an enrolment's card.
    package let context: SHA256Digest
    /// The X25519 key that the box is sealed to, 32 bytes.
    package let recipient: [UInt8]

    /// Takes the parts, which the caller has from checked documents: lengths that cannot be are traps.
    package init(
        purpose: BoxPurpose,
        set: [UInt8],
        epoch: UInt32,
        path: [UInt16],
        sender: [UInt16] = [],
        context: SHA256Digest,
        recipient: [UInt8]
    ) {
        precondition(set.count == 16 && recipient.count == SealedPayload.keyByteCount, "a set has 16 bytes, a key 32")
        precondition((purpose == .enrolment) == path.isEmpty, "every box but an enrolment's belongs to a leaf")
        precondition((purpose == .subshare) == !sender.isEmpty, "a subshare has a sender, and nothing else does")
        precondition(
            path.count <= 4 && sender.count <= 4 && !(path + sender).contains(0),
            "a path has 4 numbers, none 0"
        )
        self.purpose = purpose
        self.set = set
        self.epoch = epoch
        self.path = path
        self.sender = sender
        self.context = context
        self.recipient = recipient
    }

    /// The header of an enrolment, where all that belongs to a set is zero.
    package static func enrolment(card: SHA256Digest, recipient: [UInt8]) -> BoxHeader {
        let noSet = [UInt8](repeating: 0, count: 16)
        return BoxHeader(purpose: .enrolment, set: noSet, epoch: 0, path: [], context: card, recipient: recipient)
    }

    /// The header's bytes as they lie before the value.
    var encoded: [UInt8] {
        Array("CAES".utf8) + [1, purpose.rawValue, 0, 0] + set + Wire.uint32(epoch) + Self.encode(path)
            + Self.encode(sender) + [0, 0, 0, 0] + context.bytes + recipient
    }

    /// Where each field lies, in the order in which an opener compares them.
    static let layout: [(field: BoxField, range: Range<Int>)] = [
        (.magic, 0..<4), (.version, 4..<5), (.purpose, 5..<6), (.reserved, 6..<8), (.set, 8..<24), (.epoch, 24..<28),
        (.path, 28..<36), (.sender, 36..<44), (.secondReserved, 44..<48), (.context, 48..<80), (.recipient, 80..<112),
    ]

    static let byteCount = 112

    private static func encode(_ path: [UInt16]) -> [UInt8] {
        let numbers = path + Array(repeating: 0, count: 4 - path.count)
        return numbers.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }
}
