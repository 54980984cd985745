// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import SecretMemory

/// The proof that a private key does what it is kept for: it signs, and its certificate agrees.
///
/// Public parts that match show nothing: hardware modules leave keys in files that have the public numbers alone.
/// *docs/format.md, section 3.9, `readback`.*
package enum KeyProof {
    /// Whether a key signs for its newest certificate now.
    package static func holds(_ signer: any RestoredSigner) -> Bool {
        (try? signer.proves(statement())) ?? false
    }

    /// What is wrong with a key that is to be kept, or that a restore finds in its place; nothing when it is whole.
    static func fault(of generation: KeyGeneration) -> KeyFault? {
        if let reason = unusable(generation.newest) {
            return KeyFault(of: generation.newest, reason)
        }
        do throws(StoreError) {
            guard try generation.proves(statement()) else {
                return KeyFault(of: generation.newest, .wrongSignature)
            }
        } catch .key(_, let error) {
            return KeyFault(of: generation.newest, .notSigned(error))
        } catch {
            return KeyFault(of: generation.newest, .wrongSignature)
        }
        return generation.key.isConsistent ? nil : KeyFault(of: generation.newest, .numbersDiffer)
    }

    /// An RSA key that OpenSSL never signs or verifies with, however whole it is.
    private static func unusable(_ certificate: Certificate) -> KeyFault.Reason? {
        guard case .rsa(let bitCount) = certificate.keyKind,
            case .rsa(_, let exponent) = PublicNumbers(of: certificate), let first = exponent.first
        else {
            return nil
        }
        let exponentBitCount = exponent.count * 8 - first.leadingZeroBitCount
        guard bitCount >= leastRSABitCount else {
            return .tooShort(bitCount: bitCount)
        }
        guard bitCount <= Int(OPENSSL_RSA_SMALL_MODULUS_BITS) || exponentBitCount <= Int(OPENSSL_RSA_MAX_PUBEXP_BITS)
        else {
            return .exponentTooLong(bitCount: exponentBitCount, limit: Int(OPENSSL_RSA_MAX_PUBEXP_BITS))
        }
        return nil
    }

    /// PSS with SHA-256 and a salt of 32 bytes takes a modulus of 66 bytes, less seven bits: RFC 8017, section 9.1.1.
    private static let leastRSABitCount = 8 * 66 - 6

    /// The same of a key that stays in its token.
    ///
    /// - Throws: ``TokenError`` when it is the token that failed.
    static func fault(of signer: TokenSigner) throws(TokenError) -> KeyFault? {
        do throws(StoreError) {
            return try signer.proves(statement()) ? nil : KeyFault(of: signer.newest, .wrongSignature)
        } catch .token(_, .refused(let call, let status)) {
            return KeyFault(of: signer.newest, .refused(call: call, status))
        } catch .token(_, let error) {
            throw error
        } catch {
            return KeyFault(of: signer.newest, .wrongSignature)
        }
    }

    /// A `readback` statement over 32 bytes that are drawn for it: nothing from outside is signed.
    private static func statement() -> [UInt8] {
        let drawn = SecretBytes.random(count: 32).withSpan { span in span.indices.map { span[$0] } }
        return CAKeyStatement.text(kind: "readback", digestHex: OpenSSL.sha256Hex(drawn))
    }
}

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

extension CAMaterial {
    /// Holds every key of every generation against its certificate, before anything is made of them.
    ///
    /// - Parameter place: Where a generation's key lies, for errors.
    /// - Throws: ``StoreError/keyDoesNotSign(path:_:)``, of the first that does not.
    func prove(_ place: (KeyGeneration) -> String) throws(StoreError) {
        for generation in generations {
            if let fault = KeyProof.fault(of: generation) {
                throw .keyDoesNotSign(path: place(generation), fault)
            }
        }
    }
}
