// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority
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
        guard let limit = OpenSSL.publicExponentLimit(modulusBitCount: bitCount), exponentBitCount > limit else {
            return nil
        }
        return .exponentTooLong(bitCount: exponentBitCount, limit: limit)
    }

    /// PSS with SHA-256 and a salt of 32 bytes takes a modulus of 66 bytes, less seven bits: RFC 8017, section 9.1.1.
    private static let leastRSABitCount = 8 * 66 - 6

    /// A `readback` statement over 32 bytes that are drawn for it: nothing from outside is signed.
    static func statement() -> [UInt8] {
        let drawn = SecretBytes.random(count: 32).withSpan { span in span.indices.map { span[$0] } }
        return CAKeyStatement.text(kind: "readback", digestHex: OpenSSL.sha256Hex(drawn))
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

/// A restored key where it lies now: what signs to prove the restore.
package protocol RestoredSigner: Sendable {
    /// Those that lie beside it, at least one, newest first.
    var certificates: [Certificate] { get }

    /// Signs a statement, and nothing else.
    ///
    /// - Parameter statement: What ``CAKeyStatement/text(kind:digestHex:)`` gives.
    /// - Throws: ``StoreError``
    func sign(statement: [UInt8]) throws(StoreError) -> StatementSignature
}

extension RestoredSigner {
    /// The certificate that it is held against.
    package var newest: Certificate { certificates[0] }

    /// Whether it signs for its newest certificate.
    ///
    /// - Throws: ``StoreError``
    package func proves(_ statement: [UInt8]) throws(StoreError) -> Bool {
        newest.verify(try sign(statement: statement), over: statement)
    }
}

/// A key that was read back from a file.
extension KeyGeneration: RestoredSigner {
    package func sign(statement: [UInt8]) throws(StoreError) -> StatementSignature {
        do throws(KeyError) {
            return StatementSignature(bytes: try key.sign(statement: statement))
        } catch {
            throw .key(path: name ?? newest.subject, error)
        }
    }
}
