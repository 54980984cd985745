// SPDX-License-Identifier: Apache-2.0

import Encoding

/// Why a signature is not accepted.
package enum SignatureError: Error, Equatable {
    case notArmored
    case malformed(field: String)
    case unsupportedVersion(UInt32)
    case unsupportedHash(String)
    case reservedNotEmpty
    case key(SigningKeyError)
    case typesDiffer(signature: String, key: String)
    case notTouched(flags: UInt8)
    case unsupportedFlags(UInt8)
    case wrongNamespace(found: String, expected: String)
    case otherKey(found: String, expected: String)
    case doesNotVerify
}

extension SignatureError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notArmored: "the file is not an SSH signature in the form that ssh-keygen writes"
        case .malformed(let field): "the signature is cut off or too long: \(field)"
        case .unsupportedVersion(let version): "signature version \(version): needed is 1"
        case .unsupportedHash(let name): "signature over hash \(name.quoted): needed is sha512"
        case .reservedNotEmpty: "the signature's reserved field is not empty"
        case .key(let reason): "the signature's key: \(reason)"
        case .typesDiffer(let signature, let key):
            "a signature of type \(signature.quoted) by a key of type \(key.quoted)"
        case .notTouched(let flags): "the token was not touched when it signed: flags \(flags), needed is 1 or 5"
        case .unsupportedFlags(let flags): "the token signed with unknown flags: \(flags), needed is 1 or 5"
        case .wrongNamespace(let found, let expected):
            "the signature is for another purpose: namespace \(found.quoted), needed is '\(expected)'"
        case .otherKey(let found, let expected): "another key signed: \(found), needed is \(expected)"
        case .doesNotVerify: "the signature does not verify: this is not the text that was signed"
        }
    }
}
