// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority

/// A restored key that stays in its token, and signs there.
final class TokenSigner: RestoredSigner {
    package let certificates: [Certificate]
    private let session: TokenSession
    private let key: CK_OBJECT_HANDLE
    private let subject: String

    /// - Parameter subject: What errors name.
    init(_ session: TokenSession, _ key: CK_OBJECT_HANDLE, _ certificates: [Certificate], subject: String) {
        self.session = session
        self.key = key
        self.certificates = certificates
        self.subject = subject
    }

    package func sign(statement: [UInt8]) throws(StoreError) -> StatementSignature {
        guard CAKeyStatement.isStatement(statement) else {
            throw .key(path: subject, .notAStatement)
        }
        do throws(TokenError) {
            switch certificates[0].keyKind {
            case .rsa: return try signRSA(statement)
            default: return try signEC(statement)
            }
        } catch {
            throw .token(subject: subject, error)
        }
    }

    /// Has it sign for its newest certificate.
    ///
    /// - Throws: What the token answers, or `wrong` for a signature that is none of this certificate's.
    func prove(or wrong: TokenError) throws(TokenError) {
        guard let fault = try KeyProof.fault(of: self) else {
            return
        }
        throw if case .refused(let call, let status) = fault.reason { .refused(call: call, status) } else { wrong }
    }

    /// PSS; PKCS#1 v1.5 in a token that has no PSS: docs/format.md, section 3.9, allows it for what is not kept.
    private func signRSA(_ statement: [UInt8]) throws(TokenError) -> StatementSignature {
        var parameters = CK_RSA_PKCS_PSS_PARAMS(
            hashAlg: CK_MECHANISM_TYPE(CKM_SHA256),
            mgf: CK_RSA_PKCS_MGF_TYPE(CKG_MGF1_SHA256),
            sLen: 32
        )
        do throws(TokenError) {
            let signature = try unsafe withUnsafeMutablePointer(to: &parameters) { (parameters) throws(TokenError) in
                var mechanism = unsafe CK_MECHANISM(
                    mechanism: CK_MECHANISM_TYPE(CKM_SHA256_RSA_PKCS_PSS),
                    pParameter: parameters,
                    ulParameterLen: CK_ULONG(MemoryLayout<CK_RSA_PKCS_PSS_PARAMS>.size)
                )
                return try unsafe session.sign(statement, with: key, &mechanism)
            }
            return StatementSignature(bytes: signature)
        } catch .refused {
            var mechanism = unsafe CK_MECHANISM(CK_MECHANISM_TYPE(CKM_SHA256_RSA_PKCS))
            return StatementSignature(bytes: try unsafe session.sign(statement, with: key, &mechanism), isPKCS1: true)
        }
    }

    /// The digest goes in, since not every token hashes for ECDSA; r and s come out side by side.
    private func signEC(_ statement: [UInt8]) throws(TokenError) -> StatementSignature {
        var mechanism = unsafe CK_MECHANISM(CK_MECHANISM_TYPE(CKM_ECDSA))
        let pair = try unsafe session.sign(OpenSSL.sha256(statement), with: key, &mechanism)
        return StatementSignature(bytes: Self.der(pair: pair))
    }

    /// An ECDSA signature in DER from r and s of the same length.
    static func der(pair: [UInt8]) -> [UInt8] {
        func integer(_ number: ArraySlice<UInt8>) -> [UInt8] {
            let digits = Array(number.drop { $0 == 0 })
            let positive = digits.first.map { $0 < 0x80 } == true ? digits : [0] + digits
            return DERValue.head(DERValue.integer, contentCount: positive.count) + positive
        }
        // A curve of 521 bits has numbers of 66 bytes: both are below 128.
        guard pair.count % 2 == 0, pair.count <= 2 * 72 else {
            return []
        }
        let half = pair.count / 2
        let body = integer(pair[..<half]) + integer(pair[half...])
        return DERValue.head(DERValue.sequence, contentCount: body.count) + body
    }
}

extension KeyProof {
    /// What is wrong with a key that stays in its token; nothing when it is whole.
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
}
