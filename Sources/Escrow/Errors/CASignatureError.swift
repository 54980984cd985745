// SPDX-License-Identifier: Apache-2.0

/// Why a signature of the CA's key beside a document is not what it should be.
package enum CASignatureError: Error, Equatable {
    case missing
    /// The subject of the certificate that the document names.
    case doesNotHold(subject: String)
    case notNamed
}

extension CASignatureError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing: "missing: the document says that the CA's key has signed it"
        case .doesNotHold(let subject): "no signature of the document by the key of '\(subject)'"
        case .notNamed: "a signature of the CA's key beside a document that names no certificate"
        }
    }
}
