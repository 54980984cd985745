// SPDX-License-Identifier: Apache-2.0

package import CertificateAuthority

/// What is said of a file that a reader refused: what it is, where that is known, and else what the reader found.
extension StoreError {
    static func key(path: String, _ error: KeyError, in bytes: Span<UInt8>) -> StoreError {
        switch error {
        case .noKey, .malformed: foreign(path, bytes, needed: .key) ?? .key(path: path, error)
        default: .key(path: path, error)
        }
    }

    /// Why a file is not read as certificates.
    package static func certificate(path: String, _ error: CertificateError, in bytes: Span<UInt8>) -> StoreError {
        switch error {
        case .none, .openSSL, .notDER:
            foreign(path, bytes, needed: .certificate) ?? .certificate(path: path, error)
        case .pem: .certificate(path: path, error)
        }
    }

    static func pkcs12(path: String, _ error: PKCS12Error, in bytes: Span<UInt8>) -> StoreError {
        guard case .malformed = error, let kind = ForeignFile(of: bytes), kind != .pkcs12 else {
            return .pkcs12(path: path, error)
        }
        return .foreign(path: path, kind, needed: .pkcs12)
    }

    private static func foreign(_ path: String, _ bytes: Span<UInt8>, needed: Needed) -> StoreError? {
        ForeignFile(of: bytes).map { .foreign(path: path, $0, needed: needed) }
    }
}
