// SPDX-License-Identifier: Apache-2.0

import Encoding

/// Why something is no public key that may sign.
package enum SigningKeyError: Error, Equatable {
    case notOneLine
    case noKey
    case notBase64
    case unsupportedType(String)
    case typesDiffer(text: String, blob: String)
    case malformed(field: String)
    case notAPoint
}

extension SigningKeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notOneLine: "a public key is one line of text: more was found"
        case .noKey: "a public key is a type and base64: one of them is missing"
        case .notBase64: "the public key is not base64"
        case .unsupportedType(let type): "key type \(type.quoted): needed is \(SigningKey.supportedTypes)"
        case .typesDiffer(let text, let blob): "key type \(text.quoted): the key itself says \(blob.quoted)"
        case .malformed(let field): "the public key is cut off or too long: \(field)"
        case .notAPoint: "the public key is not an Ed25519 key: not a point of full order"
        }
    }
}
