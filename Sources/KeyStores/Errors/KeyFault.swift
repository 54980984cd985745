// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority

/// A private key that is none, with the certificate whose key it should be.
package struct KeyFault: Error, Equatable {
    /// Of the newest certificate of its generation.
    package let subject: String
    /// Of the same, in hex.
    package let serial: String
    package let reason: Reason

    package enum Reason: Equatable, Sendable {
        case notSigned(KeyError)
        /// A token's answer, a CK_RV.
        case refused(call: String, UInt)
        case wrongSignature
        /// Of an RSA key: no signature that proves it has room in its modulus.
        case tooShort(bitCount: Int)
        /// Of an RSA key: OpenSSL verifies nothing with such a public exponent.
        case exponentTooLong(bitCount: Int, limit: Int)
        /// Of an RSA key: it signs, and would not in a program that takes other ones of its numbers.
        case numbersDiffer
    }

    init(of certificate: Certificate, _ reason: Reason) {
        subject = certificate.subject
        serial = certificate.serial
        self.reason = reason
    }
}

extension KeyFault: CustomStringConvertible {
    package var description: String { "the private key of '\(subject)', serial \(serial), \(why)" }

    private var why: String {
        switch reason {
        case .notSigned(let error): "does not sign: \(error)"
        case .refused(let call, let status): "does not sign: \(call): \(TokenError.name(of: status))"
        case .tooShort(let bitCount):
            "is too short to be proven: RSA of \(bitCount) bits has no room for a PSS signature with SHA-256"
        case .exponentTooLong(let bitCount, let limit):
            "has a public exponent of \(bitCount) bits: beside a modulus of more than 3072 bits OpenSSL, and whatever is "
                + "built on it, takes at most \(limit)"
        case .wrongSignature: "does not sign for its certificate: its secret numbers are not those of its public ones"
        case .numbersDiffer: "is damaged: its secret exponent, primes and CRT numbers are not of one key"
        }
    }
}
