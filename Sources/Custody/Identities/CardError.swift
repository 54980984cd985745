// SPDX-License-Identifier: Apache-2.0

package import Encoding

/// Why a card is refused.
package enum CardError: Error, Equatable {
    case document(DocumentError)
    case signature(Name, SignatureError)
}

extension CardError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .document(let reason): reason.description
        case .signature(let name, let reason): "card of \(name): \(reason)"
        }
    }
}
