// SPDX-License-Identifier: Apache-2.0

/// What a sealed payload says about itself, in its order.
package enum BoxField: String, Equatable, Sendable {
    case magic, version, purpose, reserved, set, epoch, path, sender
    case secondReserved = "second reserved"
    case context, recipient, value
}

/// Why a sealed box is not accepted: never says what the box holds.
///
/// Whose box it is, the caller knows.
package enum BoxError: Error, Equatable {
    case wrongLength(byteCount: Int)
    case doesNotOpen
    case mismatch(BoxField)
    case recipientNotAcceptable
    /// An enrolment's box that holds 32 zero bytes.
    case nothingInside
}

extension BoxError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongLength(let byteCount):
            "a sealed box has \(SealedPayload.boxByteCount) bytes: \(byteCount) were found"
        case .doesNotOpen: "the box does not open: it is sealed to another key, or was altered"
        case .mismatch(.value): "the box holds no usable value: not a canonical scalar other than 0"
        case .mismatch(let field):
            "the box belongs elsewhere: its field '\(field.rawValue)' is not what the documents say"
        case .recipientNotAcceptable: "the recipient's key is not an X25519 key that boxes can be sealed to"
        case .nothingInside: "the box holds zeros where random bytes belong"
        }
    }
}
