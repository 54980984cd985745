// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// A text in DER that is put together of parts of another one, which may be a secret, and of bytes that are none.
struct DERPieces {
    private enum Piece {
        case part(Range<Int>)
        case own([UInt8])
    }

    private var pieces: [Piece] = []
    private var count = 0

    /// Adds a part of the other text.
    mutating func append(_ range: Range<Int>) {
        pieces.append(.part(range))
        count += range.count
    }

    /// Adds bytes that are no secret.
    mutating func append(_ bytes: [UInt8]) {
        pieces.append(.own(bytes))
        count += bytes.count
    }

    mutating func append(_ other: DERPieces) {
        pieces += other.pieces
        count += other.count
    }

    /// All of it as the content of one value.
    func wrapped(_ tag: UInt8) -> DERPieces {
        var whole = DERPieces()
        whole.append(DERValue.head(tag, contentCount: count))
        whole.append(self)
        return whole
    }

    /// The text.
    ///
    /// - Parameter bytes: The other text.
    func text(from bytes: Span<UInt8>) -> SecretBytes {
        SecretBytes(count: count) { text in
            var place = 0
            for piece in pieces {
                switch piece {
                case .part(let range):
                    for index in range {
                        text[place] = bytes[index]
                        place += 1
                    }
                case .own(let own):
                    for byte in own {
                        text[place] = byte
                        place += 1
                    }
                }
            }
        }
    }
}
