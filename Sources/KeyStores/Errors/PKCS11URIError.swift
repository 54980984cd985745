// SPDX-License-Identifier: Apache-2.0

/// Why a text is no URI of a token; it repeats nothing of the text but names, since a PIN may stand in it.
package indirect enum PKCS11URIError: Error, Equatable {
    case malformed
    case unknown(name: String)
    case twice(name: String)
    case encoding(name: String)
    case value(name: String, needed: String)
    /// It was in the list of processes for all to see.
    case pinInside
    case moduleName(String)
}

extension PKCS11URIError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .malformed: "not pkcs11:NAME=VALUE;…[?module-path=FILE] (RFC 7512)"
        case .unknown(let name): "\(name): unknown here"
        case .twice(let name): "\(name): given twice"
        case .encoding(let name): "\(name): a value is percent-encoded UTF-8, as %20 for a blank"
        case .value(let name, let needed): "\(name): \(needed) is needed"
        case .pinInside:
            "pin-value: a PIN does not belong into a command line, where everybody on this machine reads it"
        case .moduleName(let name):
            "module-name=\(name): a name is not looked up: module-path=FILE, or nothing for the modules of p11-kit"
        }
    }
}
