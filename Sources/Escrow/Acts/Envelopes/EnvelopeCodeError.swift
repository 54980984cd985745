// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding

/// Why a text is no code of an envelope.
package enum EnvelopeCodeError: Error, Equatable {
    /// It does not start as our codes do: whatever a bag, a parcel service or somebody else has printed.
    case notOurs
    /// Our first letters among other signs: a scanner that takes itself for a keyboard of another country.
    case keyboard
    case version(String)
    case kind(String)
    /// A character that none of our codes holds.
    case characters
    case fieldCount(found: Int, needed: Int)
    case field(EnvelopeCode.Field, found: String)
}

extension EnvelopeCodeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notOurs: "no code of an envelope"
        case .keyboard: "a code that was typed in another keyboard layout than the scanner's"
        case .version(let version): "a code of version \(version.quoted): this program reads V1"
        case .kind(let kind): "a code of the kind \(kind.quoted): there are SHARE and LABEL"
        case .characters: "a character that is not printable ASCII"
        case .fieldCount(let found, let needed): "\(found) fields: \(needed) are needed"
        case .field(let field, let found): "\(field.rawValue): \(found.quoted): \(field.expected) needed"
        }
    }
}
