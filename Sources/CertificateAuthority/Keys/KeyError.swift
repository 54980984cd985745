// SPDX-License-Identifier: Apache-2.0

/// Why a private key was not read, or did not sign.
package indirect enum KeyError: Error, Equatable {
    /// Not one of ``KeyKind``; the name of what it is.
    case keyTypeNotAccepted(String)
    /// The key is encrypted and no passphrase was given.
    case encrypted
    case wrongPassphrase
    /// OpenSSL's PEM reader takes at most 1,024 bytes.
    case passphraseTooLong(byteCount: Int)
    /// Opening the file would take too long.
    case tooManyIterations(found: Int, limit: Int)
    /// N, r and p of the file; what does not fit into 64 bits is the largest that does.
    case scryptTooCostly(n: UInt64, r: UInt64, p: UInt64)
    /// Neither OpenSSL's own nor its legacy provider has it, or it is not known at all.
    case unsupportedAlgorithm(String)
    case needsLegacyProvider(algorithm: String)
    /// One block of PEM, or a file in DER.
    case tooLarge(byteCount: Int, limit: Int)
    /// A private key by its form, such as `PKCS#8`, and nothing that OpenSSL takes for one.
    case malformed(form: String, OpenSSLError)
    /// What stands before the key in PEM is not `Proc-Type: 4,ENCRYPTED` and `DEK-Info`.
    case malformedHeader
    /// The public key that lies beside the private key is not its own.
    case publicKeyDiffers
    /// One of the blocks of the file, be it the key's or another one.
    case pem(PEMFault)
    /// The bytes hold no private key in PEM or DER.
    case noKey
    /// The key is for nothing but the text of docs/format.md, section 3.9.
    case notAStatement
    case openSSL(OpenSSLError)
}

extension KeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .keyTypeNotAccepted(let name):
            "key type not accepted: \(name): RSA up to 16384 bits, EC on a named curve from 224 bits, Ed25519, Ed448"
        case .encrypted: "the private key is encrypted: a passphrase is needed"
        case .wrongPassphrase: "wrong passphrase, or a damaged private key"
        case .passphraseTooLong(let byteCount): "passphrase too long: \(byteCount) bytes, at most 1024"
        case .tooManyIterations(let found, let limit):
            "\(found) iterations of its key derivation: at most \(limit)"
        case .scryptTooCostly(let n, let r, let p):
            "scrypt with N=\(n), r=\(r), p=\(p): N·r·p of 1 to \(Scrypt.costLimit) is accepted"
        case .unsupportedAlgorithm(let name): "a private key encrypted with \(name), which is not supported"
        case .needsLegacyProvider(let algorithm):
            "a private key encrypted with \(algorithm), which this OpenSSL reads only with its legacy provider"
        case .tooLarge(let byteCount, let limit): "too large for a private key: \(byteCount) bytes, at most \(limit)"
        case .malformed(let form, let error): "a private key in \(form) that is damaged: \(error)"
        case .malformedHeader:
            "a private key under a PEM header that is not Proc-Type 4,ENCRYPTED and DEK-Info: a damaged file"
        case .publicKeyDiffers: "the public key beside the private key is not its own: a damaged private key"
        case .pem(let fault): fault.description
        case .noKey: "no private key in it"
        case .notAStatement: "not a statement that a certification authority's key signs"
        case .openSSL(let error): error.description
        }
    }
}
